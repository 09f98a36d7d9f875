"""Values of records in a few words, as a table shows them; the quotes show what was written."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from extractor.records import (
    Actor,
    Commitment,
    Conversion,
    Count,
    DateValue,
    Money,
    Number,
    PolicyEvent,
    Record,
)
from extractor.telling import clean_line

_SCALES = (
    (Decimal(10) ** 12, "trillion"),
    (Decimal(10) ** 9, "billion"),
    (Decimal(10) ** 6, "million"),
)
_PER = {"once": "", "year": "a year", "month": "a month"}


def plain(code: str) -> str:
    """A code of the schema in words."""
    return clean_line(code.replace("_", " "))


def names(actors: Iterable[Actor]) -> str:
    """The parties as the article writes them."""
    return ", ".join(clean_line(actor.name) for actor in actors)


def how_much(commitment: Commitment) -> str:
    """The amount, the quantity or both."""
    return _joined("; ", _money(commitment.amount), _count(commitment.quantity))


def by_when(record: Commitment | PolicyEvent) -> str:
    """When the act happens or the resource is delivered."""
    if isinstance(record, PolicyEvent):
        return _joined("; ", _date(record.date), _date(record.deadline, "by "))
    duration = f"for {record.duration}" if record.duration else ""
    return _joined("; ", _date(record.start, "from "), _date(record.deadline, "by "), duration)


def status(record: Commitment | PolicyEvent) -> str:
    """How far it is, and whether the article hedges."""
    return _joined(", ", plain(record.status), "hedged" if record.certainty == "hedged" else "")


def act(event: PolicyEvent) -> str:
    """What kind of act, and its name."""
    return f"{plain(event.event_type)}: {clean_line(event.instrument or event.title)}"


def resource(commitment: Commitment) -> str:
    """What kind of resource, and what it is."""
    return f"{plain(commitment.resource_kind)}: {clean_line(commitment.title)}"


def part_of(record: Record) -> str:
    """The record that contains this one."""
    return f"(part of {record.part_of})" if record.part_of else ""


def many(number: int, noun: str) -> str:
    """A number with its noun."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _money(money: Money | None) -> str:
    if money is None:
        return ""
    said = _joined(
        " ",
        _qualifier(money),
        _range(money.value, money.value_max) or clean_line(money.raw),
        money.currency or "",
        _PER[money.per],
        "each" if money.scope == "each" else "",
    )
    converted = ", ".join(
        _joined(" ", _qualifier(other), _range(other.value, None), other.currency or "")
        for other in money.converted
    )
    return f"{said} ({converted})" if converted else said


def _count(count: Count | None) -> str:
    if count is None:
        return ""
    return _joined(
        " ",
        _qualifier(count),
        _range(count.value, count.value_max) or clean_line(count.raw),
        plain(count.unit),
        _PER[count.per],
        "each" if count.scope == "each" else "",
    )


def _qualifier(value: Money | Count | Conversion) -> str:
    return "" if value.qualifier == "exact" else plain(value.qualifier)


def _range(low: Number | None, high: Number | None) -> str:
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


def _date(date: DateValue | None, cue: str = "") -> str:
    if date is None:
        return ""
    if date.edtf is None:
        # The words as written bring their own cue ("by the end of next year").
        return f"“{clean_line(date.text)}”"
    return cue + _joined(" ", date.modifier or "", clean_line(date.edtf))


def _joined(separator: str, *parts: str) -> str:
    return separator.join(part for part in parts if part)
