"""What a review changes: how the reading does, with what stands after it taken for the truth.

Only what somebody has decided on is counted: what is open may still turn out either way. The same
records, exported as labels, are what a baseline is then measured against.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from extractor.desk.reviews import ReviewedReading
from extractor.kinds import AnyRecord, kind_of
from extractor.phrases import many, plain
from extractor.results.reviews import ReviewedRecord


@dataclass(frozen=True, slots=True)
class FieldEffect:
    """How often a field was right as it was read."""

    field: str
    right: int
    told: int
    """In how many accepted records it has a value, before or after."""


@dataclass(frozen=True, slots=True)
class ReviewEffect:
    """What comes of the decisions on one reading."""

    model: str
    found: int
    """Records of the model that were accepted, changed or not."""
    invented: int
    """Records of the model that were rejected."""
    missed: int
    """Records that people added and accepted."""
    undecided: int
    fields: tuple[FieldEffect, ...]
    """Those in which something was changed, the worst first."""
    values_right: int
    values: int

    @property
    def told(self) -> str:
        """All of it in a line."""
        changed = self.values - self.values_right
        parts = [f"found +{self.missed}"] if self.missed else []
        parts += [f"invented −{self.invented}"] if self.invented else []
        parts += [f"{many(changed, 'value')} corrected"] if changed else []
        return ", ".join(parts) or "nothing so far"

    @property
    def baseline(self) -> str:
        """How the reading would count against these labels."""
        parts = []
        if self.found + self.missed:
            parts.append(f"find {self.found} of {many(self.found + self.missed, 'record')}")
        if self.found + self.invented:
            parts.append(f"be right in {self.found} of the {self.found + self.invented} it tells")
        if self.values:
            parts.append(f"have {self.values_right} of {many(self.values, 'value')} right")
        return ", ".join(parts)


def effect_of(reading: ReviewedReading) -> ReviewEffect:
    """What was decided on a reading, as a measure of it."""
    records = reading.records
    accepted = [one for one in records if one.standing == "right"]
    told: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for one in accepted:
        if one.original is not None:
            _count(one, one.original, told, right)
    fields = [FieldEffect(plain(name), right[name], count) for name, count in told.items()]
    wrong = [field for field in fields if field.right < field.told]
    return ReviewEffect(
        model=reading.opened.extraction.provenance.model,
        found=sum(one.original is not None for one in accepted),
        invented=sum(one.standing == "wrong" and one.original is not None for one in records),
        missed=sum(one.original is None for one in accepted),
        undecided=sum(one.standing in ("open", "later") for one in records),
        fields=tuple(sorted(wrong, key=lambda field: (field.right - field.told, field.field))),
        values_right=right.total(),
        values=told.total(),
    )


def _count(
    one: ReviewedRecord, original: AnyRecord, told: Counter[str], right: Counter[str]
) -> None:
    for field in kind_of(original).fields:
        before, after = (getattr(record, field.name) for record in (original, one.record))
        if before or after:
            told[field.name] += 1
            right[field.name] += before == after
