"""Habits: how an article groups its figures, where a sentence alone cannot tell.

"1,250 tỷ" may be a thousand and something or one and something. If the same article writes
"1,250,000" or "3.5 tỷ" and never "3,5 tỷ", it is the former.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final

from extractor.languages import Rules
from extractor.languages.patterns import any_word
from extractor.mentions.amounts.scales import marks_of, own_words

# The first figure of a number. What is before it is looked at behind it: a pattern that begins with
# a figure is searched for in no time.
_FIRST: Final = r"[0-9](?<![0-9.,/:][0-9])"
_OTHER: Final = {".": ",", ",": "."}
_GROUPED: Final = re.compile(
    rf"{_FIRST}[0-9]{{0,2}}(?P<mark>[.,])[0-9]{{3}}"
    r"(?:(?:(?P=mark)[0-9]{3})+(?![0-9])|(?!(?P=mark))[.,][0-9]{1,2}(?![0-9.,]))"
)


# The sentences of an article ask one after the other.
@lru_cache(maxsize=16)
def separator_in(article: str, language: Rules) -> str:
    """The mark that separates thousands throughout a text; empty if nothing tells, or both do."""
    found = {*_separators(article, language)}
    return found.pop() if len(found) == 1 else ""


def as_its_language(text: str, separator: str, language: Rules) -> str:
    """The sentence with that mark as its language writes it: as long as before."""
    thousands = marks_of(language).thousands
    if not separator or not thousands or separator == thousands or separator not in text:
        return text
    return _open(separator).sub(lambda match: f"{match[1]}{thousands}{match[2]}", text)


def _separators(article: str, language: Rules) -> Iterator[str]:
    for match in _GROUPED.finditer(article):
        yield match["mark"]
    for match in _decimal(language).finditer(article):
        yield _OTHER[match["mark"]]


@cache
def _decimal(language: Rules) -> re.Pattern[str]:
    words = any_word(own_words(language))
    return re.compile(rf"{_FIRST}[0-9]*(?P<mark>[.,])[0-9]{{1,2}} ?(?:%|{words}(?!\w))")


@cache
def _open(separator: str) -> re.Pattern[str]:
    """A figure that has this mark before exactly three digits and no other; no percentage."""
    mark = re.escape(separator)
    return re.compile(
        rf"(?<![0-9.,/:])([1-9][0-9]{{0,2}}){mark}([0-9]{{3}})(?![0-9]|[.,][0-9]| ?%)"
    )
