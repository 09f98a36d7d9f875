"""Charts of sums as bars: each currency for itself, because no rate of exchange is known."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from extractor.pages.ledger_wording import told_sum
from extractor.phrases import told_range
from extractor.pledges.searching import FoundSum, FoundSums
from extractor.pledges.sums import NOBODY

_MOST_CHARTS: Final = 3
_MOST_BARS: Final = 25
MOST_LINES: Final = 300


@dataclass(frozen=True, slots=True)
class SumBar:
    """One bar."""

    label: str
    told: str
    percent: float
    """Of the longest one."""


@dataclass(frozen=True, slots=True)
class SumChart:
    """The bars of one currency, with how many more there would be."""

    currency: str
    bars: tuple[SumBar, ...]
    more: int


@dataclass(frozen=True, slots=True)
class SumRow:
    """A line of the table of sums."""

    group: str
    currency: str
    told: str
    pledges: int
    approximate: int


def table_of(found: FoundSums) -> tuple[SumRow, ...]:
    """The sums with all their digits; of very many groups only those with the largest ones."""
    sums = found.sums
    if len(sums) > MOST_LINES:
        # Sizes are compared within a currency: each has its share of the lines.
        counts = Counter(one.currency for one in sums)
        kept: list[FoundSum] = []
        for currency, count in counts.items():
            of_one = sorted((one for one in sums if one.currency == currency), key=_size)
            kept += of_one[: max(1, MOST_LINES * count // len(sums))]
        sums = tuple(sorted(kept, key=lambda one: (one.group == NOBODY, one.group, one.currency)))
    return tuple(
        SumRow(one.group, one.currency, told_sum(one.low, one.high), one.pledges, one.approximate)
        for one in sums
    )


def _size(one: FoundSum) -> Decimal:
    return -one.high


def charts_of(found: FoundSums) -> tuple[SumChart, ...]:
    """The currencies of most pledges, each with its bars; years in order, the others by size."""
    counts: Counter[str] = Counter()
    for one in found.sums:
        counts[one.currency] += one.pledges
    return tuple(
        _chart(currency, [one for one in found.sums if one.currency == currency], found.by)
        for currency, _ in counts.most_common(_MOST_CHARTS)
    )


def _chart(currency: str, sums: list[FoundSum], by: str) -> SumChart:
    longest = max((one.high for one in sums), default=Decimal(0))
    shown = sums[-_MOST_BARS:] if by == "year" else sorted(sums, key=_size)[:_MOST_BARS]
    bars = tuple(
        SumBar(one.group, _told(one), round(float(one.high / longest) * 100, 2) if longest else 0)
        for one in shown
    )
    return SumChart(currency, bars, len(sums) - len(shown))


def _told(one: FoundSum) -> str:
    high = None if one.high == one.low else float(one.high)
    return told_range(float(one.low), high)
