"""Writing: what the script of a language tells of its text, whatever its words are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from unicodedata import category

from extractor.languages.part import Part

Words = tuple[str, ...]

LOOKALIKES: Final[Mapping[int, str]] = {
    ord("\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}"): "I",
    ord("\N{LATIN SMALL LETTER DOTLESS I}"): "i",
    ord("\N{LATIN SMALL LETTER LONG S}"): "s",
    ord("\N{KELVIN SIGN}"): "K",
}
"""Letters that match an ASCII one only when case is ignored, as such: "İ" is no key of a table."""


def is_word(text: str) -> bool:
    """Whether a text is letters and the marks upon them: vowels of Hindi are marks."""
    return bool(text) and all(char.isalpha() or category(char)[0] == "M" for char in text)


class Writing(Part):
    """How a language is written, where it is not as those with a folder are."""

    digits: Mapping[str, str] = {}
    """Digits and marks of numbers in its own script, and those that the engines read, one each."""
    pairs: bool = False
    """Set where digits above the thousands are grouped in pairs: 12,34,567."""
    unspaced: bool = False
    """Set where no blank parts the words."""
    stops: str = ""
    """Marks beside . ! ? that end a sentence, with or without a blank behind them."""
    behind_ordinals: Words = ()
    """Words before which a number with a full stop is an ordinal, and ends no sentence."""
