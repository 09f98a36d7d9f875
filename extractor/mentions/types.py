"""Mentions: what the sentence itself says, found and normalised by rules.

All offsets are code points of the text given to the finder, 0-based and end-exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from extractor.records import DateBasis, DateModifier, Per, Qualifier, Scope

DateRole = Literal["point", "deadline", "start", "duration"]


@dataclass(frozen=True, slots=True)
class MoneyMention:
    """An amount of money; `start:end` covers number, scale word and currency, not the qualifier.

    `value` is in units of the currency, None for a magnitude without a figure; `converted` holds
    the conversions that the text gives in brackets right after it, which are not mentions of
    their own. `open_to` are the ISO 4217 codes that the words may mean, the usual one first or an
    empty string, where the sentence alone does not tell which.
    """

    start: int
    end: int
    value: Decimal | None
    value_max: Decimal | None
    currency: str | None
    qualifier: Qualifier
    per: Per
    scope: Scope
    converted: tuple[MoneyMention, ...] = ()
    open_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CountMention:
    """A counted thing that is not money; `start:end` covers number and unit word.

    `unit` is English, singular, snake_case.
    """

    start: int
    end: int
    value: Decimal
    value_max: Decimal | None
    unit: str
    qualifier: Qualifier
    per: Per
    scope: Scope


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date, deadline, start or duration; `start:end` covers the whole expression, cue included.

    `edtf` is None when the words cannot be resolved (relative without a reference date, or a bare
    duration). `duration` is ISO 8601. `role` is told by the cue ("by 2027" is a deadline). `ahead`
    is the EDTF if the words speak of what is to come, where they have no year and leave that open:
    "on 1 July" may be the last one or the next.
    """

    start: int
    end: int
    edtf: str | None
    basis: DateBasis
    modifier: DateModifier | None
    role: DateRole
    duration: str | None = None
    ahead: str | None = None


@dataclass(frozen=True, slots=True)
class CountryMention:
    """A country or the EU; `code` is ISO 3166-1 alpha-2, or EU."""

    start: int
    end: int
    code: str
    canonical: str


@dataclass(frozen=True, slots=True)
class Mentions:
    """All mentions of one sentence, each tuple in order of appearance, without overlaps."""

    money: tuple[MoneyMention, ...]
    counts: tuple[CountMention, ...]
    dates: tuple[DateMention, ...]
    countries: tuple[CountryMention, ...]
