"""What went wrong in a scored document, in the classes that tell what to repair.

Classes overlap: an amount ten times too high is one error of magnitude, and if it is that of
another label it is also a value in the wrong item.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from eval.scoring.alignment import Aligner, Alignment, Pair
from eval.scoring.canonical import CanonicalFigure, CanonicalQuantity, CanonicalRecord, Value
from eval.scoring.counts import ErrorClass
from eval.scoring.similarity import Comparer, Outcome, magnitudes_apart
from extractor.records import RecordType

_ROLES: Final[Mapping[RecordType, tuple[str, str]]] = {
    "commitment": ("actors", "recipients"),
    "policy_event": ("actors", "targets"),
}
_DATES: Final = ("announced_on", "start", "deadline", "date")
_NAMES: Final = ("actors", "recipients", "targets")
# Few enough values to be alike in many records: they do not tell items apart.
_TELLING: Final = ("actors", "recipients", "amount", "quantity", "deadline", "targets", "date")


@dataclass(frozen=True, slots=True)
class Mistake:
    """One error; labels and predictions by their places in their lists."""

    error: ErrorClass
    gold: int | None = None
    predicted: int | None = None
    field: str | None = None


@dataclass(frozen=True, slots=True)
class ErrorFinder:
    """Finds the errors of one kind of record."""

    record_type: RecordType
    aligner: Aligner
    comparer: Comparer

    def errors_of(
        self,
        gold: Sequence[CanonicalRecord],
        predicted: Sequence[CanonicalRecord],
        alignment: Alignment,
    ) -> list[Mistake]:
        """All errors that the values show; grounding and validity are seen elsewhere."""
        found: list[Mistake] = []
        for pair in alignment.pairs:
            found += self._wrong_values(gold, predicted, pair)
        for row in alignment.missed:
            if not gold[row].optional:
                found.append(self._missed(gold, predicted, alignment, row))
        for column in alignment.spurious:
            found.append(self._spurious(gold, predicted, alignment, column))
        return found

    def _missed(
        self,
        gold: Sequence[CanonicalRecord],
        predicted: Sequence[CanonicalRecord],
        alignment: Alignment,
        row: int,
    ) -> Mistake:
        for pair in alignment.pairs:
            label, guess = gold[pair.gold], predicted[pair.predicted]
            if self.aligner.passes_gate(gold[row], guess):
                for field in self._telling:
                    if self._gives(field, guess, label, gold[row]):
                        return Mistake("MERGED", row, pair.predicted, field)
        return Mistake("MISSED_ITEM", row)

    def _spurious(
        self,
        gold: Sequence[CanonicalRecord],
        predicted: Sequence[CanonicalRecord],
        alignment: Alignment,
        column: int,
    ) -> Mistake:
        extra = predicted[column]
        for pair in alignment.pairs:
            label, guess = gold[pair.gold], predicted[pair.predicted]
            if self.aligner.passes_gate(label, extra):
                for field in self._telling:
                    if self._gives(field, label, guess, extra):
                        return Mistake("SPLIT", pair.gold, column, field)
        for pair in alignment.pairs:
            if alignment.similarity[pair.gold, column] > 0:
                return Mistake("DUPLICATE", pair.gold, column)
        for row in alignment.missed:
            if self.aligner.agrees_beside_anchors(gold[row], extra):
                for role in self._crossed_roles(gold[row], extra):
                    return Mistake("WRONG_ROLE", row, column, role)
        return Mistake("SPURIOUS_ITEM", None, column)

    def _wrong_values(
        self, gold: Sequence[CanonicalRecord], predicted: Sequence[CanonicalRecord], pair: Pair
    ) -> Iterator[Mistake]:
        label, guess = gold[pair.gold], predicted[pair.predicted]
        for field, outcome in pair.outcomes.items():
            for error in _classes(field, outcome, label.values.get(field), guess.values.get(field)):
                yield Mistake(error, pair.gold, pair.predicted, field)
        for field in self._telling:
            astray = self._beyond(field, guess, label)
            if astray is not None:
                for row, other in enumerate(gold):
                    if row != pair.gold and self._has(field, other, astray):
                        yield Mistake("VALUE_IN_WRONG_ITEM", row, pair.predicted, field)
                        break
        for role in self._crossed_roles(label, guess):
            yield Mistake("WRONG_ROLE", pair.gold, pair.predicted, role)

    def _crossed_roles(self, label: CanonicalRecord, guess: CanonicalRecord) -> Iterator[str]:
        """Roles in which a prediction has a party that its label has in the other role."""
        for role, other in (_ROLES[self.record_type], _ROLES[self.record_type][::-1]):
            astray = self._beyond(role, guess, label)
            owed = self._beyond(other, label, guess)
            if self.comparer.compare(self.record_type, role, owed, astray).correct:
                yield role

    @property
    def _telling(self) -> list[str]:
        return [field for field in _TELLING if field in self.aligner.fields]

    def _gives(
        self, field: str, giver: CanonicalRecord, besides: CanonicalRecord, taker: CanonicalRecord
    ) -> bool:
        """Whether what the giver says beyond another record is right in the taker."""
        value = self._beyond(field, giver, besides)
        return value is not None and self._has(field, taker, value)

    def _beyond(self, field: str, record: CanonicalRecord, known: CanonicalRecord) -> Value | None:
        return self.comparer.besides(
            self.record_type, field, record.values.get(field), known.values.get(field)
        )

    def _has(self, field: str, record: CanonicalRecord, value: Value) -> bool:
        mine = record.values.get(field)
        return self.comparer.compare(self.record_type, field, mine, value).correct > 0


def _classes(
    field: str, outcome: Outcome, gold: Value | None, predicted: Value | None
) -> Iterator[ErrorClass]:
    if field in _DATES and outcome.partial:
        yield "DATE_PRECISION"
    if field in _DATES and outcome.incorrect:
        yield "DATE_WRONG"
    if field in _NAMES and outcome.partial:
        yield "PARTIAL_NAME"
    if field == "currency" and outcome.incorrect:
        yield "CURRENCY"
    if field == "status" and not outcome.is_right and outcome.filled:
        yield "STATUS"
    if outcome.incorrect and _magnitude(gold, predicted):
        yield "MAGNITUDE"


def _magnitude(gold: Value | None, predicted: Value | None) -> bool:
    if isinstance(gold, CanonicalQuantity) and isinstance(predicted, CanonicalQuantity):
        gold, predicted = gold.figure, predicted.figure
    if isinstance(gold, CanonicalFigure) and isinstance(predicted, CanonicalFigure):
        return magnitudes_apart(gold, predicted) != 0
    return False
