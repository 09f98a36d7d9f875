"""Cases: letters that are the same to a pattern that ignores case."""

from __future__ import annotations

from typing import Final

# Letters of which the other case is known: those of our languages, and the like.
_CASED: Final = frozenset(
    "abcdefghijklmnopqrstuvwxyzàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþăđĩœũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộ"
    "ớờởỡợụủứừửữựỳỵỷỹ"
)
# What matches these where case is ignored, beside their capitals.
_ALSO: Final = {"i": "\u0130\u0131", "k": "\u212a", "s": "\u017f", "\u00e5": "\u212b"}


def caseless(text: str) -> str:
    """The text in one case: what a pattern that ignores case takes for the same is the same."""
    plain = text.casefold()
    return plain if plain.isascii() else plain.replace("i\u0307", "i").replace("\u0131", "i")


def cases_of(letter: str) -> str:
    """What matches a small letter or another sign where case is ignored; empty if not known."""
    if len(letter) != 1 or (letter.isalpha() and letter not in _CASED):
        return ""
    return "".join(dict.fromkeys((letter, letter.upper(), *_ALSO.get(letter, ""))))
