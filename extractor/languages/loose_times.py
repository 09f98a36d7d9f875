"""LooseTimes: words for a time that only a model that points at them makes a date."""

from __future__ import annotations

from collections.abc import Mapping

from extractor.languages.part import Part

Words = tuple[str, ...]


class LooseTimes(Part):
    """What `loose_times.toml` of a language holds; of several phrases the first that is there."""

    time_words: Words
    """Regular expressions of words that tell a time, be it one that cannot be read."""
    this_year: Words
    """Regular expressions of what puts a season into the year of the article."""
    next_year: Words
    """The same, into the year after it."""
    days: Mapping[str, int]
    """Days from the day of the article."""
    feasts: Mapping[str, str]
    """Month and day of feasts that do not move."""
    seasons: Mapping[str, tuple[int, int]]
    """First and last month."""
