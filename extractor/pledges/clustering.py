"""Mentions to pledges: what is judged the same is joined, unless a judgement holds a pair apart.

Joining goes from the surest pair down, and stops where two groups hold a pair that cannot be one,
or are unlike on the whole: no chain leads across. The outcome depends on the judgements alone, not
on the order in which articles came, and what does not hang together through judgements of `same`
has no part in it: so a new article changes only what it touches.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import product
from typing import Final

from extractor.pledges.blocking import Pair, pair_of
from extractor.pledges.judging import PairJudgement

Judge = Callable[[Pair], PairJudgement]
"""The judgement of a pair that nobody has compared yet."""
Group = frozenset[str]
_UNLIKE_BELOW: Final = 0.25
_WITHOUT_SCORE: Final = 0.5


def pledge_id(founder: str) -> str:
    """The id of the pledge whose oldest mention this is."""
    return f"P{hashlib.sha256(founder.encode()).hexdigest()[:10]}"


def linked(start: Iterable[str], judgements: Mapping[Pair, PairJudgement]) -> set[str]:
    """All mentions that hang together with these through judgements of `same`."""
    neighbours: defaultdict[str, set[str]] = defaultdict(set)
    for (left, right), judgement in judgements.items():
        if judgement.answer == "same":
            neighbours[left].add(right)
            neighbours[right].add(left)
    found, waiting = set(), list(start)
    while waiting:
        mention = waiting.pop()
        if mention not in found:
            found.add(mention)
            waiting += neighbours[mention] - found
    return found


def cluster(
    mentions: Collection[str], judgements: Mapping[Pair, PairJudgement], judge: Judge
) -> list[Group]:
    """The groups of these mentions, in the order of their least ids.

    Args:
        mentions: their ids, all that hang together.
        judgements: those in force, by pair.
        judge: asked about pairs across two groups that have no judgement yet.
    """
    groups = {mention: frozenset((mention,)) for mention in mentions}
    same = [
        judgement
        for pair, judgement in judgements.items()
        if judgement.answer == "same" and groups.keys() >= set(pair)
    ]

    def judgement_of(one: str, other: str) -> PairJudgement:
        pair = pair_of(one, other)
        return judgements[pair] if pair in judgements else judge(pair)

    for judgement in sorted(same, key=_surest_first):
        one, other = groups[judgement.left], groups[judgement.right]
        if one is other:
            continue
        across = [judgement_of(a, b) for a, b in product(sorted(one), sorted(other))]
        if _may_join(judgement, across):
            joined = one | other
            groups.update(dict.fromkeys(joined, joined))
    return sorted(set(groups.values()), key=min)


def _surest_first(judgement: PairJudgement) -> tuple[bool, float, Pair]:
    return not judgement.by_person, -(judgement.score or 0.0), judgement.pair


def _may_join(judgement: PairJudgement, across: Collection[PairJudgement]) -> bool:
    if judgement.by_person:
        # What a rule holds apart, a person joins; what a person holds apart, stays so.
        return not any(other.is_final and other.by_person for other in across)
    if any(other.is_final for other in across):
        return False
    scores = [_WITHOUT_SCORE if other.score is None else other.score for other in across]
    return sum(scores) / len(scores) >= _UNLIKE_BELOW
