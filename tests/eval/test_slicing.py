"""Slices and the frontier: what they hold, and that small ones say nothing of others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from eval.judging.calibration import Judged, calibrated
from eval.judging.comparison import Contender, CorpusComparison, compare
from eval.judging.frontier import PricedQuality, frontier_of
from eval.judging.slicing import LEAST_ARTICLES, Dimension, Slice, slices_of
from eval.labels.dataset import load_corpus
from eval.labels.gold import GoldCommitment
from eval.scoring.counts import COLUMNS, Tally
from eval.scoring.documents import count_unit
from eval.scoring.rules import load_rules
from tests.eval.predictions import money, party
from tests.eval.runs import labels_of, write_article, write_labels
from tests.eval.test_report_html import TEXT, label, results

RULES = load_rules()
PAID = label(amount=money(5_000_000, raw="a pump"))
UNPAID = label(title="A ferry", actors=[party("Briar")], resource_kind="facility")


def compared(
    folder: Path, found: Sequence[tuple[str, Sequence[GoldCommitment]]], *, articles: int
) -> CorpusComparison:
    for number in range(articles):
        write_article(folder, f"a{number:02}", f"{TEXT}{number}\n")
        labels = [PAID.model_copy(update={"id": "L1"}), UNPAID.model_copy(update={"id": "L2"})]
        write_labels(folder, labels_of(f"a{number:02}", f"{TEXT}{number}\n", labels))
    corpus = load_corpus(folder)
    stored = [result for model, said in found for result in results(corpus, model, said)]
    (comparison,) = compare(stored, [corpus], RULES)
    return comparison


def parts(slices: Sequence[Slice], dimension: Dimension) -> dict[str, Slice]:
    return {one.part: one for one in slices if one.dimension == dimension}


def test_a_slice_holds_the_records_of_its_labels(tmp_path: Path) -> None:
    found = compared(tmp_path / "texts", [("paid", [PAID]), ("none", [])], articles=12)

    amounts = parts(slices_of(found, "commitment", RULES), "amount")

    assert set(amounts) == {"with an amount", "without an amount"}
    paid, unpaid = amounts["with an amount"], amounts["without an amount"]
    assert (paid.articles, paid.labels) == (12, 12)
    first, second = (result.contender for result in found.results)
    assert (paid.scores[first].f1, unpaid.scores[first].f1) == (1.0, 0.0)
    assert paid.scores[second].f1 == 0.0
    assert paid.better == "first"
    assert unpaid.better is None


def test_a_slice_of_few_articles_has_no_interval_and_no_winner(tmp_path: Path) -> None:
    few = LEAST_ARTICLES - 1
    found = compared(tmp_path / "texts", [("paid", [PAID]), ("none", [])], articles=few)

    slices = slices_of(found, "commitment", RULES)

    assert slices
    assert not any(one.is_large_enough for one in slices)
    assert all(score.interval is None for one in slices for score in one.scores.values())
    assert all(one.better is None and one.comparison is None for one in slices)


def test_p_values_are_adjusted_for_all_slices_together(tmp_path: Path) -> None:
    found = compared(tmp_path / "texts", [("paid", [PAID]), ("none", [])], articles=12)

    slices = [one for one in slices_of(found, "commitment", RULES) if one.comparison]

    paid = parts(slices, "amount")["with an amount"]
    assert paid.comparison is not None
    assert paid.adjusted_p == pytest.approx(paid.comparison.p_value * len(slices))


def test_a_dimension_that_does_not_divide_the_corpus_is_left_out(tmp_path: Path) -> None:
    found = compared(tmp_path / "texts", [("paid", [PAID])], articles=10)

    dimensions = {one.dimension for one in slices_of(found, "commitment", RULES)}

    assert dimensions == {"type", "amount"}


def test_units_add_up_to_what_is_counted_by_record(tmp_path: Path) -> None:
    found = compared(tmp_path / "texts", [("paid", [PAID, label(title="x")])], articles=1)
    score = found.results[0].scores.documents[0].commitment
    tally = Tally()
    for unit in score.units:
        count_unit(tally, unit, RULES.of("commitment").critical)

    by_record = [
        place
        for place, name in enumerate(COLUMNS)
        if name in ("gold", "predicted", "found", "trusted", "similarity")
        or (not name.startswith(("lenient.", "error.")) and name.endswith((".COR", ".MIS")))
    ]
    assert len(by_record) > 20
    assert np.allclose(tally.row[by_record], score.counts[by_record])


def test_the_frontier_holds_those_that_none_beats_in_cost_and_quality() -> None:
    def offer(name: str, cost: float, quality: float) -> PricedQuality:
        return PricedQuality(Contender(name, "s"), cost, quality)

    cheap, good, beaten, equal = (
        offer("cheap", 1, 0.5),
        offer("good", 9, 0.9),
        offer("beaten", 2, 0.4),
        offer("equal", 1, 0.5),
    )

    assert frontier_of([good, beaten, cheap]) == (cheap, good)
    assert set(frontier_of([cheap, equal])) == {cheap, equal}
    assert frontier_of([]) == ()


def test_the_interval_of_the_calibration_error_draws_articles_and_not_records() -> None:
    sure = [Judged(0.9, number % 2 == 0, cluster=f"c{number // 10}") for number in range(40)]
    alone = [Judged(one.confidence, one.is_right) for one in sure]
    split = [Judged(0.9, number < 20, cluster=f"c{number // 10}") for number in range(40)]

    def width(judged: Sequence[Judged]) -> float:
        found = calibrated(judged, 40)
        assert found is not None
        assert found.error_interval.point == pytest.approx(found.error)
        return found.error_interval.high - found.error_interval.low

    assert width(sure) < width(alone) < width(split)
