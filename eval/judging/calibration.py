"""Whether a record's confidence is what it says, and what a threshold on it would give.

A record is right here if it is paired with a label, core or optional: detection, not every field.
Reliability and expected calibration error after Guo et al. 2017, "On Calibration of Modern Neural
Networks", with bins of equally many records, as samples are small. The Brier score is that of
Brier 1950, "Verification of forecasts expressed in terms of probability", for two outcomes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

import numpy as np

from eval.labels.dataset import Corpus, LabelledArticle
from eval.labels.gold import GoldRecord
from eval.runs.results import Result
from eval.scoring.documents import CorpusScore, DocumentScore
from eval.statistics.intervals import Interval, bootstrap_interval
from eval.statistics.resampling import Numbers
from extractor.records import Extraction, RecordType

_BINS: Final = 5


@dataclass(frozen=True, slots=True, order=True)
class Judged:
    """A predicted record that has a confidence."""

    confidence: float
    is_right: bool
    is_optional: bool = False
    """Whether the label it is paired with may be missed."""
    cluster: str = field(default="", compare=False)
    """The draw it comes from: articles that tell of one event are one."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Records of about the same confidence."""

    confidence: float
    """Mean."""
    records: int
    right: int

    @property
    def precision(self) -> float:
        """The share that is right."""
        return self.right / self.records


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What is left if only records of at least some confidence are kept.

    Records are not paired anew: a label whose record is dropped is missed, even if a surer record
    that repeats it stays. So the curve promises rather too little than too much.
    """

    threshold: float
    """The least confidence."""
    kept: int
    """Records that are at least so sure; at least one."""
    right: int
    """Of these."""
    labels: int
    """Core labels, and the optional ones that a kept record is paired with."""
    output_tokens: int | None
    """Of the whole run, both kinds of records together; None if the run counted no calls."""

    @property
    def recall(self) -> float:
        """Of the labels; 1 if there is none."""
        return self.right / self.labels if self.labels else 1.0

    @property
    def precision(self) -> float:
        """Of the records kept."""
        return self.right / self.kept

    @property
    def f1(self) -> float:
        """Detection F1, defined as by `eval.scoring`."""
        return 2 * self.right / (self.kept + self.labels)

    @property
    def records_per_right(self) -> float | None:
        """What a reviewer bears: records to look at for each right one; None if none is right."""
        return self.kept / self.right if self.right else None

    @property
    def tokens_per_right(self) -> float | None:
        """What the model wrote for each right record that is kept; None if that is not known.

        The run has been paid for, whatever is kept: a threshold makes right records dearer. What
        one saves that is known before the model is asked cannot be told from a finished run.
        """
        if self.output_tokens is None or not self.right:
            return None
        return self.output_tokens / self.right


@dataclass(frozen=True, slots=True)
class Calibration:
    """The confidences of one kind of record on one corpus."""

    judged: tuple[Judged, ...]
    """Least confident first."""
    unrated: int
    """Predicted records without a confidence: they are in none of the figures here."""
    bins: tuple[Bin, ...]
    """About equally many records in each, least confident first; equal confidences share one."""
    error: float
    """Expected calibration error: mean distance of confidence and precision of bins, by records."""
    error_interval: Interval
    """Of that, from resampling the draws. Chance alone moves shares of few records away from what
    is expected, so that resamples, and the interval, lie rather too high."""
    brier: float
    """Mean squared distance of confidence and being right (1 or 0): 0 is best, .25 what always
    saying .5 gives."""
    curve: tuple[CurvePoint, ...]
    """One for each confidence that occurs, the highest first; so recall never falls."""

    def at(self, threshold: float) -> CurvePoint | None:
        """What a threshold gives; None if no record is so sure."""
        kept = [point for point in self.curve if point.threshold >= threshold]
        return kept[-1] if kept else None

    @property
    def whole(self) -> CurvePoint:
        """What is there without a threshold."""
        return self.curve[-1]

    @property
    def best(self) -> CurvePoint | None:
        """The highest F1, of equal ones the one with the fewest records; None if none is right.

        It is chosen on the records that it is measured on: elsewhere expect rather less.
        """
        return max(self.curve, key=lambda point: point.f1) if self.whole.right else None


def calibration_of(
    corpus: Corpus,
    scores: CorpusScore,
    results: Mapping[str, Result],
    record_type: RecordType,
    language: str | None = None,
) -> Calibration | None:
    """The calibration of a run, one result a document; None if no record has a confidence.

    With a language, only of the articles in it.
    """
    judged: list[Judged | None] = []
    core = 0
    places = zip(corpus.items, scores.documents, corpus.clusters, strict=True)
    known = [one for one in places if language in (None, one[0].gold.document.language)]
    for item, score, cluster in known:
        core += sum(label.tier == "core" for label in _labels(item, record_type))
        # An unusable reply was scored as nothing found, whatever was stored with it.
        extraction = results[item.name].extraction if score.valid else None
        if extraction is not None:
            judged.extend(_judged(item, score, extraction, record_type, cluster))
    rated = [one for one in judged if one is not None]
    spent = [results[item.name].spent for item, _, _ in known]
    tokens = sum(one.output_tokens for one in spent) if any(one.calls for one in spent) else None
    return calibrated(rated, core, output_tokens=tokens, unrated=len(judged) - len(rated))


def calibrated(
    judged: Sequence[Judged], core: int, *, output_tokens: int | None = None, unrated: int = 0
) -> Calibration | None:
    """The calibration of records, where there are so many core labels; None without records."""
    if not judged:
        return None
    ranked = tuple(sorted(judged))
    parts = list(_parted(ranked))
    bins = tuple(_bin(part) for part in parts)
    return Calibration(
        judged=ranked,
        unrated=unrated,
        bins=bins,
        error=sum(b.records * abs(b.confidence - b.precision) for b in bins) / len(ranked),
        error_interval=_error_interval(parts),
        brier=sum((one.confidence - one.is_right) ** 2 for one in ranked) / len(ranked),
        curve=tuple(_curve(ranked, core, output_tokens)),
    )


def _labels(item: LabelledArticle, record_type: RecordType) -> Sequence[GoldRecord]:
    return item.gold.commitments if record_type == "commitment" else item.gold.policy_events


def _judged(
    item: LabelledArticle,
    score: DocumentScore,
    extraction: Extraction,
    record_type: RecordType,
    cluster: str,
) -> Iterator[Judged | None]:
    """The records in their order; None for one without a confidence."""
    is_event = record_type == "policy_event"
    records = extraction.policy_events if is_event else extraction.commitments
    labels = _labels(item, record_type)
    paired = {p.predicted: labels[p.gold].tier for p in score.of(record_type).alignment.pairs}
    for place, record in enumerate(records):
        if record.confidence is None:
            yield None
        else:
            tier = paired.get(place)
            yield Judged(record.confidence, tier is not None, tier == "optional", cluster)


def _parted(ranked: Sequence[Judged]) -> Iterator[Sequence[Judged]]:
    # Those of one confidence must not be told apart by being right: they go where their middle is.
    parts: dict[int, list[Judged]] = {}
    before = 0
    for _, group in groupby(ranked, key=lambda one: one.confidence):
        equals = list(group)
        middle = before + len(equals) / 2
        parts.setdefault(int(_BINS * middle / len(ranked)), []).extend(equals)
        before += len(equals)
    yield from parts.values()


def _bin(part: Sequence[Judged]) -> Bin:
    mean = sum(one.confidence for one in part) / len(part)
    return Bin(mean, len(part), sum(one.is_right for one in part))


def _error_interval(parts: Sequence[Sequence[Judged]]) -> Interval:
    """The bins stay, the records in them are drawn: a row each, with the distance in its bin."""
    rows = np.zeros((sum(map(len, parts)), len(parts) + 1))
    records = [(place, one) for place, part in enumerate(parts) for one in part]
    for row, (place, one) in zip(rows, records, strict=True):
        row[place] = one.confidence - one.is_right
        row[-1] = 1
    clusters = [one.cluster or f"record {number}" for number, (_, one) in enumerate(records)]
    return bootstrap_interval(rows, _error_of, clusters=clusters)


def _error_of(sums: Numbers) -> Numbers:
    return np.asarray(np.abs(sums[..., :-1]).sum(axis=-1) / sums[..., -1])


def _curve(ranked: Sequence[Judged], core: int, output_tokens: int | None) -> Iterator[CurvePoint]:
    kept = right = optional = 0
    for confidence, group in groupby(reversed(ranked), key=lambda one: one.confidence):
        for one in group:
            kept += 1
            right += one.is_right
            optional += one.is_optional
        yield CurvePoint(confidence, kept, right, core + optional, output_tokens)
