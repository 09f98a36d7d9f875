"""Coefficients of agreement behave as their theory says."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from eval.statistics.agreement import cohen_kappa, nominal_alpha
from eval.statistics.intervals import Interval

# Krippendorff's worked examples; a dot is a missing label.
FOUR_OBSERVERS = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
BINARY = ("0100000010", "1110010000")
FIVE_CATEGORIES = ("aabbdcccedda", "babbbccceddd")
Units = list[tuple[str | None, ...]]


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
