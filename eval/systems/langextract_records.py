"""From langextract's attributes, all of them strings, to records.

Where a word is none of our labels, the commonest label stands in: a record is never lost for its
wording.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, TypeVar, get_args

from eval.systems.assembling import locate
from extractor.records import (
    Actor,
    Certainty,
    Commitment,
    CommitmentStatus,
    Count,
    DateValue,
    EventStatus,
    EventType,
    Evidence,
    Money,
    Number,
    PolicyEvent,
    ResourceKind,
)

if TYPE_CHECKING:
    from langextract.core.data import Extraction

_NUMBER: Final = re.compile(r"-?\d+(?:[ ,]\d{3})*(?:\.\d+)?")
_MONEY_KINDS: Final = ("funding", "equity", "purchase")
_Label = TypeVar("_Label", bound=str)
_Words = Mapping[str, str | list[str] | None]


def commitment_of(name: str, item: Extraction, text: str) -> Commitment:
    """A commitment of the public contract."""
    words: _Words = item.attributes or {}
    kind: ResourceKind = _label(words, "resource_kind", get_args(ResourceKind), "funding")
    return Commitment(
        id=name,
        title=item.extraction_text[:80],
        certainty=_certainty(words),
        places=[],
        part_of=None,
        evidence=[_evidence(item, text)],
        verdicts=[],
        actors=_actors(words, "actors"),
        recipients=_actors(words, "recipients"),
        announced_by=[],
        resource_kind=kind,
        finance_role="provide" if kind in _MONEY_KINDS else None,
        amount=_money(words),
        quantity=_count(words),
        status=_label(words, "status", get_args(CommitmentStatus), "announced"),
        announced_on=None,
        start=None,
        deadline=_date(words, "deadline"),
        duration=None,
        aggregation=None,
    )


def event_of(name: str, item: Extraction, text: str) -> PolicyEvent:
    """A policy event of the public contract."""
    words: _Words = item.attributes or {}
    return PolicyEvent(
        id=name,
        title=item.extraction_text[:80],
        certainty=_certainty(words),
        places=[],
        part_of=None,
        evidence=[_evidence(item, text)],
        verdicts=[],
        event_type=_label(words, "event_type", get_args(EventType), "strategy_or_programme"),
        actors=_actors(words, "actors"),
        targets=_actors(words, "targets"),
        jurisdictions=[],
        instrument=_word(words, "instrument") or None,
        status=_label(words, "status", get_args(EventStatus), "announced"),
        date=_date(words, "date"),
        deadline=_date(words, "deadline"),
        related_commitments=[],
    )


def _evidence(item: Extraction, text: str) -> Evidence:
    span = item.char_interval
    if span is None or span.start_pos is None or span.end_pos is None:
        return locate(item.extraction_text, text)
    start, end = span.start_pos, span.end_pos
    return Evidence(start=start, end=end, sentence=1, quote=text[start:end])


def _word(words: _Words, field: str) -> str:
    value = words.get(field)
    return value.strip() if isinstance(value, str) else ""


def _label(words: _Words, field: str, labels: Sequence[_Label], other: _Label) -> _Label:
    said = _word(words, field).casefold().replace(" ", "_")
    return next((label for label in labels if label == said), other)


def _certainty(words: _Words) -> Certainty:
    return "hedged" if _word(words, "certainty") == "hedged" else "asserted"


def _actors(words: _Words, field: str) -> list[Actor]:
    value = words.get(field)
    names = value if isinstance(value, list) else [value or ""]
    return [
        Actor(name=name, canonical=name, type="unspecified_group", country=None)
        for name in dict.fromkeys(str(name).strip() for name in names)
        if name
    ]


def _money(words: _Words) -> Money | None:
    raw, currency = _word(words, "amount"), _word(words, "currency")
    value = _number(raw)
    if value is None:
        return None
    return Money(
        value=value,
        value_max=None,
        currency=currency or None,
        qualifier="exact",
        per="once",
        scope="total",
        raw=raw,
        converted=[],
    )


def _count(words: _Words) -> Count | None:
    raw, unit = _word(words, "quantity"), _word(words, "unit")
    value = _number(raw)
    if value is None:
        return None
    return Count(
        value=value,
        value_max=None,
        unit=unit or "item",
        qualifier="exact",
        per="once",
        scope="total",
        raw=raw,
    )


def _number(words: str) -> Number | None:
    match = _NUMBER.search(words)
    return float(re.sub(r"[ ,]", "", match.group())) if match else None


def _date(words: _Words, field: str) -> DateValue | None:
    text = _word(words, field)
    return DateValue(edtf=text, text=text, basis="explicit", modifier=None) if text else None
