"""What the named groups of a phrase say about time, by the kind of the phrase."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from extractor.languages import Rules, language_of
from extractor.languages.calendar_names import Unit
from extractor.languages.date_phrases import Kind
from extractor.mentions.amounts.numerals import Quantity, find_quantities
from extractor.mentions.calendar.values import (
    Dated,
    DateReading,
    Decade,
    Length,
    Months,
    Near,
    Weekday,
    exists,
)
from extractor.mentions.calendar.words import calendar_words, key

_FIRST_SHORT_YEAR: Final = 1970
"""Of years in two digits this is the first."""


class Groups:
    """The named groups of a match, looked up in the tables of the language."""

    def __init__(self, match: re.Match[str], language: Rules) -> None:
        self._texts = {name: text for name, text in match.groupdict().items() if text}
        self.words = calendar_words(language)
        self._language = language

    def __contains__(self, name: str) -> bool:
        return name in self._texts

    def table(self, name: str, table: Mapping[str, int]) -> int | None:
        """What a table has for the text of a group."""
        text = self._texts.get(name)
        return None if text is None else table.get(key(text))

    def number(self, name: str) -> int | None:
        """The figures of a group as a number, None if there are none."""
        text = self._texts.get(name, "")
        return int(text) if text.isdecimal() else None

    def count(self, name: str) -> int | None:
        """A number in figures or words; an article before a length of time is one."""
        number, text = self.number(name), self._texts.get(name)
        if number is not None or text is None:
            return number
        if key(text) in language_of(self._language).calendar.articles:
            return 1
        match find_quantities(text, self._language):
            case [Quantity(start=0, end=end, value=Decimal() as value)] if end == len(text):
                return int(value) if value % 1 == 0 else None
        return None

    def year(self) -> int | None:
        """The year in four figures, also where only two are written."""
        short = self.number("ys")
        if short is None:
            return self.number("y")
        return _FIRST_SHORT_YEAR + (short - _FIRST_SHORT_YEAR) % 100

    def ordinal(self, name: str) -> int | None:
        """The place in an order that a group tells in figures or words."""
        number = self.number(name)
        return number if number is not None else self.table(name, self.words.ordinals)

    def month(self, suffix: str = "") -> int | None:
        """The month, 1 to 12, by its figures or its name."""
        months = {**self.words.short_months, **self.words.months}
        number = self.number("m" + suffix)
        return number if number is not None else self.table("mon" + suffix, months)

    def unit(self) -> Unit | None:
        """The unit of a length of time."""
        text = key(self._texts.get("unit", ""))
        return self.words.units.get(text) or self.words.units.get(text.removesuffix("s"))

    def near(self) -> tuple[Unit, int] | None:
        """The unit of a time near to now, and how many of them away it is."""
        text = key(self._texts.get("near", ""))
        return self.words.near.get(text) or self.words.whole.get(text)

    def dated(
        self, first: Months, last: Months | None = None, years_later: int = 0
    ) -> Dated | None:
        """A value with the year and direction of the match, if it exists in the calendar."""
        year = self.year()
        shift = self.table("dy", self.words.years)
        if "dy" in self and shift is None:
            shift = 0  # "of the year"
        direction = self.table("dir", self.words.directions)
        if direction == 0:
            shift = 0
        if "ahead" in self:
            direction = 1
        value = Dated(first, last, years_later, year, shift, direction or 0)
        ends = [(first, year)] + ([(last, year and year + years_later)] if last else [])
        return value if all(exists(months, year) for months, year in ends) else None


def _day(groups: Groups) -> DateReading | None:
    month, day = groups.month(), groups.number("d")
    return groups.dated((month, day)) if month and day else None


def _either_order(groups: Groups) -> DateReading | None:
    first, second = groups.number("d"), groups.number("m")
    if not first or not second:
        return None
    orders = {months for months in ((first, second), (second, first)) if exists(months, None)}
    # English writes both orders, so "04/05/2024" only tells the year.
    return groups.dated(orders.pop()) if len(orders) == 1 else groups.dated(()) if orders else None


def _month(groups: Groups) -> DateReading | None:
    month = groups.month()
    return groups.dated((month,)) if month else None


def _iso_month(groups: Groups) -> DateReading | None:
    month, year = groups.month(), groups.number("y")
    # "2011-12" may be two years as well.
    return groups.dated((month,)) if month and year and month <= year % 100 else None


def _year(groups: Groups) -> DateReading | None:
    return groups.dated(())


def _quarter(groups: Groups) -> DateReading | None:
    quarter = groups.ordinal("q") or groups.ordinal("ordinal")
    return groups.dated((3 * quarter - 2,), (3 * quarter,)) if quarter else None


def _half(groups: Groups) -> DateReading | None:
    half = groups.number("half") or groups.table("half", groups.words.halves)
    return groups.dated((6 * half - 5,), (6 * half,)) if half else None


def _part(groups: Groups) -> DateReading | None:
    side, months = groups.table("side", groups.words.sides), groups.count("n")
    if side not in (1, 2) or months is None or not 2 <= months <= 11:
        return None
    return groups.dated((1,), (months,)) if side == 1 else groups.dated((13 - months,), (12,))


def _decade(groups: Groups) -> DateReading | None:
    tens = groups.number("decade")
    return Decade(tens) if tens else None


def _range(groups: Groups) -> DateReading | None:
    year, last_year = groups.year(), groups.number("y2")
    short = groups.number("yy")
    if year is not None and short is not None:
        last_year = year - year % 100 + short
    months, last_months = groups.month(), groups.month("2")
    day, last_day = groups.number("d"), groups.number("d2")
    if day and last_day:
        months, last_months = months or last_months, last_months or months
    first: Months
    last: Months
    if day and last_day and months and last_months:
        first, last = (months, day), (last_months, last_day)
    elif months and last_months:
        first, last = (months,), (last_months,)
    elif year and last_year:
        first, last = (), ()
    else:
        return None
    later = last_year - year if year and last_year else int(last < first)
    if later < 0 or (later == 0 and last <= first) or ("slash" in groups and later != 1):
        return None
    if year is None and last_year is not None:
        year = last_year - later
    value = Dated(first, last, later, year)
    fits = exists(first, year) and exists(last, year and year + later)
    return value if fits else None


def _fiscal(groups: Groups) -> DateReading | None:
    month, year = groups.month(), groups.number("y")
    if not month:
        return None
    if "ends" in groups:
        month = month % 12 + 1
        year = year - 1 if year and month > 1 else year
    last = (month - 2) % 12 + 1
    return Dated((month,), (last,), int(month > 1), year)


def _near(groups: Groups) -> DateReading | None:
    match groups.near():
        case ("year", steps):
            return Dated(shift=steps)
        case (unit, steps):
            return Near(unit, steps)
    return None


def _weekday(groups: Groups) -> DateReading | None:
    day = groups.table("wd", groups.words.weekdays)
    if day is None:
        return None
    directions = groups.words.directions
    return Weekday(day, groups.table("week", directions), groups.table("dir", directions) or 0)


def _ago(groups: Groups) -> DateReading | None:
    count, unit = groups.count("n"), groups.unit()
    if count is None or unit is None:
        return None
    return Dated(shift=-count) if unit == "year" else Near(unit, -count)


def _length(groups: Groups, *, ahead: bool) -> DateReading | None:
    unit = groups.unit()
    counts = [groups.count(name) for name in ("n", "n2") if name in groups]
    known = [count for count in counts if count]
    if unit is None or len(known) < len(counts):
        return None
    if sorted(known) != known:
        return None
    count = max(known, default=1)
    if unit == "decade":
        unit, count = "year", 10 * count
    if "plus" in groups:
        return Length("month", 12 * count + 6, ahead) if unit == "year" else None
    return Length(unit, count, ahead)


_READERS: Final[dict[Kind, Callable[[Groups], DateReading | None]]] = {
    "day": _day,
    "either_order": _either_order,
    "month": _month,
    "iso_month": _iso_month,
    "year": _year,
    "quarter": _quarter,
    "half": _half,
    "part": _part,
    "decade": _decade,
    "range": _range,
    "fiscal": _fiscal,
    "near": _near,
    "weekday": _weekday,
    "ago": _ago,
    "ahead": lambda groups: _length(groups, ahead=True),
    "length": lambda groups: _length(groups, ahead=False),
}


def read_phrase(kind: Kind, match: re.Match[str], language: Rules) -> DateReading | None:
    """What a phrase of the language says, None if there is no such time."""
    return _READERS[kind](Groups(match, language))


def ends_period(match: re.Match[str]) -> bool:
    """Whether the phrase means the end of its period."""
    return bool(match.groupdict().get("closing"))
