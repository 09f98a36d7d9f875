"""Resampling of documents: what every interval and every comparison is made of.

A document's result is a row of counts that may be added up (gold items, hits, ...), and a metric is
a function of summed rows. Drawing documents is then one matrix product, so a ratio such as F1 is
computed anew for every resample and never averaged over documents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.float64]
Rows: TypeAlias = NDArray[np.float64] | NDArray[np.int64]
"""Documents x columns of counts."""
Metric: TypeAlias = Callable[[Numbers], Numbers]
"""From summed rows (any number x columns) to one finite number each; 0/0 is the metric's to define.
"""

_CELLS_AT_ONCE = 2_000_000


def random_source(seed: int) -> np.random.Generator:
    """The generator behind every figure that carries this seed."""
    return np.random.Generator(np.random.PCG64(seed))


def checked_rows(rows: Rows) -> Numbers:
    """The rows as floats.

    Raises:
        ValueError: they are no table with a document in it, or hold something not finite.
    """
    table = np.asarray(rows, dtype=np.float64)
    if table.ndim != 2 or len(table) == 0:
        raise ValueError(f"rows must be documents x columns, at least one document: {table.shape}")
    if not np.isfinite(table).all():
        raise ValueError("rows must hold finite numbers")
    return table


def unit_sums(rows: Rows, clusters: Sequence[str] | None) -> Numbers:
    """One summed row per cluster, in the order of the clusters' names; the rows if none are given.

    Raises:
        ValueError: the rows are unusable, or there is not one cluster name per row.
    """
    table = checked_rows(rows)
    if clusters is None:
        return table
    if len(clusters) != len(table):
        raise ValueError(f"{len(clusters)} cluster names for {len(table)} rows")
    names, unit_of_row = np.unique(np.asarray(clusters, dtype=np.str_), return_inverse=True)
    sums = np.zeros((len(names), table.shape[1]))
    np.add.at(sums, unit_of_row, table)
    return sums


def values_of(metric: Metric, sums: Numbers) -> Numbers:
    """The metric of every summed row.

    Raises:
        ValueError: the metric does not give one finite number per row.
    """
    values = np.asarray(metric(sums), dtype=np.float64)
    if values.shape != (len(sums),):
        raise ValueError(f"the metric gave shape {values.shape} for {len(sums)} summed rows")
    if not np.isfinite(values).all():
        raise ValueError("the metric is not finite for some sums: it must say what 0/0 is")
    return values


def value_of(metric: Metric, units: Numbers) -> float:
    """The metric of all units together; `units` is units x columns.

    Raises:
        ValueError: the metric is not one finite number.
    """
    return float(values_of(metric, units.sum(axis=0, keepdims=True))[0])


def bootstrap_sums(units: Numbers, resamples: int, rng: np.random.Generator) -> Numbers:
    """Summed rows of `resamples` samples, each as many units drawn with replacement.

    Raises:
        ValueError: no resample is asked for.
    """
    count = len(units)
    parts = []
    for size in _chunks(resamples, count):
        drawn = rng.integers(count, size=(size, count))
        # Counting cell numbers gives the multinomial weights several times faster than drawing
        # them from a multinomial.
        cells = drawn + np.arange(size)[:, np.newaxis] * count
        weights = np.bincount(cells.ravel(), minlength=size * count).reshape(size, count)
        parts.append(weights.astype(np.float64) @ units)
    return np.concatenate(parts)


def swapped_sums(
    units_a: Numbers, units_b: Numbers, trials: int, rng: np.random.Generator
) -> tuple[Numbers, Numbers]:
    """Summed rows of both systems in trials where each unit's two rows trade places by a coin.

    Raises:
        ValueError: no trial is asked for.
    """
    gap = units_b - units_a
    moved = np.concatenate(
        [
            rng.integers(2, size=(size, len(gap)), dtype=np.bool_).astype(np.float64) @ gap
            for size in _chunks(trials, len(gap))
        ]
    )
    return units_a.sum(axis=0) + moved, units_b.sum(axis=0) - moved


def _chunks(total: int, width: int) -> Iterator[int]:
    if total < 1:
        raise ValueError(f"at least one random sample is needed, not {total}")
    step = max(1, _CELLS_AT_ONCE // width)
    for start in range(0, total, step):
        yield min(step, total - start)
