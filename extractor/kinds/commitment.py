"""Commitments: who provides what, to whom, how much, by when, how firm."""

from __future__ import annotations

from typing import Final, get_args

from extractor.kinds.fields import Field, RecordKind
from extractor.records import Commitment, CommitmentStatus, ResourceKind

MONEY_KINDS: Final[frozenset[ResourceKind]] = frozenset({"funding", "equity", "purchase"})
"""Resources that are money, or paid with it."""

_AMOUNT: Final = ("amount", "currency", "amount_per", "amount_scope")

COMMITMENT: Final = RecordKind(
    name="commitment",
    listed="commitments",
    drafted="commitments",
    letter="C",
    record=Commitment,
    fields=(
        Field("actors", "parties", "union", ("actors",), "Who"),
        Field("announced_by", "parties", "union"),
        Field("resource_kind", "label", "first", ("resource_kind",), "What"),
        Field("part_of", "tie", "tied", (), "What"),
        Field("aggregation", "tie", "tied"),
        Field("finance_role", "label", "first", ("finance_role",)),
        Field("amount", "money", "fullest", _AMOUNT, "How much"),
        Field("quantity", "count", "fullest", ("quantity",), "How much"),
        Field("recipients", "parties", "union", ("recipients",), "To"),
        Field("places", "places", "union", ("places",)),
        Field("announced_on", "date", "first", ("announced_on",)),
        Field("start", "date", "first", ("start",), "By when"),
        Field("deadline", "date", "first", ("deadline",), "By when"),
        Field("duration", "duration", "first", ("duration",), "By when"),
        Field("status", "label", "strongest", ("status",), "Status"),
        Field("certainty", "label", "asserted", ("certainty",), "Status"),
    ),
    statuses=get_args(CommitmentStatus),
    withdrawn="cancelled",
    plain="announced",
    status_cues={
        "cancelled": "status_cancelled",
        "under_negotiation": "status_under_negotiation",
        "completed": "status_completed",
        "agreed": "status_agreed",
        "in_progress": "status_in_progress",
        "planned": "status_planned",
        "announced": "status_announced",
    },
    plain_cues=frozenset({"status_announced"}),
)
