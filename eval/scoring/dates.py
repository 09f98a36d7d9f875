"""Dates and durations as they are compared: stretches of days, with the precision of the words."""

from __future__ import annotations

import calendar
import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final

from extractor.records import DateModifier, DateValue

_EDTF: Final = re.compile(r"(\d{4}|\d{3}X|\d{2}XX|XXXX)(?:-(\d{2}|XX)(?:-(\d{2}|XX))?)?")
_DURATION: Final = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")
_LEAP_YEAR: Final = 2000
_FIRST_DAY: Final = 1
_PAST_LAST_DAY: Final = date.max.toordinal() + 1


@dataclass(frozen=True, slots=True)
class DateSpan:
    """Days from start up to, not including, end, and how precisely they were given.

    The days of a date without a year lie in 2000. A date whose words were not resolved has no
    days, only words.
    """

    start: int
    end: int
    precision: str
    yearless: bool = False
    words: str = ""


def parse_edtf(edtf: str, modifier: DateModifier | None = None) -> DateSpan | None:
    """The days of a date as we write them; None for a shape that we do not use.

    Shapes: YYYY, YYYY-MM, YYYY-MM-DD, decades and centuries (201X, 20XX), XXXX-MM(-DD), intervals
    of these with open ends; `start`, `mid` and `end` are thirds of the period.
    """
    ends = re.sub(r"[~?%]", "", edtf.strip()).split("/")
    spans = [None if end in {"", ".."} else _single(end) for end in ends]
    if len(ends) > 2 or all(span is None for span in spans):
        return None
    if any(span is None and end not in {"", ".."} for span, end in zip(spans, ends, strict=True)):
        return None
    first, last = spans[0], spans[-1]
    yearless = {span.yearless for span in spans if span}
    if len(yearless) > 1 or (yearless == {True} and None in spans):
        return None
    start = first.start if first else _FIRST_DAY
    end = last.end if last else _PAST_LAST_DAY
    if end <= start and yearless == {True}:
        end += 366
    precisions = dict.fromkeys(span.precision if span else ".." for span in spans)
    if end <= start:
        return None
    whole = DateSpan(start, end, "/".join(precisions), yearless == {True})
    return _third(whole, modifier) if modifier else whole


def _single(edtf: str) -> DateSpan | None:
    match = _EDTF.fullmatch(edtf)
    if match is None:
        return None
    year, month, day = (part if part and part != "XX" else None for part in match.groups())
    yearless = year == "XXXX"
    if year is None or (yearless and month is None):
        return None
    try:
        return DateSpan(*_days(str(_LEAP_YEAR) if yearless else year, month, day), yearless)
    except ValueError:
        return None


def _days(year: str, month: str | None, day: str | None) -> tuple[int, int, str]:
    unknown = year.count("X")
    first = int(year.replace("X", "0"))
    if month is None:
        last = date(first + 10**unknown - 1, 12, 31)
        return date(first, 1, 1).toordinal(), last.toordinal() + 1, f"year{'X' * unknown}"
    number = int(month)
    if day is None:
        start = date(first, number, 1).toordinal()
        return start, start + calendar.monthrange(first, number)[1], "month"
    start = date(first, number, int(day)).toordinal()
    return start, start + 1, "day"


def _third(whole: DateSpan, modifier: DateModifier) -> DateSpan:
    length = whole.end - whole.start
    before, after = {"start": (0, 1), "mid": (1, 2), "end": (2, 3)}[modifier]
    return DateSpan(
        whole.start + before * length // 3,
        whole.start + math.ceil(after * length / 3),
        f"{whole.precision}:{modifier}",
        whole.yearless,
    )


def date_span(value: DateValue | None) -> DateSpan | None:
    """The days of a date; its words if they were not resolved."""
    if value is None:
        return None
    span = parse_edtf(value.edtf, value.modifier) if value.edtf else None
    return span or DateSpan(0, 0, "words", words=folded(value.edtf or value.text))


def months_and_days(text: str | None) -> str | None:
    """An ISO 8601 duration in months and days, so that P24M is P2Y."""
    match = _DURATION.fullmatch(text) if text else None
    if match is None:
        return text or None
    years, months, weeks, days = (int(part or 0) for part in match.groups())
    return f"{12 * years + months} months {7 * weeks + days} days"


def folded(text: str) -> str:
    """NFC, caseless, single spaces, no punctuation at the edges."""
    plain = " ".join(unicodedata.normalize("NFC", text.casefold()).split())
    return re.sub(r"^[\W_]+|[\W_]+$", "", plain)
