"""Numbers of a sentence for a reader that is pointed at them: figures may touch more letters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from os.path import commonprefix

from extractor.languages import Rules
from extractor.mentions.amounts.cues import join_range
from extractor.mentions.amounts.numerals import Quantity, find_quantities
from extractor.mentions.amounts.open_currencies import currency_beside, letters_before_figures
from extractor.mentions.amounts.open_units import known_unit, noun_words


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

    Two numbers are one range where the words say so, unless `text[start:end]` holds one of them
    only: the upper one with a unit or scale word of its own, which may be the level that something
    reaches ("from $2 to $3"), or one of the `edges` (of what the ordinary readers found) lies
    between them.
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
            apart = any(low.end <= edge <= high.start for edge in edges)
            if not both and (apart or _is_level(text, low, high, span, language)):
                joined = None
        yield joined or numbers[index]
        index += 1 if joined is None else 2


def _is_level(
    text: str, low: Quantity, high: Quantity, span: tuple[int, int], language: Rules
) -> bool:
    """Whether the span holds the upper bound with all that makes it a figure of its own."""
    start, end = span
    if high.tied or not (start <= high.start and high.end <= end):
        return False
    if low.scale > 1 and high.scale > 1:
        return True
    currency = currency_beside(text, high.start, high.end, language, scaled=high.scale > 1)
    if currency is not None:
        return start <= currency.start and currency.end <= end
    unit = known_unit(text, high.end, language) or noun_words(text, high.end, end, language)
    return unit is not None and unit.end <= end


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
