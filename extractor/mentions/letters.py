"""Letters and digits as the engines read them: "İ" is no key of a table, "٥" is a five."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from extractor.languages import Rules, language_of
from extractor.languages.writing import LOOKALIKES


def plain_letters(text: str, language: Rules) -> str:
    """The text with letters that only look like ASCII ones and digits plain, as long as before."""
    return text.translate(_plain(language))


@cache
def _plain(language: Rules) -> Mapping[int, str]:
    return {**LOOKALIKES, **str.maketrans(dict(language_of(language).writing.digits))}
