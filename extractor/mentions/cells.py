"""Cells: figures of a table or list, whose unit stands in a heading, a caption or the lead line.

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
from extractor.languages.patterns import joined
from extractor.mentions import find_mentions
from extractor.mentions.amounts.counts import find_counts
from extractor.mentions.amounts.money import find_money
from extractor.mentions.amounts.open_currencies import currency_code
from extractor.mentions.quoted import read_date
from extractor.mentions.told_units import ANY_CURRENCY, Unit, unit_told
from extractor.mentions.types import CountMention, DateMention, Mentions, MoneyMention

_FIGURE: Final = re.compile(r"[+]?\d[\d.,' ]*(?: ?- ?\d[\d.,' ]*)?(?:\[\d{1,3}\]|\*{1,3})?")
# "- Askel: €45", with or without more in brackets behind it.
_ITEM_FIGURE: Final = re.compile(
    r"(?:[:=]|(?:^|\s)-)\s+(?P<all>(?P<sign>[^\w\s.,:;()'\"-] ?|[A-Z]{3} )?"
    r"(?P<figure>\d(?:[\d.,' ]*\d)?(?: ?- ?\d(?:[\d.,' ]*\d)?)?))(?=[.;,]?$|\s*\()"
)
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_HALF: Final = 2

MentionT = TypeVar("MentionT", MoneyMention, CountMention, DateMention)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a row, or the figure of an item, at `start:end` of its sentence.

    `heading` and `unit` are what is told of its column or list.
    """

    start: int
    end: int
    heading: str
    unit: Unit | None = None


def item_cell(text: str, unit: Unit) -> Cell | None:
    """The figure with which an item ends, in the scale that the line leading to the list tells."""
    found = _ITEM_FIGURE.search(text)
    if found is None or unit.scale == 1 or _YEAR.fullmatch(found["figure"]):
        return None
    # A sign of its own is no figure of the currency that the list is in.
    if found["sign"] and unit.currency is not None:
        return None
    return Cell(*found.span("all"), "", unit)


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
    # they are the same thing in several years, and in all of them.
    unexplained = [
        at
        for at, (heading, cells) in enumerate(zip(headings, columns, strict=True))
        if units[at] is None and _is_unexplained(heading, cells, language)
    ]
    by_year = [_YEAR.search(headings[at]) is not None for at in unexplained]
    alike = all(
        dated or _total(language).fullmatch(headings[at])
        for dated, at in zip(by_year, unexplained, strict=True)
    )
    if len(unexplained) == 1 or (alike and any(by_year)):
        for at in unexplained:
            units[at] = caption
    return tuple(units)


def _unit(own: Unit | None, signed: Unit | None, caption: Unit | None) -> Unit | None:
    """The unit of a column: its heading's, or that of signs in its cells, in the caption's scale.

    A scale that stands next to a currency is of that currency's columns only.
    """
    told = own if own is not None and own.currency is not None else signed
    if own is None and told is None:
        return None
    scale = own.scale if own else Decimal(1)
    currency = told.currency if told else None
    if caption is not None and scale == 1 and caption.currency in (None, currency):
        scale = caption.scale
    return replace(told or caption or Unit(None), scale=scale)


def _currency_of(cells: Sequence[str], language: Rules) -> Unit | None:
    """The currency that cells of a column name, if all that do name one name the same."""
    amounts = [mention for cell in cells for mention in find_money(cell, language)]
    found = {Unit(mention.currency, open_to=mention.open_to) for mention in amounts}
    return found.pop() if len(found) == 1 else None


def _is_unexplained(heading: str, cells: Sequence[str], language: Rules) -> bool:
    """Whether a column has bare figures that are no years and that its heading does not explain."""
    figures = [cell for cell in cells if _FIGURE.fullmatch(cell)]
    if "%" in heading or not figures or all(_YEAR.fullmatch(cell) for cell in figures):
        return False
    if _numbers_rows(figures):
        return False
    return not (heading and find_counts(f"{_HALF} {heading}", language, ()))


def _numbers_rows(figures: Sequence[str]) -> bool:
    """Whether a column only numbers its rows: 1, 2, 3."""
    counted = [str(number) for number in range(1, len(figures) + 1)]
    return len(figures) > 1 and [figure.rstrip(".") for figure in figures] == counted


@lru_cache(None)
def _total(language: Rules) -> re.Pattern[str]:
    """The heading of a column for all years together."""
    return re.compile(rf"(?i)\W*{joined(lambda one: one.amounts.totals, language)}\W*")


def read_cell(
    text: str, span: tuple[int, int], cells: Sequence[Cell], language: Rules, currency: str | None
) -> MoneyMention | None:
    """The amount of the bare figure of one cell, in the unit that is told of it.

    `currency` counts only where a scale alone is told.
    """
    found: list[MoneyMention] = []
    for cell in cells:
        words = text[cell.start : cell.end]
        touched = cell.start < span[1] and span[0] < cell.end
        if cell.unit is None or not touched or not _FIGURE.fullmatch(words):
            continue
        unit = replace(cell.unit, currency=cell.unit.currency or currency_code(currency))
        if unit.currency is not None and (amount := _amount(words, unit, language)):
            found.append(_moved(amount, cell, len(words)))
    return found[0] if len(found) == 1 else None


def is_bare(mention: MoneyMention, text: str, language: Rules) -> bool:
    """Whether an amount is no more than the figure that stands there."""
    words = text[mention.start : mention.end]
    bare = _amount(words, Unit(ANY_CURRENCY), language) if _FIGURE.fullmatch(words) else None
    return bare is not None and bare.value == mention.value


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
            bare = _amount(digits, Unit(ANY_CURRENCY), language)
            if bare is not None and bare.value == mention.value:
                return _times(mention, unit.scale)
    return mention


def _amount(words: str, unit: Unit, language: Rules) -> MoneyMention | None:
    """A bare figure as an amount in the unit."""
    figure = re.sub(r"\[\d{1,3}\]|\*", "", words).strip()
    for mention in find_money(f"{figure} {ANY_CURRENCY}", language)[:1]:
        if mention.start == 0 and mention.end > len(figure):
            return _times(
                replace(mention, currency=unit.currency, open_to=unit.open_to), unit.scale
            )
    return None


def _times(mention: MoneyMention, scale: Decimal) -> MoneyMention:
    value = None if mention.value is None else mention.value * scale
    most = None if mention.value_max is None else mention.value_max * scale
    return replace(mention, value=value, value_max=most)


def _moved(mention: MentionT, cell: Cell, length: int) -> MentionT:
    return replace(mention, start=cell.start, end=cell.start + length)
