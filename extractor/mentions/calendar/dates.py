"""Dates, deadlines and lengths of time in a sentence, as EDTF at the precision of the words.

A phrase of the language is read into a small value, the words before it give role and
modifier, and the value is resolved: a year that the sentence does not have comes from the
reference date, or stays `XXXX`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from extractor.languages import Rules
from extractor.languages.date_phrases import Need
from extractor.languages.prefilter import letters_of
from extractor.mentions.calendar.patterns import CalendarPatterns, calendar_patterns
from extractor.mentions.calendar.readers import ends_period, read_phrase
from extractor.mentions.calendar.values import (
    Dated,
    DateReading,
    Length,
    basis_of,
    iso_duration,
    resolved,
)
from extractor.mentions.types import DateMention, DateRole
from extractor.records import DateModifier

_CUE_REACH = 40
_NUMBERING_REACH = 12
_CLAUSE_REACH = 60
_FARTHEST_AHEAD = 300
"""Days; who means a time farther away writes its year, and what began last week has none."""
_YEAR_FOLLOWS = re.compile(r"[ /-](?:19|20|21)[0-9]{2}\b")
# "The quarters I and II 2027", of which only the first is read.
_PART_FOLLOWS = re.compile(r"(?:\s*[-,]\s*[A-Z]?|\s\w{1,5}\s)(?:[1-4]|I{1,3}|IV)\b")
_JOINED = re.compile(r"(?:\s*[,&]|\s\w{1,6})?(?:\s\w{1,6})?\s*")
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


@dataclass(frozen=True, slots=True)
class _Around:
    """Where a time begins with the words before it, and what they say."""

    start: int
    role: DateRole | None
    modifier: DateModifier | None


def _all_found(text: str, language: Rules, phrases: CalendarPatterns) -> tuple[_Found, ...]:
    """Every phrase that can be read, the longest where they overlap, in order."""
    candidates = []
    for place in phrases.choice.of(letters_of(text)):
        phrase = phrases.phrases[place]
        for match in phrase.pattern.pattern.finditer(text):
            value = read_phrase(phrase.kind, match, language)
            if value is not None and not _is_sure(text, match, value, phrases):
                value = None
            # An impossible day is kept, or "30 February" would be February.
            if value is not None or phrase.kind == "day":
                closing: DateModifier | None = "end" if ends_period(match) else None
                candidates.append(_Found(match.start(), match.end(), phrase.need, value, closing))
    candidates.sort(key=lambda found: (found.start - found.end, found.start))
    chosen: list[_Found] = []
    taken = bytearray(len(text))
    for found in candidates:
        if not any(taken[found.start : found.end]):
            taken[found.start : found.end] = bytes([1]) * (found.end - found.start)
            chosen.append(found)
    return _without_shared_years(text, sorted(chosen, key=lambda found: found.start), phrases)


def _without_shared_years(
    text: str, found: list[_Found], phrases: CalendarPatterns
) -> tuple[_Found, ...]:
    """The same without times that share the year of the next one: "Q1 and Q2 2027".

    Of a range that was not read as one its end says nothing either.
    """
    shared: set[int] = set()
    for index, (one, following) in enumerate(zip(found, found[1:], strict=False)):
        if not _shares_year(one.value, following.value):
            continue
        if phrases.to.fullmatch(text, one.end, following.start):
            shared |= {index, index + 1}
        elif _JOINED.fullmatch(text, one.end, following.start):
            shared.add(index)
    return tuple(one for index, one in enumerate(found) if index not in shared)


def _shares_year(one: DateReading | None, following: DateReading | None) -> bool:
    """Whether the first has no year of its own, and the second a year and the same precision."""
    if not isinstance(one, Dated) or not isinstance(following, Dated):
        return False
    alike = len(one.first) == len(following.first) and (one.last is None) == (
        following.last is None
    )
    return alike and one.yearless and following.year is not None


def _is_sure(
    text: str, match: re.Match[str], value: DateReading, phrases: CalendarPatterns
) -> bool:
    """Whether it is a time, and no part of one that could not be read."""
    start, end = match.span()
    number = phrases.numbered.search(text, max(0, start - _NUMBERING_REACH), start)
    if number is not None and (text[start].isdecimal() or number[0].strip()[-1].isdecimal()):
        return False
    lone = match.start("lone") if "lone" in match.re.groupindex else None
    if lone is not None and phrases.not_lone.search(text, max(0, lone - _NUMBERING_REACH), lone):
        return False
    if not isinstance(value, Dated) or not value.yearless:
        return True
    parts = _PART_FOLLOWS.match(text, end) if value.last is not None else None
    return not (parts or _YEAR_FOLLOWS.match(text, end) or phrases.told_year.match(text, end))


def _around(text: str, after: int, start: int, phrases: CalendarPatterns) -> _Around:
    """What stands right before a time that begins at `start`, in text from `after` on."""
    role: DateRole | None = None
    modifier: DateModifier | None = None
    period = phrases.modifier.search(text, max(after, start - _CUE_REACH), start)
    if period is not None:
        start, modifier = period.start(), _MODIFIERS.get(period.lastgroup or "")
    cue = phrases.cue.search(text, max(after, start - _CUE_REACH), start)
    if cue is not None:
        start, role = cue.start(), _ROLES.get(cue.lastgroup or "")
    return _Around(start, role, modifier)


def _named_years(text: str, after: int, start: int, phrases: CalendarPatterns) -> _Around | None:
    """The deadline or start that stands before "school year"; nobody knows when such a one ends."""
    name = phrases.year_names.search(text, max(after, start - _CUE_REACH), start)
    around = _around(text, after, name.start(), phrases) if name is not None else None
    if around is None or around.role not in ("deadline", "start"):
        return None
    return replace(around, modifier=None)


def _mention(
    text: str, after: int, found: _Found, phrases: CalendarPatterns, reference: date | None
) -> DateMention | None:
    """The phrase with the modifier and cue before it, none of which begins before `after`."""
    value = found.value
    if value is None:
        return None
    if isinstance(value, Length):
        around = _Around(found.start, "deadline" if value.ahead else "duration", None)
    else:
        around = _around(text, after, found.start, phrases)
        if isinstance(value, Dated) and value.of_years:
            around = _named_years(text, after, found.start, phrases) or around
    start, role, modifier = around.start, around.role, around.modifier or found.modifier
    if modifier is None and (found.need == "modifier" or (found.need == "cue" and role is None)):
        return None
    clause = _CLAUSE_END.split(text[max(after, start - _CLAUSE_REACH) : start])[-1]
    future = role == "deadline" or phrases.future.search(clause) is not None
    edtf = resolved(value, reference, future)
    behind = _CLAUSE_END.split(text[start : found.end + _CLAUSE_REACH])[0]
    over = any(phrases.past.search(words) for words in (clause, behind))
    return DateMention(
        start=start,
        end=found.end,
        edtf=edtf,
        basis=basis_of(value),
        modifier=modifier,
        role=role or "point",
        duration=iso_duration(value),
        ahead=None if future or over else _ahead(value, edtf, reference),
    )


def _ahead(value: DateReading, edtf: str | None, reference: date | None) -> str | None:
    """The EDTF ahead of a time that was read as over, unless it is too far away to be meant."""
    ahead = resolved(value, reference, future=True)
    if ahead is None or ahead == edtf or reference is None:
        return None
    first = date.fromisoformat(f"{ahead.partition('/')[0]}-01"[: len("2026-01-01")])
    return ahead if (first - reference).days <= _FARTHEST_AHEAD else None


# A model points at dates of sentences that were read before.
@lru_cache(maxsize=256)
def find_dates(text: str, language: Rules, reference: date | None) -> tuple[DateMention, ...]:
    """The dates and lengths of time of a sentence, in order, without overlaps.

    `reference` is the day of publication. Without it nothing is guessed: a year that the sentence
    does not have is `XXXX`, and "last week" has no EDTF at all.
    """
    phrases = calendar_patterns(language)
    mentions: list[DateMention] = []
    for found in _all_found(text, language, phrases):
        after = mentions[-1].end if mentions else 0
        mention = _mention(text, after, found, phrases, reference)
        if mention is not None:
            mentions.append(mention)
    return tuple(mentions)
