"""Intervals, comparisons, p-values and coefficients of agreement behave as their theory says."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from random import Random

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from eval.statistics.agreement import cohen_kappa, nominal_alpha
from eval.statistics.intervals import (
    Interval,
    bootstrap_interval,
    combine_repeats,
    holm,
    paired_difference,
    wilson_interval,
)
from eval.statistics.resampling import Numbers

UNDECIDED = "not distinguishable at this sample size"
Counts = NDArray[np.int64]
# Krippendorff's worked examples; a dot is a missing label.
FOUR_OBSERVERS = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
BINARY = ("0100000010", "1110010000")
FIVE_CATEGORIES = ("aabbdcccedda", "babbbccceddd")
Units = list[tuple[str | None, ...]]


def micro_f1(sums: Numbers) -> Numbers:
    """F1 of summed (hits, gold, predicted); two empty sides agree."""
    hits, size = sums[:, 0], sums[:, 1] + sums[:, 2]
    return np.divide(2 * hits, size, out=np.ones_like(size), where=size > 0)


def mean(sums: Numbers) -> Numbers:
    """The mean of summed (value, one)."""
    return sums[:, 0] / sums[:, 1]


def as_rows(values: Numbers) -> Numbers:
    return np.stack([values, np.ones_like(values)], axis=-1)


def documents(count: int, *, found: float, seed: int) -> Counts:
    """Documents of three gold and three predicted items, each found with a probability."""
    rng = np.random.default_rng(seed)
    three = np.full(count, 3)
    return np.stack([rng.binomial(3, found, count), three, three], axis=1)


def f1_rows(*, most: int = 12) -> st.SearchStrategy[Counts]:
    return st.integers(2, most).flatmap(
        lambda count: arrays(np.int64, (count, 3), elements=st.integers(0, 9)).map(_possible)
    )


def _possible(rows: Counts) -> Counts:
    return np.column_stack([np.minimum(rows[:, 0], rows[:, 1:].min(axis=1)), rows[:, 1:]])


# Intervals


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


# Comparisons


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


def units_of(observers: Sequence[str]) -> Units:
    columns = zip(*observers, strict=True)
    return [tuple(None if label == "." else label for label in unit) for unit in columns]


def known(interval: Interval | None) -> Interval:
    assert interval is not None
    return interval


def from_table(table: Sequence[Sequence[int]]) -> tuple[list[int], list[int]]:
    """The labels of two annotators from a contingency table, first by second."""
    first: list[int] = []
    second: list[int] = []
    for row, line in enumerate(table):
        for column, count in enumerate(line):
            first += [row] * count
            second += [column] * count
    return first, second


labels = st.sampled_from("abc")


rated = st.lists(st.tuples(*[st.none() | labels] * 3), min_size=2, max_size=12)


pairs = st.lists(st.tuples(labels, labels), min_size=2, max_size=12)


# Krippendorff's alpha


@pytest.mark.parametrize(
    ("observers", "alpha"), [(FOUR_OBSERVERS, 0.743), (BINARY, 0.095), (FIVE_CATEGORIES, 0.692)]
)
def test_alpha_has_the_published_values(observers: Sequence[str], alpha: float) -> None:
    interval = known(nominal_alpha(units_of(observers), resamples=500))
    assert interval.point == pytest.approx(alpha, abs=0.0005)
    assert interval.low < interval.point < interval.high <= 1


def test_a_unit_with_one_label_or_none_changes_nothing() -> None:
    units = units_of(FOUR_OBSERVERS)
    alone: Units = [("1", None, None, None), (None,) * 4]
    assert nominal_alpha(units + alone) == nominal_alpha(units)
    names = [str(number) for number in range(14)]
    named = nominal_alpha(units + alone, clusters=names)
    assert named == nominal_alpha(units, clusters=names[:12])


def test_alpha_without_variation_or_without_pairs_is_unknown() -> None:
    assert nominal_alpha([("yes", "yes"), ("yes", "yes")]) is None
    assert nominal_alpha([("yes", "yes"), ("no", None)]) is None
    assert nominal_alpha([("yes", None), (None, "no")]) is None
    assert nominal_alpha([]) is None


def test_systematic_disagreement_is_below_chance() -> None:
    # 20 units of (a, b): o_ab = 20 both ways, so alpha = 1 - 39 * 40 / (40**2 - 2 * 20**2).
    assert known(nominal_alpha([("a", "b")] * 20)).point == pytest.approx(1 - 39 * 40 / 800)


def test_a_resample_without_variation_counts_as_no_agreement_beyond_chance() -> None:
    interval = known(nominal_alpha([("a", "a"), ("b", "b")]))
    assert (interval.point, interval.low, interval.high) == (1, 0, 1)


def test_labels_given_at_random_agree_by_chance_only() -> None:
    rng = np.random.default_rng(3)
    units = [tuple(unit) for unit in rng.integers(3, size=(2_000, 3)).tolist()]
    interval = known(nominal_alpha(units, resamples=500))
    assert interval.point == pytest.approx(0, abs=0.03)
    assert interval.low < 0 < interval.high


def test_units_of_one_document_are_resampled_together() -> None:
    units = units_of(FIVE_CATEGORIES)
    names = [f"document {number}" for number in range(12)]
    alone = known(nominal_alpha(units))
    copied = known(nominal_alpha(units * 4))
    clustered = known(nominal_alpha(units * 4, clusters=names * 4))
    assert clustered.high - clustered.low > 1.6 * (copied.high - copied.low)
    assert clustered.high - clustered.low == pytest.approx(alone.high - alone.low, rel=0.1)


@given(rated, st.permutations("abc"), st.permutations(range(3)))
def test_alpha_ignores_the_names_of_labels_and_the_order_of_units_and_annotators(
    units: Units, renamed: list[str], order: list[int]
) -> None:
    names = dict(zip("abc", renamed, strict=True)) | {None: None}
    other = [tuple(names[unit[index]] for index in order) for unit in reversed(units)]
    here, there = nominal_alpha(units, resamples=20), nominal_alpha(other, resamples=20)
    assert (here is None) == (there is None)
    if here and there:
        assert here.point == pytest.approx(there.point, abs=1e-12)
        assert here.point <= 1 + 1e-12


@given(rated)
def test_alpha_is_one_less_observed_over_expected_disagreement_of_pairs(units: Units) -> None:
    given_labels = [[label for label in unit if label is not None] for unit in units]
    pairable = [unit for unit in given_labels if len(unit) > 1]
    pooled = list(itertools.chain.from_iterable(pairable))
    assume(len(set(pooled)) > 1)
    observed = sum(
        sum(one != other for one, other in itertools.permutations(unit, 2)) / (len(unit) - 1)
        for unit in pairable
    ) / len(pooled)
    expected = sum(one != other for one, other in itertools.permutations(pooled, 2)) / (
        len(pooled) * (len(pooled) - 1)
    )
    interval = known(nominal_alpha(units, resamples=20))
    assert interval.point == pytest.approx(1 - observed / expected, abs=1e-12)


# Cohen's kappa


@pytest.mark.parametrize(
    ("table", "kappa"),
    [
        # po = .70; pe = .6 * .5 + .3 * .3 + .1 * .2 = .41
        ([[88, 14, 18], [10, 40, 10], [2, 6, 12]], 0.29 / 0.59),
        # po = .70; pe = .5 * .6 + .5 * .4 = .50
        ([[20, 5], [10, 15]], 0.4),
        # po = .60 in both, yet pe = .54 and .46
        ([[45, 15], [25, 15]], 0.06 / 0.46),
        ([[25, 35], [5, 35]], 0.14 / 0.54),
    ],
)
def test_kappa_has_the_values_worked_out_by_hand(
    table: Sequence[Sequence[int]], kappa: float
) -> None:
    interval = known(cohen_kappa(*from_table(table), resamples=500))
    assert interval.point == pytest.approx(kappa)
    assert interval.low < kappa < interval.high


def test_the_interval_of_kappa_agrees_with_its_large_sample_error() -> None:
    # Fleiss, Cohen and Everitt's variance with two balanced categories: (1 - kappa ** 2) / n.
    first, second = from_table([[400, 100], [100, 400]])
    interval = known(cohen_kappa(first, second))
    error = ((1 - 0.6**2) / 1_000) ** 0.5
    assert interval.point == pytest.approx(0.6)
    assert interval.high - interval.low == pytest.approx(2 * 1.96 * error, rel=0.05)


def test_kappa_without_variation_or_units_is_unknown() -> None:
    assert cohen_kappa(["yes"] * 3, ["yes"] * 3) is None
    assert cohen_kappa([], []) is None


def test_kappa_is_0_when_one_annotator_never_varies() -> None:
    assert known(cohen_kappa(["yes"] * 4, ["yes", "no", "yes", "no"])).point == 0


@given(pairs)
def test_kappa_is_symmetric_and_at_most_1(units: list[tuple[str, str]]) -> None:
    first, second = [list(side) for side in zip(*units, strict=True)]
    there = cohen_kappa(first, second, resamples=30)
    assert there == cohen_kappa(second, first, resamples=30)
    assert there is None or -1 <= there.low <= there.high <= 1


@given(st.lists(labels, min_size=2, max_size=12))
def test_annotators_who_always_agree_reach_1_in_both_coefficients(given_labels: list[str]) -> None:
    assume(len(set(given_labels)) > 1)
    assert known(cohen_kappa(given_labels, given_labels, resamples=20)).point == 1
    units = [(label, label) for label in given_labels]
    assert known(nominal_alpha(units, resamples=20)).point == pytest.approx(1)


def test_agreement_repeats_with_its_seed() -> None:
    units = units_of(FIVE_CATEGORIES)
    first = known(nominal_alpha(units, seed=3, resamples=200))
    assert first == nominal_alpha(units, seed=3, resamples=200)
    other = known(nominal_alpha(units, seed=4, resamples=200))
    assert (first.low, first.high) != (other.low, other.high)


def test_labels_and_names_must_correspond() -> None:
    with pytest.raises(ValueError, match="2 labels of one annotator, 1 of the other"):
        cohen_kappa(["a", "b"], ["a"])
    with pytest.raises(ValueError, match="1 cluster names for 2 units"):
        nominal_alpha([("a", "b"), ("a", "a")], clusters=["one"])
    with pytest.raises(ValueError, match="1 cluster names for 2 rows"):
        cohen_kappa(["a", "b"], ["a", "b"], clusters=["one"])
