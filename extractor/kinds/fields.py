"""The table of fields: what each value of a record is, and how it is proved, merged and scored.

Building, proving, merging, tables and the scorer walk these tables, so a new field is one line here
beside its declaration in `records`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from extractor.languages.cues import Cue
from extractor.records import Commitment, PolicyEvent, RecordType

AnyRecord: TypeAlias = Commitment | PolicyEvent

Sort = Literal[
    "parties",
    "places",
    "name",
    "money",
    "count",
    "date",
    "duration",
    "label",
    "codes",
    "tie",
]
"""parties, places, name: words of the article; money, count, date, duration: read from its words;
label: one of a closed list; codes: of countries; tie: ids of other records."""
Merge = Literal["first", "union", "fullest", "strongest", "asserted", "tied"]
"""first: the first telling that has it; union: what any telling has; fullest: the telling that says
most; strongest: by the order of the statuses; asserted: hedged only if every telling hedges;
tied: told once all records are known."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind of record."""

    name: str
    sort: Sort
    merged: Merge
    scored: tuple[str, ...] = ()
    """Names under which the scorer compares it; empty: not scored."""
    shown: str = ""
    """Heading under which tables show it; empty: not shown."""


@dataclass(frozen=True, slots=True)
class RecordKind:
    """One kind of record: its fields, and how far one can be."""

    name: RecordType
    listed: Literal["commitments", "policy_events"]
    """Its list in an extraction."""
    drafted: Literal["commitments", "events"]
    """Its list in a model's reply."""
    letter: str
    """What its ids begin with."""
    record: type[Commitment] | type[PolicyEvent]
    fields: tuple[Field, ...]
    statuses: tuple[str, ...]
    """Weakest first: the strongest that the article asserts anywhere wins."""
    withdrawn: str
    """The status of what was taken back."""
    plain: str
    """The status of a promise or act that no word qualifies."""
    status_cues: Mapping[str, Cue]
    """Cue of each status, the one that wins over the others first ("is in talks" over "is")."""
    plain_cues: frozenset[Cue]
    """Cues that say that something is promised or done, and nothing of how far it is."""

    def field(self, name: str) -> Field:
        """The field of this name."""
        return next(field for field in self.fields if field.name == name)

    def of_sort(self, *sorts: Sort) -> tuple[Field, ...]:
        """The fields of these sorts."""
        return tuple(field for field in self.fields if field.sort in sorts)

    @property
    def headings(self) -> tuple[str, ...]:
        """The columns of its table, in order."""
        return tuple(dict.fromkeys(field.shown for field in self.fields if field.shown))

    @property
    def scored(self) -> tuple[str, ...]:
        """Everything that the scorer compares."""
        return tuple(name for field in self.fields for name in field.scored)
