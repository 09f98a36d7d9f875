"""Dates, deadlines and lengths of time in a sentence, as EDTF at the precision of the words.

A phrase of the language is read into a small value, the words before it give role and
modifier, and the value is resolved: a year that the sentence does not have comes from the
reference date, or stays `XXXX`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from extractor.languages import Rules
from extractor.languages.calendar_names import Unit
from extractor.languages.date_phrases import Kind, Need
from extractor.mentions.calendar.patterns import CalendarPatterns, calendar_patterns
from extractor.mentions.calendar.values import (
    Dated,
    DateReading,
    Decade,
    Length,
    Months,
    Near,
    Weekday,
    basis_of,
    exists,
    iso_duration,
    resolved,
)
from extractor.mentions.calendar.words import CalendarWords, calendar_words, key
from extractor.mentions.types import DateMention, DateRole
from extractor.records import DateModifier

_CUE_REACH = 40
_CLAUSE_REACH = 60
_CLAUSE_END = re.compile(r"[.;:,()\"\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}]")
_ROLES: dict[str, DateRole] = {"deadline": "deadline", "start": "start", "point": "point"}
_MODIFIERS: dict[str, DateModifier] = {"start": "start", "mid": "mid", "end": "end"}


@dataclass(frozen=True, slots=True)
class _Found:
    """A phrase that was read, before the words around it were; no value: no such day."""

    start: int
    end: int
    need: Need
    value: DateReading | None
    modifier: DateModifier | None


class _Groups:
    """The named groups of a match, looked up in the tables of the language."""

    def __init__(self, match: re.Match[str], words: CalendarWords) -> None:
        self._texts = {name: text for name, text in match.groupdict().items() if text}
        self.words = words

    def __contains__(self, name: str) -> bool:
        return name in self._texts

    def table(self, name: str, table: Mapping[str, int]) -> int | None:
        text = self._texts.get(name)
        return None if text is None else table.get(key(text))

    def number(self, name: str) -> int | None:
        text = self._texts.get(name, "")
        return int(text) if text.isdecimal() else None

    def count(self, name: str) -> int | None:
        number = self.number(name)
        return number if number is not None else self.table(name, self.words.numbers)

    def ordinal(self, name: str) -> int | None:
        number = self.number(name)
        return number if number is not None else self.table(name, self.words.ordinals)

    def month(self, suffix: str = "") -> int | None:
        months = {**self.words.short_months, **self.words.months}
        number = self.number("m" + suffix)
        return number if number is not None else self.table("mon" + suffix, months)

    def unit(self) -> Unit | None:
        text = key(self._texts.get("unit", ""))
        return self.words.units.get(text) or self.words.units.get(text.removesuffix("s"))

    def near(self) -> tuple[Unit, int] | None:
        text = key(self._texts.get("near", ""))
        return self.words.near.get(text) or self.words.whole.get(text)

    def dated(
        self, first: Months, last: Months | None = None, years_later: int = 0
    ) -> Dated | None:
        """A value with the year and direction of the match, if it exists in the calendar."""
        year = self.number("y")
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


def _day(groups: _Groups) -> DateReading | None:
    month, day = groups.month(), groups.number("d")
    return groups.dated((month, day)) if month and day else None


def _either_order(groups: _Groups) -> DateReading | None:
    first, second = groups.number("d"), groups.number("m")
    if not first or not second:
        return None
    orders = {months for months in ((first, second), (second, first)) if exists(months, None)}
    # English writes both orders, so "04/05/2024" only tells the year.
    return groups.dated(orders.pop()) if len(orders) == 1 else groups.dated(()) if orders else None


def _month(groups: _Groups) -> DateReading | None:
    month = groups.month()
    return groups.dated((month,)) if month else None


def _year(groups: _Groups) -> DateReading | None:
    return groups.dated(())


def _quarter(groups: _Groups) -> DateReading | None:
    quarter = groups.ordinal("q") or groups.ordinal("ordinal")
    return groups.dated((3 * quarter - 2,), (3 * quarter,)) if quarter else None


def _half(groups: _Groups) -> DateReading | None:
    half = groups.number("half") or groups.table("half", groups.words.halves)
    return groups.dated((6 * half - 5,), (6 * half,)) if half else None


def _part(groups: _Groups) -> DateReading | None:
    side, months = groups.table("side", groups.words.sides), groups.count("n")
    if side not in (1, 2) or months is None or not 2 <= months <= 11:
        return None
    return groups.dated((1,), (months,)) if side == 1 else groups.dated((13 - months,), (12,))


def _decade(groups: _Groups) -> DateReading | None:
    tens = groups.number("decade")
    return Decade(tens) if tens else None


def _range(groups: _Groups) -> DateReading | None:
    year, last_year = groups.number("y"), groups.number("y2")
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
    if later < 0 or (later == 0 and last <= first):
        return None
    if year is None and last_year is not None:
        year = last_year - later
    value = Dated(first, last, later, year)
    fits = exists(first, year) and exists(last, year and year + later)
    return value if fits else None


def _fiscal(groups: _Groups) -> DateReading | None:
    month, year = groups.month(), groups.number("y")
    if not month:
        return None
    if "ends" in groups:
        month = month % 12 + 1
        year = year - 1 if year and month > 1 else year
    last = (month - 2) % 12 + 1
    return Dated((month,), (last,), int(month > 1), year)


def _near(groups: _Groups) -> DateReading | None:
    match groups.near():
        case ("year", steps):
            return Dated(shift=steps)
        case (unit, steps):
            return Near(unit, steps)
    return None


def _weekday(groups: _Groups) -> DateReading | None:
    day = groups.table("wd", groups.words.weekdays)
    if day is None:
        return None
    directions = groups.words.directions
    return Weekday(day, groups.table("week", directions), groups.table("dir", directions) or 0)


def _ago(groups: _Groups) -> DateReading | None:
    count, unit = groups.count("n"), groups.unit()
    if count is None or unit is None:
        return None
    return Dated(shift=-count) if unit == "year" else Near(unit, -count)


def _length(groups: _Groups, *, ahead: bool) -> DateReading | None:
    unit = groups.unit()
    counts = [groups.count(name) for name in ("n", "n2") if name in groups]
    known = [count for count in counts if count]
    if unit is None or len(known) < len(counts):
        return None
    count = max(known, default=1)
    if unit == "decade":
        unit, count = "year", 10 * count
    if "plus" in groups:
        return Length("month", 12 * count + 6, ahead) if unit == "year" else None
    return Length(unit, count, ahead)


_READERS: dict[Kind, Callable[[_Groups], DateReading | None]] = {
    "day": _day,
    "either_order": _either_order,
    "month": _month,
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


def _all_found(text: str, words: CalendarWords, phrases: CalendarPatterns) -> tuple[_Found, ...]:
    """Every phrase that can be read, the longest where they overlap, in order."""
    candidates = []
    for phrase in phrases.phrases:
        for match in phrase.pattern.finditer(text):
            groups = _Groups(match, words)
            value = _READERS[phrase.kind](groups)
            # An impossible day is kept, or "30 February" would be February.
            if value is not None or phrase.kind == "day":
                closing: DateModifier | None = "end" if "closing" in groups else None
                candidates.append(_Found(match.start(), match.end(), phrase.need, value, closing))
    candidates.sort(key=lambda found: (found.start - found.end, found.start))
    chosen: list[_Found] = []
    taken = bytearray(len(text))
    for found in candidates:
        if not any(taken[found.start : found.end]):
            taken[found.start : found.end] = bytes([1]) * (found.end - found.start)
            chosen.append(found)
    return tuple(sorted(chosen, key=lambda found: found.start))


def _mention(
    text: str, after: int, found: _Found, phrases: CalendarPatterns, reference: date | None
) -> DateMention | None:
    """The phrase with the modifier and cue before it, none of which begins before `after`."""
    start, value, modifier = found.start, found.value, found.modifier
    role: DateRole = "point"
    cue = None
    if value is None:
        return None
    if isinstance(value, Length):
        role = "deadline" if value.ahead else "duration"
    else:
        period = phrases.modifier.search(text, max(after, start - _CUE_REACH), start)
        if period is not None:
            start, modifier = period.start(), _MODIFIERS.get(period.lastgroup or "")
        cue = phrases.cue.search(text, max(after, start - _CUE_REACH), start)
        if cue is not None:
            start, role = cue.start(), _ROLES.get(cue.lastgroup or "", role)
    if modifier is None and (found.need == "modifier" or (found.need == "cue" and cue is None)):
        return None
    clause = _CLAUSE_END.split(text[max(after, start - _CLAUSE_REACH) : start])[-1]
    future = role == "deadline" or phrases.future.search(clause) is not None
    return DateMention(
        start=start,
        end=found.end,
        edtf=resolved(value, reference, future),
        basis=basis_of(value),
        modifier=modifier,
        role=role,
        duration=iso_duration(value),
    )


def find_dates(text: str, language: Rules, reference: date | None) -> tuple[DateMention, ...]:
    """The dates and lengths of time of a sentence, in order, without overlaps.

    `reference` is the day of publication. Without it nothing is guessed: a year that the sentence
    does not have is `XXXX`, and "last week" has no EDTF at all.
    """
    words, phrases = calendar_words(language), calendar_patterns(language)
    mentions: list[DateMention] = []
    for found in _all_found(text, words, phrases):
        after = mentions[-1].end if mentions else 0
        mention = _mention(text, after, found, phrases, reference)
        if mention is not None:
            mentions.append(mention)
    return tuple(mentions)
