"""Values of records in words, labels and predictions alike."""

from __future__ import annotations

from typing import Final, TypeAlias

from eval.labels.gold import GoldCommitment, GoldEvent
from extractor.records import Actor, Commitment, Count, DateValue, Money, Place, PolicyEvent

AnyRecord: TypeAlias = GoldCommitment | GoldEvent | Commitment | PolicyEvent

_THIN_SPACE: Final = "\N{THIN SPACE}"


def in_words(record: AnyRecord, field: str) -> str:
    """What a record says in a scored field; empty if it says nothing."""
    if field in ("currency", "amount_per", "amount_scope"):
        money = record.amount if isinstance(record, GoldCommitment | Commitment) else None
        part: object = getattr(money, field.removeprefix("amount_"), None)
        return _told(part)
    value: object = getattr(record, field)
    return _told(value)


def _told(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join(_told(part) for part in value)
    if isinstance(value, Actor):
        return _named(value.name, value.canonical)
    if isinstance(value, Place):
        return _named(value.name, value.subdivision or value.country)
    if isinstance(value, Money | Count):
        return _measured(value)
    if isinstance(value, DateValue):
        modifier = f"{value.modifier} of " if value.modifier else ""
        return _named(f"{modifier}{value.edtf or 'unresolved'}", value.text)
    return str(value)


def _named(name: str, other: str | None) -> str:
    return f"{name} ({other})" if other and other != name else name


def _measured(value: Money | Count) -> str:
    unit = value.currency if isinstance(value, Money) else value.unit
    figures = [_figure(part) for part in (value.value, value.value_max) if part is not None]
    qualifier = "" if value.qualifier == "exact" else value.qualifier.replace("_", " ")
    told = " ".join(filter(None, (qualifier, "–".join(figures) or "no figure", unit)))
    return _named(told, value.raw)


def _figure(value: float) -> str:
    # A model may well say 1e400.
    if value != value or value in (float("inf"), float("-inf")):
        return str(value)
    whole = f"{value:,.0f}" if value == int(value) else f"{value:,}"
    return whole.replace(",", _THIN_SPACE)
