"""Folding: one spelling for text that looks the same, with a way back to the original characters.

Articles arrive composed or decomposed, with straight or curly quotes, with a dozen kinds of space.
Everything downstream compares and matches the folded text; everything shown to a reader is cut
from the original through the maps kept here.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from unicodedata import category, combining, is_normalized, normalize

from extractor.article.footnotes import footnote_marks

_QUOTES: Final = {
    "'": "\u2018\u2019\u201a\u201b\u2032\u2035\u2039\u203a\u02b9\u02bb-\u02bd\u0374\u00b4\u1ffd",
    '"': "\u201c\u201d\u201e\u201f\u2033\u2036\u00ab\u00bb\u301d\u301e\u301f",
}
_SPACES: Final = "\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_DASHES: Final = "\u2010-\u2015\u2043\u2212\u2e3a\u2e3b\ufe58\ufe63"
_LINE_BREAKS: Final = "\r\x0b\x0c\x85\u2028\u2029"
_INVISIBLE: Final = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # control characters
    "\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e0fff"  # soft hyphen, zero widths, direction marks, selectors
)
_ELLIPSIS: Final = "\u2026"
_FULL_WIDTH: Final = "\uff01-\uff5e"
_FULL_WIDTH_SHIFT: Final = 0xFEE0
# No language stacks as many; the Unicode stream-safe format draws the line at the same number.
_MOST_MARKS: Final = 30
_MAYBE_MARKS: Final = re.compile(f"[^\\x00-\u02ff\u1e00-\u1eff]{{{_MOST_MARKS + 1}}}")


def _members(char_class: str) -> Iterator[str]:
    """Every character of the inside of a regular expression class made of literals and ranges."""
    position = 0
    while position < len(char_class):
        first = last = char_class[position]
        position += 1
        if char_class[position : position + 1] == "-":
            last = char_class[position + 1]
            position += 2
        yield from map(chr, range(ord(first), ord(last) + 1))


def _replacements() -> dict[str, str]:
    table = {"\r\n": "\n", _ELLIPSIS: "..."}
    table.update(
        (char, straight) for straight, typed in _QUOTES.items() for char in _members(typed)
    )
    table.update((char, " ") for char in _members(_SPACES))
    table.update((char, "-") for char in _members(_DASHES))
    table.update((char, "\n") for char in _LINE_BREAKS)
    table.update((char, "") for char in _members(_INVISIBLE))
    table.update((char, chr(ord(char) - _FULL_WIDTH_SHIFT)) for char in _members(_FULL_WIDTH))
    return table


_REPLACEMENT: Final = _replacements()
_REPLACED: Final = re.compile(
    f"\r\n|[{''.join(_QUOTES.values())}{_SPACES}{_DASHES}{_LINE_BREAKS}{_INVISIBLE}"
    f"{_ELLIPSIS}{_FULL_WIDTH}]"
)


@dataclass(frozen=True, slots=True)
class Folding:
    """Folded text and the maps between its positions and those of the original.

    Character i of `text` stands for `original[starts[i]:ends[i]]`; both arrays are None when
    positions are the same. Characters that come from one indivisible stretch of the original
    (the three full stops of an ellipsis) share it.
    """

    text: str
    starts: array[int] | None = field(default=None, repr=False, hash=False)
    ends: array[int] | None = field(default=None, repr=False, hash=False)

    def to_original(self, position: int) -> int:
        """Where the character at `position` begins in the original; its last end at the end.

        Characters removed between two kept ones belong to the slice that ends there; those
        removed at either end of the original belong to no slice. `span` leaves out both.

        Raises:
            IndexError: the position is outside the folded text.
        """
        if not 0 <= position <= len(self.text):
            raise IndexError(f"position {position} is outside the folded text")
        if self.starts is None or self.ends is None:
            return position
        if position < len(self.starts):
            return self.starts[position]
        return self.ends[-1] if self.ends else 0

    def to_folded(self, position: int) -> int:
        """The first folded character that begins at or after `position` of the original."""
        if self.starts is None:
            return min(position, len(self.text))
        return bisect_left(self.starts, position)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original stretch of exactly the characters behind `text[start:end]`, not empty.

        Raises:
            IndexError: there are no such characters.
        """
        if not 0 <= start < end <= len(self.text):
            raise IndexError(f"{start}:{end} is not a stretch of the folded text")
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]

    def without(self, spans: Iterable[tuple[int, int]]) -> Folding:
        """The same without these stretches of the folded text, in order and apart."""
        return self.replaced(("", start, end) for start, end in spans)

    def replaced(self, pieces: Iterable[tuple[str, int, int]]) -> Folding:
        """The same with each text in the place of its stretch, in order and apart."""
        return _spliced(self, [_Piece(*piece) for piece in pieces])


class _Piece(NamedTuple):
    """Folded characters that stand for `original[start:end]` as a whole."""

    text: str
    start: int
    end: int


def fold(text: str) -> Folding:
    """NFC, straight quotes, plain spaces, hyphens and line feeds, and nothing invisible.

    Marks of footnotes are left out as well. Of a run of combining marks only the first 30 are kept.
    """
    folding = _composed(_replace(text))
    # Looked for in composed text, where a letter is one whatever it bears. What stands on either
    # side of one that is left out may compose, or show another.
    while marks := footnote_marks(folding.text):
        folding = _composed(folding.without(marks))
    return folding


def fold_text(text: str) -> str:
    """The folded text alone, for comparing strings."""
    return fold(text).text


def _replace(text: str) -> Folding:
    pieces = [
        _Piece(_REPLACEMENT[match.group()], match.start(), match.end())
        for match in _REPLACED.finditer(text)
    ]
    if all(len(piece.text) == piece.end - piece.start for piece in pieces):
        # Positions stay the same.
        return Folding(_REPLACED.sub(lambda match: _REPLACEMENT[match[0]], text))
    return _spliced(Folding(text), pieces)


def _without_piled_marks(folding: Folding) -> Folding:
    # Normalising takes time quadratic in the length of a run.
    pieces = []
    run = 0
    for position, char in enumerate(folding.text):
        run = run + 1 if combining(char) else 0
        if run > _MOST_MARKS:
            pieces.append(_Piece("", position, position + 1))
    return _spliced(folding, pieces) if pieces else folding


def _composed(folding: Folding) -> Folding:
    if folding.text.isascii():
        return folding
    if _MAYBE_MARKS.search(folding.text):
        folding = _without_piled_marks(folding)
    if is_normalized("NFC", folding.text):
        return folding
    pieces = []
    for start, end in _clusters(folding.text):
        cluster = folding.text[start:end]
        if not is_normalized("NFC", cluster):
            pieces.append(_Piece(normalize("NFC", cluster), start, end))
    return _spliced(folding, pieces)


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Stretches that normalisation treats independently of their neighbours."""
    start = 0
    for position in range(1, len(text)):
        # Nothing composes with white space, and a slice may begin right after it.
        if not _continues(text[position]) or text[position - 1] in " \n":
            yield start, position
            start = position
    if text:
        yield start, len(text)


def _continues(char: str) -> bool:
    if char < "\u0300":
        return False
    return category(char)[0] == "M" or "\u1160" <= char <= "\u11ff"  # marks, Hangul jamo


def _spliced(folding: Folding, pieces: list[_Piece]) -> Folding:
    """The folding with each piece in the place of `folding.text[piece.start:piece.end]`."""
    source = folding.text
    old_starts = folding.starts or array("i", range(len(source)))
    old_ends = folding.ends or array("i", range(1, len(source) + 1))
    texts: list[str] = []
    starts, ends = array("i"), array("i")
    done = 0
    for piece in pieces:
        texts += (source[done : piece.start], piece.text)
        starts += old_starts[done : piece.start]
        ends += old_ends[done : piece.start]
        starts.extend([old_starts[piece.start]] * len(piece.text))
        ends.extend([old_ends[piece.end - 1]] * len(piece.text))
        done = piece.end
    texts.append(source[done:])
    starts += old_starts[done:]
    ends += old_ends[done:]
    return Folding("".join(texts), starts, ends)
