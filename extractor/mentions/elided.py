"""Amounts of which a list leaves out scale and currency: "600 million dollars, Japan 220"."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Final

from extractor.languages import Rules
from extractor.languages.patterns import joined
from extractor.mentions import find_mentions
from extractor.mentions.amounts.numerals import Quantity
from extractor.mentions.amounts.open_currencies import currency_code
from extractor.mentions.amounts.open_numerals import find_numbers
from extractor.mentions.amounts.open_units import known_unit
from extractor.mentions.letters import plain_letters
from extractor.mentions.pointing import currency_of, inside, numbers_in, runs_on, touching
from extractor.mentions.quoted import read_money
from extractor.mentions.quoted_counts import counts_otherwise
from extractor.mentions.tongues import tongue_at
from extractor.mentions.types import MoneyMention

_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2100


def read_amount(
    text: str, span: tuple[int, int], language: Rules, currency: str | None
) -> MoneyMention | None:
    """Return the amount that `text[span]` points at, told in full or as one of a list.

    `currency` is the model's, and counts only where the words allow it or name none.
    """
    text = plain_letters(text, language)
    language = tongue_at(text, span[0], language)
    return read_money(text, span, language, currency) or _listed(text, span, language, currency)


def _listed(
    text: str, span: tuple[int, int], language: Rules, currency: str | None
) -> MoneyMention | None:
    """Return a bare number with the scale of the amount before it in the list, else behind it."""
    numbers = numbers_in(text, inside(text, span), language)
    if len(numbers) != 1 or not _is_bare(text, numbers[0], language):
        return None
    number = numbers[0]
    scaled = [
        (quantity, amount)
        for quantity in find_numbers(text, language)
        if quantity.scale > 1
        for amount in find_mentions(text, language, None).money
        if amount.start <= quantity.start and quantity.end <= amount.end
    ]
    before = [pair for pair in scaled if pair[1].end <= number.start]
    behind = [pair for pair in scaled if number.end <= pair[1].start]
    if not before and not behind:
        return None
    quantity, amount = before[-1] if before else behind[0]
    chosen = _currency(text, quantity, language, currency)
    return replace(
        amount,
        start=number.start,
        end=number.end,
        value=None if number.value is None else number.value * quantity.scale,
        value_max=None if number.upper is None else number.upper * quantity.scale,
        currency=chosen or amount.currency,
        qualifier="exact",
        converted=(),
        open_to=() if chosen else amount.open_to,
    )


def _currency(text: str, lender: Quantity, language: Rules, currency: str | None) -> str | None:
    """The model's currency, where the words of the amount that lends its scale allow it."""
    code, word = currency_code(currency), currency_of(text, lender, language)
    return code if word is None or code in word.borne else None


def _is_bare(text: str, number: Quantity, language: Rules) -> bool:
    """Whether the number is a plain figure of a list, and not a date, a label or a count."""
    span = (number.start, number.end)
    found = find_mentions(text, language, None)
    return (
        number.scale == 1
        and number.value is not None
        and not number.lone_article
        and currency_of(text, number, language) is None
        and known_unit(text, number.end, language) is None
        and not runs_on(text, number.end)
        and not _FIRST_YEAR <= number.value <= _LAST_YEAR
        and not touching(span, found.dates)
        and not touching(span, found.counts)
        and not counts_otherwise(text, number, language)
        and _ends(language).match(text, number.end) is not None
    )


@cache
def _ends(language: Rules) -> re.Pattern[str]:
    """What follows a bare figure of a list: its end, a joint, a word that leads on to somebody."""
    joints = joined(lambda one: one.amounts.list_joints, language)
    return re.compile(rf"\s*(?:$|[,;.:)\]]|-|{joints}\b)", re.IGNORECASE)
