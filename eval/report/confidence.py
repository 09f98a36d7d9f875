"""The figures of calibration, once for all tables: a value each, and what stands beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, TypeAlias

from eval.judging.calibration import Calibration, CurvePoint
from eval.judging.comparison import ContenderResult
from eval.report.numbers import bounds_of, share
from extractor.records import RecordType

Figure: TypeAlias = tuple[str, str]
"""A value, and a note in brackets or nothing."""

COLUMNS: Final = (
    ("records", "predicted records that have a confidence"),
    ("ECE", "expected calibration error: mean distance of confidence and share that is right"),
    ("Brier", "mean squared distance of confidence and being right, 1 or 0"),
    ("best threshold", "the least confidence kept for the highest detection F1"),
    ("F1", "of detection, at the best threshold; in brackets without one"),
    ("P", "of the records kept"),
    ("R", "of the labels"),
    ("reviewed", "records to look at for each right one"),
    ("tokens", "output tokens of the whole run, both kinds of records, for each right one kept"),
)
NOTE: Final = (
    "F1 to tokens: at the best threshold; in brackets F1 without one. The threshold is chosen on "
    "the records it is measured on: elsewhere expect less of it."
)


def figures(found: Calibration) -> tuple[Figure, ...]:
    """The figures of one contender, in the order of `COLUMNS`."""
    return (
        (str(len(found.judged)), f"(+{found.unrated} without)" if found.unrated else ""),
        (share(found.error), bounds_of(found.error_interval)),
        (share(found.brier), ""),
        (_threshold(found.best.threshold) if found.best else "–", ""),
        (share(found.best.f1) if found.best else "–", f"({share(found.whole.f1)})"),
        *((text, "") for text in _at(found.best)),
    )


def left_out(results: Sequence[ContenderResult], record_type: RecordType) -> str:
    """Whose records have no confidence, in a line; empty if nobody's."""
    names = [
        str(result.contender) for result in results if not result.types[record_type].calibration
    ]
    return f"No record with a confidence, so left out here: {', '.join(names)}" if names else ""


def _at(point: CurvePoint | None) -> tuple[str, ...]:
    if point is None:
        return ("–",) * 4
    reviewed, tokens = point.records_per_right, point.tokens_per_right
    return (
        share(point.precision),
        share(point.recall),
        "–" if reviewed is None else f"{reviewed:.2f}",
        "–" if tokens is None else f"{tokens:,.0f}",
    )


def _threshold(value: float) -> str:
    # Rounded up it would leave out the record that it comes from.
    down = math.floor(value * 10_000 + 1e-6) / 10_000
    return f"{down:g}".replace("0.", ".", 1)
