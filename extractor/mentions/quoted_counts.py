"""Counts read from words that a model points at: any number, and any noun or measure behind it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

from extractor.languages import Rules, language_of
from extractor.languages.patterns import any_of, any_word, joined
from extractor.mentions import find_mentions
from extractor.mentions.amounts.cues import read_cues
from extractor.mentions.amounts.labels import refused_left
from extractor.mentions.amounts.numerals import Quantity
from extractor.mentions.amounts.open_numerals import find_numbers
from extractor.mentions.amounts.open_units import (
    UnitWords,
    counts_nothing,
    known_unit,
    noun_words,
    unit_name,
)
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
from extractor.mentions.tongues import tongue_at
from extractor.mentions.types import CountMention
from extractor.records import Qualifier

_LEFT_WINDOW: Final = 40
_SIGNS: Final = "$€£¥₩₫₹"


def read_count(text: str, span: Span, language: Rules, unit: str | None) -> CountMention | None:
    """Return the one count that `text[span]` points at, None if it is none or several.

    `unit` counts only where no table knows the words behind the number.
    """
    text = plain_letters(text, language)
    language = tongue_at(text, span[0], language)
    span = inside(text, span)
    counts = find_mentions(text, language, None).counts
    found = [(0, share) for share in _shares(text, span, language)]
    for number in numbers_in(text, span, language):
        ordinary = holding(number, counts)
        if ordinary is not None:
            found.append((0, ordinary))
        else:
            found += _wide(text, number, span[1], language, unit)
    if not found and not touching(span, amounts_of(text, language)):
        # The words leave out the number, or part of it.
        found = [(0, mention) for mention in touching(span, counts)]
    return best(found)


@dataclass(frozen=True, slots=True)
class VagueCount:
    """Words that count without a figure; `start:end` leaves out the qualifier before them."""

    start: int
    end: int
    qualifier: Qualifier


def read_vague(text: str, span: Span, language: Rules) -> VagueCount | None:
    """Return the magnitude or inexact share that begins in `text[span]`, None if there is none."""
    text = plain_letters(text, language)
    language = tongue_at(text, span[0], language)
    start, end = inside(text, span)
    if touching((start, end), amounts_of(text, language)):
        return None
    numbers = numbers_in(text, (start, end), language)
    found = [one.start for one in numbers if one.value is None and not one.tied]
    found += [match.start() for match in _inexact(language).finditer(text)]
    begins = [at for at in found if start <= at < end]
    if len(begins) != 1:
        return None
    cues = read_cues(text, begins[0], end, language, ranged=False)
    return VagueCount(begins[0], end, cues.qualifier)


def _wide(
    text: str, number: Quantity, end: int, language: Rules, unit: str | None
) -> Iterable[Ranked[CountMention]]:
    """Return the number as a count, nothing if it counts nothing."""
    if number.value is None or number.tied or counts_otherwise(text, number, language):
        return
    or_more = text[number.end : number.end + 1] == "+"
    at = number.end + or_more
    known = known_unit(text, at, language)
    if known is None and (currency_of(text, number, language) or runs_on(text, at)):
        return
    counted = known or _open_unit(text, at, end, language, unit)
    if counted is None:
        return
    cues = read_cues(text, number.start, counted.end, language, ranged=number.upper is not None)
    qualifier = qualified(cues.qualifier, number)
    mention = CountMention(
        start=number.start,
        end=counted.end,
        value=number.value,
        value_max=number.upper,
        unit=counted.unit,
        qualifier="at_least" if or_more and qualifier == "exact" else qualifier,
        per=cues.per,
        scope=cues.scope,
    )
    yield (2 if number.lone_article else 0 if known is not None else 1), mention


def _open_unit(text: str, at: int, end: int, language: Rules, unit: str | None) -> UnitWords | None:
    """Return the unit that the model names, or else the noun behind the number."""
    noun = noun_words(text, at, end, language)
    name = unit_name(unit)
    if name is None:
        return noun
    return UnitWords(name, noun.end if noun is not None and at < end else at)


def counts_otherwise(text: str, number: Quantity, language: Rules) -> bool:
    """Say whether the number is money, a date, a fraction or names something ("phase 2")."""
    span = (number.start, number.end)
    left = text[max(0, number.start - _LEFT_WINDOW) : number.start]
    return (
        bool(touching(span, amounts_of(text, language)))
        or bool(touching(span, find_mentions(text, language, None).dates))
        or counts_nothing(text, number.end, language)
        or left.rstrip()[-1:] in tuple(_SIGNS)
        or _label(language).search(left) is not None
    )


def _shares(text: str, span: Span, language: Rules) -> Iterable[CountMention]:
    """Return the shares in words that the span touches: "la moitié du capital"."""
    mentions = find_mentions(text, language, None)
    numbers = find_numbers(text, language)
    of_cost = [one for one in mentions.counts if one.unit == "percent_of_cost"]
    yield from (
        one
        for one in touching(span, of_cost)
        if not any(holding(number, (one,)) for number in numbers)
    )
    for match in _share(language).finditer(text):
        where = match.span("share")
        goes_on = any(number.start <= where[0] and where[1] < number.end for number in numbers)
        if goes_on or bool(touching(where, mentions.dates)) or bool(touching(where, of_cost)):
            continue
        value = _values(language).get(match["share"].lower())
        if value is not None and where[0] < span[1] and span[0] < where[1] and span[0] < span[1]:
            yield _share_mention(text, where, Decimal(value), language)


def _share_mention(text: str, where: Span, value: Decimal, language: Rules) -> CountMention:
    cues = read_cues(text, *where, language, ranged=False)
    return CountMention(
        start=where[0],
        end=where[1],
        value=value,
        value_max=None,
        unit="percent",
        qualifier=cues.qualifier,
        per=cues.per,
        scope=cues.scope,
    )


@cache
def _values(language: Rules) -> dict[str, int]:
    shares = language_of(language).counts.shares
    return {**shares.of_a_cost, **shares.pointed_at}


@cache
def _share(language: Rules) -> re.Pattern[str]:
    of = any_of(language_of(language).counts.shares.of_anything)
    return re.compile(rf"(?<!\w)(?P<share>{any_word(_values(language))})(?={of})", re.IGNORECASE)


@cache
def _inexact(language: Rules) -> re.Pattern[str]:
    shares = language_of(language).counts.shares
    of = any_of(shares.of_anything)
    return re.compile(rf"(?<!\w){any_of(shares.inexact)}(?={of}|\W*$)", re.IGNORECASE)


@cache
def _label(language: Rules) -> re.Pattern[str]:
    of_fraction = joined(lambda one: one.counts.of_fraction, language)
    return re.compile(rf"{refused_left(language)}|(?<!\w){of_fraction} $", re.IGNORECASE)
