"""Wrapping: lines that were broken for the width of a page become paragraphs again.

Text copied from a PDF, a mail or a terminal has a line break wherever the next word had no room.
Whether a text was broken at all is told by the whole of it: most of its lines then end at one
width. A line that goes on in small letters is joined in any text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from extractor.article.folding import Folding

# In characters: no page is narrower, and no line that was broken is longer.
_NARROWEST: Final = 40
_WIDEST: Final = 120
# Of the lines with a further one right below: how many are full at least, in number and as a part.
_FEWEST_FULL: Final = 3
_MOSTLY: Final = 0.6
# A few lines may be longer than the others: an address, a row of a table.
_LONGER: Final = 0.05
_MARKED: Final = re.compile(
    r"\s*(?:[>*\u2022\u2023\u25aa\u25cf\u25a0#|-] ?\S"
    r"|\(?(?:\d{1,2}|[a-z])[.)] )"
)
_CELLS: Final = re.compile(r"\||\S\t+\S|\S {3,}\S")
_ENDED: Final = re.compile(r"[.!?:;|][\"')\]]*$")
_HYPHENATED: Final = re.compile(r"([^\W\d_]+)-$")
_FIRST_WORD: Final = re.compile(r"[^\W\d_]+")
_WORD: Final = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
# "Page 3 of 12", "- 3 -", "3/12": between two pages of a text that was broken.
_PAGE: Final = re.compile(r"\W*(?:\w{1,10}\.? )?\d{1,4}(?: ?(?:/|\w{1,4}) ?\d{1,4})?\W*")
_SOFT_HYPHEN: Final = "\u00ad"


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of folded text; `start:end` is what it says, without the blanks around it."""

    begin: int
    start: int
    end: int
    text: str

    @property
    def length(self) -> int:
        return self.end - self.begin

    @property
    def is_indented(self) -> bool:
        return self.start > self.begin

    @property
    def is_marked(self) -> bool:
        return bool(_MARKED.match(self.text) or _CELLS.search(self.text))

    @property
    def first_word(self) -> str:
        return self.text.split(" ", 1)[0]


class Words:
    """The words of a text, which tell how a word was written that a line broke."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._known = {word.casefold() for line in lines for word in _WORD.findall(line)}

    def keeps_hyphen(self, head: str, tail: str) -> bool:
        """Whether the hyphen between the two parts is one of the word's own."""
        whole, compound = f"{head}{tail}".casefold(), f"{head}-{tail}".casefold()
        return not tail[:1].islower() or (compound in self._known and whole not in self._known)


def unwrapped(original: str, folding: Folding) -> Folding:
    """The folded text with its broken lines joined by a space, and words that a line broke."""
    lines = list(_within_pages(_lines(folding.text)))
    width = _width(lines)
    words: Words | None = None
    pieces = []
    joined = in_item = False
    for line, following in zip(lines, lines[1:], strict=False):
        in_item = in_item if joined else line.is_marked
        is_soft = _breaks_softly(original, folding, line, following)
        joined = is_soft or _goes_on(line, following, width, in_item)
        if not joined:
            continue
        words = words or Words(each.text for each in lines)
        start, between = line.end, " "
        broken = _HYPHENATED.search(line.text)
        first = _FIRST_WORD.match(following.text)
        if broken and first:
            start -= 0 if words.keeps_hyphen(broken[1], first[0]) else 1
            between = ""
        elif is_soft:
            between = ""
        pieces.append((between, start, following.start))
    return folding.replaced(pieces) if pieces else folding


def _lines(text: str) -> list[_Line]:
    lines, begin = [], 0
    for raw in text.split("\n"):
        stripped = raw.strip()
        start = begin + len(raw) - len(raw.lstrip())
        lines.append(_Line(begin, start, start + len(stripped), stripped))
        begin += len(raw) + 1
    return lines


def _within_pages(lines: Sequence[_Line]) -> Iterator[_Line]:
    """The lines without what stands between two pages where a sentence goes on behind it."""
    at = 0
    while at < len(lines):
        yield lines[at]
        end = at + 1
        while end < len(lines) and (not lines[end].text or _PAGE.fullmatch(lines[end].text)):
            end += 1
        numbered = any(line.text for line in lines[at + 1 : end])
        goes_on = end < len(lines) and lines[end].text[:1].islower()
        is_open = bool(lines[at].text) and not _ENDED.search(lines[at].text)
        at = end if numbered and goes_on and is_open else at + 1


def _width(lines: Sequence[_Line]) -> int | None:
    """The width at which lines were broken, None if they were not."""
    inner = [
        (line, following)
        for line, following in zip(lines, lines[1:], strict=False)
        if line.text and following.text and not following.is_marked
    ]
    if len(inner) < _FEWEST_FULL:
        return None
    lengths = sorted(line.length for line, _ in inner)
    width = lengths[-1 - int(len(lengths) * _LONGER)]
    full = sum(_is_full(line, following, width) for line, following in inner)
    if not _NARROWEST <= width <= _WIDEST or full < max(_FEWEST_FULL, _MOSTLY * len(inner)):
        return None
    return width


def _is_full(line: _Line, following: _Line, width: int) -> bool:
    """Whether the next word had no room on the line."""
    return line.length + 1 + len(following.first_word) > width


def _goes_on(line: _Line, following: _Line, width: int | None, in_item: bool) -> bool:
    """Whether the following line belongs to the paragraph, or item of a list, of this one."""
    if not line.text or not following.text or following.is_marked or _CELLS.search(line.text):
        return False
    is_small = following.text[:1].islower() and not _ENDED.search(line.text)
    if width is None:
        return is_small and _NARROWEST <= line.length <= _WIDEST
    # The first line of a paragraph is indented, or all but the first of a list's item.
    if following.is_indented and not (line.is_indented or in_item or is_small):
        return False
    return _is_full(line, following, width) or (is_small and bool(_HYPHENATED.search(line.text)))


def _breaks_softly(original: str, folding: Folding, line: _Line, following: _Line) -> bool:
    """Whether a soft hyphen, which folding takes away, stands at the end of the line."""
    if _SOFT_HYPHEN not in original or not (line.text and following.text):
        return False
    start = folding.span(line.end - 1, line.end)[1]
    return original[start : folding.to_original(following.start)].startswith(_SOFT_HYPHEN)
