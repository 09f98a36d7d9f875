"""Loose words for a time, which only a model that points at them makes a date: "overnight"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from typing import Final

from extractor.languages import Rules, language_of
from extractor.languages.patterns import any_of

_YEAR: Final = re.compile(r"\b((?:19|20)[0-9]{2})\b")


def tells_time(words: str, language: Rules) -> bool:
    """Whether words tell a time at all, be it one that we cannot read."""
    return _time(language).search(words) is not None


def read_loose(words: str, language: Rules, reference: date | None) -> str | None:
    """The EDTF date of loose words, at their precision; None if they tell none we know.

    The day of the article (`reference`) stands for "today"; without it only a year in the words
    makes a season a date.
    """
    text, known = words.casefold(), language_of(language).dates.loose
    if reference is not None:
        for phrase, days in known.days.items():
            if _holds(text, phrase):
                return (reference + timedelta(days)).isoformat()
        for phrase, day in known.feasts.items():
            if _holds(text, phrase):
                return f"{reference.year}-{day}"
    return _season(text, language, reference)


def _season(text: str, language: Rules, reference: date | None) -> str | None:
    for phrase, (first, last) in language_of(language).dates.loose.seasons.items():
        if _holds(text, phrase) and (year := _year_of(text, language, reference)):
            return f"{year}-{first:02}/{year}-{last:02}"
    return None


def _year_of(text: str, language: Rules, reference: date | None) -> int | None:
    """The year that is written, or told from the day of the article."""
    if written := _YEAR.search(text):
        return int(written[1])
    if reference is None:
        return None
    known = language_of(language).dates.loose
    if _has(text, known.next_year):
        return reference.year + 1
    return reference.year if _has(text, known.this_year) else None


def _has(text: str, patterns: Iterable[str]) -> bool:
    return re.search(rf"(?<!\w){any_of(patterns)}(?!\w)", text) is not None


@cache
def _time(language: Rules) -> re.Pattern[str]:
    words = any_of(language_of(language).dates.loose.time_words)
    return re.compile(rf"[0-9]|(?<!\w){words}(?!\w)", re.IGNORECASE)


def _holds(text: str, phrase: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", text) is not None
