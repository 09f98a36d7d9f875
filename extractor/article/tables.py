"""Tables: rows of cells in a text, whatever parts the cells: bars, tabs, blanks or commas."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Final, TypeAlias

from extractor.article.folding import Folding

_Span: TypeAlias = tuple[int, int]
_Piece: TypeAlias = tuple[str, int, int]
"""What stands in place of a stretch of folded text."""
_BAR: Final = "|"
_BLANKS: Final = re.compile(r"(?<=\S) +(?=\S)")
_FEWEST_BLANKS: Final = 3
_FEWEST_ROWS: Final = 2
_FEWEST_CELLS: Final = 2
_FEWEST_SPACED: Final = 3
"""Rows whose cells only blanks part: fewer may be set so by chance."""
_FEWEST_FIELDS: Final = 3
_LONGEST_FIELD: Final = 60
# A field of comma-separated values, and what ends it; quotation marks keep what they hold together.
_FIELD: Final = {mark: re.compile(rf'("[^"]*"|[^"{mark}]*)({mark}|$)') for mark in (",", ";")}
_YEAR: Final = re.compile(r"(?:19|20)\d\d(?:[-/]\d{2,4})?")


def with_cells(original: str, folding: Folding) -> Folding:
    """The folded text with bars between the cells of tables that have none."""
    text = folding.text
    lines = text.split("\n")
    pieces: list[_Piece] = []
    if "\t" in original or " " * _FEWEST_BLANKS in text:
        pieces += _spaced(original, folding, lines)
    if not pieces and any(mark in text for mark in _FIELD):
        pieces += _separated(lines)
    return folding.replaced(pieces) if pieces else folding


def _spaced(original: str, folding: Folding, lines: Sequence[str]) -> Iterator[_Piece]:
    """Bars in place of the tabs or runs of blanks between cells."""
    tabs = [folding.to_folded(match.start()) for match in re.finditer("\t", original)]
    gaps = [list(_gaps(line, begin, tabs)) for begin, line in _placed(lines)]
    # Two tabs have an empty cell between them, unless they are there to align the next one: what
    # makes more lines rows is meant.
    empty = _in_rows(gaps, _tabs_of) > _in_rows(gaps, len)
    for count, group in groupby(gaps, key=_tabs_of if empty else len):
        rows = list(group)
        tabbed = all(tabs_there for row in rows for _, tabs_there in row)
        if count and len(rows) >= (_FEWEST_ROWS if tabbed else _FEWEST_SPACED):
            for row in rows:
                for span, tabs_there in row:
                    yield (f" {_BAR} " * (tabs_there if empty else 1), *span)


def _tabs_of(row: Sequence[tuple[_Span, int]]) -> int:
    """How many borders tabs are in a line; 0 if anything else parts its stretches."""
    counts = [count for _, count in row]
    return sum(counts) if all(counts) else 0


def _in_rows(
    lines: Sequence[Sequence[tuple[_Span, int]]],
    borders: Callable[[Sequence[tuple[_Span, int]]], int],
) -> int:
    """How many lines stand beside one with as many borders."""
    groups = [(count, len(list(group))) for count, group in groupby(lines, key=borders)]
    return sum(size for count, size in groups if count and size >= _FEWEST_ROWS)


def _separated(lines: Sequence[str]) -> Iterator[_Piece]:
    """Bars in place of the commas or semicolons between fields, and no quotation marks."""
    for mark in _FIELD:
        if sum(line.count(mark) + 1 >= _FEWEST_FIELDS for line in lines) < _FEWEST_SPACED:
            continue
        fields = [(begin, _fields(line, mark)) for begin, line in _placed(lines)]
        for count, group in groupby(fields, key=lambda row: len(row[1])):
            rows = list(group)
            if count >= _FEWEST_FIELDS and len(rows) >= _FEWEST_SPACED and _are_figures(rows):
                for begin, row in rows:
                    yield from _barred(begin, row)


def _placed(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    begin = 0
    for line in lines:
        yield begin, line
        begin += len(line) + 1


def _fields(line: str, mark: str) -> list[re.Match[str]]:
    """The fields of a line of separated values; none of a line that is prose."""
    line = line.rstrip()
    # Commas of prose have a blank behind them.
    if mark not in line or ('"' not in line and f"{mark} " in line):
        return []
    found = list(_FIELD[mark].finditer(line))
    # The pattern also matches behind the last field.
    found = [each for at, each in enumerate(found) if not at or each.start() < len(line)]
    whole = sum(len(each[0]) for each in found) == len(line)
    short = all(len(each[1]) <= _LONGEST_FIELD for each in found)
    tight = not any(each[1].startswith(" ") for each in found)
    return found if whole and short and tight else []


def _are_figures(rows: Sequence[tuple[int, Sequence[re.Match[str]]]]) -> bool:
    """Whether every row but the first has a field that is a figure."""
    return all(any(each[1].strip('"')[:1].isdigit() for each in row) for _, row in rows[1:])


def _barred(begin: int, row: Sequence[re.Match[str]]) -> Iterator[_Piece]:
    for each in row:
        is_quoted = each[1].startswith('"')
        if is_quoted:
            yield ("", begin + each.start(1), begin + each.start(1) + 1)
        if is_quoted or each[2]:
            end = begin + each.end(1)
            yield (f" {_BAR} " if each[2] else "", end - is_quoted, begin + each.end(2))


def _gaps(line: str, begin: int, tabs: Sequence[int]) -> Iterator[tuple[_Span, int]]:
    """Where blanks part two stretches of a line, and how many tabs are among them."""
    for match in _BLANKS.finditer(line):
        start, end = begin + match.start(), begin + match.end()
        count = bisect_left(tabs, end) - bisect_left(tabs, start)
        if count or end - start >= _FEWEST_BLANKS:
            yield (start, end), count


def cells_of(line: str, columns: int = 0) -> tuple[_Span, ...]:
    """Where the cells of a row are in it, without the blanks around; () if it is no row.

    In a table of so many `columns` a last bar may also close the row.
    """
    if _BAR not in line:
        return ()
    spans, begin = [], 0
    for part in line.split(_BAR):
        stripped = part.strip()
        start = begin + len(part) - len(part.lstrip())
        spans.append((start, start + len(stripped)))
        begin += len(part) + 1
    # A row may have a bar before its first and behind its last cell. Without the first one, a last
    # bar parts the last cell from one that is empty, if others part cells too.
    opened = not line[: spans[0][1]].strip()
    if opened:
        spans = spans[1:]
    if line.rstrip().endswith(_BAR) and (opened or len(spans) == _FEWEST_CELLS):
        spans = spans[:-1]
    if columns and len(spans) == columns + 1 and spans[-1][0] == spans[-1][1]:
        spans = spans[:-1]
    return tuple(spans) if len(spans) >= _FEWEST_CELLS else ()


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
