"""Letters that match an ASCII one only when case is ignored, as such: "İ" is no key of a table."""

from __future__ import annotations

from typing import Final

_PLAIN: Final = {
    ord("\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}"): "I",
    ord("\N{LATIN SMALL LETTER DOTLESS I}"): "i",
    ord("\N{LATIN SMALL LETTER LONG S}"): "s",
    ord("\N{KELVIN SIGN}"): "K",
}


def plain_letters(text: str) -> str:
    """The text with these letters plain, as long as before."""
    return text.translate(_PLAIN)
