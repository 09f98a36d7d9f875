"""Dates of a language as CLDR has them: names of months, weekdays and quarters, and their order.

CLDR's patterns ("d. MMMM y") become phrases in the notation of `date_phrases.py`. A year alone is a
date only where the language has a word for it (「2027年」); what
tells a role, or counts from today, is not in CLDR.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from extractor.languages.calendar_names import CalendarNames
from extractor.languages.cldr_numbers import as_text
from extractor.languages.date_phrases import DatePhrases, Kind, LooseTimes
from extractor.languages.locales import UNKNOWN, locale_of
from extractor.languages.part import nothing
from extractor.languages.writing import LOOKALIKES

_PATTERNS: Final[dict[Kind, tuple[str, ...]]] = {
    "day": ("full", "long", "medium", "short", "yMMMMd", "yMMMd", "yMd", "MMMMd"),
    "month": ("yMMMM", "yMMM"),
    "quarter": ("yQQQQ", "yQQQ"),
    "year": ("y",),
}
_TOKEN: Final = re.compile(r"'([^']*)'|([A-Za-z])\2*|.", re.DOTALL)
# A day without a year, unless one follows that the pattern does not have: "3 de mayo del 2027".
_NO_YEAR: Final = r"(?!\W{0,3}(?:\w{1,4}\W{1,2})?[0-9]{4})"
_UNNAMED: Final = re.compile(r"M?\d+")
"""What stands for the name of a month that nobody gave."""


def calendar_names(code: str) -> CalendarNames:
    """What CLDR knows of how times are called."""
    if code == UNKNOWN:
        return nothing(CalendarNames)
    months, short = _months(code, "wide"), _months(code, "abbreviated")
    quarters = locale_of(code).quarters["format"]
    return nothing(
        CalendarNames,
        months=months,
        short_months={number: names for number, names in short.items() if months},
        ordinals={
            number: _keys(*(str(quarters[width][number]) for width in ("wide", "abbreviated")))
            for number in quarters["wide"]
        },
        capital_months=_capital(code),
    )


def date_phrases(code: str) -> DatePhrases:
    """What CLDR knows of how a time is told."""
    phrases = [
        {"kind": kind, "patterns": tuple(found)}
        for kind in _PATTERNS
        if code != UNKNOWN and (found := dict.fromkeys(_phrases(code, kind)))
    ]
    return nothing(
        DatePhrases,
        # Empty lists, since a table without any would match everywhere.
        cues={"deadline": (), "start": (), "point": ()},
        modifiers={"start": (), "mid": (), "end": ()},
        phrases=tuple(phrases),
        loose=nothing(LooseTimes),
    )


def ordinals_before(code: str) -> tuple[str, ...]:
    """The words before which a day has a full stop, as a sentence has them."""
    dotted = code != UNKNOWN and any(r"<d>\." in one for one in _phrases(code, "day"))
    return tuple(name.rstrip(".") for name in _all_written(code)) if dotted else ()


def dotted_months(code: str) -> tuple[str, ...]:
    """Abbreviations of months that have a full stop, without it."""
    return tuple(name.rstrip(".") for name in _all_written(code) if name.endswith("."))


def _all_written(code: str) -> list[str]:
    tables = [_written(code, width) for width in ("wide", "abbreviated")]
    return sorted({name for table in tables for listed in table.values() for name in listed})


def _written(code: str, width: str) -> dict[int, tuple[str, ...]]:
    """Names of months as in a date and as alone: "maja" and "maj"."""
    found: dict[int, tuple[str, ...]] = {}
    for context in ("format", "stand-alone"):
        for number, name in locale_of(code).months[context].get(width, {}).items():
            written = as_text(str(name))
            if written and not _UNNAMED.fullmatch(written):
                found[number] = tuple(dict.fromkeys((*found.get(number, ()), written)))
    return found


def _months(code: str, width: str) -> dict[int, tuple[str, ...]]:
    written = _written(code, width)
    return {number: _keys(*names) for number, names in written.items()}


def _keys(*names: str) -> tuple[str, ...]:
    """Names as tables of the calendar have them: to be found in a text, and to be looked up.

    The two differ where a letter without case is several: "ΐ".
    """
    lower = [as_text(name).translate(LOOKALIKES).lower().rstrip(".") for name in names]
    return tuple(dict.fromkeys((*lower, *(name.casefold() for name in lower))))


def _capital(code: str) -> bool:
    """Whether every name of a month is a word with a capital, so that "mai" is none."""
    names = [name for listed in _written(code, "wide").values() for name in listed]
    capital = [name.lower().capitalize() == name for name in names]
    return bool(names) and all(capital) and all(name[0].isupper() for name in names)


def _phrases(code: str, kind: Kind) -> Iterator[str]:
    locale = locale_of(code)
    for name in _PATTERNS[kind]:
        formats = locale.date_formats if name.islower() and len(name) > 1 else {}
        pattern = formats.get(name) or locale.datetime_skeletons.get(name)
        notation = pattern and _notation(as_text(pattern.pattern), wide=name == "MMMMd", code=code)
        if notation and (kind != "year" or notation != "<y>"):
            yield notation


def _notation(pattern: str, *, wide: bool, code: str) -> str | None:
    """A pattern of CLDR in the notation of phrases, None if it has what that does not."""
    parts: list[str] = []
    for token in _TOKEN.finditer(pattern):
        letter, length = token[2], len(token[0])
        if letter is None:
            parts.append(_literal(token[1] if token[1] is not None else token[0]))
        elif letter in "yu":
            parts.append("<y>")
        elif letter in "ML" and length < 5:
            parts.append("<m>" if length < 3 else "<monw>" if wide else "<mon>")
        elif letter == "d":
            parts.append("<d>")
        elif letter in "Ec":
            parts.append("<weekday>")
        elif letter in "Qq" and length > 2:
            parts.append("<ordinal>")
        elif letter == "G":
            era = as_text(str(locale_of(code).eras["abbreviated"].get(1, "")))
            parts.append(f"(?:{_literal(era)})?")
        else:
            return None
    notation, _, end = "".join(parts).rpartition(">")
    # "2027 г.": a word behind the year is left out, or written in full.
    notation += f">(?:{end})?" if end.startswith(" ") else f">{end}"
    notation += _NO_YEAR if wide else ""
    # Where figures are parted by a full stop, a blank behind it is left out as often.
    notation = re.sub(r"(\\\.) (?=<[dmy]>)", r"\1 ?", notation)
    return re.sub(r"(\(\?:[^()]*\)\?) ", r"\1 ?", notation).strip()


def _literal(text: str) -> str:
    return "".join(char if char in " '" else re.escape(char) for char in text)
