"""Counts of documents to compute intervals and comparisons of, and metrics of their sums."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from eval.statistics.resampling import Numbers

Counts = NDArray[np.int64]


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
