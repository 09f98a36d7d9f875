"""The language of a text, as a BCP 47 primary subtag."""

from __future__ import annotations

import re
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

UNDETERMINED: Final = "und"

# Enough for any identifier; the time is linear in the length.
_SAMPLE: Final = 20_000
_SHORT: Final = 60
# ơ, ư and the letters with a tone mark on top of another mark: no other language writes them.
_VIETNAMESE: Final = re.compile("[ơưƠƯ\u1ea0-\u1ef9]")
_LATIN: Final = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_loading: Final = Lock()


def detect_language(text: str) -> str:
    """The language of folded text, `und` if it has no letters.

    Statistics of a few words are noise: short text with Vietnamese letters is Vietnamese, and other
    short text in Latin letters is the likeliest of Vietnamese, French and English.
    """
    letters = [char for char in text[:_SAMPLE] if char.isalpha()]
    if not letters:
        return UNDETERMINED
    ranking = _ranking(text[:_SAMPLE])
    if len(letters) >= _SHORT:
        return ranking[0]
    if _VIETNAMESE.search(text):
        return "vi"
    if 2 * sum(1 for char in letters if _LATIN.match(char)) < len(letters):
        return ranking[0]
    return next(language for language in ranking if language in ("en", "fr", "vi"))


def _ranking(text: str) -> list[str]:
    """All languages that the identifier knows, the likeliest first."""
    with _loading:
        identifier = _identifier()
    return [language for language, _ in identifier.rank(text)]


@cache
def _identifier() -> LanguageIdentifier:
    # An identifier of our own: the package's shared one may be restricted by whoever imports it.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE)
