"""Whether confidences are what they say, and what a threshold on them would give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.judging.annotators import labels_as_prediction
from eval.judging.calibration import Calibration, Judged, calibrated, calibration_of
from eval.labels.dataset import Corpus, load_corpus
from eval.runs.predictions import as_results
from eval.runs.results import Result, Spent
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


def results_of(
    corpus: Corpus, predictions: Mapping[str, Extraction], output_tokens: int | None = None
) -> dict[str, Result]:
    """A run that wrote so much for every document, or counted no calls."""
    spent = Spent() if output_tokens is None else Spent(calls=1, output_tokens=output_tokens)
    found = as_results(corpus, predictions, "a model")
    return {one.key.document: one.model_copy(update={"spent": spent}) for one in found}


def scores_of(corpus: Corpus, results: Mapping[str, Result]) -> CorpusScore:
    scores = [
        SCORER.score(Case(item.gold, results[item.name].extraction, item.text))
        for item in corpus.items
    ]
    return CorpusScore(SCORER.rules.version, SCORER.rules.sha256, tuple(scores))


def calibration(
    corpus: Corpus, predictions: Mapping[str, Extraction], output_tokens: int | None = None
) -> Calibration | None:
    results = results_of(corpus, predictions, output_tokens)
    return calibration_of(corpus, scores_of(corpus, results), results, "commitment")


def judged(*records: tuple[float, bool]) -> list[Judged]:
    return [Judged(confidence, is_right) for confidence, is_right in records]


def with_every_other_label_optional(corpus: Corpus) -> Corpus:
    items = []
    for number, item in enumerate(corpus.items):
        tier = "optional" if number % 2 else "core"
        labels = [c.model_copy(update={"tier": tier}) for c in item.gold.commitments]
        gold = item.gold.model_copy(update={"commitments": labels})
        items.append(replace(item, gold=gold))
    return replace(corpus, items=tuple(items))


@pytest.mark.parametrize("confidence", [1.0, 0.7, 0.0])
def test_the_error_is_how_far_confidence_is_from_the_share_that_is_right(
    corpus: Corpus, confidence: float
) -> None:
    found = calibration(corpus, labels(corpus, confidence))
    assert found is not None
    assert found.error == pytest.approx(1 - confidence)
    assert found.brier == pytest.approx((1 - confidence) ** 2)
    (point,) = found.curve
    assert (point.threshold, point.recall, point.precision, point.f1) == (confidence, 1, 1, 1)


def test_a_threshold_leaves_out_what_is_less_sure(corpus: Corpus) -> None:
    found = calibration(corpus, strangers(corpus, 0.2))
    assert found is not None
    sure, everything = found.curve
    assert (sure.threshold, sure.recall, sure.precision) == (0.9, 1.0, 1.0)
    assert (everything.threshold, everything.recall) == (0.2, 1.0)
    assert 0.4 < everything.precision < 0.6
    assert found.best == sure


def test_bins_hold_equally_many_records_least_sure_first() -> None:
    found = calibrated(judged(*((place / 100, place > 40) for place in range(83))), core=60)
    assert found is not None
    sizes = [part.records for part in found.bins]
    assert (sum(sizes), len(sizes)) == (83, 5)
    assert max(sizes) - min(sizes) <= 1
    assert [part.confidence for part in found.bins] == sorted(p.confidence for p in found.bins)
    assert found.bins[0].precision < found.bins[-1].precision == 1.0


def test_records_of_one_confidence_share_a_bin(corpus: Corpus) -> None:
    found = calibration(corpus, strangers(corpus, 0.2))
    assert found is not None
    assert [part.confidence for part in found.bins] == pytest.approx([0.2, 0.9])


def test_confidences_that_are_what_they_say_have_no_error() -> None:
    shares = {0.25: 1, 0.5: 2, 0.75: 3, 1.0: 4}
    records = [(said, place < right) for said, right in shares.items() for place in range(4)]
    found = calibrated(judged(*records), core=10)
    assert found is not None
    assert found.error == pytest.approx(0)
    # What is left is chance: of each share p, p(1 - p).
    assert found.brier == pytest.approx((0.1875 + 0.25 + 0.1875) / 4)


def test_error_and_brier_are_those_worked_out_by_hand() -> None:
    records = judged((0.1, False), (0.3, False), (0.6, True), (0.8, False), (0.9, True))
    found = calibrated(records, core=4)
    assert found is not None
    assert found.error == pytest.approx((0.1 + 0.3 + 0.4 + 0.8 + 0.1) / 5)
    assert found.brier == pytest.approx((0.01 + 0.09 + 0.16 + 0.64 + 0.01) / 5)


def test_curve_and_its_cost_are_those_worked_out_by_hand() -> None:
    records = [*judged((0.9, True), (0.8, False), (0.7, True)), Judged(0.6, True, True)]
    found = calibrated(records, core=4, output_tokens=120)
    assert found is not None
    assert [point.kept for point in found.curve] == [1, 2, 3, 4]
    assert [point.labels for point in found.curve] == [4, 4, 4, 5]
    assert [point.f1 for point in found.curve] == pytest.approx([2 / 5, 2 / 6, 4 / 7, 6 / 9])
    assert [point.records_per_right for point in found.curve] == pytest.approx([1, 2, 1.5, 4 / 3])
    assert [point.tokens_per_right for point in found.curve] == pytest.approx([120, 120, 60, 40])
    assert found.best == found.whole == found.at(0)
    assert found.at(0.8) == found.at(0.75) == found.curve[1]
    assert found.at(0.95) is None


@given(
    records=st.lists(
        st.tuples(st.sampled_from([0.1, 0.25, 0.5, 0.9]), st.booleans(), st.booleans()), min_size=1
    ),
    missed=st.integers(0, 5),
)
def test_the_less_sure_are_kept_the_higher_is_recall(
    records: Sequence[tuple[float, bool, bool]], missed: int
) -> None:
    made = [Judged(said, right, right and optional) for said, right, optional in records]
    core = sum(one.is_right and not one.is_optional for one in made) + missed
    found = calibrated(made, core)
    assert found is not None
    recalls = [point.recall for point in found.curve]
    assert recalls == sorted(recalls)
    assert found.whole.kept == len(records)


@pytest.mark.parametrize("optional", [False, True])
def test_without_a_threshold_the_curve_says_what_the_scorer_says(
    corpus: Corpus, optional: bool
) -> None:
    corpus = with_every_other_label_optional(corpus) if optional else corpus
    predictions = strangers(corpus, 0.2)
    for name in list(predictions)[::3]:
        predictions[name] = predictions[name].model_copy(update={"commitments": []})
    results = results_of(corpus, predictions)
    scores = scores_of(corpus, results)
    found = calibration_of(corpus, scores, results, "commitment")
    assert found is not None
    point, metrics = found.at(0), scores.micro("commitment")
    assert point is not None
    assert point.f1 == pytest.approx(metrics["detection_f1"])
    assert point.recall == pytest.approx(metrics["detection_recall"])
    assert point.precision == pytest.approx(metrics["detection_precision"])


def test_what_stands_for_an_optional_label_is_right_and_missing_one_is_no_mistake(
    corpus: Corpus,
) -> None:
    corpus = with_every_other_label_optional(corpus)
    everything = labels(corpus, 0.8)
    whole = calibration(corpus, everything)
    odd = {item.name for item in corpus.items[1::2]}
    core = {
        name: found.model_copy(update={"commitments": []}) if name in odd else found
        for name, found in everything.items()
    }
    less = calibration(corpus, core)
    assert whole is not None
    assert less is not None
    assert len(less.judged) < len(whole.judged)
    assert all(one.is_right for one in whole.judged)
    assert (whole.whole.f1, less.whole.f1) == (1.0, 1.0)


def test_tokens_are_told_only_of_runs_that_counted_calls(corpus: Corpus) -> None:
    counted, uncounted = (calibration(corpus, labels(corpus, 0.8), n) for n in (30, None))
    assert counted is not None
    assert uncounted is not None
    spent = 30 * len(corpus.items)
    assert counted.whole.tokens_per_right == pytest.approx(spent / counted.whole.right)
    assert uncounted.whole.tokens_per_right is None


def test_if_nothing_is_right_no_threshold_is_best_and_nothing_has_a_price() -> None:
    found = calibrated(judged((0.9, False), (0.4, False)), core=3, output_tokens=10)
    assert found is not None
    assert found.best is None
    assert found.whole.f1 == 0
    assert found.whole.records_per_right is None
    assert found.whole.tokens_per_right is None


def test_records_without_a_confidence_are_counted_and_left_out(corpus: Corpus) -> None:
    rated, silent = labels(corpus, 0.8), labels(corpus, None)
    names = list(rated)
    found = calibration(
        corpus,
        {name: silent[name] for name in names[::2]} | {name: rated[name] for name in names[1::2]},
    )
    assert found is not None
    assert found.unrated == sum(len(silent[name].commitments) for name in names[::2])
    assert len(found.judged) == sum(len(rated[name].commitments) for name in names[1::2])


def test_without_confidences_there_is_nothing_to_calibrate(corpus: Corpus) -> None:
    assert calibration(corpus, labels(corpus, None)) is None
