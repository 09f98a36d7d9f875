"""The one-to-one pairs that weigh most."""

from __future__ import annotations

from importlib import import_module
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from extractor.errors import require


class _Solver(Protocol):
    def __call__(
        self, matrix: NDArray[np.float64], *, maximize: bool
    ) -> tuple[NDArray[np.intp], NDArray[np.intp]]: ...


require("scipy", extra="eval", wanted="Scoring")
# By name, because scipy is shipped without types.
_solve: Final[_Solver] = import_module("scipy.optimize").linear_sum_assignment


def heaviest_pairs(weights: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Row and column of the one-to-one pairs that weigh most together; none weighs nothing."""
    # Rows and columns without weight must not decide between equally heavy solutions.
    rows, columns = np.flatnonzero(weights.any(axis=1)), np.flatnonzero(weights.any(axis=0))
    picked = _solve(weights[np.ix_(rows, columns)], maximize=True)
    pairs = zip(rows[picked[0]], columns[picked[1]], strict=True)
    return [(int(row), int(column)) for row, column in pairs if weights[row, column] > 0]
