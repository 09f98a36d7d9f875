"""Calendar words of a language, as tables for `dates`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from extractor.languages import Rules, language_of
from extractor.languages.calendar_names import Unit, numbers_by_word
from extractor.languages.locales import locale_of


@dataclass(frozen=True, slots=True)
class CalendarWords:
    """What one language calls times; look words up in the form that `key` gives them.

    `months` and `weekdays` (from 0, Monday) hold full names, `short_*` what CLDR abbreviates.
    `sides` are the first (1) and the last (2) part of a year, `halves` its halves.
    `years` and `near` count from today: "last year" is -1. `whole` needs more words to be a time
    ("the end of the year"). `directions` says whether a word looks back (-1) or ahead (1).
    """

    months: Mapping[str, int]
    short_months: Mapping[str, int]
    weekdays: Mapping[str, int]
    short_weekdays: Mapping[str, int]
    ordinals: Mapping[str, int]
    sides: Mapping[str, int]
    halves: Mapping[str, int]
    years: Mapping[str, int]
    near: Mapping[str, tuple[Unit, int]]
    whole: Mapping[str, tuple[Unit, int]]
    directions: Mapping[str, int]
    units: Mapping[str, Unit]


def key(words: str) -> str:
    """The form under which the tables hold these words."""
    straight = words.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return " ".join(straight.split()).casefold().rstrip(".")


def _months(language: Rules, width: Literal["wide", "abbreviated"]) -> dict[str, int]:
    own = language_of(language).calendar
    if own.months:
        return numbers_by_word(own.months if width == "wide" else own.short_months)
    names = locale_of(language).months["format"][width]
    more = own.short_months if width == "abbreviated" else {}
    return {key(str(name)): int(month) for month, name in names.items()} | numbers_by_word(more)


def _weekdays(language: Rules, width: Literal["wide", "abbreviated"]) -> dict[str, int]:
    names = locale_of(language).days["format"][width]
    own = numbers_by_word(language_of(language).calendar.weekdays)
    return own | {key(str(name)): int(day) for day, name in names.items()}


@cache
def calendar_words(language: Rules) -> CalendarWords:
    """The tables of one language, names of months and weekdays from CLDR."""
    names = language_of(language).calendar
    return CalendarWords(
        months=_months(language, "wide"),
        short_months=_months(language, "abbreviated"),
        weekdays=_weekdays(language, "wide"),
        short_weekdays=_weekdays(language, "abbreviated"),
        ordinals=numbers_by_word(names.ordinals),
        sides=numbers_by_word(names.sides),
        halves=numbers_by_word(names.halves),
        years=numbers_by_word(names.years),
        near={
            word: (unit, steps)
            for unit, by_steps in names.near.items()
            for word, steps in numbers_by_word(by_steps).items()
        },
        whole={word: (unit, 0) for unit, words in names.whole.items() for word in words},
        directions=numbers_by_word(names.directions),
        units={word: unit for unit, words in names.units.items() for word in words},
    )
