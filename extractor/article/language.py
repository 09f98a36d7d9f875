"""The language of a text, as a BCP 47 primary subtag."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Final

from extractor.languages import LANGUAGES, all_languages

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

UNDETERMINED: Final = "und"

# Stretches of the beginning, the middle and the end tell as much as a whole article does, and an
# article may open in another language than it goes on in.
_STRETCH: Final = 150
_SHORT: Final = 60
_LATIN: Final = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_loading: Final = Lock()


def detect_language(text: str) -> str:
    """The language of folded text, `und` if it has no letters.

    Statistics of a few words are noise: short text with letters that only one of our languages
    writes is in that one, and other short text in Latin letters in the likeliest of ours. One that
    keeps its words to its own texts must be the likeliest of all: its kin are not of ours.
    """
    text = _sample(text)
    letters = [char for char in text if char.isalpha()]
    if not letters:
        return UNDETERMINED
    ranking = _ranking(text)
    if len(letters) >= _SHORT:
        return ranking[0]
    for code, own_letters in _own_letters():
        if own_letters.search(text):
            return code
    if 2 * sum(1 for char in letters if _LATIN.match(char)) < len(letters):
        return ranking[0]
    if ranking[0] in LANGUAGES:
        return ranking[0]
    shared = {one.code for one in all_languages() if not one.text.own_texts_only}
    return next(language for language in ranking if language in shared)


def _sample(text: str) -> str:
    """At most three stretches of the text, cut between words."""
    if len(text) <= 3 * _STRETCH:
        return text
    starts = (0, (len(text) - _STRETCH) // 2, len(text) - _STRETCH)
    return " ".join(_whole_words(text[start : start + _STRETCH]) for start in starts)


def _whole_words(stretch: str) -> str:
    first, last = stretch.find(" ") + 1, stretch.rfind(" ")
    return stretch[first:last] if first < last else stretch


@lru_cache(maxsize=16)
def _ranking(text: str) -> list[str]:
    """All languages that the identifier knows, the likeliest first; asked twice of an article."""
    with _loading:
        identifier = _identifier()
    return [language for language, _ in identifier.rank(text)]


@cache
def _own_letters() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The languages that can be told by a letter, with those letters."""
    return tuple(
        (language.code, re.compile(f"[{language.text.own_letters}]"))
        for language in all_languages()
        if language.text.own_letters
    )


@cache
def _identifier() -> LanguageIdentifier:
    # An identifier of our own: the package's shared one may be restricted by whoever imports it.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE)
