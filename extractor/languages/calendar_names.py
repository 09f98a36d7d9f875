"""CalendarNames: what a language calls times, beside the names of months and weekdays of CLDR."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from extractor.languages.part import Part

Unit = Literal["day", "week", "month", "quarter", "year", "decade"]
Words = tuple[str, ...]
Numbered: TypeAlias = Mapping[int, Words]


class CalendarNames(Part):
    """What `calendar.toml` of a language holds: words by their number, in lower case."""

    range_words: Words
    """Between the ends of a range, beside a dash."""
    the_year: Words
    """What stands for the year of the article at the end of a phrase."""
    before_year: Words
    """Before a year that a reader is pointed at; those of all languages count."""
    numbering: Words
    """Regular expressions of words behind which a figure is the number of something."""
    counted: Words
    """Regular expressions of what makes a number like 2000 a count, in all languages."""
    sides: Numbered
    """The first (1) and the last (2) months of a year."""
    halves: Numbered
    ordinals: Numbered
    """Of the quarters."""
    units: Mapping[Unit, Words]
    years: Numbered
    """From this year: last year is -1."""
    near: Mapping[Unit, Numbered]
    """From today, by unit: yesterday is day -1."""
    whole: Mapping[Unit, Words]
    """Words that are a time only with more words: "the end of the year"."""
    directions: Numbered
    """Words that look back (-1), stay (0) or look ahead (1)."""

    articles: Words = ()
    """Words that count for one where a length of time has passed, if there are such."""
    of_year: Words = ()
    """Regular expressions, blank included, of what may part a phrase from its year."""
    not_lone: Words = ()
    """Words behind which a year or day that is told from today counts from something else."""
    capital_months: bool = False
    """Set where names of months are read with a capital only."""
    capital_weekdays: bool = False
    """The same of weekdays."""
    months: Numbered = {}
    """In place of CLDR's, where those are only numbers."""
    short_months: Numbered = {}
    """Abbreviations beside CLDR's."""
    weekdays: Numbered = {}
    """From 0, Monday, beside CLDR's."""


def numbers_by_word(table: Numbered) -> dict[str, int]:
    """A table of words by number, the other way round."""
    return {word: number for number, words in table.items() for word in words}
