"""Kinds of record, a module each: to add one, write its module and name it here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from extractor.kinds.commitment import COMMITMENT, MONEY_KINDS
from extractor.kinds.fields import AnyRecord, Field, Merge, RecordKind, Sort
from extractor.kinds.policy_event import OCCASIONS, POLICY_EVENT
from extractor.records import Commitment, RecordType

__all__ = [
    "COMMITMENT",
    "KINDS",
    "MONEY_KINDS",
    "OCCASIONS",
    "POLICY_EVENT",
    "AnyRecord",
    "Field",
    "Merge",
    "RecordKind",
    "Sort",
    "kind_of",
]

KINDS: Final[Mapping[RecordType, RecordKind]] = {
    kind.name: kind for kind in (COMMITMENT, POLICY_EVENT)
}


def kind_of(record: AnyRecord) -> RecordKind:
    """The kind of a record."""
    return COMMITMENT if isinstance(record, Commitment) else POLICY_EVENT
