"""Intervals behave as their theory says, of one run and of several."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.statistics.intervals import (
    bootstrap_interval,
    combine_repeats,
    holm,
    paired_difference,
    wilson_interval,
)
from tests.eval.samples import Counts, as_rows, documents, f1_rows, mean, micro_f1


def test_the_point_is_the_metric_of_all_documents_together_not_a_mean_over_documents() -> None:
    rows = np.array([[1, 1, 1], [0, 4, 4]])
    assert bootstrap_interval(rows, micro_f1, resamples=10).point == 2 / 10


def test_the_interval_of_a_mean_agrees_with_normal_theory_on_a_large_sample() -> None:
    values = np.random.default_rng(7).normal(5.0, 2.0, 1_000)
    interval = bootstrap_interval(as_rows(values), mean)
    error = values.std(ddof=1) / math.sqrt(len(values))
    assert interval.point == pytest.approx(values.mean())
    assert interval.low == pytest.approx(values.mean() - 1.96 * error, abs=0.1 * error)
    assert interval.high == pytest.approx(values.mean() + 1.96 * error, abs=0.1 * error)


def test_the_level_sets_the_width() -> None:
    values = np.random.default_rng(7).normal(5.0, 2.0, 1_000)
    interval = bootstrap_interval(as_rows(values), mean, level=0.6827)
    error = values.std(ddof=1) / math.sqrt(len(values))
    assert interval.high - interval.low == pytest.approx(2 * error, rel=0.06)


def test_the_interval_covers_the_true_score_about_as_often_as_it_says() -> None:
    covered = 0
    for seed in range(400):
        rows = documents(60, found=0.6, seed=seed)
        interval = bootstrap_interval(rows, micro_f1, resamples=400, seed=seed)
        covered += interval.low <= 0.6 <= interval.high
    assert 0.91 <= covered / 400 <= 0.975


@pytest.mark.parametrize("copies", [4, 9])
def test_copies_of_documents_add_nothing_when_they_share_a_cluster(copies: int) -> None:
    rows = documents(50, found=0.6, seed=3)
    names = [f"event {number}" for number in range(50)]
    once = bootstrap_interval(rows, micro_f1, clusters=names)
    repeated = np.tile(rows, (copies, 1))
    clustered = bootstrap_interval(repeated, micro_f1, clusters=names * copies)
    unclustered = bootstrap_interval(repeated, micro_f1)
    assert (clustered.low, clustered.high) == pytest.approx((once.low, once.high))
    width = clustered.high - clustered.low
    assert width / (unclustered.high - unclustered.low) == pytest.approx(
        math.sqrt(copies), rel=0.08
    )


def test_one_document_or_one_cluster_tells_nothing_about_others() -> None:
    rows = documents(3, found=0.5, seed=1)
    for interval in (
        bootstrap_interval(rows[:1], micro_f1, resamples=50),
        bootstrap_interval(rows, micro_f1, clusters=["same"] * 3, resamples=50),
    ):
        assert (interval.low, interval.high) == (-math.inf, math.inf)


def test_named_documents_may_come_in_any_order_but_unnamed_ones_only_for_the_point() -> None:
    rows = documents(40, found=0.6, seed=5)
    names = [f"article {number:02}" for number in range(40)]
    order = np.random.default_rng(0).permutation(40)
    named = bootstrap_interval(rows, micro_f1, clusters=names, resamples=500)
    shuffled_names = [names[index] for index in order]
    assert named == bootstrap_interval(
        rows[order], micro_f1, clusters=shuffled_names, resamples=500
    )

    plain = bootstrap_interval(rows, micro_f1)
    shuffled = bootstrap_interval(rows[order], micro_f1)
    assert plain.point == shuffled.point
    assert plain.low == pytest.approx(shuffled.low, abs=0.01)
    assert plain.high == pytest.approx(shuffled.high, abs=0.01)


def test_a_seed_repeats_the_result_and_another_seed_does_not() -> None:
    values = as_rows(np.random.default_rng(2).normal(size=30))
    first = bootstrap_interval(values, mean, seed=11, resamples=300)
    assert first == bootstrap_interval(values, mean, seed=11, resamples=300)
    assert (first.resamples, first.seed) == (300, 11)
    assert first.low != bootstrap_interval(values, mean, seed=12, resamples=300).low


def test_more_documents_than_are_drawn_at_once_give_the_width_of_theory_too() -> None:
    rows = documents(30_000, found=0.6, seed=4)
    interval = bootstrap_interval(rows, micro_f1, resamples=150)
    error = math.sqrt(0.6 * 0.4 / 90_000)
    assert (interval.high - interval.low) / (2 * 1.96 * error) == pytest.approx(1, abs=0.25)


@given(f1_rows(), st.integers(0, 2**32))
def test_an_interval_of_f1_lies_between_the_worst_and_the_best_document(
    rows: Counts, seed: int
) -> None:
    interval = bootstrap_interval(rows, micro_f1, resamples=100, seed=seed)
    assert interval.low <= interval.high
    sized = rows[rows[:, 1:].any(axis=1)]
    bounds = micro_f1(sized.astype(np.float64)) if len(sized) else np.ones(1)
    # A resample of empty documents only scores 1.
    best = 1.0 if len(sized) < len(rows) else bounds.max()
    for value in (interval.point, interval.low, interval.high):
        assert bounds.min() - 1e-12 <= value <= best + 1e-12


@given(f1_rows(), st.integers(2, 50))
def test_only_proportions_of_counts_matter(rows: Counts, factor: int) -> None:
    once = bootstrap_interval(rows, micro_f1, resamples=60)
    assert bootstrap_interval(rows * factor, micro_f1, resamples=60) == once


# Repeated runs


def test_repeats_average_the_rows_and_tell_how_far_the_runs_lie_apart() -> None:
    runs = [np.array([[1, 2, 2], [0, 2, 2]]), np.array([[2, 2, 2], [1, 2, 2]])]
    rows, spread = combine_repeats(runs, micro_f1)
    assert rows.tolist() == [[1.5, 2, 2], [0.5, 2, 2]]
    assert spread == pytest.approx(0.5 / math.sqrt(2))


def test_one_run_has_no_spread_and_equal_runs_have_none() -> None:
    run = documents(5, found=0.5, seed=1)
    rows, spread = combine_repeats([run], micro_f1)
    assert rows.tolist() == run.tolist()
    assert spread is None
    assert combine_repeats([run, run], micro_f1)[1] == 0


def test_repeating_every_document_does_not_narrow_the_interval() -> None:
    run = documents(40, found=0.6, seed=1)
    rows, _ = combine_repeats([run] * 4, micro_f1)
    assert bootstrap_interval(rows, micro_f1) == bootstrap_interval(run, micro_f1)


# What cannot be computed


def test_unusable_input_is_refused_by_name() -> None:
    rows = documents(4, found=0.5, seed=1)
    with pytest.raises(ValueError, match="at least one document"):
        bootstrap_interval(rows[:0], micro_f1)
    with pytest.raises(ValueError, match="documents x columns"):
        bootstrap_interval(rows[0], micro_f1)
    with pytest.raises(ValueError, match="finite numbers"):
        bootstrap_interval(np.array([[math.nan, 1.0, 1.0]]), micro_f1)
    with pytest.raises(ValueError, match="3 cluster names for 4 rows"):
        bootstrap_interval(rows, micro_f1, clusters=["a", "b", "c"])
    with pytest.raises(ValueError, match="level"):
        bootstrap_interval(rows, micro_f1, level=95)
    with pytest.raises(ValueError, match="at least one random sample"):
        bootstrap_interval(rows, micro_f1, resamples=0)
    with pytest.raises(ValueError, match="differ in shape"):
        paired_difference(rows, rows[:3], micro_f1)
    with pytest.raises(ValueError, match="same shape"):
        combine_repeats([], micro_f1)
    with pytest.raises(ValueError, match="same shape"):
        combine_repeats([rows, rows[:2]], micro_f1)
    with pytest.raises(ValueError, match="between 0 and 1"):
        holm([0.5, 1.5])
    with pytest.raises(ValueError, match="between 0 and 1"):
        holm([math.nan])


def test_a_metric_must_say_what_0_over_0_is_and_give_one_number_per_row() -> None:
    rows = documents(4, found=0.5, seed=1)
    with pytest.raises(ValueError, match="0/0"):
        bootstrap_interval(rows, lambda sums: np.full(len(sums), math.nan))
    with pytest.raises(ValueError, match="shape"):
        bootstrap_interval(rows, lambda sums: sums)


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (1, 1, 0.2065, 1.0)],
)
def test_interval_of_a_share_is_the_one_of_the_textbook(
    successes: int, trials: int, low: float, high: float
) -> None:
    assert wilson_interval(successes, trials) == pytest.approx((low, high), abs=5e-5)


@given(trials=st.integers(1, 500), data=st.data())
def test_interval_of_a_share_holds_it_and_has_width(trials: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, trials))
    low, high = wilson_interval(successes, trials)
    assert 0 <= low <= successes / trials + 1e-12
    assert successes / trials - 1e-12 <= high <= 1
    assert high - low > 0.005


@pytest.mark.parametrize(
    ("successes", "trials", "level"), [(0, 0, 0.95), (3, 2, 0.95), (-1, 2, 0.95), (1, 2, 1.0)]
)
def test_what_is_no_share_has_no_interval(successes: int, trials: int, level: float) -> None:
    with pytest.raises(ValueError, match="no share|level"):
        wilson_interval(successes, trials, level=level)
