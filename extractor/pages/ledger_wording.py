"""Rows of the ledger in words for readers of pages: figures, parties, and why nothing is summed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Final

from extractor.messages import clean_line
from extractor.phrases import plain, told_range
from extractor.pledges.rows import FigureSeen, PartySeen, PledgeRow, WhyNot

WHY_NOT: Final[Mapping[WhyNot, str]] = {
    "no_commitment": "it is an act, not a pledge",
    "no_amount": "no number with a currency is told",
    "rumour": "it is only rumoured",
    "under_negotiation": "it is under negotiation",
    "only_planned": "it is planned, not promised",
    "cancelled": "it is called off",
    "rate": "it is so much a year or a month",
    "each": "it is so much for each party or unit",
    "others_money": "the money is raised from others",
    "umbrella": "its parts are summed",
    "within_umbrella": "the whole that it is part of is summed",
    "maybe_repetition": "it may be the same as another row",
}
_PER: Final = {"once": "", "year": " a year", "month": " a month"}


def told_figure(figure: FigureSeen | None) -> str:
    """A figure in words; empty without one."""
    if figure is None:
        return ""
    number = told_range(float(figure.value), _bound(figure.value_max))
    about = "" if figure.qualifier == "exact" else f"{plain(figure.qualifier)} "
    each = " each" if figure.scope == "each" else ""
    return f"{about}{number} {plain(figure.unit)}{_PER[figure.per]}{each}"


def told_sum(low: Decimal, high: Decimal) -> str:
    """A sum with all its digits; of ranges, what it lies between."""
    told = f"{low:,f}"
    return told if low == high else f"{told} to {high:,f}"


def told_row_figure(row: PledgeRow) -> str:
    """How much it is: the amount, the count, or both."""
    return ", ".join(told for one in (row.amount, row.quantity) if (told := told_figure(one)))


def told_parties(parties: Iterable[PartySeen]) -> str:
    """Parties by name."""
    return ", ".join(clean_line(party.name) for party in parties)


def told_reasons(reasons: Iterable[WhyNot]) -> str:
    """Why a row is in no sum."""
    return "; ".join(WHY_NOT[reason] for reason in reasons)


def _bound(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


LEDGER_WORDS: Final[Mapping[str, Callable[..., str]]] = {
    "figure": told_figure,
    "row_figure": told_row_figure,
    "parties": told_parties,
    "reasons": told_reasons,
}
"""What templates of rows call them by."""
