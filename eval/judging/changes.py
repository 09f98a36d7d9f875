"""What changed between two runs, record by record, in words for someone who never saw the code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from eval.judging.comparison import ContenderResult, CorpusComparison
from eval.labels.dataset import LabelledArticle
from eval.labels.gold import GoldRecord
from eval.scoring.counts import COLUMNS
from eval.scoring.documents import TypeScore
from eval.scoring.rules import RECORD_TYPES
from eval.scoring.similarity import Outcome
from extractor.records import Extraction, RecordType

Kind: TypeAlias = Literal["lost", "won", "new false alarm", "false alarm gone", "field", "count"]
_WORSE: Final[tuple[Kind, ...]] = ("lost", "new false alarm")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference."""

    kind: Kind
    contender: str
    corpus: str
    document: str
    phenomenon: str | None
    record_type: RecordType
    told: str
    """The record, or the field with what became of it."""
    loss: float = 0.0
    """How much worse it is: over 1 for a record that is lost, 1 for a false alarm, of fields the
    similarity that is gone; below 0 if it is better."""
    quote: str = ""
    """The sentence of the label, or that of a false alarm."""

    @property
    def is_loss(self) -> bool:
        """Whether a record was lost, or something was found that is none."""
        return self.kind in _WORSE


def changes(old: CorpusComparison, new: CorpusComparison) -> Iterator[Change]:
    """Every difference between the contenders that both have, in the order of the documents.

    Counts that changed without any record or field having done so are told as well: nothing that
    is counted changes in silence.
    """
    before = {result.contender: result for result in old.results}
    for result in new.results:
        if result.contender in before:
            yield from _contender_changes(new, before[result.contender], result)


def _contender_changes(
    found: CorpusComparison, old: ContenderResult, new: ContenderResult
) -> Iterator[Change]:
    for place, item in enumerate(found.corpus.items):
        for record_type in RECORD_TYPES:
            was = old.scores.documents[place].of(record_type)
            now = new.scores.documents[place].of(record_type)
            told = list(_document_changes(item, record_type, was, now, old, new))
            if not told and not np.array_equal(was.counts, now.counts):
                told = [_Told("count", _counts(was, now))]
            for one in told:
                yield Change(
                    one.kind,
                    str(new.contender),
                    found.corpus.name,
                    item.name,
                    item.phenomenon,
                    record_type,
                    one.words,
                    one.loss,
                    one.quote,
                )


@dataclass(frozen=True, slots=True)
class _Told:
    kind: Kind
    words: str
    loss: float = 0.0
    quote: str = ""


def _document_changes(
    item: LabelledArticle,
    record_type: RecordType,
    was: TypeScore,
    now: TypeScore,
    old: ContenderResult,
    new: ContenderResult,
) -> Iterator[_Told]:
    labels: Sequence[GoldRecord] = (
        item.gold.commitments if record_type == "commitment" else item.gold.policy_events
    )
    before = {pair.gold: pair for pair in was.alignment.pairs}
    after = {pair.gold: pair for pair in now.alignment.pairs}
    for place, label in enumerate(labels):
        title, quote = label.title, label.evidence[0].quote
        if place in before and place not in after:
            yield _Told("lost", title, 1 + before[place].similarity, quote)
        elif place in after and place not in before:
            yield _Told("won", title, -1 - after[place].similarity, quote)
        elif place in before and place in after:
            fields = _fields(before[place].outcomes, after[place].outcomes)
            if fields:
                loss = before[place].similarity - after[place].similarity
                yield _Told("field", f"{title}: {'; '.join(fields)}", loss, quote)
    old_alarms = list(_false_alarms(old.predictions[item.name], record_type, was))
    new_alarms = list(_false_alarms(new.predictions[item.name], record_type, now))
    quotes = dict([*old_alarms, *new_alarms])
    gone = Counter(told for told, _ in old_alarms)
    here = Counter(told for told, _ in new_alarms)
    for told in (here - gone).elements():
        yield _Told("new false alarm", told, 1, quotes[told])
    for told in (gone - here).elements():
        yield _Told("false alarm gone", told, -1, quotes[told])


def _false_alarms(
    prediction: Extraction | None, record_type: RecordType, score: TypeScore
) -> Iterator[tuple[str, str]]:
    """Each in words, and the first sentence that it cites."""
    if prediction is not None:
        records = (
            prediction.commitments if record_type == "commitment" else prediction.policy_events
        )
        for place in score.alignment.spurious:
            record = records[place]
            parties = ", ".join(actor.name for actor in record.actors) or "nobody named"
            yield f"{parties}: {record.title}", record.evidence[0].quote


def _fields(before: Mapping[str, Outcome], after: Mapping[str, Outcome]) -> list[str]:
    return [
        f"{field} {_word(before[field])} → {_word(after[field])}"
        for field in after
        if before[field] != after[field]
    ]


def _word(outcome: Outcome) -> str:
    counted = {
        "right": outcome.correct,
        "partly right": outcome.partial,
        "wrong": outcome.incorrect,
        "missing": outcome.missing,
        "spurious": outcome.spurious,
    }
    named = [word if times == 1 else f"{times} {word}" for word, times in counted.items() if times]
    return ", ".join(named) or "empty"


def _counts(was: TypeScore, now: TypeScore) -> str:
    return "; ".join(
        f"{column} {before:g} → {after:g}"
        for column, before, after in zip(COLUMNS, was.counts, now.counts, strict=True)
        if before != after
    )
