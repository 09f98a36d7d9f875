"""What words that a model points at hold: the numbers in them, and the ordinary mentions there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TypeAlias, TypeVar

from extractor.languages import Rules
from extractor.mentions import find_mentions
from extractor.mentions.amounts.numerals import Quantity
from extractor.mentions.amounts.open_currencies import CurrencyWord, currency_beside
from extractor.mentions.amounts.open_numerals import numbers_at
from extractor.mentions.types import CountMention, DateMention, MoneyMention
from extractor.records import Qualifier

Span: TypeAlias = tuple[int, int]
Amount = TypeVar("Amount", MoneyMention, CountMention)
Ranked: TypeAlias = tuple[int, Amount]
"""A reading, and how well the words fit it: 0 is best."""
_Mention = TypeVar("_Mention", MoneyMention, CountMention, DateMention)


def inside(text: str, span: Span) -> Span:
    """Return the span with both ends in the text."""
    start = min(max(0, span[0]), len(text))
    return start, max(start, min(span[1], len(text)))


def amounts_of(text: str, language: Rules) -> tuple[MoneyMention, ...]:
    """Return the ordinary amounts of money of the text, each followed by its conversions."""
    amounts = find_mentions(text, language, None).money
    return tuple(one for amount in amounts for one in (amount, *amount.converted))


def numbers_in(text: str, span: Span, language: Rules) -> tuple[Quantity, ...]:
    """Return the numbers that the span holds, or else those that it cuts, ranges joined."""
    ordinary: list[MoneyMention | CountMention] = [*amounts_of(text, language)]
    ordinary += find_mentions(text, language, None).counts
    edges = (edge for mention in ordinary for edge in (mention.start, mention.end))
    return numbers_at(text, *span, language, edges)


def touching(span: Span, mentions: Iterable[_Mention]) -> list[_Mention]:
    """Return the mentions that overlap the span; an empty one overlaps nothing."""
    start, end = span
    return [one for one in mentions if one.start < end and start < one.end and start < end]


def holding(number: Quantity, mentions: Iterable[Amount]) -> Amount | None:
    """Return the ordinary mention of the number, if the ordinary reader read all of it.

    The bare figure of a list has the scale that another member tells.
    """
    for mention in mentions:
        whole = mention.start <= number.start and number.end <= mention.end
        alone = (mention.start, mention.end) == (number.start, number.end)
        read = (mention.value, mention.value_max) == (number.value, number.upper)
        if (whole and read) or alone:
            return mention
    return None


def best(readings: Sequence[Ranked[Amount]]) -> Amount | None:
    """Return the reading that fits best, None if two do: words point at one thing."""
    least = min((rank for rank, _ in readings), default=0)
    found = [reading for rank, reading in readings if rank == least]
    return found[0] if len(found) == 1 else None


def currency_of(text: str, number: Quantity, language: Rules) -> CurrencyWord | None:
    """Return the words of a currency that touch the number, None without any."""
    scaled = number.scale > 1
    return currency_beside(text, number.start, number.end, language, scaled=scaled)


def runs_on(text: str, at: int) -> bool:
    """Say whether a letter or a mark of a longer number goes on right behind a number."""
    return re.match(r"[^\W_]|[.,:/][0-9]", text[at : at + 2]) is not None


def qualified(qualifier: Qualifier, number: Quantity) -> Qualifier:
    """Return the qualifier of the cues, or that of a collective ("une centaine")."""
    return "about" if number.approximate and qualifier == "exact" else qualifier
