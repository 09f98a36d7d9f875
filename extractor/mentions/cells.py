"""Cells: figures of a table, whose unit stands in the heading of their column or in the caption.

A cell is read as its column tells: "45" under "Grant (million euros)" is an amount, under "Trains"
a count. Where a column tells nothing for sure, a bare figure is nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final, TypeVar

from extractor.languages import Rules
from extractor.languages.patterns import any_of, read_in
from extractor.mentions import find_mentions
from extractor.mentions.amounts.counts import find_counts
from extractor.mentions.amounts.money import find_money
from extractor.mentions.quoted import read_date
from extractor.mentions.types import CountMention, DateMention, Mentions, MoneyMention

_ANY_CURRENCY: Final = "USD"
"""A currency that every language reads: a figure is read as an amount of it, to have its value."""
_FIGURE: Final = re.compile(r"[+]?\d[\d.,' ]*(?: ?- ?\d[\d.,' ]*)?(?:\[\d{1,3}\]|\*{1,3})?")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_WORD_START: Final = re.compile(r"(?<![^\s(,:;/-])[^\s(),:;/-]")
_SIGN_FIRST: Final = re.compile(r"([A-Z]{0,2}[^\w\s(),.:;]|[A-Z]{3}(?= ))\s?(?=\w)")
# "US$ 000", "€'000": thousands.
_THOUSANDS: Final = re.compile(r"([A-Z]{0,2}[^\w\s(),.:;']|[A-Z]{3})? ?'?000s?(?: ([A-Z]{3}))?")
_END: Final = re.compile(r"\s*(?:[),.;:]|$)")
_BEGINS: Final = re.compile(r"(?:^|[(,:;/-]\s*)$")
_LONGEST_UNIT: Final = 40
_SCALE_FROM: Final = 1000
_HALF: Final = 2

MentionT = TypeVar("MentionT", MoneyMention, CountMention, DateMention)


@dataclass(frozen=True, slots=True)
class Unit:
    """What bare figures are of: a currency, if it is told, in a scale."""

    currency: str | None
    scale: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a row at `start:end` of its sentence, and what is told of its column."""

    start: int
    end: int
    heading: str
    unit: Unit | None = None


def unit_told(text: str, language: Rules) -> Unit | None:
    """The currency and scale that a caption or heading tells, as in "(in millions of euros)"."""
    amounts = [mention for mention in find_money(text, language) if mention.value is not None]
    best: tuple[int, Unit] | None = None
    for word in _WORD_START.finditer(text):
        start = word.start()
        if any(amount.start <= start < amount.end for amount in amounts):
            continue
        for unit, length in _units_at(text[start : start + _LONGEST_UNIT], language):
            alone = _END.match(text, start + length) and _may_begin(text[:start], language)
            if alone and (best is None or length > best[0]):
                best = (length, unit)
    return best[1] if best else None


def _may_begin(before: str, language: Rules) -> bool:
    return bool(_BEGINS.search(before) or _introduced(language).search(before))


@lru_cache(None)
def _introduced(language: Rules) -> re.Pattern[str]:
    """What stands before a unit, such as "in" or "en"."""
    words = any_of(word.strip() for one in read_in(language) for word in one.currencies.in_currency)
    return re.compile(rf"(?i)(?:^|\W){words}\s*$")


def _units_at(words: str, language: Rules) -> Iterator[tuple[Unit, int]]:
    """Every unit with which the words begin, and how long it is."""
    if thousands := _THOUSANDS.match(words):
        sign = thousands[1] or thousands[2]
        for mention in find_money(f"{sign} {_SCALE_FROM}", language)[:1] if sign else ():
            yield Unit(mention.currency, Decimal(_SCALE_FROM)), thousands.end()
        if not sign:
            yield Unit(None, Decimal(_SCALE_FROM)), thousands.end()
    probes = [("1 ", words)]
    if sign := _SIGN_FIRST.match(words):
        probes.append((f"{sign[1]}1 ", words[sign.end() :]))
        probes.append((f"{sign[1]}1", words[sign.end() :]))
    for number, rest in probes:
        given = len(words) - len(rest)
        for probe, currency in ((number + rest, True), (_with_currency(number, rest), False)):
            for mention in find_money(probe, language)[:1]:
                length = mention.end - len(number) + given
                if mention.start or mention.value is None or length <= 0:
                    continue
                if currency and mention.currency:
                    yield Unit(mention.currency, mention.value), length
                elif not currency and mention.value >= _SCALE_FROM and number == "1 ":
                    yield Unit(None, mention.value), length - len(_ANY_CURRENCY) - 1


def _with_currency(number: str, rest: str) -> str:
    """The probe with a currency behind its first word: a scale alone is then read."""
    word, _, others = rest.partition(" ")
    scale = word.rstrip("),.;:")
    return f"{number}{scale} {_ANY_CURRENCY}{word[len(scale) :]} {others}"


def column_units(
    headings: Sequence[str], rows: Sequence[Sequence[str]], caption: Unit | None, language: Rules
) -> tuple[Unit | None, ...]:
    """The unit of each column's bare figures, None where they are no amounts or nobody can tell."""
    told = [unit_told(heading, language) for heading in headings]
    columns = [[row[at] for row in rows] for at in range(len(headings))]
    signed = [_currency_of(cells, language) for cells in columns]
    units = [_unit(*each, caption) for each in zip(told, signed, strict=True)]
    if caption is None or caption.currency is None:
        return tuple(units)
    # Of several columns without a unit nobody can tell which one the caption is about, unless
    # they are the same thing in several years.
    unexplained = [
        at
        for at, (heading, cells) in enumerate(zip(headings, columns, strict=True))
        if units[at] is None and _is_unexplained(heading, cells, language)
    ]
    if len(unexplained) == 1 or all(_YEAR.search(headings[at]) for at in unexplained):
        for at in unexplained:
            units[at] = caption
    return tuple(units)


def _unit(own: Unit | None, signed: str | None, caption: Unit | None) -> Unit | None:
    """The unit of a column: its heading's, or that of signs in its cells, in the caption's scale.

    A scale that stands next to a currency is of that currency's columns only.
    """
    currency = (own.currency if own else None) or signed
    if own is None and currency is None:
        return None
    scale = own.scale if own else Decimal(1)
    if caption is not None and scale == 1 and caption.currency in (None, currency):
        scale = caption.scale
    return Unit(currency or (caption.currency if caption else None), scale)


def _currency_of(cells: Sequence[str], language: Rules) -> str | None:
    """The currency that cells of a column name, if all that do name one name the same."""
    found = {mention.currency for cell in cells for mention in find_money(cell, language)}
    return found.pop() if len(found) == 1 else None


def _is_unexplained(heading: str, cells: Sequence[str], language: Rules) -> bool:
    """Whether a column has bare figures that are no years and that its heading does not explain."""
    figures = [cell for cell in cells if _FIGURE.fullmatch(cell)]
    if "%" in heading or not figures or all(_YEAR.fullmatch(cell) for cell in figures):
        return False
    return not (heading and find_counts(f"{_HALF} {heading}", language, ()))


def find_in_row(
    text: str, cells: Sequence[Cell], language: Rules, reference: date | None
) -> Mentions:
    """All mentions of a row: those that its words bear and those that its columns explain."""
    found = find_mentions(text, language, reference)
    money = [_scaled(mention, text, cells, language) for mention in found.money]
    counts, dates = list(found.counts), list(found.dates)
    taken = [(each.start, each.end) for each in money]
    taken += [(each.start, each.end) for each in counts]
    taken += [(each.start, each.end) for each in dates]
    for mention in _explained(text, cells, language, reference):
        if any(mention.start < end and start < mention.end for start, end in taken):
            continue
        match mention:
            case MoneyMention():
                money.append(mention)
            case CountMention():
                counts.append(mention)
            case DateMention():
                dates.append(mention)
    return replace(found, money=_in_order(money), counts=_in_order(counts), dates=_in_order(dates))


def _in_order(mentions: Iterable[MentionT]) -> tuple[MentionT, ...]:
    return tuple(sorted(mentions, key=lambda mention: mention.start))


def _explained(
    text: str, cells: Sequence[Cell], language: Rules, reference: date | None
) -> Iterator[MoneyMention | CountMention | DateMention]:
    """What the bare figures of a row are, as its columns tell."""
    for cell in cells:
        words = text[cell.start : cell.end]
        if not _FIGURE.fullmatch(words):
            continue
        if cell.unit is not None:
            if cell.unit.currency is not None and (amount := _amount(words, cell.unit, language)):
                yield _moved(amount, cell, len(words))
        elif _YEAR.fullmatch(words):
            if dated := read_date(words, (0, len(words)), language, reference):
                yield _moved(dated, cell, len(words))
        elif cell.heading:
            for count in find_counts(f"{words} {cell.heading}", language, ())[:1]:
                if count.start == 0:
                    yield _moved(count, cell, len(words))


def _scaled(
    mention: MoneyMention, text: str, cells: Sequence[Cell], language: Rules
) -> MoneyMention:
    """An amount of a cell in the scale that its column tells, unless it has one of its own."""
    for cell in cells:
        unit = cell.unit
        if unit and unit.scale != 1 and cell.start <= mention.start and mention.end <= cell.end:
            digits = re.sub(r"[^\d.,' -]", "", text[mention.start : mention.end]).strip()
            bare = _amount(digits, Unit(_ANY_CURRENCY), language)
            if bare is not None and bare.value == mention.value:
                return _times(mention, unit.scale)
    return mention


def _amount(words: str, unit: Unit, language: Rules) -> MoneyMention | None:
    """A bare figure as an amount in the unit."""
    figure = re.sub(r"\[\d{1,3}\]|\*", "", words).strip()
    for mention in find_money(f"{figure} {_ANY_CURRENCY}", language)[:1]:
        if mention.start == 0 and mention.end > len(figure):
            return _times(replace(mention, currency=unit.currency), unit.scale)
    return None


def _times(mention: MoneyMention, scale: Decimal) -> MoneyMention:
    value = None if mention.value is None else mention.value * scale
    most = None if mention.value_max is None else mention.value_max * scale
    return replace(mention, value=value, value_max=most)


def _moved(mention: MentionT, cell: Cell, length: int) -> MentionT:
    return replace(mention, start=cell.start, end=cell.start + length)
