"""Amounts of money in a sentence: number, scale word and currency, with their cues."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from extractor.languages import Rules, all_languages, language_of
from extractor.languages.currency_words import CurrencyWords
from extractor.languages.patterns import any_of, joined
from extractor.mentions.amounts.cues import join_range, read_cues
from extractor.mentions.amounts.currencies import (
    Codes,
    currency_marks,
    currency_names,
    is_only_kind,
    settle,
)
from extractor.mentions.amounts.numerals import Quantity, find_quantities
from extractor.mentions.amounts.tokens import alternation, boundaries
from extractor.mentions.types import MoneyMention

# By name, what follows it in another word.
DIFFERENT_WORD: Final[Mapping[str, re.Pattern[str]]] = {
    name: re.compile(rf"\s{any_of(words)}(?!\w)", re.IGNORECASE)
    for language in all_languages()
    for name, words in language.currencies.goes_on.items()
}
# A bare figure has none of these before its currency.
_LINK_WORDS: Final = tuple(
    " " + link.rstrip()
    for language in all_languages()
    for link in language.currencies.links
    if link.endswith(" ")
)
_LONGEST_SYMBOL = 8
_LEAST_OF_KIND = 1000
"""Fewer "crowns" or "pounds" than this may be something else."""


@dataclass(frozen=True, slots=True)
class _Amount:
    """A quantity widened to its currency, if it has one; several share a word like "franc"."""

    quantity: Quantity
    currency: Codes | None
    prefixed: bool = False


@dataclass(frozen=True, slots=True)
class _Grammar:
    words: CurrencyWords
    names: Mapping[str, Codes]
    suffix: re.Pattern[str]
    prefix: re.Pattern[str]
    conversion: re.Pattern[str]
    further_conversion: re.Pattern[str]


def find_money(
    text: str, language: Rules, territories: Collection[str] = ()
) -> tuple[MoneyMention, ...]:
    """Return the amounts of money of one folded sentence, in order and without overlaps.

    An amount needs a currency; conversions that follow it belong to it. Of the currencies that
    share a word, that of the one territory that the sentence names is meant; if nothing tells, the
    usual one ("dollars"), or none.
    """
    amounts = _amounts(text, language)
    found: list[MoneyMention] = []
    index = 0
    while index < len(amounts):
        main = _mention(text, amounts[index], language, territories)
        conversions = _conversions(text, amounts[index:], language, territories)
        if conversions:
            end = conversions[-1].end
            closing = re.match(r"[^()\[\]]{0,40}[)\]]", text[end : end + 41])
            resume = end + (closing.end() if closing else 0)
            main = _mention(text, amounts[index], language, territories, resume)
            same = (replace(other, per=main.per, scope=main.scope) for other in conversions)
            main = replace(main, converted=tuple(same))
        found.append(main)
        index += 1 + len(conversions)
    return tuple(found)


def _mention(
    text: str,
    amount: _Amount,
    language: Rules,
    territories: Collection[str],
    resume: int = 0,
) -> MoneyMention:
    quantity = amount.quantity
    ranged = quantity.upper is not None
    cues = read_cues(text, quantity.start, quantity.end, language, ranged=ranged, resume=resume)
    vague = quantity.approximate and cues.qualifier == "exact"
    return MoneyMention(
        start=quantity.start,
        end=quantity.end,
        value=quantity.value,
        value_max=quantity.upper,
        currency=settle(amount.currency or (), territories),
        qualifier="about" if vague else cues.qualifier,
        per=cues.per,
        scope=cues.scope,
    )


def _conversions(
    text: str, amounts: list[_Amount], language: Rules, territories: Collection[str]
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
        found.append(_mention(text, amount, language, territories))
        end = quantity.end
        currencies.add(amount.currency)
    return found


def _amounts(text: str, language: Rules) -> list[_Amount]:
    """Return the quantities that have a currency, ranges joined."""
    pieces: list[_Amount] = []
    for quantity in find_quantities(text, language):
        free_from = pieces[-1].quantity.end if pieces else 0
        pieces.append(_with_currency(text, quantity, free_from, language))
    found: list[_Amount] = []
    index = 0
    while index < len(pieces):
        amount = pieces[index]
        pair = pieces[index : index + 2]
        joined = _range(text, pair[0], pair[1], language) if len(pair) == 2 else None
        index += 1 if joined is None else 2
        amount = joined or amount
        quantity = amount.quantity
        alone = quantity.tied or (quantity.lone_article and quantity.upper is None)
        if amount.currency is not None and not alone:
            found.append(amount)
    return found


def _range(text: str, low: _Amount, high: _Amount, language: Rules) -> _Amount | None:
    if low.currency is not None and high.currency is None:
        # "$2-3 billion" and "$2 to 3 billion", but not "$2bn to 3 schools".
        gap = text[low.quantity.end : high.quantity.start].strip()
        shared_scale = low.quantity.scale == 1 and high.quantity.scale > 1
        if not low.prefixed or not (len(gap) == 1 or shared_scale):
            return None
    elif low.currency is not None and low.currency != high.currency:
        return None
    joined = join_range(text, low.quantity, high.quantity, language)
    if joined is None:
        return None
    return _Amount(joined, high.currency if low.currency is None else low.currency)


def _with_currency(text: str, quantity: Quantity, free_from: int, language: Rules) -> _Amount:
    grammar = _grammar(language)
    after = grammar.suffix.match(text, quantity.end)
    if after is not None and _is_currency(text, after, quantity, language):
        code = grammar.names[_key(after)]
        return _Amount(replace(quantity, end=after.end()), code)
    left = max(free_from, quantity.start - _LONGEST_SYMBOL)
    after_digit = text[left : quantity.start].rstrip()[-1:].isdigit()
    before = None if after_digit else grammar.prefix.search(text, left, quantity.start)
    if before is not None:
        codes = grammar.names[before["symbol"]]
        # "N95" is a mask and "R2" a region: one letter is money only before a scale word.
        if quantity.scale > 1 or not (len(before["symbol"]) == 1 and before["symbol"].isalpha()):
            return _Amount(replace(quantity, start=before.start()), codes, prefixed=True)
    return _Amount(quantity, None)


def _is_currency(text: str, match: re.Match[str], quantity: Quantity, language: Rules) -> bool:
    """Say whether the word after a number is its currency, and not the next number's or a noun."""
    if match["symbol"] is not None:
        follows = text[match.end() : match.end() + 2]
        glued = re.match("[0-9]", follows) and not match["symbol"][-1].isalpha()
        return not glued and not (quantity.scale == 1 and re.match(" ?[0-9]", follows))
    name = match["name"].lower()
    if is_only_kind(name, language) and (quantity.value or 0) < _LEAST_OF_KIND:
        return False
    ambiguous = name in _grammar(language).words.after_scale_only
    if quantity.scale == 1 and (ambiguous or match[0].lower().startswith(_LINK_WORDS)):
        return False
    other = DIFFERENT_WORD.get(name)
    return other is None or other.match(text, match.end()) is None


def _key(match: re.Match[str]) -> str:
    symbol = match["symbol"]
    return symbol if symbol is not None else re.sub(r"\s+", " ", match["name"]).lower()


def link(language: Rules) -> str:
    """Return the pattern of what may stand between a number and the currency behind it."""
    return f"[ -]?{any_of(language_of(language).currencies.links)}?"


@cache
def _grammar(language: Rules) -> _Grammar:
    names, marks = currency_names(language), currency_marks(language)
    and_words = joined(lambda one: one.amount_cues.and_words, language)
    suffixes = "|".join(_bounded(mark, right=True) for mark in _longest_first(marks))
    prefixes = "|".join(_bounded(mark, right=False) for mark in _longest_first(marks))
    words = language_of(language).currencies
    introduced = any_of(words.conversions)
    return _Grammar(
        words=words,
        names={**names, **marks},
        suffix=re.compile(
            rf"{link(language)}(?=[^\s0-9])(?:(?P<name>(?i:{alternation(names)}))(?!\w)|(?P<symbol>{suffixes}))",
            boundaries(language),
        ),
        prefix=re.compile(rf"(?P<symbol>{prefixes}) ?$", boundaries(language)),
        conversion=re.compile(
            rf"[^0-9,;:.()\[\]]{{0,30}}[(\[]\s*(?:{introduced}\s*)?"
            rf"|{any_of(words.open_conversions)}\s*",
            re.IGNORECASE,
        ),
        further_conversion=re.compile(
            rf"\s*(?:[,;/]\s*)?(?:(?:{introduced}|{and_words})\s*)?", re.IGNORECASE
        ),
    )


def _longest_first(marks: Mapping[str, Codes]) -> list[str]:
    return sorted(marks, key=len, reverse=True)


def _bounded(mark: str, *, right: bool) -> str:
    """Return the pattern of a symbol or code that no letter continues on its outer side."""
    if right:
        return re.escape(mark) + (r"(?!\w)" if mark[-1].isalpha() else "")
    return (r"(?<!\w)" if mark[0].isalpha() else "") + re.escape(mark)
