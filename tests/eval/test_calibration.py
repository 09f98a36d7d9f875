"""Whether confidences are what they say, and what a threshold on them would give."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from eval.judging.annotators import labels_as_prediction
from eval.judging.calibration import Calibration, calibration_of
from eval.labels.dataset import Corpus, load_corpus
from eval.scoring.documents import Case, CorpusScore, Scorer
from eval.scoring.rules import load_rules
from extractor.records import Extraction

SCORER = Scorer(load_rules())


@pytest.fixture(name="corpus", scope="module")
def _corpus() -> Corpus:
    return load_corpus(Path("gold/challenge"))


def labels(corpus: Corpus, confidence: float | None) -> dict[str, Extraction]:
    """The labels themselves as predictions."""
    found = {item.name: labels_as_prediction(item) for item in corpus.items}
    return {name: _with_confidence(prediction, confidence) for name, prediction in found.items()}


def _with_confidence(prediction: Extraction, confidence: float | None) -> Extraction:
    sure = [c.model_copy(update={"confidence": confidence}) for c in prediction.commitments]
    return prediction.model_copy(update={"commitments": sure})


def strangers(corpus: Corpus, confidence: float) -> dict[str, Extraction]:
    """To each document's own labels, at 0.9, those of another one of other words."""
    own, other = labels(corpus, 0.9), labels(corpus, confidence)
    names = list(own)
    half = len(names) // 2
    return {
        name: own[name].model_copy(
            update={"commitments": [*own[name].commitments, *other[distant].commitments]}
        )
        for name, distant in zip(names, [*names[half:], *names[:half]], strict=True)
    }


def calibration(corpus: Corpus, predictions: Mapping[str, Extraction]) -> Calibration | None:
    scores = [
        SCORER.score(Case(item.gold, predictions[item.name], item.text)) for item in corpus.items
    ]
    whole = CorpusScore(SCORER.rules.version, SCORER.rules.sha256, tuple(scores))
    return calibration_of(corpus, whole, predictions, "commitment")


@pytest.mark.parametrize("confidence", [1.0, 0.7, 0.0])
def test_the_error_is_how_far_confidence_is_from_the_share_that_is_right(
    corpus: Corpus, confidence: float
) -> None:
    found = calibration(corpus, labels(corpus, confidence))
    assert found is not None
    assert found.error == pytest.approx(1 - confidence)
    assert found.curve == ((confidence, 1.0, 1.0),)


def test_a_threshold_leaves_out_what_is_less_sure(corpus: Corpus) -> None:
    found = calibration(corpus, strangers(corpus, 0.2))
    assert found is not None
    (sure, recall, precision), (least, everything, diluted) = found.curve
    assert (sure, recall, precision) == (0.9, 1.0, 1.0)
    assert (least, everything) == (0.2, 1.0)
    assert 0.4 < diluted < 0.6


def test_bins_hold_equally_many_records_least_sure_first(corpus: Corpus) -> None:
    found = calibration(corpus, strangers(corpus, 0.2))
    assert found is not None
    sizes = [part.records for part in found.bins]
    assert max(sizes) - min(sizes) <= 1
    assert [part.confidence for part in found.bins] == sorted(p.confidence for p in found.bins)
    assert found.bins[0].precision < found.bins[-1].precision == 1.0


def test_without_confidences_there_is_nothing_to_calibrate(corpus: Corpus) -> None:
    assert calibration(corpus, labels(corpus, None)) is None
