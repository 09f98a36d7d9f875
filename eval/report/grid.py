"""Tables as the page shows them: cells that know how they are to be set."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from eval.report.numbers import share
from eval.report.roster import Entry
from eval.statistics.intervals import Interval

Head: TypeAlias = str | Entry


@dataclass(frozen=True, slots=True)
class GridCell:
    """A value, and what stands small beside it."""

    text: str
    note: str = ""
    heat: int | None = None
    """From 0 to 10, how strongly the cell is tinted."""
    kind: Literal["figure", "words"] = "figure"


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column."""

    head: Head
    hint: str = ""
    """What it means, in a few words."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row and what it is about."""

    head: Head
    cells: tuple[GridCell, ...]
    role: Literal["plain", "ceiling", "total"] = "plain"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with a title; the corner says what its rows are."""

    title: str
    corner: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""


NOTHING = GridCell("–")


def words(text: str) -> GridCell:
    """A cell of running text."""
    return GridCell(text, kind="words")


def bounds(low: float, high: float) -> str:
    """The bounds of an interval in brackets, or why there are none."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return "unknown (one cluster)"
    return f"({share(low)}–{share(high)})"


def scored(found: Interval) -> GridCell:
    """A score with its interval."""
    return GridCell(share(found.point), bounds(found.low, found.high))


def rate(value: float, whole: float) -> GridCell:
    """A share and of how many; nothing if there was nothing to judge."""
    return GridCell(share(value), f"of {whole:g}") if whole else NOTHING


def tinted(value: float, note: str = "") -> GridCell:
    """A score whose background tells how high it is."""
    return GridCell(share(value), note, heat=max(0, min(10, round(value * 10))))


def without_empty_columns(grid: Grid) -> Grid:
    """The table without columns that say nothing in any row."""
    kept = [
        place
        for place in range(len(grid.columns))
        if any(row.cells[place] != NOTHING for row in grid.rows)
    ]
    return Grid(
        grid.title,
        grid.corner,
        tuple(grid.columns[place] for place in kept),
        tuple(Row(row.head, _picked(row.cells, kept), row.role) for row in grid.rows),
        grid.note,
    )


def _picked(cells: Sequence[GridCell], places: Sequence[int]) -> tuple[GridCell, ...]:
    return tuple(cells[place] for place in places)
