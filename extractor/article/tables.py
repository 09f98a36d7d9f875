"""Tables: rows of cells in a text, whatever parts the cells: bars, tabs or runs of blanks."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final, TypeAlias

from extractor.article.folding import Folding

_Span: TypeAlias = tuple[int, int]
_BAR: Final = "|"
_BLANKS: Final = re.compile(r"(?<=\S) +(?=\S)")
_FEWEST_BLANKS: Final = 3
_FEWEST_ROWS: Final = 2
_FEWEST_SPACED: Final = 3
"""Rows whose cells only blanks part: fewer may be set so by chance."""
_YEAR: Final = re.compile(r"(?:19|20)\d\d(?:[-/]\d{2,4})?")


def with_cells(original: str, folding: Folding) -> Folding:
    """The folded text with bars between cells that tabs or runs of blanks part in the original."""
    text = folding.text
    if "\t" not in original and " " * _FEWEST_BLANKS not in text:
        return folding
    tabs = [folding.to_folded(match.start()) for match in re.finditer("\t", original)]
    gaps, begin = [], 0
    for line in text.split("\n"):
        gaps.append(list(_gaps(line, begin, tabs)))
        begin += len(line) + 1
    pieces: list[tuple[str, int, int]] = []
    for count, group in groupby(gaps, key=len):
        rows = list(group)
        tabbed = all(is_tab for row in rows for _, is_tab in row)
        if count and len(rows) >= (_FEWEST_ROWS if tabbed else _FEWEST_SPACED):
            pieces += ((f" {_BAR} ", *span) for row in rows for span, _ in row)
    return folding.replaced(pieces) if pieces else folding


def _gaps(line: str, begin: int, tabs: Sequence[int]) -> Iterator[tuple[_Span, bool]]:
    """Where blanks part two stretches of a line, and whether a tab is among them."""
    for match in _BLANKS.finditer(line):
        start, end = begin + match.start(), begin + match.end()
        at = bisect_left(tabs, start)
        is_tab = at < len(tabs) and tabs[at] < end
        if is_tab or end - start >= _FEWEST_BLANKS:
            yield (start, end), is_tab


def cells_of(line: str) -> tuple[_Span, ...]:
    """Where the cells of a row are in it, without the blanks around; () if it is no row."""
    if _BAR not in line:
        return ()
    spans, begin = [], 0
    for part in line.split(_BAR):
        stripped = part.strip()
        start = begin + len(part) - len(part.lstrip())
        spans.append((start, start + len(stripped)))
        begin += len(part) + 1
    # A row may have a bar before its first and behind its last cell.
    if not line[: spans[0][1]].strip():
        spans = spans[1:]
    if line.rstrip().endswith(_BAR):
        spans = spans[:-1]
    return tuple(spans) if len(spans) > 1 else ()


def rows_in(lines: Sequence[str]) -> set[int]:
    """Which lines are rows of tables: those beside one with as many cells."""
    counts = [len(cells_of(line)) for line in lines]
    return {
        at
        for at, count in enumerate(counts)
        if count and count in (counts[at - 1] if at else 0, *counts[at + 1 : at + 2])
    }


def is_heading_row(first: Sequence[str], others: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns: it has no figure but years, and those below do."""
    named = not any(any(map(str.isdigit, cell[:2])) and not _YEAR.fullmatch(cell) for cell in first)
    return named and any(any(map(str.isdigit, cell)) for row in others for cell in row)
