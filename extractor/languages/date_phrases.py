"""DatePhrases: the phrases of a language that tell a time, and the words that may tell one.

A phrase is a regular expression in a short notation: a blank stands for any white space, an
apostrophe for both kinds, and `<name>` for a fragment: one of the file's own, or one that the
engine builds of the names in `calendar.toml`. Named groups mean the same in every language, so
that one reader serves them all:

    d, m, mon, y      day, month number, month name, year; d2, m2, mon2, y2, yy end a range
    ys                a year in two digits
    slash             the range is of two years in a row ("2027/28")
    dy                a year told from today ("last year")
    dir, week         last, this or next; the same for the week of a weekday
    ahead             a word that puts the day into the future ("tomorrow, 5 June")
    q, half, side     which quarter, which half, the first or the last months
    n, n2, unit       a length of time; `plus` adds a half
    near, wd          a time told from today; a weekday
    ends, closing     the fiscal year ends then; the end of the period is meant
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from extractor.languages.part import Part
from extractor.records import DateModifier

Kind = Literal[
    "day",
    "either_order",
    "month",
    "iso_month",
    "year",
    "quarter",
    "half",
    "part",
    "decade",
    "range",
    "fiscal",
    "near",
    "weekday",
    "ago",
    "ahead",
    "length",
]
Need = Literal["nothing", "cue", "modifier"]
Words = tuple[str, ...]


class PhraseGroup(Part):
    """Phrases of one kind; `need` is what must stand before one to make it a time."""

    kind: Kind
    need: Need = "nothing"
    """Left out where the phrase is a time by itself."""
    patterns: Words


class LooseTimes(Part):
    """Words that only a model that points at them makes a date; the first that is there counts."""

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
    lengths: Words
    """Lengths of time, in the notation of phrases."""


class DatePhrases(Part):
    """What `dates.toml` of a language holds, in the notation above if not said otherwise."""

    future: Words
    """What puts the rest of its clause into the future."""
    past: Words
    """What says that a time of its clause is over; regular expressions."""
    cues: Mapping[Literal["deadline", "start", "point"], Words]
    """What stands right before a time and tells its role."""
    told_years: Words
    """Behind a time, these say that its year was told before: "of that year"."""
    year_names: Words
    """What may name two years, between them and what stands before a time: "school year"."""
    modifiers: Mapping[DateModifier, Words]
    """What stands right before a time and tells which part of it is meant."""
    phrases: tuple[PhraseGroup, ...]
    loose: LooseTimes

    fragments: Mapping[str, str] = {}
    """Parts that several phrases share, by name; later ones may hold earlier ones."""
    ahead: Words = ()
    """Regular expressions of words by which a date lies ahead."""
