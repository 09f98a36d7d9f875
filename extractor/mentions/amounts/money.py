"""Amounts of money in a sentence: number, scale word and currency, with their cues."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from extractor.languages import Rules, language_of
from extractor.languages.patterns import any_of, joined
from extractor.mentions.amounts.cues import join_range, read_cues
from extractor.mentions.amounts.currencies import left_open, settle
from extractor.mentions.amounts.lists import completed
from extractor.mentions.amounts.numerals import find_figures
from extractor.mentions.amounts.priced import Priced, priced
from extractor.mentions.types import CountryMention, MoneyMention


@dataclass(frozen=True, slots=True)
class _Grammar:
    conversion: re.Pattern[str]
    further_conversion: re.Pattern[str]


def find_money(
    text: str, language: Rules, countries: Iterable[CountryMention] = ()
) -> tuple[MoneyMention, ...]:
    """Return the amounts of money of one folded sentence, in order and without overlaps.

    An amount needs a currency; conversions that follow it belong to it. Of the currencies that
    share a word, that of the territories that the sentence names is meant; if nothing tells, the
    usual one ("dollars"), or none.
    """
    amounts = _amounts(text, language)
    named = _named(countries, amounts)
    found: list[MoneyMention] = []
    index = 0
    while index < len(amounts):
        main = _mention(text, amounts[index], language, named)
        conversions = _conversions(text, amounts[index:], language, named)
        if conversions:
            end = conversions[-1].end
            closing = re.match(r"[^()\[\]]{0,40}[)\]]", text[end : end + 41])
            resume = end + (closing.end() if closing else 0)
            main = _mention(text, amounts[index], language, named, resume)
            same = (replace(other, per=main.per, scope=main.scope) for other in conversions)
            main = replace(main, converted=tuple(same))
        found.append(in_text(main, named))
        index += 1 + len(conversions)
    return tuple(found)


def in_text(
    mention: MoneyMention, named: Mapping[str, int], others: frozenset[str] = frozenset()
) -> MoneyMention:
    """The amount in the currency that the whole text tells, which names each territory so often.

    It is none of the others if there is another one to be.
    """
    converted = tuple(in_text(one, named) for one in mention.converted)
    mention = replace(mention, converted=converted)
    if not mention.open_to:
        return mention
    # "$50 million (US$36 million)": the first dollars are not those.
    given = {one.currency for one in converted}
    codes = tuple("" if code in given else code for code in mention.open_to)
    fewer = tuple("" if code in others else code for code in codes)
    currency = settle(fewer, named) or settle(codes, named)
    return replace(mention, currency=currency, open_to=codes)


def _named(countries: Iterable[CountryMention], amounts: list[Priced]) -> Counter[str]:
    """Return the countries that are named outside of names of currencies ("Canadian dollars")."""
    spans = [(one.quantity.start, one.quantity.end) for one in amounts]
    return Counter(
        country.code
        for country in countries
        if not any(start < country.end and country.start < end for start, end in spans)
    )


def _mention(
    text: str,
    amount: Priced,
    language: Rules,
    named: Mapping[str, int],
    resume: int = 0,
) -> MoneyMention:
    quantity = amount.quantity
    ranged = quantity.upper is not None
    cues = read_cues(text, quantity.start, quantity.end, language, ranged=ranged, resume=resume)
    vague = quantity.approximate and cues.qualifier == "exact"
    codes = amount.currency or ()
    currency = settle(codes, named)
    return MoneyMention(
        start=quantity.start,
        end=quantity.end,
        value=quantity.value,
        value_max=quantity.upper,
        currency=currency,
        qualifier="about" if vague else cues.qualifier,
        per=cues.per,
        scope=cues.scope,
        open_to=left_open(codes, currency),
    )


def _conversions(
    text: str, amounts: list[Priced], language: Rules, named: Mapping[str, int]
) -> list[MoneyMention]:
    """Return the amounts after the first that give it in other currencies."""
    grammar = _grammar(language)
    end, currencies = amounts[0].quantity.end, {amounts[0].currency}
    found: list[MoneyMention] = []
    for amount in amounts[1:]:
        quantity = amount.quantity
        ranged = quantity.upper is not None
        cues = read_cues(text, quantity.start, quantity.end, language, ranged=ranged)
        pattern = grammar.further_conversion if found else grammar.conversion
        if amount.currency in currencies or not pattern.fullmatch(text, end, cues.start):
            break
        found.append(_mention(text, amount, language, named))
        end = quantity.end
        currencies.add(amount.currency)
    return found


def _amounts(text: str, language: Rules) -> list[Priced]:
    """Return the quantities that have a currency: ranges joined, members of lists completed."""
    pieces: list[Priced] = []
    for quantity in find_figures(text, language):
        free_from = pieces[-1].quantity.end if pieces else 0
        if quantity.start >= free_from:
            pieces.append(priced(text, quantity, free_from, language))
    joined: list[Priced] = []
    for piece in pieces:
        range_ = _range(text, joined[-1], piece, language) if joined else None
        if range_ is None:
            joined.append(piece)
        else:
            joined[-1] = range_
    return [one for one in completed(text, joined, language) if _is_money(one)]


def _is_money(amount: Priced) -> bool:
    quantity = amount.quantity
    alone = quantity.tied or (quantity.lone_article and quantity.upper is None)
    return amount.currency is not None and not alone


def _range(text: str, low: Priced, high: Priced, language: Rules) -> Priced | None:
    if low.currency is not None and high.currency is None:
        # "$2-3 billion" and "$2 to 3 billion", but not "$2bn to 3 schools".
        gap = text[low.quantity.end : high.quantity.start].strip()
        shared_scale = low.quantity.scale == 1 and high.quantity.scale > 1
        if not low.prefixed or not (len(gap) == 1 or shared_scale):
            return None
    elif low.currency is not None and low.currency != high.currency:
        return None
    told_twice = low.currency is not None and high.currency is not None
    joined = join_range(text, low.quantity, high.quantity, language, told_twice=told_twice)
    if joined is None:
        return None
    return Priced(joined, high.currency if low.currency is None else low.currency)


@cache
def _grammar(language: Rules) -> _Grammar:
    and_words = joined(lambda one: one.amounts.cues.and_words, language)
    words = language_of(language).currencies
    introduced = any_of(words.conversions)
    return _Grammar(
        conversion=re.compile(
            rf"[^0-9,;:.()\[\]]{{0,30}}[(\[]\s*(?:{introduced}\s*)?"
            rf"|{any_of(words.open_conversions)}\s*",
            re.IGNORECASE,
        ),
        further_conversion=re.compile(
            rf"\s*(?:[,;/]\s*)?(?:(?:{introduced}|{and_words})\s*)?", re.IGNORECASE
        ),
    )
