"""Is a record's confidence what it says, and what would a threshold on it give?

Reliability and expected calibration error after Guo et al. 2017, "On Calibration of Modern Neural
Networks". A record is right here if it is paired with a label: detection, not every field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from eval.labels.dataset import Corpus
from eval.scoring.counts import COLUMNS
from eval.scoring.documents import CorpusScore
from extractor.records import Extraction, RecordType

_BINS: Final = 5
Judged: TypeAlias = tuple[float, bool]
"""The confidence of a record and whether it is right."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Records of about the same confidence."""

    confidence: float
    """Mean."""
    precision: float
    records: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """The confidences of one kind of record on one corpus."""

    bins: tuple[Bin, ...]
    """Equally many records in each, least confident first."""
    error: float
    """Expected calibration error: mean distance of confidence and precision, by records."""
    curve: tuple[tuple[float, float, float], ...]
    """Least confidence, recall and precision of what is at least so confident."""


def calibration_of(
    corpus: Corpus,
    scores: CorpusScore,
    predictions: Mapping[str, Extraction | None],
    record_type: RecordType,
) -> Calibration | None:
    """The calibration; None if no record has a confidence."""
    judged = sorted(_judged(corpus, scores, predictions, record_type))
    if not judged:
        return None
    labels = scores.rows(record_type)[:, COLUMNS.index("gold")].sum()
    parts = [part for part in np.array_split(np.array(judged), _BINS) if len(part)]
    bins = tuple(Bin(float(p[:, 0].mean()), float(p[:, 1].mean()), len(p)) for p in parts)
    error = sum(b.records * abs(b.confidence - b.precision) for b in bins) / len(judged)
    return Calibration(bins, error, tuple(_curve(judged, labels)))


def _judged(
    corpus: Corpus,
    scores: CorpusScore,
    predictions: Mapping[str, Extraction | None],
    record_type: RecordType,
) -> Iterator[Judged]:
    for item, score in zip(corpus.items, scores.documents, strict=True):
        found = predictions[item.name]
        if found is None:
            continue
        paired = {pair.predicted for pair in score.of(record_type).alignment.pairs}
        records = found.commitments if record_type == "commitment" else found.policy_events
        for place, record in enumerate(records):
            if record.confidence is not None:
                yield record.confidence, place in paired


def _curve(judged: Sequence[Judged], labels: float) -> Iterator[tuple[float, float, float]]:
    right = 0
    for rank, (confidence, is_right) in enumerate(reversed(judged), start=1):
        right += is_right
        below = judged[-rank - 1][0] if rank < len(judged) else -1.0
        if below < confidence:
            yield confidence, right / max(labels, 1), right / rank
