"""Sums that an article tells beside a pledge's own: what it was before, what was wrong of it."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from extractor.languages import Rules
from extractor.mentions.amounts.money import find_money
from extractor.pledges.traits import CommitmentTraits
from extractor.pledges.wording import revision_phrases


def quotes_earlier_sum(one: CommitmentTraits, other: CommitmentTraits) -> bool:
    """Whether one of two articles says that its sum replaces the other one's.

    "45 million, not 54", "6.4 billion rather than 6 billion": the other's sum must stand in its
    sentences, with a word for such a change. Money on top of what was given before is not meant.
    """
    return _quotes(one, other) or _quotes(other, one)


def _quotes(late: CommitmentTraits, early: CommitmentTraits) -> bool:
    text = late.mention.text
    if late.wording.renews or not _revision().search(text):
        return False
    own = {(figure.low, figure.unit) for figure in late.money}
    sums = _sums(text, late.language) - own
    return any((figure.low, figure.unit) in sums for figure in early.money)


@lru_cache(maxsize=2_000)
def _sums(text: str, language: Rules) -> frozenset[tuple[object, str]]:
    return frozenset(
        (each.value, each.currency)
        for found in find_money(text, language)
        for each in (found, *found.converted)
        if each.value is not None and each.currency is not None
    )


@cache
def _revision() -> re.Pattern[str]:
    phrases = "|".join(map(re.escape, sorted(revision_phrases(), key=len, reverse=True)))
    return re.compile(rf"(?<!\w)(?:{phrases})(?!\w)", re.IGNORECASE)
