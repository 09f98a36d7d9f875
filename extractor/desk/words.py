"""Words of a sentence that a person can choose, by number: no browser counts characters.

A word is a stretch of letters and figures without the marks around it. Its place is told in code
points of the article as it was given, so that an emoji before it, or an accent that is a character
of its own, moves nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from extractor.article import Article, Sentence, find_name
from extractor.pages.articles import shown

_PIECE: Final = re.compile(r"\S+")
# What joins two words that may also be chosen apart, between letters only: 10/4 stays whole.
_JOINTS: Final = frozenset("'’-‐‑–—/")
_SELF: Final = frozenset("%‰°#&@")


@dataclass(frozen=True, slots=True)
class ChosenWord:
    """A word of a sentence; `start:end` are code points of the article."""

    number: int
    """Its place in the sentence, from 1."""
    start: int
    end: int
    text: str
    after: str
    """What stands between it and the next one, as a page can show it."""


def words_of(article: Article, sentence: Sentence) -> tuple[ChosenWord, ...]:
    """The words of a sentence, in its order."""
    text = article.original
    places = [
        (sentence.start + start, sentence.start + end)
        for start, end in _places(text[sentence.start : sentence.end])
    ]
    following = [start for start, _ in places[1:]] + [sentence.end]
    return tuple(
        ChosenWord(number, start, end, shown(text[start:end]), shown(text[end:after]))
        for number, ((start, end), after) in enumerate(zip(places, following, strict=True), start=1)
    )


def stretch_of(article: Article, words: Sequence[ChosenWord], chosen: Sequence[int]) -> str:
    """The article's own characters from the first to the last of the chosen words; "" if none."""
    known = [word for word in words if word.number in chosen]
    return article.original[known[0].start : known[-1].end] if known else ""


def numbers_of(
    article: Article, sentence: Sentence, words: Sequence[ChosenWord], name: str
) -> frozenset[int]:
    """The numbers of the words that a name takes up in the sentence, where it stands there."""
    span = find_name(name, sentence) if name.strip() else None
    if span is None:
        return frozenset()
    first, last = article.folding.span(
        sentence.folded_start + span[0], sentence.folded_start + span[1]
    )
    return frozenset(word.number for word in words if word.start < last and first < word.end)


def _places(text: str) -> Iterator[tuple[int, int]]:
    for piece in _PIECE.finditer(text):
        start, end = piece.span()
        while start < end and not _is_word(text[start]):
            start += 1
        while start < end and not _is_word(text[end - 1]):
            end -= 1
        begin = start
        for at in range(start + 1, end - 1):
            if text[at] in _JOINTS and _is_letter(text[at - 1]) and _is_letter(text[at + 1]):
                yield begin, at
                begin = at + 1
        if begin < end:
            yield begin, end


def _is_word(character: str) -> bool:
    """Letters, figures, accents of their own, and signs of money belong to words."""
    category = unicodedata.category(character)
    return category[0] in "LNM" or category == "Sc" or character in _SELF


def _is_letter(character: str) -> bool:
    return unicodedata.category(character)[0] in "LM"
