"""Mentions read from words that a model points at, where the rules offered none.

The model gives the exact words, code reads them: no number comes from the model. It may only choose
where the words leave the currency or the unit open. Ordinary mentions win over the wider reading.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Final

from extractor.languages import Rules, all_languages
from extractor.languages.patterns import joined
from extractor.mentions import find_mentions
from extractor.mentions.amounts.cues import read_cues
from extractor.mentions.amounts.currencies import Codes, left_open, settle
from extractor.mentions.amounts.numerals import Quantity
from extractor.mentions.amounts.open_currencies import (
    CurrencyWord,
    currency_code,
    currency_within,
)
from extractor.mentions.amounts.open_units import known_unit
from extractor.mentions.amounts.units import LISTED_UNITS
from extractor.mentions.calendar.dates import find_dates
from extractor.mentions.calendar.lengths import find_lengths
from extractor.mentions.calendar.loose import read_loose
from extractor.mentions.letters import plain_letters
from extractor.mentions.pointing import (
    Ranked,
    Span,
    amounts_of,
    best,
    currency_of,
    holding,
    inside,
    numbers_in,
    qualified,
    runs_on,
    touching,
)
from extractor.mentions.quoted_counts import read_count
from extractor.mentions.tongues import tongue_at, tongues
from extractor.mentions.types import DateMention, MoneyMention

__all__ = ["currencies_borne", "lengths_in", "read_count", "read_date", "read_length", "read_money"]

_LEAST_BARE_AMOUNT: Final = 1000
"""A smaller number without scale word or currency is no amount of money."""
_PLURAL_ENDINGS: Final = tuple(
    one.units.plural_ending for one in all_languages() if one.units.plural_ending
)


def read_money(text: str, span: Span, language: Rules, currency: str | None) -> MoneyMention | None:
    """Return the one amount of money that `text[span]` points at, None if it is none or several.

    `currency` counts only where the words allow it, or name no currency at all.
    """
    text = plain_letters(text, language)
    language = tongue_at(text, span[0], language)
    span = inside(text, span)
    ordinary = amounts_of(text, language)
    numbers = numbers_in(text, span, language)
    held = [holding(number, ordinary) for number in numbers]
    # An amount and its conversions in brackets are one.
    conversions = {one for mention in held if mention is not None for one in mention.converted}
    found: list[Ranked[MoneyMention]] = []
    for number, mention in zip(numbers, held, strict=True):
        if mention is None:
            found += _wide(text, number, span, language, currency)
        elif mention not in conversions:
            found.append((0, _chosen(text, mention, number, language, currency)))
    if not numbers:
        # The words leave out the number.
        found = [(0, mention) for mention in touching(span, ordinary)]
    return best(found)


def read_date(text: str, span: Span, language: Rules, reference: date | None) -> DateMention | None:
    """Return the date that overlaps `text[span]` most, or the one that the words alone give."""
    text = plain_letters(text, language)
    language = tongue_at(text, span[0], language)
    start, end = inside(text, span)
    touched = touching((start, end), find_dates(text, language, reference))
    if touched:
        return max(touched, key=lambda one: min(one.end, end) - max(one.start, start))
    while 0 < start < end and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while start < end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    if year := _year(language).fullmatch(text[start:end]):
        first = start + year.start("year")
        return DateMention(first, end, year["year"], "explicit", None, "point")
    alone = find_dates(text[start:end], language, reference)
    shifted = [replace(one, start=start + one.start, end=start + one.end) for one in alone]
    if shifted:
        return max(shifted, key=lambda one: one.end - one.start)
    edtf = read_loose(text[start:end], language, reference)
    return DateMention(start, end, edtf, "from_reference", None, "point") if edtf else None


def lengths_in(text: str, language: Rules) -> list[DateMention]:
    """Return the lengths of time of a sentence, bare ones too, each in the tongue of its words."""
    plain = plain_letters(text, language)
    bare = (
        one
        for stretch in tongues(plain, language)
        for one in stretch.holds(find_lengths(plain, stretch.language))
    )
    return [*(one for one in find_mentions(text, language, None).dates if one.duration), *bare]


def read_length(text: str, span: Span, language: Rules) -> DateMention | None:
    """Return the length of time that `text[span]` points at, None if it is none or several."""
    start, end = inside(text, span)
    touched = touching((start, end), lengths_in(text, language))
    whole = [one for one in touched if start <= one.start and one.end <= end]
    found = whole or touched
    return found[0] if len(found) == 1 else None


def currencies_borne(text: str, span: Span, language: Rules) -> frozenset[str] | None:
    """Return the ISO codes that the currency words of `text[span]` allow, None without any."""
    text = plain_letters(text, language)
    language = tongue_at(text, span[0], language)
    start, end = inside(text, span)
    numbers = numbers_in(text, (start, end), language)
    beside = (currency_of(text, number, language) for number in numbers)
    word = next(filter(None, beside), None) or currency_within(text, start, end, language)
    return None if word is None else word.borne


def _chosen(
    text: str, mention: MoneyMention, number: Quantity, language: Rules, currency: str | None
) -> MoneyMention:
    """Return an ordinary amount in the model's currency, where its words leave that open."""
    word = currency_of(text, number, language)
    if word is None:
        return mention
    if len(word.borne) == 1:
        # The ordinary reader takes the sign alone of marks like those of "40 M$ CA" and "MX$40".
        start, end = min(mention.start, word.start), max(mention.end, word.end)
        (only,) = word.borne
        return replace(mention, start=start, end=end, currency=only, open_to=())
    code = currency_code(currency)
    return replace(mention, currency=code, open_to=()) if code in word.borne else mention


def _wide(
    text: str, number: Quantity, span: Span, language: Rules, currency: str | None
) -> Iterable[Ranked[MoneyMention]]:
    """Return the number as an amount of money, nothing if it is none."""
    word = currency_of(text, number, language)
    if number.tied or number.lone_article:
        return
    if word is None and not _may_be_money(text, number, span, language):
        return
    start = number.start if word is None else min(number.start, word.start)
    end = number.end if word is None else max(number.end, word.end)
    cues = read_cues(text, start, end, language, ranged=number.upper is not None)
    code, open_to = _settled(text, word, language, currency)
    mention = MoneyMention(
        start=start,
        end=end,
        value=number.value,
        value_max=number.upper,
        currency=code,
        qualifier=qualified(cues.qualifier, number),
        per=cues.per,
        scope=cues.scope,
        open_to=open_to,
    )
    yield (0 if word is not None else 1 if number.scale > 1 else 2), mention


def _settled(
    text: str, word: CurrencyWord | None, language: Rules, currency: str | None
) -> tuple[str | None, Codes]:
    """Return the model's currency where the words allow it, or else what they mean so far."""
    code = currency_code(currency)
    if word is None or code in word.borne:
        return code, ()
    countries = find_mentions(text, language, None).countries
    settled = settle(word.codes, Counter(country.code for country in countries))
    return settled, left_open(word.codes, settled)


def _may_be_money(text: str, number: Quantity, span: Span, language: Rules) -> bool:
    """Say whether a number without a currency can be an amount: large, and of nothing else."""
    if number.scale == 1 and (number.value or 0) < _LEAST_BARE_AMOUNT:
        return False
    words = text[number.start : number.end]
    if number.value is None and not (words.endswith(_PLURAL_ENDINGS) or {" ", "-"} & {*words}):
        # One scale word alone may be part of another word, as in "billionaire".
        return False
    mentions = find_mentions(text, language, None)
    counted = holding(number, mentions.counts)
    # A unit that no table knows may be any word in the plural, as in "300 million towards ports":
    # who points at the number alone knows better.
    of_something = known_unit(text, number.end, language) is not None or (
        counted is not None and (counted.unit in LISTED_UNITS or counted.end <= span[1])
    )
    if of_something or runs_on(text, number.end):
        return False
    return number.scale > 1 or not touching((number.start, number.end), mentions.dates)


@cache
def _year(language: Rules) -> re.Pattern[str]:
    before = joined(lambda one: one.calendar.before_year, language)
    return re.compile(rf"(?:{before} )?(?P<year>(?:19|20)[0-9]{{2}})")
