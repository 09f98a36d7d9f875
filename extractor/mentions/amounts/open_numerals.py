"""Numbers of a sentence for a reader that is pointed at them: figures may touch more letters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from os.path import commonprefix

from extractor.languages import Rules
from extractor.mentions.amounts.cues import join_range
from extractor.mentions.amounts.numerals import Quantity, find_quantities
from extractor.mentions.amounts.open_currencies import letters_before_figures


# Money and counts read the numbers of the same sentence, one after the other.
@lru_cache(maxsize=256)
def find_numbers(text: str, language: Rules) -> tuple[Quantity, ...]:
    """Return every number of the text in order, without joining ranges."""
    figures_freed = letters_before_figures().sub(lambda match: " " * len(match[0]), text)
    return find_quantities(figures_freed, language)


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
