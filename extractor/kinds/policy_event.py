"""Policy events: which public authority did or plans what act, when, how far it is."""

from __future__ import annotations

from typing import Final

from extractor.kinds.fields import Field, RecordKind
from extractor.records import EventType, PolicyEvent

OCCASIONS: Final[frozenset[EventType]] = frozenset({"official_statement", "meeting"})
"""Acts that are over when they have happened."""

POLICY_EVENT: Final = RecordKind(
    name="policy_event",
    listed="policy_events",
    drafted="events",
    letter="E",
    record=PolicyEvent,
    fields=(
        Field("actors", "parties", "union", ("actors",), "Who"),
        Field("event_type", "label", "first", ("event_type",), "Act"),
        Field("instrument", "name", "first", ("instrument",)),
        Field("part_of", "tie", "tied", (), "Act"),
        Field("targets", "parties", "union", ("targets",)),
        Field("jurisdictions", "codes", "union", ("jurisdictions",)),
        Field("places", "places", "union"),
        Field("date", "date", "first", ("date",), "Date"),
        Field("deadline", "date", "first", ("deadline",), "Date"),
        Field("status", "label", "strongest", ("status",), "Status"),
        Field("certainty", "label", "asserted", ("certainty",), "Status"),
        Field("related_commitments", "tie", "tied"),
    ),
    statuses=(
        "under_consideration",
        "proposed",
        "planned",
        "announced",
        "occurred",
        "adopted",
        "in_force",
        "ended",
    ),
    withdrawn="ended",
    plain="announced",
    status_cues={
        "ended": "event_ended",
        "under_consideration": "event_under_consideration",
        "proposed": "event_proposed",
        "adopted": "event_adopted",
        "in_force": "event_in_force",
        "planned": "event_planned",
        "announced": "event_announced",
        "occurred": "event_occurred",
    },
    plain_cues=frozenset({"event_announced", "event_occurred"}),
)
