"""Flowing text: lines that were broken for the width of a page become paragraphs again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from extractor.article.wrapping import Words
from extractor.formats.layout import CELLS, Page, Segment, blocks_of

_ENDS: Final = re.compile(r"[.!?:;\u2026][\"'\u201d\u2019\u00bb)\]]*$")
_BULLET: Final = re.compile(
    r"(?:[\u2022\u2023\u25aa\u25cf\u25a0\u2043\u27a2\uf0b7*\u2013-]|\(?\d{1,2}[.)]) "
)
_HYPHENATED: Final = re.compile(r"([^\W\d_]+)[-\u00ad\u2010]$")
_FIRST_WORD: Final = re.compile(r"[^\W\d_]+")
# Longer than any line: what is looked at of a paragraph's end.
_TAIL: Final = 300
# In the usual distance of lines, in heights of a line, and as a ratio of heights.
_GAP: Final = 1.4
_WIDEST_PITCH: Final = 2.6
_INDENT: Final = 0.8
_OTHER_SIZE: Final = 1.15
# How wide the narrower of two columns is, at least, in widths of the other.
_ALIKE: Final = 0.85


@dataclass(slots=True)
class _Paragraph:
    """Words that belong together, and at which of them other pages begin."""

    text: str
    begins: dict[int, int]


def flowing_text(pages: Sequence[Page]) -> tuple[str, list[int]]:
    """The text of the pages, a paragraph a line, and where in it each page begins."""
    blocks = [(number, block) for number, page in enumerate(pages) for block in blocks_of(page)]
    words = Words(line.text for _, block in blocks for line in block)
    pitch = _pitch([block for _, block in blocks])
    paragraphs: list[_Paragraph] = []
    before: list[Segment] = []
    for number, block in blocks:
        for at, (line, starts) in enumerate(_lines(block, pitch)):
            last = paragraphs[-1] if paragraphs else None
            if at == 0 and last is not None:
                starts = not _goes_on(before, block)
            if starts or last is None:
                paragraphs.append(_Paragraph(line.text, {number: 0}))
                continue
            last.text, place = _joined(last.text, line.text, words)
            last.begins.setdefault(number, place)
        before = block
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


def _goes_on(before: Sequence[Segment], block: Sequence[Segment]) -> bool:
    """Whether a block continues what another column, or page, broke off."""
    last, first = before[-1], block[0]
    if _ENDS.search(last.text) or CELLS in last.text or CELLS in first.text:
        return False
    if first.text[:1].islower():
        return True
    if _BULLET.match(first.text) or _is_other_size(last, first):
        return False
    if _HYPHENATED.search(last.text):
        return first.text[:1].isalpha()
    # A name may stand there: it goes on if the line was full, in a column as wide as this one.
    widths = [
        max(each.x1 for each in one) - min(each.x0 for each in one) for one in (before, block)
    ]
    alike = min(widths) > _ALIKE * max(widths) and min(len(before), len(block)) > 1
    return alike and _right(before) - last.x1 < _width_of_first_word(first)


def _right(block: Sequence[Segment]) -> float:
    return max(each.x1 for each in block)


def _pitch(blocks: Sequence[Sequence[Segment]]) -> float:
    """How far apart the lines of a paragraph are in the document, in heights of a line."""
    steps = (
        (after.top - before.top) / max(before.height, 0.1)
        for block in blocks
        for before, after in zip(block, block[1:], strict=False)
    )
    near = sorted(step for step in steps if step < _WIDEST_PITCH)
    # The narrower ones: most paragraphs of a list have but one line.
    return near[len(near) // 4] if near else _WIDEST_PITCH


def _lines(block: Sequence[Segment], pitch: float) -> Iterator[tuple[Segment, bool]]:
    """The lines, each with whether it starts a paragraph."""
    left, right = min(each.x0 for each in block), _right(block)
    yield block[0], True
    for before, line in zip(block, block[1:], strict=False):
        yield line, _starts(before, line, left, right, pitch * before.height)


def _starts(before: Segment, line: Segment, left: float, right: float, usual: float) -> bool:
    if CELLS in line.text or CELLS in before.text or _BULLET.match(line.text):
        return True
    if line.top - before.top > _GAP * usual or _is_other_size(before, line):
        return True
    if _HYPHENATED.search(before.text) and line.text[:1].islower():
        return False
    ended = bool(_ENDS.search(before.text))
    indented = line.x0 - max(left, before.x0) > _INDENT * line.height
    return (indented and ended) or (_was_room(before, line, right) and (ended or _is_new(line)))


def _was_room(before: Segment, line: Segment, right: float) -> bool:
    """Whether the line's first word had room on the one before, which was then meant to end."""
    return before.x1 + _width_of_first_word(line) < right - line.height / 2


def _width_of_first_word(line: Segment) -> float:
    """The width of the first word and of a space."""
    characters = len(line.text.split(" ", 1)[0]) + 1
    return (line.x1 - line.x0) / max(1, len(line.text)) * characters


def _is_other_size(before: Segment, line: Segment) -> bool:
    ratio = max(before.height, 0.1) / max(line.height, 0.1)
    return max(ratio, 1 / ratio) > _OTHER_SIZE


def _is_new(line: Segment) -> bool:
    return line.text[:1].isupper()


def _joined(before: str, line: str, words: Words) -> tuple[str, int]:
    """Both as one text, and where in it the second begins."""
    broken = _HYPHENATED.search(before[-_TAIL:])
    first = _FIRST_WORD.match(line)
    if not broken or not first:
        return f"{before} {line}", len(before) + 1
    start = before[:-1] + ("-" if words.keeps_hyphen(broken[1], first[0]) else "")
    return start + line, len(start)
