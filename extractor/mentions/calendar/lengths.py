"""Bare lengths of time, which only a model that points at one makes a duration: "a ten-year lease".

By themselves they may be an age, or the time of something else.
"""

from __future__ import annotations

from functools import lru_cache

from extractor.languages import Rules
from extractor.mentions.calendar.dates import find_dates
from extractor.mentions.calendar.patterns import calendar_patterns
from extractor.mentions.calendar.readers import read_phrase
from extractor.mentions.calendar.values import Length, iso_duration
from extractor.mentions.types import DateMention


@lru_cache(maxsize=256)
def find_lengths(text: str, language: Rules) -> tuple[DateMention, ...]:
    """The bare lengths of time of a sentence that are no part of a date ("ten years ago")."""
    taken = [(date.start, date.end) for date in find_dates(text, language, None)]
    found: list[DateMention] = []
    for phrase in calendar_patterns(language).lengths:
        for match in phrase.pattern.finditer(text):
            value = read_phrase("length", match, language)
            start, end = match.span()
            if not isinstance(value, Length) or any(s < end and start < e for s, e in taken):
                continue
            duration = iso_duration(value)
            found.append(DateMention(start, end, None, "explicit", None, "duration", duration))
            taken.append((start, end))
    return tuple(sorted(found, key=lambda one: one.start))
