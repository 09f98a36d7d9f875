"""Values of records in a few words, as tables and pages show them; quotes show what was written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from extractor.kinds import AnyRecord, Field, kind_of
from extractor.messages import clean_line
from extractor.records import Actor, Conversion, Count, DateValue, Money, Number

_SCALES = (
    (Decimal(10) ** 12, "trillion"),
    (Decimal(10) ** 9, "billion"),
    (Decimal(10) ** 6, "million"),
)
_SEPARATORS = {"How much": "; ", "By when": "; ", "Date": "; ", "Status": ", "}
_CUES = {"start": "from ", "deadline": "by "}
_DURATION = re.compile(
    r"P(?:(?P<year>\d+)Y)?(?:(?P<month>\d+)M)?(?:(?P<week>\d+)W)?(?:(?P<day>\d+)D)?"
)
_PER = {"once": "", "year": "a year", "month": "a month"}


def plain(code: str) -> str:
    """A code of the schema in words."""
    return clean_line(code.replace("_", " "))


def cell(record: AnyRecord, heading: str) -> str:
    """What stands under a heading: the fields that the table of its kind shows there."""
    shown = (field for field in kind_of(record).fields if field.shown == heading)
    return _joined(_SEPARATORS.get(heading, "\n"), *(_phrase(record, field) for field in shown))


def in_a_line(record: AnyRecord) -> str:
    """The record in one line: what stands under its headings, in their order."""
    told = (cell(record, heading) for heading in kind_of(record).headings)
    return " · ".join(", ".join(each.split("\n")) for each in told if each)


def names(actors: Iterable[Actor]) -> str:
    """The parties as the article writes them."""
    return ", ".join(clean_line(actor.name) for actor in actors)


def _phrase(record: AnyRecord, field: Field) -> str:
    """One value in words; nothing for what is usual or not told."""
    value = getattr(record, field.name)
    match field.sort:
        case "parties":
            return names(value)
        case "money":
            return told_money(value)
        case "count":
            return told_count(value)
        case "date":
            return told_date(value, _CUES.get(field.name, ""))
        case "duration":
            return f"for {value}" if value else ""
        case "tie":
            return f"(part of {value})" if value else ""
        case _:
            return _label(record, field.name, str(value))


def _label(record: AnyRecord, name: str, value: str) -> str:
    """A choice from a list: what kind of thing is told with what it is called."""
    if name == "certainty":
        return value if value == "hedged" else ""
    if name == "status":
        return plain(value)
    called = getattr(record, "instrument", None) or record.title
    return f"{plain(value)}: {clean_line(called)}"


def many(number: int, noun: str) -> str:
    """A number with its noun."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def told_money(money: Money | None) -> str:
    """An amount with its qualifier, and the conversions that the article gives."""
    if money is None:
        return ""
    said = _joined(
        " ",
        _qualifier(money),
        told_range(money.value, money.value_max) or clean_line(money.raw),
        money.currency or "",
        _PER[money.per],
        "each" if money.scope == "each" else "",
    )
    converted = ", ".join(
        _joined(" ", _qualifier(other), told_range(other.value, None), other.currency or "")
        for other in money.converted
    )
    return f"{said} ({converted})" if converted else said


def told_count(count: Count | None) -> str:
    """A quantity with its qualifier and unit."""
    if count is None:
        return ""
    return _joined(
        " ",
        _qualifier(count),
        told_range(count.value, count.value_max) or clean_line(count.raw),
        plain(count.unit),
        _PER[count.per],
        "each" if count.scope == "each" else "",
    )


def _qualifier(value: Money | Count | Conversion) -> str:
    return "" if value.qualifier == "exact" else plain(value.qualifier)


def told_range(low: Number | None, high: Number | None) -> str:
    """A number, or what it lies between, with its scale as a word."""
    if low is None:
        return ""
    return _figure(low) if high is None else f"{_figure(low)} to {_figure(high)}"


def _figure(number: Number) -> str:
    value = Decimal(str(number))
    for scale, word in _SCALES:
        scaled = value / scale
        if abs(scaled) >= 1 and scaled == round(scaled, 3):
            return f"{scaled.normalize():,f} {word}"
    return f"{value.normalize():,f}"


def told_date(date: DateValue | None, cue: str = "") -> str:
    """A date; where it could not be resolved, the words of the article."""
    if date is None:
        return ""
    if date.edtf is None:
        # The words as written bring their own cue ("by the end of next year").
        return f"“{clean_line(date.text)}”"
    return cue + _joined(" ", date.modifier or "", clean_line(date.edtf))


def told_duration(duration: str) -> str:
    """An ISO 8601 duration in words; what is none as it is."""
    match = _DURATION.fullmatch(duration)
    parts = match.groupdict() if match else {}
    told = [many(int(number), unit) for unit, number in parts.items() if number]
    return ", ".join(told) or clean_line(duration)


def _joined(separator: str, *parts: str) -> str:
    return separator.join(part for part in parts if part)
