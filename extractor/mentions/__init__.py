"""Mentions: the money, quantities, dates and countries that a sentence names, found by rules."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from extractor.languages import Rules
from extractor.mentions.amounts.counts import find_counts
from extractor.mentions.amounts.money import find_money
from extractor.mentions.calendar.dates import find_dates
from extractor.mentions.letters import plain_letters
from extractor.mentions.parties.names import find_countries
from extractor.mentions.tongues import tongues
from extractor.mentions.types import (
    CountMention,
    CountryMention,
    DateMention,
    Mentions,
    MoneyMention,
)

__all__ = [
    "CountMention",
    "CountryMention",
    "DateMention",
    "Mentions",
    "MoneyMention",
    "find_mentions",
]


# What a model points at is read in sentences that were read before.
@lru_cache(maxsize=256)
def find_mentions(text: str, language: Rules, reference: date | None) -> Mentions:
    """All mentions of one folded sentence; no two of money, counts and dates overlap.

    A quotation in another language is read in that one.
    """
    text = plain_letters(text, language)
    stretches = tongues(text, language)
    if len(stretches) == 1:
        return _find(text, stretches[0].language, reference)
    parts = [(stretch, _find(text, stretch.language, reference)) for stretch in stretches]
    return Mentions(
        money=tuple(one for stretch, part in parts for one in stretch.holds(part.money)),
        counts=tuple(one for stretch, part in parts for one in stretch.holds(part.counts)),
        dates=tuple(one for stretch, part in parts for one in stretch.holds(part.dates)),
        countries=tuple(one for stretch, part in parts for one in stretch.holds(part.countries)),
    )


def _find(text: str, language: Rules, reference: date | None) -> Mentions:
    countries = find_countries(text, language)
    money = find_money(text, language, countries)
    taken = [(mention.start, mention.end) for mention in money]
    dates = tuple(
        mention
        for mention in find_dates(text, language, reference)
        if not any(mention.start < end and start < mention.end for start, end in taken)
    )
    taken += [(mention.start, mention.end) for mention in dates]
    counts = find_counts(text, language, taken)
    return Mentions(money, counts, dates, countries)
