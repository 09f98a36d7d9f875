"""Which prediction stands for which label: the heaviest one-to-one pairs that pass a content gate.

The gate comes before the assignment: gating its result would lose pairs that another assignment
keeps. Nothing depends on the order of records, and a repeated prediction stays repeated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.scoring.assignment import heaviest_pairs
from eval.scoring.canonical import CanonicalRecord
from eval.scoring.rules import RecordRules, Rules
from eval.scoring.similarity import Comparer, Outcome
from extractor.records import RecordType

# Between equally similar pairs: first more fields right, then quotes that share more words.
_PER_RIGHT_FIELDS = 1e-7
_PER_SHARED_QUOTE = 1e-9


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and the prediction that stands for it, by their places in the lists given."""

    gold: int
    predicted: int
    similarity: float
    outcomes: Mapping[str, Outcome]


@dataclass(frozen=True, slots=True)
class Alignment:
    """The pairs of one document, in an order that does not depend on that of the records."""

    pairs: tuple[Pair, ...]
    similarity: NDArray[np.float64]
    """Gold x predicted; 0 where the gate is shut or the similarity too low."""
    outcomes: Mapping[tuple[int, int], Mapping[str, Outcome]]
    """What became of the fields of all that might have been pairs."""

    @property
    def missed(self) -> tuple[int, ...]:
        """Labels without a prediction."""
        paired = {pair.gold for pair in self.pairs}
        return tuple(row for row in range(self.similarity.shape[0]) if row not in paired)

    def counted(self, gold: Sequence[CanonicalRecord]) -> tuple[int, ...]:
        """Labels that count: all but the optional ones without a prediction."""
        missed = set(self.missed)
        return tuple(
            row for row, label in enumerate(gold) if not (label.optional and row in missed)
        )

    @property
    def spurious(self) -> tuple[int, ...]:
        """Predictions without a label."""
        paired = {pair.predicted for pair in self.pairs}
        return tuple(col for col in range(self.similarity.shape[1]) if col not in paired)


class Aligner:
    """Aligns records of one kind under one table of rules."""

    def __init__(
        self, rules: Rules, record_type: RecordType, comparer: Comparer, *, lenient: bool = False
    ) -> None:
        self._tau = rules.tau
        self._rules: RecordRules = rules.of(record_type)
        self._record_type = record_type
        self._comparer = comparer
        self._lenient = lenient

    @property
    def fields(self) -> tuple[str, ...]:
        """The scored fields."""
        return tuple(self._rules.weights)

    def align(
        self,
        gold: Sequence[CanonicalRecord],
        predicted: Sequence[CanonicalRecord],
        strict: Alignment | None = None,
    ) -> Alignment:
        """The pairs with the highest sum of similarities.

        A lenient aligner is faster if told what a strict one found for the same records.
        """
        rows = sorted(range(len(gold)), key=lambda index: gold[index].key)
        columns = sorted(range(len(predicted)), key=lambda index: predicted[index].key)
        similarity = np.zeros((len(gold), len(predicted)))
        weights = np.zeros((len(gold), len(predicted)))
        outcomes: dict[tuple[int, int], Mapping[str, Outcome]] = {}
        for row, label in enumerate(rows):
            for column, guess in enumerate(columns):
                if strict is not None and not gold[label].tolerated:
                    value, found = (
                        strict.similarity[label, guess],
                        strict.outcomes.get((label, guess)),
                    )
                else:
                    value, found = self._candidate(gold[label], predicted[guess])
                if found is None:
                    continue
                similarity[label, guess] = value
                outcomes[label, guess] = found
                weights[row, column] = (
                    round(float(value), 6)
                    + _PER_RIGHT_FIELDS * _share_right(found)
                    + _PER_SHARED_QUOTE * shared_quotes(gold[label], predicted[guess])
                )
        places = ((rows[row], columns[column]) for row, column in heaviest_pairs(weights))
        pairs = (Pair(*place, float(similarity[place]), outcomes[place]) for place in places)
        return Alignment(tuple(pairs), similarity, outcomes)

    def _candidate(
        self, gold: CanonicalRecord, predicted: CanonicalRecord
    ) -> tuple[float, Mapping[str, Outcome] | None]:
        if not self.passes_gate(gold, predicted):
            return 0.0, None
        outcomes = self.outcomes(gold, predicted)
        value = self._weighed(outcomes)
        return (value, outcomes) if value >= self._tau else (0.0, None)

    def outcomes(self, gold: CanonicalRecord, predicted: CanonicalRecord) -> Mapping[str, Outcome]:
        """What became of every scored field."""
        return {field: self._outcome(field, gold, predicted) for field in self._rules.weights}

    def record_similarity(self, gold: CanonicalRecord, predicted: CanonicalRecord) -> float:
        """Weighted mean credit of the fields that at least one side fills; the gate aside."""
        return self._weighed(self.outcomes(gold, predicted))

    def _weighed(self, outcomes: Mapping[str, Outcome]) -> float:
        weights = self._rules.weights
        filled = [(weights[field], item) for field, item in outcomes.items() if item.filled]
        total = sum(weight for weight, _ in filled)
        return sum(weight * item.credit for weight, item in filled) / total if total else 0.0

    def passes_gate(self, gold: CanonicalRecord, predicted: CanonicalRecord) -> bool:
        """Whether the two share enough content to be a pair at all."""
        gate = self._rules.gate
        shared = [name for name in gate.anchors if self._agree(name, gold, predicted)]
        if shared:
            others = {*shared, *gate.further} - {shared[0]}
            return any(
                name in shared or self._agree(name, gold, predicted) for name in sorted(others)
            )
        if any(map(gold.values.get, gate.anchors)) and any(map(predicted.values.get, gate.anchors)):
            return False
        return self.agrees_beside_anchors(gold, predicted)

    def agrees_beside_anchors(self, gold: CanonicalRecord, predicted: CanonicalRecord) -> bool:
        """Whether two contents other than the anchors are at least partly right."""
        names = self._rules.gate.unanchored
        return sum(self._agree(name, gold, predicted) for name in names) >= 2

    def _agree(self, field: str, gold: CanonicalRecord, predicted: CanonicalRecord) -> bool:
        return self._outcome(field, gold, predicted).is_partly_right

    def _outcome(self, field: str, gold: CanonicalRecord, predicted: CanonicalRecord) -> Outcome:
        guess = predicted.values.get(field)
        if self._lenient and field in gold.tolerated:
            return self._comparer.best(self._record_type, field, gold, guess)
        return self._comparer.compare(self._record_type, field, gold.values.get(field), guess)


def shared_quotes(gold: CanonicalRecord, predicted: CanonicalRecord) -> float:
    """F1 of the words that both sides quote, by their places in the article."""
    total = len(gold.words_at) + len(predicted.words_at)
    return 2 * len(gold.words_at & predicted.words_at) / total if total else 0.0


def _share_right(outcomes: Mapping[str, Outcome]) -> float:
    filled = [outcome for outcome in outcomes.values() if outcome.filled]
    return sum(outcome.is_right for outcome in filled) / max(1, len(filled))
