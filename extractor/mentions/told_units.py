"""Told units: currency and scale of bare figures, as a caption, heading or lead line has them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from extractor.languages import Rules
from extractor.languages.patterns import any_of, read_in
from extractor.mentions.amounts.currencies import Codes
from extractor.mentions.amounts.money import find_money

ANY_CURRENCY: Final = "USD"
"""A currency that every language reads: a figure is read as an amount of it, to have its value."""
_WORD_START: Final = re.compile(r"(?<![^\s(,:;/-])[^\s(),:;/-]")
_SIGN_FIRST: Final = re.compile(r"([A-Z]{0,2}[^\w\s(),.:;]|[A-Z]{3}(?= ))\s?(?=\w)")
# "US$ 000", "€'000": thousands.
_THOUSANDS: Final = re.compile(r"([A-Z]{0,2}[^\w\s(),.:;']|[A-Z]{3})? ?'?000s?(?: ([A-Z]{3}))?")
_END: Final = re.compile(r"\s*(?:[),.;:]|$)")
_BEGINS: Final = re.compile(r"(?:^|[(,:;/-]\s*)$")
_LONGEST_UNIT: Final = 40
_SCALE_FROM: Final = 1000


@dataclass(frozen=True, slots=True)
class Unit:
    """What bare figures are of: a currency, if it is told, in a scale."""

    currency: str | None
    scale: Decimal = Decimal(1)
    open_to: Codes = ()
    """As in a MoneyMention."""


def unit_told(text: str, language: Rules) -> Unit | None:
    """The currency and scale that a caption or heading tells, as in "(in millions of euros)"."""
    amounts = [mention for mention in find_money(text, language) if mention.value is not None]
    best: tuple[int, Unit] | None = None
    for word in _WORD_START.finditer(text):
        start = word.start()
        if any(amount.start <= start < amount.end for amount in amounts):
            continue
        for unit, length in _units_at(text[start : start + _LONGEST_UNIT], language):
            alone = _END.match(text, start + length) and _may_begin(text[:start], language)
            if alone and (best is None or length > best[0]):
                best = (length, unit)
    return best[1] if best else None


def _may_begin(before: str, language: Rules) -> bool:
    return bool(_BEGINS.search(before) or _introduced(language).search(before))


@lru_cache(None)
def _introduced(language: Rules) -> re.Pattern[str]:
    """What stands before a unit, such as "in" or "en"."""
    words = any_of(word.strip() for one in read_in(language) for word in one.currencies.in_currency)
    return re.compile(rf"(?i)(?:^|\W){words}\s*$")


def _units_at(words: str, language: Rules) -> Iterator[tuple[Unit, int]]:
    """Every unit with which the words begin, and how long it is."""
    if thousands := _THOUSANDS.match(words):
        sign = thousands[1] or thousands[2]
        for mention in find_money(f"{sign} {_SCALE_FROM}", language)[:1] if sign else ():
            unit = Unit(mention.currency, Decimal(_SCALE_FROM), mention.open_to)
            yield unit, thousands.end()
        if not sign:
            yield Unit(None, Decimal(_SCALE_FROM)), thousands.end()
    probes = [("1 ", words)]
    if sign := _SIGN_FIRST.match(words):
        probes.append((f"{sign[1]}1 ", words[sign.end() :]))
        probes.append((f"{sign[1]}1", words[sign.end() :]))
    for number, rest in probes:
        given = len(words) - len(rest)
        for probe, currency in ((number + rest, True), (_with_currency(number, rest), False)):
            for mention in find_money(probe, language)[:1]:
                length = mention.end - len(number) + given
                if mention.start or mention.value is None or length <= 0:
                    continue
                if currency and mention.currency:
                    yield Unit(mention.currency, mention.value, mention.open_to), length
                elif not currency and mention.value >= _SCALE_FROM and number == "1 ":
                    yield Unit(None, mention.value), length - len(ANY_CURRENCY) - 1


def _with_currency(number: str, rest: str) -> str:
    """The probe with a currency behind its first word: a scale alone is then read."""
    word, _, others = rest.partition(" ")
    scale = word.rstrip("),.;:")
    return f"{number}{scale} {ANY_CURRENCY}{word[len(scale) :]} {others}"
