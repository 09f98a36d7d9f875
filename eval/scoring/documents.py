"""Scores: one document against its labels, and many documents together.

Commitments and policy events are scored apart and never summed. A document without a usable
prediction is scored as one in which nothing was found.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np

from eval.errors import ScoringError
from eval.labels.gold import GoldCommitment, GoldEvent, GoldFile
from eval.scoring.alignment import Aligner, Alignment, shared_quotes
from eval.scoring.canonical import Canonicaliser, CanonicalRecord
from eval.scoring.checks import check_evidence, check_hits, check_money, count_traps
from eval.scoring.counts import COLUMNS, Numbers, Tally, metrics_of
from eval.scoring.mistakes import ErrorFinder, Mistake
from eval.scoring.rules import RECORD_TYPES, Critical, Rules
from eval.scoring.similarity import Comparer, Outcome
from extractor.records import Commitment, Extraction, PolicyEvent, RecordType


@dataclass(frozen=True, slots=True)
class Case:
    """One document to be scored; no prediction if the reply was unusable."""

    gold: GoldFile
    prediction: Extraction | None
    text: str
    """The article exactly as it was labelled."""


@dataclass(frozen=True, slots=True)
class TypeScore:
    """One kind of record in one document; places count in the order of the gold and prediction."""

    counts: Numbers
    """A row of `eval.scoring.counts.COLUMNS`."""
    by_status: Mapping[str, Numbers]
    """Parts of the row: pairs and missed labels under the label's status, the others under their
    own. Only what is counted by record is in them: no quotes, no money, no documents."""
    alignment: Alignment
    mistakes: tuple[Mistake, ...]
    units: tuple[ScoredUnit, ...] = ()
    """What was counted by record: their sum is that part of the row."""


@dataclass(frozen=True, slots=True)
class ScoredUnit:
    """What is counted as one: a pair, a missed core label or a prediction without a label."""

    status: str
    gold: int | None
    """Place of the label; None if there is none."""
    predicted: int | None
    """Place of the prediction; None if there is none."""
    outcomes: Mapping[str, Outcome]
    similarity: float = 0.0
    shared_quotes: float = 0.0


@dataclass(frozen=True, slots=True)
class DocumentScore:
    """One document."""

    document: str
    language: str
    valid: bool
    commitment: TypeScore
    policy_event: TypeScore

    def of(self, record_type: RecordType) -> TypeScore:
        """One kind of record."""
        return self.commitment if record_type == "commitment" else self.policy_event


@dataclass(frozen=True, slots=True)
class CorpusScore:
    """Many documents under one table of rules."""

    rules_version: str
    rules_sha256: str
    documents: tuple[DocumentScore, ...]

    def rows(self, record_type: RecordType, ids: Collection[str] | None = None) -> Numbers:
        """Documents x columns, in the order given; of some documents if ids are given."""
        rows = [
            score.of(record_type).counts
            for score in self.documents
            if ids is None or score.document in ids
        ]
        return np.array(rows).reshape(len(rows), len(COLUMNS))

    def micro(self, record_type: RecordType) -> dict[str, float]:
        """Scores of all documents together."""
        return metrics_of(self.rows(record_type).sum(axis=0))

    def by_language(self, record_type: RecordType) -> dict[str, dict[str, float]]:
        """Scores of each language."""
        languages: dict[str, set[str]] = {}
        for score in self.documents:
            languages.setdefault(score.language, set()).add(score.document)
        return self.by_slice(record_type, languages)

    def macro(self, record_type: RecordType) -> dict[str, float]:
        """Means of the scores of the languages."""
        found = list(self.by_language(record_type).values())
        return {name: float(np.mean([scores[name] for scores in found])) for name in found[0]}

    def by_status(self, record_type: RecordType) -> dict[str, dict[str, float]]:
        """Scores of each status; those that are counted by document mean nothing here."""
        sums: dict[str, Numbers] = {}
        for score in self.documents:
            for status, row in score.of(record_type).by_status.items():
                sums[status] = sums[status] + row if status in sums else row
        return {status: metrics_of(sums[status]) for status in sorted(sums)}

    def by_slice(
        self, record_type: RecordType, slices: Mapping[str, Collection[str]]
    ) -> dict[str, dict[str, float]]:
        """Scores of each slice, a set of document ids; a slice without any is left out."""
        tables = {name: self.rows(record_type, ids) for name, ids in sorted(slices.items())}
        return {name: metrics_of(rows.sum(axis=0)) for name, rows in tables.items() if len(rows)}


class Scorer:
    """Scores documents under one table of rules."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._canonical = Canonicaliser(rules)
        comparer = Comparer(rules)
        self._strict = {name: Aligner(rules, name, comparer) for name in RECORD_TYPES}
        self._lenient = {
            name: Aligner(rules, name, comparer, lenient=True) for name in RECORD_TYPES
        }
        self._errors = {
            name: ErrorFinder(name, self._strict[name], comparer) for name in RECORD_TYPES
        }

    def score(self, case: Case) -> DocumentScore:
        """The score of one document.

        Raises:
            ScoringError: the prediction is that of another text.
            GoldError: a tolerated value of a label does not fit its field.
        """
        gold, prediction = case.gold, case.prediction
        if prediction and prediction.article.sha256 != gold.document.sha256:
            raise ScoringError(f"the prediction for {gold.document.file} is of another text")
        commitments = prediction.commitments if prediction else []
        events = prediction.policy_events if prediction else []
        return DocumentScore(
            document=PurePath(gold.document.file).stem,
            language=gold.document.language,
            valid=prediction is not None,
            commitment=self._score("commitment", case, gold.commitments, commitments),
            policy_event=self._score("policy_event", case, gold.policy_events, events),
        )

    def _score(
        self,
        record_type: RecordType,
        case: Case,
        labels: Sequence[GoldCommitment] | Sequence[GoldEvent],
        guesses: Sequence[Commitment] | Sequence[PolicyEvent],
    ) -> TypeScore:
        gold = [self._canonical.record(label) for label in labels]
        predicted = [self._canonical.record(guess) for guess in guesses]
        aligner = self._strict[record_type]
        alignment = aligner.align(gold, predicted)
        units = tuple(_units(aligner, gold, predicted, alignment))
        parts = self._by_status(record_type, units)
        whole = Tally()
        for part in parts.values():
            whole.add_row(part.row)
        empty, valid = all(label.optional for label in gold), case.prediction is not None
        whole.add("documents")
        whole.add("valid", valid)
        whole.add("without_items", empty)
        whole.add("left_empty", empty and valid and not alignment.spurious)
        if any(label.tolerated for label in gold):
            lenient = self._lenient[record_type]
            counted_units = tuple(
                _units(lenient, gold, predicted, lenient.align(gold, predicted, alignment))
            )
        else:
            counted_units = units
        for unit in counted_units:
            for outcome in unit.outcomes.values():
                whole.add_outcome("lenient", outcome)
        ungrounded = check_evidence(whole, guesses, case.text, case.gold.document.body_span)
        check_hits(whole, gold, predicted, alignment, self.rules.evidence.hit)
        count_traps(whole, [guesses[place] for place in alignment.spurious], case.gold)
        if record_type == "commitment":
            counted = [case.gold.commitments[place] for place in alignment.counted(gold)]
            paid = case.prediction.commitments if case.prediction else []
            check_money(whole, counted, paid, self.rules.amounts)
        mistakes = self._errors[record_type].errors_of(gold, predicted, alignment)
        mistakes += [Mistake("UNGROUNDED_EVIDENCE", None, place) for place in ungrounded]
        if case.prediction is None:
            mistakes.append(Mistake("INVALID_OUTPUT"))
        for mistake in mistakes:
            whole.add(f"error.{mistake.error}")
        rows = {status: part.row for status, part in parts.items()}
        return TypeScore(whole.row, rows, alignment, tuple(mistakes), units)

    def _by_status(self, record_type: RecordType, units: Sequence[ScoredUnit]) -> dict[str, Tally]:
        critical = self.rules.of(record_type).critical
        parts: dict[str, Tally] = {}
        for unit in units:
            count_unit(parts.setdefault(unit.status, Tally()), unit, critical)
        return parts


def count_unit(tally: Tally, unit: ScoredUnit, critical: Critical) -> None:
    """Count what is counted by record: no quotes, no money, no documents."""
    tally.add("gold", unit.gold is not None)
    tally.add("predicted", unit.predicted is not None)
    if unit.gold is not None and unit.predicted is not None:
        tally.add("found")
        tally.add("trusted", is_trusted(unit.outcomes, critical))
        tally.add("similarity", unit.similarity)
        tally.add("evidence_f1", unit.shared_quotes)
    for field, outcome in unit.outcomes.items():
        tally.add_outcome(field, outcome)


def _units(
    aligner: Aligner,
    gold: Sequence[CanonicalRecord],
    predicted: Sequence[CanonicalRecord],
    alignment: Alignment,
) -> Iterator[ScoredUnit]:
    for pair in alignment.pairs:
        label, guess = gold[pair.gold], predicted[pair.predicted]
        shared = shared_quotes(label, guess)
        yield ScoredUnit(
            _status(label), pair.gold, pair.predicted, pair.outcomes, pair.similarity, shared
        )
    nothing = CanonicalRecord({})
    for place in alignment.missed:
        label = gold[place]
        if not label.optional:
            outcomes = _filled(aligner.outcomes(label, nothing))
            yield ScoredUnit(_status(label), place, None, outcomes)
    for place in alignment.spurious:
        guess = predicted[place]
        outcomes = _filled(aligner.outcomes(nothing, guess))
        yield ScoredUnit(_status(guess), None, place, outcomes)


def _status(record: CanonicalRecord) -> str:
    return str(record.values.get("status"))


def _filled(outcomes: Mapping[str, Outcome]) -> Mapping[str, Outcome]:
    # That a field is empty on both sides is said of pairs only.
    return {field: outcome for field, outcome in outcomes.items() if outcome.filled}


def score_document(case: Case, rules: Rules) -> DocumentScore:
    """The score of one document.

    Raises:
        ScoringError: the prediction is that of another text.
        GoldError: a tolerated value of a label does not fit its field.
    """
    return Scorer(rules).score(case)


def score_documents(cases: Iterable[Case], rules: Rules) -> CorpusScore:
    """The scores of many documents.

    Raises:
        ScoringError: there is none, one is given twice, or a prediction is that of another text.
        GoldError: a tolerated value of a label does not fit its field.
    """
    scorer = Scorer(rules)
    scores = tuple(scorer.score(case) for case in cases)
    if not scores:
        raise ScoringError("there is no document to score")
    if len({score.document for score in scores}) < len(scores):
        raise ScoringError("a document is given twice")
    return CorpusScore(rules.version, rules.sha256, scores)


def is_trusted(outcomes: Mapping[str, Outcome], critical: Critical) -> bool:
    """Whether everything that a reader must be able to trust is right."""
    has_figures = any(outcomes[field].filled for field in critical.figures)
    needed = critical.figures if has_figures else critical.without_figures
    return all(
        outcomes[field].is_right or not outcomes[field].filled
        for field in (*critical.always, *needed)
    )
