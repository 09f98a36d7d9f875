"""Numbers of a sentence for a reader that is pointed at them: scale words of any language count.

"$3.2bn" in a Vietnamese sentence and "500 crores" are no numerals of their language's reader, which
would read the figure alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache, lru_cache
from os.path import commonprefix
from typing import Final

from extractor.languages import Rules, language_of
from extractor.languages.amount_words import by_word
from extractor.mentions.amounts.cues import join_range
from extractor.mentions.amounts.numerals import Quantity, find_quantities
from extractor.mentions.amounts.open_currencies import letters_before_figures
from extractor.mentions.amounts.tokens import alternation, plain

# Abbreviations that are metres or names but for a sign before the figure that they touch.
_SHORT_AFTER_SIGN: Final[Mapping[str, int]] = {"m": 6, "b": 9, "t": 12}
_SIGNS: Final = "$€£¥₩₹"


# Money and counts read the numbers of the same sentence, one after the other.
@lru_cache(maxsize=256)
def find_numbers(text: str, language: Rules) -> tuple[Quantity, ...]:
    """Return every number of the text in order, without joining ranges."""
    figures_freed = letters_before_figures().sub(lambda match: " " * len(match[0]), text)
    return tuple(
        _scaled(text, quantity, language) for quantity in find_quantities(figures_freed, language)
    )


def numbers_at(
    text: str, start: int, end: int, language: Rules, edges: Iterable[int]
) -> tuple[Quantity, ...]:
    """Return the numbers that `text[start:end]` points at: those whole in it, or else those cut.

    Two numbers are one range where the words say so, unless one of the `edges` (of what the
    ordinary readers found) lies between them and the words hold one of them only.
    """
    touched = [
        number
        for number in _with_ranges(text, (start, end), language, tuple(edges))
        if number.start < end and start < number.end and start < end
    ]
    whole = [number for number in touched if start <= number.start and number.end <= end]
    return tuple([number for number in whole if not number.lone_article] or touched)


def _with_ranges(
    text: str, span: tuple[int, int], language: Rules, edges: tuple[int, ...]
) -> Iterable[Quantity]:
    numbers = find_numbers(text, language)
    index = 0
    while index < len(numbers):
        pair = numbers[index : index + 2]
        joined = _joined(text, pair[0], pair[1], language) if len(pair) == 2 else None
        if joined is not None:
            low, high = pair
            both = low.start < span[1] and span[0] < low.end and span[1] > high.start
            if not both and any(low.end <= edge <= high.start for edge in edges):
                joined = None
        yield joined or numbers[index]
        index += 1 if joined is None else 2


def _joined(text: str, low: Quantity, high: Quantity, language: Rules) -> Quantity | None:
    """Return the range of two numbers, whether the unit or mark stands at one or at both."""
    gap = text[low.end : high.start]
    unit = commonprefix([gap, text[high.end : high.end + len(gap)]])
    mark = commonprefix([gap[::-1], text[max(0, low.start - len(gap)) : low.start][::-1]])
    for behind in dict.fromkeys((unit if unit.strip() else "", "")):
        for before in dict.fromkeys((mark if mark.strip() else "", "")):
            lower = replace(low, start=low.start - len(before), end=low.end + len(behind))
            upper = replace(high, start=max(lower.end, high.start - len(before)))
            joined = join_range(text, lower, upper, language)
            if joined is not None:
                return replace(joined, start=low.start)
    return None


def _scaled(text: str, quantity: Quantity, language: Rules) -> Quantity:
    """Return the quantity with a scale word of another language that follows it."""
    if quantity.value is None or quantity.scale != 1 or quantity.lone_article:
        return quantity
    word = _words(language).match(text, quantity.end)
    signed = text[max(0, quantity.start - 2) : quantity.start].rstrip()[-1:] in tuple(_SIGNS)
    if word is None and signed:
        word = _after_sign().match(text, quantity.end)
    if word is None:
        return quantity
    if word.lastgroup == "word":
        # Of letters like "ſ", which match without regard to case, no lower case is in the table.
        power = _borrowed(language)[0].get(word["word"].lower(), 0)
    else:
        shorts = _borrowed(language)[1] if word.lastgroup == "short" else _SHORT_AFTER_SIGN
        power = shorts[word[0]]
    scale = Decimal(10) ** power
    return replace(quantity, end=word.end(), value=plain(quantity.value * scale), scale=scale)


@cache
def _borrowed(language: Rules) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Powers of ten of the scale words of other languages, and of abbreviations, which touch."""
    spoken = language_of(language).amounts
    return by_word(spoken.borrowed_scales), by_word(spoken.borrowed_short_scales)


@cache
def _words(language: Rules) -> re.Pattern[str]:
    words, short = map(alternation, _borrowed(language))
    return re.compile(rf"[ -]?(?P<word>(?i:{words}))(?!\w)|(?P<short>{short})(?!\w)")


@cache
def _after_sign() -> re.Pattern[str]:
    return re.compile(rf"(?P<sign>{alternation(_SHORT_AFTER_SIGN)})(?!\w)")
