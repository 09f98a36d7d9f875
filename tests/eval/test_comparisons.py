"""Comparisons of two systems and their p-values behave as their theory says."""

from __future__ import annotations

import math
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.statistics.intervals import bootstrap_interval, holm, paired_difference
from tests.eval.samples import Counts, as_rows, documents, f1_rows, mean, micro_f1

UNDECIDED = "not distinguishable at this sample size"


def test_identical_systems_are_not_distinguishable() -> None:
    rows = documents(30, found=0.6, seed=1)
    comparison = paired_difference(rows, rows.copy(), micro_f1, resamples=500, trials=500)
    assert (comparison.difference, comparison.low, comparison.high) == (0, 0, 0)
    assert (comparison.p_value, comparison.mde) == (1, 0)
    assert comparison.verdict == UNDECIDED


def test_two_systems_that_find_nothing_are_not_distinguishable() -> None:
    rows = documents(30, found=0.0, seed=1)
    comparison = paired_difference(rows, rows, micro_f1, resamples=100, trials=100)
    assert (comparison.p_value, comparison.verdict) == (1, UNDECIDED)


def test_swaps_that_tie_but_for_rounding_count_as_ties() -> None:
    # All four documents favour A, by sums that floats add up differently from either side.
    rows_a = as_rows(np.array([0.6, 0.2, 0.9, 0.9]))
    rows_b = as_rows(np.array([0.0, 0.1, 0.1, 0.1]))
    comparison = paired_difference(rows_a, rows_b, mean, resamples=10)
    assert comparison.p_value == pytest.approx(2 / 2**4, abs=0.015)


def test_a_small_p_value_names_no_winner_when_the_interval_contains_0() -> None:
    # Few resamples make for a ragged interval; this one reaches past 0.
    rows_b = as_rows(np.zeros(12))
    rows_a = as_rows(np.random.default_rng(1687).normal(-0.6, 1, 12))
    for first, second in ((rows_a, rows_b), (rows_b, rows_a)):
        comparison = paired_difference(first, second, mean, resamples=40, trials=400)
        assert comparison.p_value < 0.05
        assert comparison.low < 0 < comparison.high
        assert comparison.verdict == UNDECIDED


def test_a_large_effect_is_found_with_the_smallest_p_the_trials_allow() -> None:
    better = documents(100, found=0.9, seed=1)
    worse = documents(100, found=0.4, seed=2)
    comparison = paired_difference(better, worse, micro_f1, trials=999, resamples=999)
    assert comparison.difference == pytest.approx(0.5, abs=0.08)
    assert 0 < comparison.low < comparison.difference < comparison.high
    assert comparison.p_value == 1 / 1_000
    assert comparison.verdict == "A is better"
    assert paired_difference(worse, better, micro_f1, trials=999).verdict == "B is better"


def test_the_p_value_is_uniform_when_the_systems_are_equally_good() -> None:
    scores = np.random.default_rng(8).normal(size=(400, 2, 40))
    p_values = np.array(
        [
            paired_difference(as_rows(a), as_rows(b), mean, resamples=20, trials=199).p_value
            for a, b in scores
        ]
    )
    assert np.mean(p_values <= 0.05) == pytest.approx(0.05, abs=0.03)
    for quantile in (0.25, 0.5, 0.75):
        assert np.mean(p_values <= quantile) == pytest.approx(quantile, abs=0.075)


def test_ties_of_a_coarse_score_make_the_p_value_cautious_never_bold() -> None:
    p_values = np.array(
        [
            paired_difference(
                documents(8, found=0.6, seed=2 * seed),
                documents(8, found=0.6, seed=2 * seed + 1),
                micro_f1,
                resamples=20,
                trials=199,
            ).p_value
            for seed in range(400)
        ]
    )
    for quantile in (0.05, 0.25, 0.5):
        assert np.mean(p_values <= quantile) <= quantile + 0.02


def test_the_p_value_of_two_documents_is_that_of_counting_all_swaps() -> None:
    # The differences of the swaps are 3, 1, -1 and -3 over 2: both ways to reach 1 or more, of 4.
    rows_a = as_rows(np.array([2.0, 0.0]))
    rows_b = as_rows(np.array([0.0, 1.0]))
    assert paired_difference(rows_a, rows_b, mean, trials=2_000).p_value == 1
    unanimous = as_rows(np.array([0.0, -1.0]))
    comparison = paired_difference(rows_a, unanimous, mean, trials=2_000)
    assert comparison.p_value == pytest.approx(2 / 4, abs=0.05)


def test_five_unanimous_documents_name_no_winner_and_ten_do() -> None:
    better, worse = np.array([[9, 10, 10]]), np.array([[5, 10, 10]])
    five, ten = (
        paired_difference(np.tile(better, (count, 1)), np.tile(worse, (count, 1)), micro_f1)
        for count in (5, 10)
    )
    assert five.low > 0
    assert five.p_value == pytest.approx(2 / 2**5, abs=0.01)
    assert five.verdict == UNDECIDED
    assert ten.verdict == "A is better"


def test_one_cluster_can_name_no_winner() -> None:
    rows_a, rows_b = documents(20, found=0.9, seed=1), documents(20, found=0.1, seed=2)
    assert paired_difference(rows_a, rows_b, micro_f1).verdict == "A is better"
    comparison = paired_difference(rows_a, rows_b, micro_f1, clusters=["event"] * 20)
    assert comparison.p_value == 1
    assert comparison.mde == math.inf
    assert comparison.verdict == UNDECIDED


def test_pairing_narrows_the_interval_when_documents_differ_more_than_systems() -> None:
    rng = np.random.default_rng(6)
    difficulty = rng.normal(0, 1, 200)
    rows_a = as_rows(difficulty + 0.1 + rng.normal(0, 0.1, 200))
    rows_b = as_rows(difficulty + rng.normal(0, 0.1, 200))
    paired = paired_difference(rows_a, rows_b, mean)
    alone = bootstrap_interval(rows_a, mean)
    assert paired.high - paired.low < (alone.high - alone.low) / 5
    assert paired.verdict == "A is better"


def test_the_detectable_difference_is_2_8_standard_errors_of_the_paired_difference() -> None:
    rng = np.random.default_rng(9)
    gap = rng.normal(0, 3, 500)
    base = rng.normal(0, 1, 500)
    comparison = paired_difference(as_rows(base + gap), as_rows(base), mean)
    error = gap.std(ddof=1) / math.sqrt(500)
    assert comparison.mde == pytest.approx(2.8 * error, rel=0.03)


def test_copies_of_documents_in_clusters_widen_a_comparison() -> None:
    rows_a, rows_b = documents(30, found=0.7, seed=1), documents(30, found=0.5, seed=2)
    names = [f"event {number}" for number in range(30)] * 4
    copies_a, copies_b = np.tile(rows_a, (4, 1)), np.tile(rows_b, (4, 1))
    clustered = paired_difference(copies_a, copies_b, micro_f1, clusters=names)
    unclustered = paired_difference(copies_a, copies_b, micro_f1)
    assert clustered.difference == unclustered.difference
    assert clustered.mde == pytest.approx(2 * unclustered.mde, rel=0.1)
    assert clustered.p_value >= unclustered.p_value


def test_a_comparison_repeats_with_its_seed() -> None:
    rows_a, rows_b = documents(30, found=0.6, seed=1), documents(30, found=0.5, seed=2)
    first = paired_difference(rows_a, rows_b, micro_f1, seed=4, trials=300)
    assert first == paired_difference(rows_a, rows_b, micro_f1, seed=4, trials=300)
    assert first.p_value != paired_difference(rows_a, rows_b, micro_f1, seed=5, trials=300).p_value


@given(f1_rows(), st.randoms(use_true_random=False))
def test_swapping_the_systems_negates_the_difference_and_keeps_the_p_value(
    rows_a: Counts, random: Random
) -> None:
    order = list(range(len(rows_a)))
    random.shuffle(order)
    rows_b = rows_a[order]
    rows_b[0] = [0, 1, 1]
    there = paired_difference(rows_a, rows_b, micro_f1, resamples=80, trials=80)
    back = paired_difference(rows_b, rows_a, micro_f1, resamples=80, trials=80)
    assert back.difference == -there.difference
    assert back.p_value == there.p_value
    assert (back.low, back.high) == pytest.approx((-there.high, -there.low), abs=1e-12)
    assert back.mde == pytest.approx(there.mde)
    mirrored = {"A is better": "B is better", "B is better": "A is better"}
    assert back.verdict == mirrored.get(there.verdict, UNDECIDED)


@given(f1_rows(most=30), st.integers(0, 100))
def test_no_winner_is_named_when_the_interval_contains_0(rows: Counts, seed: int) -> None:
    other = rows.copy()
    other[:, 0] //= 2
    found = paired_difference(rows, other, micro_f1, resamples=80, trials=80, seed=seed)
    assert 1 / 81 <= found.p_value <= 1
    if found.low <= 0 <= found.high or found.p_value > 0.0501:
        assert found.verdict == UNDECIDED
    else:
        assert found.verdict == ("A is better" if found.difference > 0 else "B is better")


# Several comparisons


def test_holm_gives_the_values_worked_out_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))
    assert holm([0.6, 0.7]) == (1.0, 1.0)
    assert holm([0.2]) == (0.2,)
    assert holm([]) == ()


@given(st.lists(st.floats(0, 1), max_size=8), st.randoms(use_true_random=False))
def test_holm_never_helps_keeps_the_order_and_is_no_worse_than_bonferroni(
    p_values: list[float], random: Random
) -> None:
    adjusted = holm(p_values)
    for raw, larger in zip(p_values, adjusted, strict=True):
        assert raw <= larger <= min(1.0, raw * len(p_values))
    pairs = sorted(zip(p_values, adjusted, strict=True))
    assert [pair[1] for pair in pairs] == sorted(adjusted)
    shuffled = list(zip(p_values, adjusted, strict=True))
    random.shuffle(shuffled)
    assert holm([raw for raw, _ in shuffled]) == tuple(larger for _, larger in shuffled)
