"""Letters and digits as the engines read them: "İ" is no key of a table, "٥" is a five."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from extractor.languages import Rules, language_of
from extractor.languages.writing import LOOKALIKES


def plain_letters(text: str, language: Rules) -> str:
    """The text with letters that only look like ASCII ones and digits plain, as long as before."""
    plain, foreign = _plain(language)
    return text if text.isascii() or foreign.isdisjoint(text) else text.translate(plain)


@cache
def _plain(language: Rules) -> tuple[Mapping[int, str], frozenset[str]]:
    """What stands for a letter, and the letters, none of which is an ASCII one."""
    plain = {**LOOKALIKES, **str.maketrans(dict(language_of(language).writing.digits))}
    return plain, frozenset(map(chr, plain))
