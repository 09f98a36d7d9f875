"""Footnotes: where their marks stand, which are no part of what a text says.

"50[5] million euros" and "10 million¹²" are amounts. A mark touches the word or figure before it.
Raised digits behind units are theirs ("km²"), and behind one digit or a ten they may be a power.
"""

from __future__ import annotations

import re
from typing import Final

_MARK: Final = re.compile(
    r"(?:\[(?<=[\w%\u20ac$\u00a3.,;:!?)\]\"']\[)[0-9]{1,3}\])+"
    r"|(?P<raised>[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]{1,3})(?!\w)"
)
_MAY_MARK: Final = re.compile(r"\[|[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]")
_BEFORE: Final = re.compile(r"(?P<digits>[0-9]*)(?P<letters>[^\W\d_]*)$")
_WINDOW: Final = 24
_SHORTEST_WORD: Final = 3
_WITH_POWERS: Final = frozenset(
    ("m", "km", "cm", "mm", "dm", "nm", "ft", "in", "yd", "mi", "s", "h")
)


def footnote_marks(text: str) -> list[tuple[int, int]]:
    """Where the marks of footnotes stand, in order and apart."""
    if not _MAY_MARK.search(text):
        return []
    return [
        match.span()
        for match in _MARK.finditer(text)
        if match["raised"] is None or _is_note(text, *match.span())
    ]


def _is_note(text: str, at: int, end: int) -> bool:
    """Say whether raised digits are of a footnote, and not a power."""
    before = _BEFORE.search(text[max(0, at - _WINDOW) : at])
    digits, letters = (before["digits"], before["letters"]) if before else ("", "")
    if letters:
        behind_figure = digits != "" and (letters not in _WITH_POWERS or end - at > 1)
        return len(letters) >= _SHORTEST_WORD or behind_figure
    if digits:
        return len(digits) > 1 and digits != "10"
    return text[at - 1 : at] in tuple("%\u20ac$\u00a3.,;:!?)\"'")
