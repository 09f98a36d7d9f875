"""Tongues: in which language a stretch of a sentence is written, told by its common words.

A French article quotes in English, and "billion" is another number there. A whole sentence or a
quotation is read in the language of which it has common words, and hardly any of the article's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Final, NamedTuple, TypeVar

from extractor.languages import Rules, find_language
from extractor.languages.patterns import read_in
from extractor.mentions.types import CountMention, CountryMention, DateMention, MoneyMention

_Mention = TypeVar("_Mention", MoneyMention, CountMention, DateMention, CountryMention)

_QUOTED: Final = re.compile(r'"[^"]{12,}"')
_WORD: Final = re.compile(r"[^\W\d_]+")
_FEWEST: Final = 3
"""Fewer different common words of a language than this may be in a name."""
_FEWEST_ALONE: Final = 2
"""The same, of a quotation without a common word of the article\'s language."""


class Stretch(NamedTuple):
    """A stretch of a sentence and the language that it is written in."""

    start: int
    end: int
    language: Rules

    def holds(self, mentions: Iterable[_Mention]) -> Iterator[_Mention]:
        """Those of the mentions that lie in the stretch."""
        return (one for one in mentions if self.start <= one.start and one.end <= self.end)


def tongues(text: str, language: Rules) -> tuple[Stretch, ...]:
    """The stretches of a folded sentence in order, one if all of it is in the same language."""
    if find_language(language) is None or not _has_another(text, language):
        return (Stretch(0, len(text), language),)
    quoted = [
        Stretch(*match.span(), own)
        for match in _QUOTED.finditer(text)
        if (own := _tongue(match[0], language, _FEWEST_ALONE)) != language
    ]
    around = "".join(_between(text, quoted))
    outside = _tongue(around, language)
    stretches = []
    done = 0
    for quotation in (*quoted, Stretch(len(text), len(text), outside)):
        stretches += [Stretch(done, quotation.start, outside), quotation]
        done = quotation.end
    found = tuple(one for one in stretches if one.start < one.end)
    return found if len({one.language for one in found}) > 1 else (Stretch(0, len(text), outside),)


def tongue_at(text: str, position: int, language: Rules) -> Rules:
    """The language of the stretch in which a position of the sentence is."""
    stretches = tongues(text, language)
    return next((one.language for one in stretches if position < one.end), language)


def _has_another(text: str, language: Rules) -> bool:
    """Say at little cost whether there may be a stretch in another language."""
    others = _words_of_others(language).intersection(text.lower().split())
    return len(others) >= (_FEWEST_ALONE if '"' in text else _FEWEST)


def _tongue(text: str, language: Rules, alone: int = _FEWEST) -> Rules:
    """The language of a stretch; `alone` common words are enough if it has none of this one."""
    common = _common_words(language)
    # Each counts once: "đô la" fifteen times is no French.
    words = {*_WORD.findall(text.lower())}
    votes = Counter(common[word] for word in words if word in common)
    own = votes.pop(language, 0)
    (other, most), *_ = (*votes.most_common(1), (language, 0))
    fewest = _FEWEST if own else alone
    return other if most >= fewest and most > 2 * own else language


def _between(text: str, stretches: Iterable[Stretch]) -> Iterable[str]:
    done = 0
    for stretch in stretches:
        yield text[done : stretch.start]
        done = stretch.end
    yield text[done:]


@cache
def _words_of_others(language: Rules) -> frozenset[str]:
    """The common words of which this language has none."""
    return frozenset(word for word, code in _common_words(language).items() if code != language)


@cache
def _common_words(language: Rules) -> Mapping[str, Rules]:
    """The language of each word that only one of those read in a text of this one has."""
    found: dict[str, set[Rules]] = {}
    for one in read_in(language):
        for word in one.text.common_words:
            found.setdefault(word, set()).add(one.code)
    return {word: codes.pop() for word, codes in found.items() if len(codes) == 1}
