"""Asides: what in an article speaks to the program that reads it is taken out before it is read.

It is no news, so nothing can be asked about it and nothing cited from it. Only what is said to a
program goes: a sentence into which an aside was put keeps its other words.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Final, TypeAlias

from extractor.article.addressing import (
    addresses_a_machine,
    announces,
    goes_on,
    may_address,
)
from extractor.article.folding import Folding
from extractor.article.notation import find_notation
from extractor.article.sentences import split_sentences
from extractor.languages import Rules

_Span: TypeAlias = tuple[int, int]
_FEWEST_WORDS: Final = 3
"""A stretch of fewer words says nothing, so it is taken out but not counted."""
# Nobody sees the letters between these in their order; only a program reads them so.
_REVERSED: Final = re.compile(r"\u202e([^\u202c\u202e\n]{3,1000})\u202c")
_ENCLOSED: Final = (
    re.compile(r"\[{1,2}[^\[\]\n]{8,1000}\]{1,2}"),
    re.compile(r"\([^()\n]{8,1000}\)"),
    re.compile(r"\{[^{}\n]{8,1000}\}"),
    re.compile(r"(?<!#)#{2,20}[^#\n]{8,1000}#{2,20}"),
    re.compile(r"(?<=\s)(?=(- (?:(?! - )[^\n]){8,400} -)(?=\s))"),
)
_AFTER: Final = re.compile(r"[ ]*")


def without_asides(
    original: str, folding: Folding, language_of: Callable[[str], Rules]
) -> tuple[Folding, int]:
    """The folding of a text without what speaks to a program, and how many stretches that was.

    `language_of` tells by whose rules sentences end.
    """
    notation = find_notation(folding.text)
    spans = [(found.start, found.end) for found in notation]
    spans += [
        (folding.to_folded(match.start()), folding.to_folded(match.end()))
        for match in _REVERSED.finditer(original)
        if len(match[1].split()) > 1
    ]
    opening = [found.end for found in notation if found.opens]
    kept, asides, opened = _taken_out(folding, spans, opening)
    kept, more, opened = _taken_out(kept, list(_enclosed(kept.text)), opened)
    asides += more
    text = kept.text
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    sentences = split_sentences(text, start, end, language_of(text))
    orders = list(_orders(text, sentences, opened))
    # Asked last: to search all of a text takes longer than to look at each sentence, and hardly
    # any has an order.
    if orders and (asides or opened or may_address(text)):
        kept, more, _ = _taken_out(kept, orders, [])
        asides += more
    return kept, asides


def _taken_out(
    folding: Folding, spans: Sequence[_Span], positions: Sequence[int]
) -> tuple[Folding, int, list[int]]:
    """The folding without the spans, how many of them say something, and where positions are now.

    One of the spaces around goes too, so that the words before and after stand as they would have.
    """
    text = folding.text
    merged: list[_Span] = []
    for start, end in sorted(_with_space(text, *span) for span in spans if span[0] < span[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    if not merged:
        return folding, 0, list(positions)
    telling = sum(len(re.findall(r"\w+", text[s:e])) >= _FEWEST_WORDS for s, e in merged)
    kept = folding.without(merged)
    return kept, telling, [kept.to_folded(folding.to_original(place)) for place in positions]


def _with_space(text: str, start: int, end: int) -> _Span:
    after = text[end : end + 1]
    if start == 0 or text[start - 1] in " \n":
        match = _AFTER.match(text, end)
        end = match.end() if match else end
        after = text[end : end + 1]
        if after in (",", ".", ";", "!", "?", ")") and start and text[start - 1] == " ":
            start -= 1
    return start, end


def _enclosed(text: str) -> Iterator[_Span]:
    """Brackets, and stretches between dashes, in which a program is spoken to."""
    for pattern in _ENCLOSED:
        for match in pattern.finditer(text):
            start, end = match.span(1) if pattern.groups else match.span()
            if addresses_a_machine(text[start:end].strip("[](){}#- ")):
                yield start, end


def _orders(
    text: str, sentences: Sequence[tuple[int, int, int]], opened: Sequence[int]
) -> Iterator[_Span]:
    """Sentences that speak to a program, each with those that belong to it.

    To an order belongs what goes on in the same voice: the rest of its quotation, what it
    announces, and a sentence between it and a further order in the same line.
    """
    ended = False
    announced = False
    last_end = 0
    for _, group in groupby(sentences, key=lambda sentence: sentence[2]):
        line = [(start, end) for start, end, _ in group]
        joined = text[last_end : line[0][0]].count("\n") <= 1
        taken: set[int] = set()
        quoted = False
        for place, (start, end) in enumerate(line):
            sentence = text[start:end]
            follows = place - 1 in taken if place else ended and joined
            addressed = addresses_a_machine(sentence)
            told = quoted or addressed or (follows and announced)
            told = told or bisect_left(opened, last_end) < bisect_right(opened, start)
            told = told or ((follows or place - 2 in taken) and goes_on(sentence))
            if told:
                announced = addressed and announces(sentence)
                taken.add(place)
                if sentence.count('"') % 2:
                    quoted = not quoted and '"' in text[end : line[-1][1]]
            last_end = end
        ended = len(line) - 1 in taken
        for place, span in enumerate(line):
            if place in taken or {place - 1, place + 1} <= taken:
                yield span
