"""Counts of a document that may be added up, and every score as a function of their sum.

A row holds floats in the order of `COLUMNS`; scores are computed from summed rows and never
averaged over documents, so a resample of documents needs nothing but their rows.

Where there is nothing to judge, a share of good things is 1 and a share of bad things 0; such
documents add nothing to a sum, and the counts stand beside every share.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from eval.scoring.similarity import Outcome
from extractor.kinds import KINDS

Numbers: TypeAlias = NDArray[np.float64]
Category: TypeAlias = Literal["COR", "PAR", "INC", "MIS", "SPU", "NON"]
ErrorClass: TypeAlias = Literal[
    "MISSED_ITEM",
    "SPURIOUS_ITEM",
    "DUPLICATE",
    "MERGED",
    "SPLIT",
    "WRONG_ROLE",
    "VALUE_IN_WRONG_ITEM",
    "MAGNITUDE",
    "CURRENCY",
    "DATE_PRECISION",
    "DATE_WRONG",
    "STATUS",
    "PARTIAL_NAME",
    "UNGROUNDED_EVIDENCE",
    "INVALID_OUTPUT",
]

FIELDS: Final = tuple(dict.fromkeys(name for kind in KINDS.values() for name in kind.scored))
CATEGORIES: Final[tuple[Category, ...]] = get_args(Category)
ERROR_CLASSES: Final[tuple[ErrorClass, ...]] = get_args(ErrorClass)
_SINGLE: Final = (
    "documents",
    "valid",  # documents with a usable prediction
    "without_items",  # documents without a core label
    "left_empty",  # of these: nothing predicted but optional labels, by a usable prediction
    "gold",  # labels; unmatched optional ones do not count
    "predicted",
    "found",  # pairs
    "trusted",  # pairs with everything critical right
    "similarity",  # of the pairs, summed
    "quotes",  # of all predictions
    "grounded",  # of these: verbatim inside the body
    "cited_values",  # figures, dates and parties of all predictions
    "supported",  # of these: their words stand in a quote of the record
    "evidence_f1",  # of the pairs, summed
    "paired_quotes",  # of predictions that are in a pair
    "hits",  # of these: overlap a gold quote enough
    "trapped",  # unmatched predictions that fell for a hard negative
    "sums",  # predicted records that say to be the sum of their parts
    "sums_right",
    "money_ratio",  # predicted money / gold money by currency, summed
    "money_cells",  # documents x currencies that gold has money in
    "money_beyond",  # documents x currencies that only predictions have money in
    "external_dates",  # predicted dates that need outside knowledge
)

COLUMNS: Final = (
    *_SINGLE,
    *(f"{field}.{category}" for field in FIELDS for category in CATEGORIES),
    *(f"lenient.{category}" for category in CATEGORIES),
    *(f"error.{name}" for name in ERROR_CLASSES),
)
_PLACE: Final = {name: place for place, name in enumerate(COLUMNS)}
_FIRST_PLACE: Final = {field: _PLACE[f"{field}.COR"] for field in (*FIELDS, "lenient")}
_FIELD_PLACES: Final = {
    category: np.array([_PLACE[f"{field}.{category}"] for field in FIELDS])
    for category in CATEGORIES
}


class Tally:
    """A row being counted."""

    def __init__(self) -> None:
        # A list: single cells of an array are slow.
        self._cells = [0.0] * len(COLUMNS)

    @property
    def row(self) -> Numbers:
        """The row as it stands."""
        return np.array(self._cells)

    def add(self, column: str, count: float = 1) -> None:
        """Count under a column."""
        self._cells[_PLACE[column]] += count

    def add_outcome(self, field: str, outcome: Outcome) -> None:
        """Count what became of a field; `lenient` takes the outcomes of all fields."""
        for place, count in enumerate(outcome, _FIRST_PLACE[field]):
            if count:
                self._cells[place] += count

    def add_row(self, row: Numbers) -> None:
        """Add what has been counted elsewhere, one number for each column."""
        self._cells = [cell + more for cell, more in zip(self._cells, row.tolist(), strict=True)]


def metrics_of(sums: Numbers) -> dict[str, float]:
    """Every score of one summed row."""
    return {name: float(metric(sums)) for name, metric in METRICS.items()}


def metric_named(name: str) -> Callable[[Numbers], Numbers]:
    """A score as a function of summed rows, any number x columns.

    Raises:
        ValueError: there is no such score.
    """
    if name not in METRICS:
        raise ValueError(f"no metric {name!r}; there are {', '.join(METRICS)}")
    return METRICS[name]


def field_metrics_of(sums: Numbers) -> dict[str, dict[str, float]]:
    """Counts, precision, recall and F1 of every field that either side fills, of one summed row."""
    found = {}
    for field in FIELDS:
        fills = _fills_of(sums, field)
        if _possible(fills) + _actual(fills) > 0:
            scores = {key: float(_SLOT_SCORES[key](fills)) for key in ("precision", "recall", "f1")}
            counts = {str(category): float(count) for category, count in fills.items()}
            found[field] = {**counts, **scores}
    return found


def error_counts_of(sums: Numbers) -> dict[ErrorClass, int]:
    """How often each class of error occurs in one summed row."""
    return {name: int(_column(sums, f"error.{name}")) for name in ERROR_CLASSES}


_Fills: TypeAlias = Mapping[Category, Numbers]


def _column(sums: Numbers, name: str) -> Numbers:
    return np.asarray(sums[..., _PLACE[name]])


def _share(part: Numbers, whole: Numbers, empty: float) -> Numbers:
    # Trials that swap documents sum differences, which leaves dust where there was nothing.
    filled = whole > 1e-9
    return np.where(filled, part / np.where(filled, whole, 1.0), empty)


def _all_fields(sums: Numbers) -> _Fills:
    return {category: sums[..., places].sum(axis=-1) for category, places in _FIELD_PLACES.items()}


def _lenient(sums: Numbers) -> _Fills:
    return _fills_of(sums, "lenient")


def _fills_of(sums: Numbers, field: str) -> _Fills:
    return {category: _column(sums, f"{field}.{category}") for category in CATEGORIES}


def _credit(fills: _Fills) -> Numbers:
    return fills["COR"] + 0.5 * fills["PAR"]


def _possible(fills: _Fills) -> Numbers:
    return fills["COR"] + fills["PAR"] + fills["INC"] + fills["MIS"]


def _actual(fills: _Fills) -> Numbers:
    return fills["COR"] + fills["PAR"] + fills["INC"] + fills["SPU"]


def _substituted(fills: _Fills) -> Numbers:
    return fills["INC"] + 0.5 * fills["PAR"]


def _overgenerated(fills: _Fills) -> Numbers:
    return _share(fills["SPU"], _actual(fills), 0)


def _undergenerated(fills: _Fills) -> Numbers:
    return _share(fills["MIS"], _possible(fills), 0)


def _substitution(fills: _Fills) -> Numbers:
    return _share(_substituted(fills), fills["COR"] + fills["PAR"] + fills["INC"], 0)


def _error_per_fill(fills: _Fills) -> Numbers:
    wrong = _substituted(fills) + fills["MIS"] + fills["SPU"]
    return _share(wrong, _possible(fills) + fills["SPU"], 0)


_SLOT_SCORES: Final[Mapping[str, Callable[[_Fills], Numbers]]] = {
    "precision": lambda fills: _share(_credit(fills), _actual(fills), 1),
    "recall": lambda fills: _share(_credit(fills), _possible(fills), 1),
    "f1": lambda fills: _share(2 * _credit(fills), _possible(fills) + _actual(fills), 1),
    "overgeneration": _overgenerated,
    "undergeneration": _undergenerated,
    "substitution": _substitution,
    "error_per_fill": _error_per_fill,
}
_Metric: TypeAlias = Callable[[Numbers], Numbers]


def _shares(name: str, part: str) -> dict[str, _Metric]:
    def precision(sums: Numbers) -> Numbers:
        return _share(_column(sums, part), _column(sums, "predicted"), 1)

    def recall(sums: Numbers) -> Numbers:
        return _share(_column(sums, part), _column(sums, "gold"), 1)

    def f1(sums: Numbers) -> Numbers:
        both = _column(sums, "predicted") + _column(sums, "gold")
        return _share(2 * _column(sums, part), both, 1)

    return {f"{name}_precision": precision, f"{name}_recall": recall, f"{name}_f1": f1}


def _slots(name: str, fills_of: Callable[[Numbers], _Fills]) -> dict[str, _Metric]:
    def metric(score: Callable[[_Fills], Numbers]) -> _Metric:
        return lambda sums: score(fills_of(sums))

    return {f"{name}_{key}": metric(score) for key, score in _SLOT_SCORES.items()}


def _rate(part: str, whole: str, empty: float) -> _Metric:
    return lambda sums: _share(_column(sums, part), _column(sums, whole), empty)


METRICS: Final[Mapping[str, _Metric]] = {
    **_slots("slot", _all_fields),
    **_slots("lenient_slot", _lenient),
    **_shares("detection", "found"),
    **_shares("strict", "trusted"),
    **_shares("soft", "similarity"),
    "validity_rate": _rate("valid", "documents", 1),
    "no_item_specificity": _rate("left_empty", "without_items", 1),
    "grounding_rate": _rate("grounded", "quotes", 1),
    "support_rate": _rate("supported", "cited_values", 1),
    "evidence_f1": _rate("evidence_f1", "found", 1),
    "evidence_hit_rate": _rate("hits", "paired_quotes", 1),
    "trap_rate": _rate("trapped", "predicted", 0),
    "sum_check_rate": _rate("sums_right", "sums", 1),
    "inflation_ratio": _rate("money_ratio", "money_cells", 1),
}
