"""The phrases of `calendar_phrases` as compiled patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from extractor.mentions.calendar.phrases import (
    COMMON_PHRASES,
    CUES,
    FUTURE,
    MODIFIERS,
    PHRASES,
    Kind,
    Need,
)
from extractor.mentions.calendar.words import CalendarWords, calendar_words
from extractor.records import Language


@dataclass(frozen=True, slots=True)
class Phrase:
    """A way to write a time; `need` says what must stand before it to make it one."""

    kind: Kind
    need: Need
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class CalendarPatterns:
    """All phrases of a language and what may stand before them.

    `cue` has the groups deadline, start and point, `modifier` the groups start, mid and end; both
    end where the time begins. `future` finds a word that puts what follows into the future.
    """

    phrases: tuple[Phrase, ...]
    cue: re.Pattern[str]
    modifier: re.Pattern[str]
    future: re.Pattern[str]


# "hai năm sau" is two years later, "những tháng tới" is too vague.
_BEFORE_LATER = "vài|nhiều|những|các|mấy|chục|một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười"
# A number of this size is a year unless the thing it counts follows.
_UNCOUNTED = (
    r"(?!\s?(?:[€$£¥]|(?:USD|EUR|dollars?|euros?|đồng|tỷ|tỉ|triệu|nghìn|million|billion|GPUs?"
    r"|chips?|[MG]Wh?|km|ha|người|nhân viên|kỹ sư|people|jobs|workers|employees|engineers|students"
    r"|personnes|emplois|salariés|ingénieurs)\b))"
)


def _not_after(words: str) -> str:
    return "".join(f"(?<!{word} )" for word in words.split("|"))


def _one_of(words: Iterable[str]) -> str:
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", " ") for word in longest_first)


def _month_fragments(language: Language, words: CalendarWords) -> dict[str, str]:
    full, short = list(words.months), list(words.short_months)
    if language != "fr":
        # "may" is a verb and "ba tháng năm 2025" three months: the capital tells.
        full, short = [[w.capitalize() for w in names] for names in (full, short)]
    sensitive = "" if language == "fr" else "-i"
    wide = rf"(?{sensitive}:{_one_of(full)})(?!\w)"
    either = wide + (rf"|(?{sensitive}:{_one_of(short)})(?!\w)\.?" if short else "")
    return {
        "mon": f"(?P<mon>{either})",
        "mon2": f"(?P<mon2>{either})",
        "monw": f"(?P<mon>{wide})",
    }


def _fragments(language: Language, words: CalendarWords) -> dict[str, str]:
    year, day, month = "(?:19|20|21)[0-9]{2}", "3[01]|[12][0-9]|0?[1-9]", "1[0-2]|0?[1-9]"
    dash = " ?[-\N{EN DASH}] ?"
    to = {"en": "to|until|through|or", "fr": "à|au|jusqu'en|jusqu'au|ou", "vi": "đến|tới|hoặc"}
    of_year = {"en": ["the year"], "fr": ["l'année"], "vi": ["năm"]}[language]
    of = {"en": "", "fr": "(?:de |d')?", "vi": "(?:(?:của )?năm )?"}[language]
    weekdays = list(words.weekdays)
    if language == "en":
        weekdays = [word.capitalize() for word in weekdays]
    sensitive = "-i" if language == "en" else ""
    cardinals = _one_of(word for word in words.numbers if word not in {"a", "an"})
    units = "|".join(f"{unit}s?" for unit in sorted(words.units, key=len, reverse=True))
    ordinals = _one_of(words.ordinals)
    halves = words.sides if language == "vi" else [w for w, n in words.ordinals.items() if n <= 2]
    return _month_fragments(language, words) | {
        "y": f"(?P<y>{year})(?![0-9])",
        "y2": f"(?P<y2>{year})(?![0-9])",
        "d": f"(?P<d>{day})",
        "d2": f"(?P<d2>{day})",
        "dd": "(?P<d>[0-3][0-9])",
        "m": f"(?P<m>{month})(?![0-9])",
        "m2": f"(?P<m2>{month})(?![0-9])",
        "mm": "(?P<m>[01][0-9])",
        "dy": f"(?P<dy>{_one_of(words.years)})",
        "year": f"{of}(?:(?P<y>{year})(?![0-9])|(?P<dy>{_one_of(words.years)}))",
        "period": f"{of}(?:(?P<y>{year})(?![0-9])|(?P<dy>{_one_of([*words.years, *of_year])}))",
        "dir": f"(?P<dir>{_one_of(words.directions)})",
        "week": f"(?P<week>{_one_of(words.directions)})",
        "near": f"(?P<near>{_one_of(words.near)})",
        "whole": f"(?P<near>{_one_of(words.whole)})",
        "wd": f"(?P<wd>(?{sensitive}:{_one_of(weekdays)}))",
        "weekday": rf"(?:{_one_of([*words.weekdays, *words.short_weekdays])})\.?",
        "n": f"(?P<n>[0-9]{{1,3}}|{cardinals})",
        "n2": f"(?P<n2>[0-9]{{1,3}}|{cardinals})",
        "some": f"(?P<n>[0-9]{{1,3}}|{_one_of(words.numbers)})",
        "unit": f"(?P<unit>{units})",
        "q": "(?P<q>[1-4])",
        "ordinal": f"(?P<ordinal>{ordinals})",
        "half": f"(?P<half>{_one_of(halves)})",
        "side": f"(?P<side>{_one_of(words.sides)})",
        "decade": "(?P<decade>(?:19|20)[0-9])",
        "dash": dash,
        "to": f"(?:{dash}| (?:{to[language]}) )",
        "uncounted": _UNCOUNTED,
        "lone": _not_after(_BEFORE_LATER) + "(?<![0-9] )(?<!một số )",
    }


def _expanded(notation: str, fragments: Mapping[str, str]) -> str:
    filled = re.sub(r"(?<!\?P)<([a-z]+2?)>", lambda name: fragments[name[1]], notation)
    # A look-behind needs a fixed width, so its blank stays a blank.
    parts = re.split(r"(\(\?<!.*?\))", filled)
    for index in range(0, len(parts), 2):
        blanks = re.sub(r" (\??)", lambda blank: rf"\s{'*' if blank[1] else '+'}", parts[index])
        parts[index] = blanks.replace("'", "['\N{RIGHT SINGLE QUOTATION MARK}]")
    return "".join(parts)


@cache
def calendar_patterns(language: Language) -> CalendarPatterns:
    """The phrases of one language, ready to search with."""
    fragments = _fragments(language, calendar_words(language))

    def searched(notation: str) -> re.Pattern[str]:
        body = _expanded(notation, fragments)
        guarded = rf"(?<!\w)(?<![0-9][.,/:-])(?:{body})(?!\w)(?![.,/:][0-9])(?!\s?%)"
        return re.compile(guarded, re.IGNORECASE)

    def preceding(groups: Mapping[str, str]) -> re.Pattern[str]:
        body = "|".join(f"(?P<{name}>{_expanded(words, {})})" for name, words in groups.items())
        return re.compile(rf"(?<!\w)(?:{body})\s*$", re.IGNORECASE)

    return CalendarPatterns(
        phrases=tuple(
            Phrase(kind, need, searched(notation))
            for kind, need, notations in (*COMMON_PHRASES, *PHRASES[language])
            for notation in notations
        ),
        cue=preceding(CUES[language]),
        modifier=preceding(MODIFIERS[language]),
        future=re.compile(rf"(?<!\w)(?:{_expanded(FUTURE[language], {})})(?!\w)", re.IGNORECASE),
    )
