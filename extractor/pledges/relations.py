"""How pledges stand to each other: which is part of which, and which may be one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from extractor.pledges.judging import Pair, PairJudgement
from extractor.pledges.mentions import Mention


def whole_of_each(mentions: Iterable[Mention], pledge_of: Mapping[str, str]) -> dict[str, str]:
    """The pledge that contains each one, as an article says of its own records.

    Args:
        mentions: all of the articles concerned, oldest first.
        pledge_of: the pledge of each mention.
    """
    told = list(mentions)
    by_record = {(m.article_sha256, m.kind, m.record.id): m.id for m in told}
    found: dict[str, str] = {}
    for mention in told:
        part = pledge_of.get(mention.id)
        above = by_record.get((mention.article_sha256, mention.kind, mention.record.part_of or ""))
        whole = pledge_of.get(above) if above else None
        if part and whole and part not in _above(whole, found):
            found.setdefault(part, whole)
    return found


def _above(pledge: str, wholes: Mapping[str, str]) -> list[str]:
    chain = [pledge]
    while chain[-1] in wholes and wholes[chain[-1]] not in chain:
        chain.append(wholes[chain[-1]])
    return chain


def doubles_among(
    judgements: Mapping[Pair, PairJudgement], pledge_of: Mapping[str, str]
) -> dict[str, set[str]]:
    """The pledges that each may be the same as: something says so, and nothing rules it out."""
    maybe: dict[Pair, bool] = {}
    for (left, right), judgement in judgements.items():
        one, other = pledge_of.get(left), pledge_of.get(right)
        if one and other and one != other:
            names = (min(one, other), max(one, other))
            maybe[names] = maybe.get(names, True) and judgement.answer != "different"
    found: dict[str, set[str]] = {}
    for (one, other), so in maybe.items():
        if so:
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
    return found
