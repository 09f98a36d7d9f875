"""Slices: where contenders are good and bad, with a guard against fishing for differences.

A slice of few independent articles says nothing about others: below a minimum it has no interval
and no verdict. The two contenders that a page sets side by side are compared in every slice that
is large enough, and the p-values are adjusted for their number (Holm), over all dimensions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias, get_args
from urllib.parse import urlsplit

import numpy as np

from eval.judging.comparison import Contender, ContenderResult, CorpusComparison
from eval.labels.dataset import LabelledArticle
from eval.scoring.counts import COLUMNS, Numbers, Tally, metric_named
from eval.scoring.documents import ScoredUnit, count_unit
from eval.scoring.rules import Critical, Rules
from eval.statistics.intervals import (
    Comparison,
    Interval,
    bootstrap_interval,
    holm,
    paired_difference,
)
from extractor.records import CommitmentFields, EventFields, Extraction, RecordType

Dimension: TypeAlias = Literal["language", "length", "source", "type", "status", "amount"]
DIMENSIONS: Final[tuple[Dimension, ...]] = get_args(Dimension)
LEAST_ARTICLES: Final = 10
"""Independent articles that a slice needs before it may say anything of others."""
_METRIC: Final = metric_named("slot_f1")
# Characters; a long one is no longer read by a small model at once.
_SHORT, _LONG = 1_500, 5_000


@dataclass(frozen=True, slots=True)
class SliceScore:
    """One contender in a slice."""

    f1: float
    """Slot F1."""
    interval: Interval | None
    """None if the slice is too small."""


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a corpus, and what contenders reach in it."""

    dimension: Dimension
    part: str
    articles: int
    """Independent ones with a label or a prediction in it."""
    labels: int
    scores: Mapping[Contender, SliceScore]
    comparison: Comparison | None = None
    """The first contender less the second; None if there is one only, or too few articles."""
    adjusted_p: float | None = None

    @property
    def is_large_enough(self) -> bool:
        """Whether it may say anything of other articles."""
        return self.articles >= LEAST_ARTICLES

    @property
    def better(self) -> Literal["first", "second"] | None:
        """Which of the two is better in it, if that can be said among so many slices."""
        if self.comparison is None or self.adjusted_p is None or self.adjusted_p > 0.05:
            return None
        if self.comparison.verdict == "A is better":
            return "first"
        return "second" if self.comparison.verdict == "B is better" else None


def parts_of_article(item: LabelledArticle, prediction: Extraction | None) -> dict[Dimension, str]:
    """The slices that an article is in, whatever it tells."""
    return {
        "language": item.gold.document.language,
        "length": _length(len(item.text)),
        "source": _source(prediction),
    }


def parts_of_record(record: CommitmentFields | EventFields) -> dict[Dimension, str]:
    """The slices that a label or a prediction is in."""
    if isinstance(record, CommitmentFields):
        told = "with an amount" if record.amount else "without an amount"
        return {"type": record.resource_kind, "status": record.status, "amount": told}
    return {"type": record.event_type, "status": record.status}


def record_of(
    unit: ScoredUnit, record_type: RecordType, item: LabelledArticle, prediction: Extraction | None
) -> CommitmentFields | EventFields | None:
    """The label that a unit counts, or without one the prediction."""
    is_event = record_type == "policy_event"
    labels: Sequence[CommitmentFields | EventFields] = (
        item.gold.policy_events if is_event else item.gold.commitments
    )
    if unit.gold is not None:
        return labels[unit.gold]
    if unit.predicted is None or prediction is None:
        return None
    guesses: Sequence[CommitmentFields | EventFields] = (
        prediction.policy_events if is_event else prediction.commitments
    )
    return guesses[unit.predicted]


def slices_of(found: CorpusComparison, record_type: RecordType, rules: Rules) -> tuple[Slice, ...]:
    """The slices of every dimension that divides the corpus, the largest of each first."""
    critical = rules.of(record_type).critical
    tables = {
        result.contender: _tables(found, result, record_type, critical) for result in found.results
    }
    slices = list(_scored(found, tables))
    divided = [
        one for one in slices if sum(other.dimension == one.dimension for other in slices) > 1
    ]
    divided.sort(key=lambda one: (DIMENSIONS.index(one.dimension), -one.labels, one.part))
    return tuple(_compared(found, tables, divided))


_Part: TypeAlias = tuple[Dimension, str]
_Tables: TypeAlias = Mapping[_Part, Numbers]
"""Documents x columns of each slice; zeros for a document without anything in it."""


def _tables(
    found: CorpusComparison, result: ContenderResult, record_type: RecordType, critical: Critical
) -> _Tables:
    tables: dict[_Part, Numbers] = {}
    for place, item in enumerate(found.corpus.items):
        prediction = result.predictions[item.name]
        tallies: dict[_Part, Tally] = {}
        for unit in result.scores.documents[place].of(record_type).units:
            record = record_of(unit, record_type, item, prediction)
            parts = parts_of_article(item, prediction) | (parts_of_record(record) if record else {})
            for part in parts.items():
                count_unit(tallies.setdefault(part, Tally()), unit, critical)
        for part, tally in tallies.items():
            table = tables.setdefault(part, np.zeros((len(found.corpus.items), len(COLUMNS))))
            table[place] = tally.row
    return tables


def _scored(found: CorpusComparison, tables: Mapping[Contender, _Tables]) -> Iterator[Slice]:
    gold = COLUMNS.index("gold")
    nothing = np.zeros((len(found.corpus.items), len(COLUMNS)))
    for part in dict.fromkeys(part for parts in tables.values() for part in parts):
        rows = {contender: parts.get(part, nothing) for contender, parts in tables.items()}
        filled = np.any([table.any(axis=1) for table in rows.values()], axis=0)
        clusters = [
            name for name, is_in in zip(found.corpus.clusters, filled, strict=True) if is_in
        ]
        articles = len(set(clusters))
        yield Slice(
            *part,
            articles=articles,
            labels=int(max(table[:, gold].sum() for table in rows.values())),
            scores={
                contender: SliceScore(
                    float(_METRIC(table.sum(axis=0))),
                    bootstrap_interval(table[filled], _METRIC, clusters=clusters)
                    if articles >= LEAST_ARTICLES
                    else None,
                )
                for contender, table in rows.items()
            },
        )


def _compared(
    found: CorpusComparison, tables: Mapping[Contender, _Tables], slices: Sequence[Slice]
) -> Iterator[Slice]:
    if len(found.results) < 2:
        yield from slices
        return
    first, second = (tables[result.contender] for result in found.results[:2])
    nothing = np.zeros((len(found.corpus.items), len(COLUMNS)))
    compared = [
        paired_difference(
            first.get((one.dimension, one.part), nothing),
            second.get((one.dimension, one.part), nothing),
            _METRIC,
            clusters=found.corpus.clusters,
        )
        if one.is_large_enough
        else None
        for one in slices
    ]
    adjusted = iter(holm([one.p_value for one in compared if one is not None]))
    for one, comparison in zip(slices, compared, strict=True):
        if comparison is None:
            yield one
        else:
            yield replace(one, comparison=comparison, adjusted_p=next(adjusted))


def _length(characters: int) -> str:
    if characters < _SHORT:
        return f"under {_SHORT:,} characters"
    return f"from {_LONG:,} characters" if characters >= _LONG else "between"


def _source(prediction: Extraction | None) -> str:
    """The site that it is from, or else the format: labels know neither."""
    if prediction is None:
        return "text"
    url, source = prediction.article.source_url, prediction.article.source
    site = urlsplit(url).hostname if url else None
    return site or (source.media_type if source else "text")
