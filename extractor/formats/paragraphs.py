"""Flowing text: lines that were broken for the width of a page become paragraphs again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from extractor.formats.layout import CELLS, Page, Segment, blocks_of

_ENDS: Final = re.compile(r"[.!?:;\u2026][\"'\u201d\u2019\u00bb)\]]*$")
_BULLET: Final = re.compile(
    r"(?:[\u2022\u2023\u25aa\u25cf\u25a0\u2043\u27a2\uf0b7*\u2013-]|\(?\d{1,2}[.)]) "
)
_HYPHENATED: Final = re.compile(r"([^\W\d_]+)[-\u00ad\u2010]$")
_FIRST_WORD: Final = re.compile(r"[^\W\d_]+")
_WORD: Final = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
# Longer than any line: what is looked at of a paragraph's end.
_TAIL: Final = 300
# In the usual distance of lines, in heights of a line, and as a ratio of heights.
_GAP: Final = 1.4
_INDENT: Final = 0.8
_OTHER_SIZE: Final = 1.15


@dataclass(slots=True)
class _Paragraph:
    """Words that belong together, and at which of them other pages begin."""

    text: str
    begins: dict[int, int]


def flowing_text(pages: Sequence[Page]) -> tuple[str, list[int]]:
    """The text of the pages, a paragraph a line, and where in it each page begins."""
    lines = [
        [(line, starts) for block in blocks_of(page) for line, starts in _lines(block)]
        for page in pages
    ]
    words = _Words(line.text for page in lines for line, _ in page)
    paragraphs: list[_Paragraph] = []
    for number, page in enumerate(lines):
        for at, (line, starts) in enumerate(page):
            last = paragraphs[-1] if paragraphs else None
            if starts is None:
                starts = last is None or not _goes_on(last.text, line.text)
            if starts or last is None:
                paragraphs.append(_Paragraph(line.text, {number: 0}))
                continue
            last.text, place = words.join(last.text, line.text)
            if at == 0:
                last.begins.setdefault(number, place)
    return _whole(paragraphs, len(pages))


def _whole(paragraphs: Sequence[_Paragraph], count: int) -> tuple[str, list[int]]:
    begins: dict[int, int] = {}
    position = 0
    for each in paragraphs:
        each.text = each.text.replace("\u00ad", "-") if each.text.endswith("\u00ad") else each.text
        for page, place in each.begins.items():
            begins.setdefault(page, position + place)
        position += len(each.text) + 1
    # An empty page begins where the next one does.
    after = max(0, position - 1)
    places = [0] * count
    for page in reversed(range(count)):
        after = places[page] = begins.get(page, after)
    return "\n".join(each.text for each in paragraphs), places


def _goes_on(before: str, line: str) -> bool:
    """Whether the first line of a block continues what ended another column or page."""
    tail = before[-_TAIL:]
    if _ENDS.search(tail) or CELLS in tail or CELLS in line:
        return False
    return line[:1].islower() or bool(_HYPHENATED.search(tail) and line[:1].isalpha())


def _lines(block: Sequence[Segment]) -> Iterator[tuple[Segment, bool | None]]:
    """The lines, each with whether it starts a paragraph; None for the first: its text decides."""
    left, right = min(each.x0 for each in block), max(each.x1 for each in block)
    steps = [after.top - before.top for before, after in zip(block, block[1:], strict=False)]
    heights = median(each.height for each in block)
    usual = min(median(steps), 1.8 * heights) if steps else 0.0
    yield block[0], None
    for before, line in zip(block, block[1:], strict=False):
        yield line, _starts(before, line, left, right, usual)


def _starts(before: Segment, line: Segment, left: float, right: float, usual: float) -> bool:
    ratio = max(before.height, 0.1) / max(line.height, 0.1)
    if CELLS in line.text or CELLS in before.text or _BULLET.match(line.text):
        return True
    if line.top - before.top > _GAP * usual or max(ratio, 1 / ratio) > _OTHER_SIZE:
        return True
    if _HYPHENATED.search(before.text) and line.text[:1].islower():
        return False
    ended = bool(_ENDS.search(before.text))
    indented = line.x0 - max(left, before.x0) > _INDENT * line.height
    return (indented and ended) or (_was_room(before, line, right) and (ended or _is_new(line)))


def _was_room(before: Segment, line: Segment, right: float) -> bool:
    """Whether the line's first word had room on the one before, which was then meant to end."""
    first = line.text.split(" ", 1)[0]
    width = (line.x1 - line.x0) / max(1, len(line.text)) * (len(first) + 1)
    return before.x1 + width < right - line.height / 2


def _is_new(line: Segment) -> bool:
    return line.text[:1].isupper()


class _Words:
    """The words of a document, which tell how a word was written that a line broke."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._known = {word.casefold() for line in lines for word in _WORD.findall(line)}

    def join(self, before: str, line: str) -> tuple[str, int]:
        """Both as one text, and where in it the second begins."""
        broken = _HYPHENATED.search(before[-_TAIL:])
        first = _FIRST_WORD.match(line)
        if not broken or not first:
            return f"{before} {line}", len(before) + 1
        whole = f"{broken[1]}{first[0]}".casefold()
        compound = f"{broken[1]}-{first[0]}".casefold()
        keeps = not first[0][0].islower() or (compound in self._known and whole not in self._known)
        start = before[:-1] + ("-" if keeps else "")
        return start + line, len(start)
