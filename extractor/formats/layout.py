"""Reading order: from characters at places on a page to blocks of lines, column after column.

A region is cut where a gutter runs between text on its left and on its right. What crosses the
gutter (a headline over two columns) parts what is above it from what is below. What has no gutter
is read row by row; words far apart in a row are cells of a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final, NamedTuple

# In heights of a line: what parts two stretches of text, and two cells of a row.
_WIDE: Final = 1.8
# Of a gutter: in points, and which part of a region's lines may cross it.
_NARROWEST: Final = 8.0
_MOST_ACROSS: Final = 0.5
_FEWEST_LINES: Final = 3
# Shorter lines are cells of a table, not lines of a column.
_COLUMN_CHARACTERS: Final = 12
_DEEPEST: Final = 4
_STEP: Final = 2.0
_MOST_STEPS: Final = 2_000
CELLS: Final = " | "
_SPACE: Final = re.compile(r"\s+")


class Char(NamedTuple):
    """A character and its box: left, top, right, bottom; None for a space that is not drawn."""

    sign: str
    box: tuple[float, float, float, float] | None


@dataclass(frozen=True, slots=True)
class Segment:
    """Text on one line without a wide gap in it; its edges are in points from the top left."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def height(self) -> float:
        """From its top to its bottom, in points."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Half way between its top and its bottom, in points."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Page:
    """The text on a page, and how large it is in points."""

    width: float
    height: float
    segments: tuple[Segment, ...]
    is_picture: bool = False


def segments_of(chars: Iterable[Char]) -> Iterator[Segment]:
    """The characters as stretches of text, in the order in which they were drawn."""
    run: list[Char] = []
    last: tuple[float, float, float, float] | None = None
    for char in chars:
        if char.box is not None and not char.sign.isspace():
            if last is not None and _parts(last, char.box):
                yield from _segment(run)
                run = []
            last = char.box
        run.append(char)
    yield from _segment(run)


def _parts(last: tuple[float, float, float, float], box: tuple[float, float, float, float]) -> bool:
    height = max(last[3] - last[1], box[3] - box[1])
    is_other_line = abs((last[1] + last[3]) - (box[1] + box[3])) > height
    return is_other_line or box[0] - last[2] > _WIDE * height or box[0] < last[0] - height / 2


def _segment(run: Sequence[Char]) -> Iterator[Segment]:
    text = _SPACE.sub(" ", "".join(char.sign for char in run)).strip()
    boxes = [char.box for char in run if char.box is not None and not char.sign.isspace()]
    if text and boxes:
        yield Segment(
            text,
            min(box[0] for box in boxes),
            median(box[1] for box in boxes),
            max(box[2] for box in boxes),
            median(box[3] for box in boxes),
        )


def blocks_of(page: Page) -> list[list[Segment]]:
    """The lines of the page in reading order, those of a column or row together."""
    return list(_blocks(list(page.segments), 0))


def _blocks(segments: list[Segment], depth: int) -> Iterator[list[Segment]]:
    gutter = _gutter(segments) if depth < _DEEPEST else None
    if gutter is None:
        if segments:
            yield _rows(segments)
        return
    across = sorted(
        (each for each in segments if each.x0 < gutter < each.x1), key=lambda each: each.middle
    )
    beside = [each for each in segments if not each.x0 < gutter < each.x1]
    crossing: list[Segment] = []
    for following in [*across, None]:
        limit = following.middle if following else float("inf")
        above = [each for each in beside if each.middle < limit]
        if above:
            if crossing:
                yield _rows(crossing)
                crossing = []
            beside = [each for each in beside if each.middle >= limit]
            yield from _blocks([each for each in above if each.x1 <= gutter], depth + 1)
            yield from _blocks([each for each in above if each.x0 >= gutter], depth + 1)
        if following:
            crossing.append(following)
    if crossing:
        yield _rows(crossing)


def _gutter(segments: Sequence[Segment]) -> float | None:
    """The middle of the widest stretch that the fewest lines cross, if there are columns."""
    if len(segments) < 2 * _FEWEST_LINES:
        return None
    left, right = min(each.x0 for each in segments), max(each.x1 for each in segments)
    steps = min(int((right - left) / _STEP), _MOST_STEPS)
    if steps < 2 * _FEWEST_LINES:
        return None
    step = (right - left) / steps
    crossed = _crossings(segments, left, step, steps)
    inner = range(steps // 6, steps - steps // 6)
    for most in sorted({crossed[at] for at in inner}):
        if most > _MOST_ACROSS * len(segments):
            return None
        start, end = _widest(inner, [count <= most for count in crossed])
        if (end - start) * step >= _NARROWEST:
            gutter = left + (start + end) / 2 * step
            return gutter if _are_columns(segments, gutter) else None
    return None


def _crossings(segments: Sequence[Segment], left: float, step: float, steps: int) -> list[int]:
    """How many lines lie over each step of the width."""
    changes = [0] * (steps + 1)
    for each in segments:
        changes[max(0, min(steps, int((each.x0 - left) / step)))] += 1
        changes[max(0, min(steps, int((each.x1 - left) / step) + 1))] -= 1
    counts, count = [], 0
    for change in changes[:steps]:
        count += change
        counts.append(count)
    return counts


def _widest(inner: range, free: Sequence[bool]) -> tuple[int, int]:
    best, start = (0, 0), None
    for at in [*inner, inner.stop]:
        if at < inner.stop and free[at]:
            start = at if start is None else start
        elif start is not None:
            best = max(best, (start, at), key=lambda found: found[1] - found[0])
            start = None
    return best


def _are_columns(segments: Sequence[Segment], gutter: float) -> bool:
    sides = (
        [each for each in segments if each.x1 <= gutter],
        [each for each in segments if each.x0 >= gutter],
    )
    return all(
        len(side) >= _FEWEST_LINES and median(len(each.text) for each in side) >= _COLUMN_CHARACTERS
        for side in sides
    )


def _rows(segments: Sequence[Segment]) -> list[Segment]:
    """The segments as whole lines from top to bottom."""
    rows: list[list[Segment]] = []
    for each in sorted(segments, key=lambda each: each.middle):
        if (
            rows
            and abs(rows[-1][0].middle - each.middle) < min(rows[-1][0].height, each.height) / 2
        ):
            rows[-1].append(each)
        else:
            rows.append([each])
    return [_row(sorted(row, key=lambda each: each.x0)) for row in rows]


def _row(row: Sequence[Segment]) -> Segment:
    text = row[0].text
    for before, each in zip(row, row[1:], strict=False):
        is_far = each.x0 - before.x1 > _WIDE * max(before.height, each.height)
        text += (CELLS if is_far else " ") + each.text
    return Segment(
        text,
        min(each.x0 for each in row),
        min(each.top for each in row),
        max(each.x1 for each in row),
        max(each.bottom for each in row),
    )
