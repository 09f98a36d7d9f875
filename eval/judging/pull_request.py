"""What a change did to a run, in the three words that a reviewer needs: regression, noise, better.

A word other than noise needs an interval of the paired difference without zero and a p-value that
holds among all comparisons of the change (Holm). Seconds are compared only where both runs kept
them; a baseline does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from eval.errors import RunError
from eval.judging.changes import Change, changes
from eval.judging.comparison import Contender, ContenderResult, CorpusComparison, Cost
from eval.scoring.counts import metric_named
from eval.scoring.rules import RECORD_TYPES
from eval.statistics.intervals import Comparison, Interval, holm, paired_difference
from extractor.records import RecordType

ChangeWord: TypeAlias = Literal["regression", "noise", "better"]
_METRICS: Final = ("slot_f1", "detection_f1")
_SURE: Final = 0.05


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """One score of one contender, before and after."""

    contender: Contender
    corpus: str
    record_type: RecordType
    metric: str
    before: Interval
    after: Interval
    comparison: Comparison
    """After less before, on the same articles."""
    adjusted_p: float
    is_same: bool
    """Whether nothing that is counted of these records changed."""

    @property
    def word(self) -> ChangeWord:
        """What the change did, as far as these articles can tell."""
        if self.adjusted_p <= _SURE and self.comparison.verdict == "A is better":
            return "better"
        if self.adjusted_p <= _SURE and self.comparison.verdict == "B is better":
            return "regression"
        return "noise"


@dataclass(frozen=True, slots=True)
class CostChange:
    """What a contender spent on a corpus, before and after."""

    contender: Contender
    corpus: str
    before: Cost
    after: Cost


@dataclass(frozen=True, slots=True)
class RunChange:
    """Everything that differs between two runs."""

    scores: tuple[ScoreChange, ...]
    costs: tuple[CostChange, ...]
    changes: tuple[Change, ...]
    left_out: tuple[str, ...]
    """Contenders and corpora that only one of the runs has."""

    @property
    def word(self) -> ChangeWord:
        """The worst word of all."""
        words = {one.word for one in self.scores}
        return next((word for word in ("regression", "better") if word in words), "noise")

    def worst(self, most: int) -> tuple[Change, ...]:
        """The records that got worse, the worst first."""
        worse = [one for one in self.changes if one.loss > 0]
        return tuple(sorted(worse, key=lambda one: -one.loss)[:most])


def run_change(before: Sequence[CorpusComparison], after: Sequence[CorpusComparison]) -> RunChange:
    """What differs between two runs that were scored against the same labels.

    Raises:
        RunError: they have no contender and corpus in common.
    """
    old = {found.corpus.name: found for found in before}
    pairs = [(old[found.corpus.name], found) for found in after if found.corpus.name in old]
    shared = [(was, now, *both) for was, now in pairs for both in _shared(was, now)]
    if not shared:
        raise RunError("the two runs have no finished model and corpus in common")
    compared = [
        (now, one, other, record_type, metric, _difference(now, one, other, record_type, metric))
        for _, now, one, other in shared
        for record_type in RECORD_TYPES
        for metric in _METRICS
    ]
    adjusted = holm([difference.p_value for *_, difference in compared])
    scores = tuple(
        ScoreChange(
            contender=new.contender,
            corpus=now.corpus.name,
            record_type=record_type,
            metric=metric,
            before=was.types[record_type].intervals[metric],
            after=new.types[record_type].intervals[metric],
            comparison=difference,
            adjusted_p=p,
            is_same=np.array_equal(was.types[record_type].rows, new.types[record_type].rows),
        )
        for (now, was, new, record_type, metric, difference), p in zip(
            compared, adjusted, strict=True
        )
    )
    return RunChange(
        scores,
        tuple(
            CostChange(new.contender, now.corpus.name, was.cost, new.cost)
            for _, now, was, new in shared
        ),
        tuple(change for was, now in pairs for change in changes(was, now)),
        tuple(_left_out(before, after)),
    )


def _shared(
    was: CorpusComparison, now: CorpusComparison
) -> Iterator[tuple[ContenderResult, ContenderResult]]:
    known = {result.contender: result for result in was.results}
    for result in now.results:
        if result.contender in known:
            yield known[result.contender], result


def _difference(
    found: CorpusComparison,
    was: ContenderResult,
    now: ContenderResult,
    record_type: RecordType,
    metric: str,
) -> Comparison:
    return paired_difference(
        now.types[record_type].rows,
        was.types[record_type].rows,
        metric_named(metric),
        clusters=found.corpus.clusters,
    )


def _left_out(
    before: Sequence[CorpusComparison], after: Sequence[CorpusComparison]
) -> Iterator[str]:
    old, new = (
        {(str(one.contender), found.corpus.name) for found in side for one in found.results}
        for side in (before, after)
    )
    yield from (f"{name} on {corpus}: only before" for name, corpus in sorted(old - new))
    yield from (f"{name} on {corpus}: only now" for name, corpus in sorted(new - old))
