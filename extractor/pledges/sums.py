"""Sums of what may be summed, each currency for itself, with what was left out and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal, TypeAlias

from extractor.pledges.rows import PartySeen, PledgeRow, WhyNot

SumBy: TypeAlias = Literal["year", "giver", "receiver", "recipient", "currency", "place", "kind"]
NOBODY: Final = "(not told)"


@dataclass(slots=True)
class CurrencySum:
    """What comes together in one group and currency."""

    group: str
    currency: str
    low: Decimal = Decimal(0)
    """With the lower bounds of ranges."""
    high: Decimal = Decimal(0)
    pledges: list[str] = field(default_factory=list)
    approximate: int = 0
    """How many of them are told with a qualifier or as a range."""


@dataclass(frozen=True, slots=True)
class LedgerSum:
    """All sums, and the rows that are in none of them."""

    by: SumBy
    sums: tuple[CurrencySum, ...]
    left_out: dict[WhyNot, tuple[str, ...]]
    """Ids of rows by reason; one with several reasons stands under each."""


def sum_rows(rows: Iterable[PledgeRow], by: SumBy) -> LedgerSum:
    """The sums of commitments by group; each pledge is in one group only, never split."""
    sums: dict[tuple[str, str], CurrencySum] = {}
    left_out: defaultdict[WhyNot, list[str]] = defaultdict(list)
    for row in rows:
        if row.kind != "commitment":
            continue
        if not row.countable or row.amount is None:
            for reason in row.why_not:
                left_out[reason].append(row.id)
            continue
        amount, group = row.amount, group_of(row, by)
        found = sums.setdefault((group, amount.unit), CurrencySum(group, amount.unit))
        found.low += amount.value
        found.high += amount.value if amount.value_max is None else amount.value_max
        found.pledges.append(row.id)
        found.approximate += amount.qualifier != "exact" or amount.value_max is not None
    ordered = sorted(
        sums.values(), key=lambda each: (each.group == NOBODY, each.group, each.currency)
    )
    return LedgerSum(by, tuple(ordered), {key: tuple(ids) for key, ids in sorted(left_out.items())})


def group_of(row: PledgeRow, by: SumBy) -> str:
    """The group of a row; several parties or places together are a group of their own."""
    match by:
        case "year":
            return row.year or NOBODY
        case "giver":
            return _joined(row.givers)
        case "receiver" | "recipient":
            return _joined(row.receivers)
        case "place":
            return " + ".join(row.places) or NOBODY
        case "kind":
            return row.resource_kind or NOBODY
        case "currency":
            return row.amount.unit if row.amount else NOBODY


def _joined(parties: Iterable[PartySeen]) -> str:
    return " + ".join(sorted({party.name for party in parties})) or NOBODY
