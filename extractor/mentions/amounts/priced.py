"""A number with the currency beside it, before or behind, in the forms that are sure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Final

from extractor.languages import Rules, all_languages, language_of
from extractor.languages.currency_words import CurrencyWords
from extractor.languages.patterns import any_of, any_word
from extractor.mentions.amounts.currencies import (
    Codes,
    before_figures,
    currency_marks,
    currency_names,
    is_only_kind,
)
from extractor.mentions.amounts.numerals import Quantity
from extractor.mentions.amounts.scales import abbreviations, other_words, own_words
from extractor.mentions.amounts.tokens import DASHES, alternation, boundaries, plain

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
_BOUND = re.compile(rf"[{DASHES}](?:[^\W\d]{{0,3}}[$€£¥₩₹]? ?)[0-9]")
_MINUS = re.compile(rf"(?<![^\s(\[\"'])[{DASHES}]$")


@dataclass(frozen=True, slots=True)
class Priced:
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
    ends: frozenset[str]
    """What the marks before a number end in."""
    letter: re.Pattern[str]
    scale: re.Pattern[str]


def priced(text: str, quantity: Quantity, free_from: int, language: Rules) -> Priced:
    """The number with its currency; what stands before `free_from` belongs to another number."""
    found = _beside(text, quantity, free_from, language)
    whole = found.quantity
    if found.currency is None:
        return found
    if _MINUS.search(text, max(0, whole.start - 2), whole.start):
        return replace(found, currency=None)
    if whole.home and language_of(language).amounts.home_currency != found.currency[0]:
        whole = replace(whole, value=None, doubtful=True)
    if _BOUND.match(text, whole.end):
        # "€3m-€4m" is one amount, or none if the other half is not read.
        whole = replace(whole, tied=True)
    return found if whole is found.quantity else replace(found, quantity=whole)


def _beside(text: str, quantity: Quantity, free_from: int, language: Rules) -> Priced:
    grammar = _grammar(language)
    after = grammar.suffix.match(text, quantity.end)
    if after is not None and _is_currency(text, after, quantity, language):
        found = replace(quantity, end=after.end())
        return Priced(_scaled_behind(text, found, after, language), grammar.names[_key(after)])
    if grammar.letter.match(text, quantity.end):
        # "$5x" is not five of anything.
        return Priced(quantity, None)
    left = max(free_from, quantity.start - _LONGEST_SYMBOL)
    ending = text[left : quantity.start].rstrip()[-1:]
    before = grammar.prefix.search(text, left, quantity.start) if ending in grammar.ends else None
    if before is not None:
        codes = before_figures(grammar.names[before["symbol"]])
        # "N95" is a mask and "R2" a region: one letter is money only before a scale word.
        if quantity.scale > 1 or not (len(before["symbol"]) == 1 and before["symbol"].isalpha()):
            return Priced(replace(quantity, start=before.start()), codes, prefixed=True)
    return Priced(quantity, None)


def _is_currency(text: str, match: re.Match[str], quantity: Quantity, language: Rules) -> bool:
    """Say whether the word after a number is its currency, and not the next number's or a noun."""
    if match["symbol"] is not None:
        follows = text[match.end() : match.end() + 2]
        glued = re.match("[0-9]", follows) and not match["symbol"][-1].isalpha()
        # "5 m-Rp 6 m" is a range.
        may_lead = quantity.scale == 1 or match[0][0] in DASHES
        return not glued and not (may_lead and re.match(" ?[0-9]", follows))
    name = match["name"].lower()
    few = not quantity.doubtful and (quantity.value or 0) < _LEAST_OF_KIND
    if few and is_only_kind(name, language):
        return False
    ambiguous = name in _grammar(language).words.after_scale_only
    if quantity.scale == 1 and (ambiguous or match[0].lower().startswith(_LINK_WORDS)):
        return False
    other = DIFFERENT_WORD.get(name)
    return other is None or other.match(text, match.end()) is None


def _scaled_behind(
    text: str, quantity: Quantity, currency: re.Match[str], language: Rules
) -> Quantity:
    """Return the number with a scale word behind its currency: "125 USD million"."""
    scale = _grammar(language).scale.match(text, currency.end())
    if scale is None or quantity.scale != 1:
        return quantity
    word = scale[0].strip()
    power = own_words(language).get(word.lower())
    if power is None:
        known = abbreviations(language).get(word) or other_words(language).get(word.lower())
        power = None if known is None or known.home else known.power
    if power is None or quantity.value is None or not (currency["symbol"] or "").isalpha():
        return replace(quantity, end=scale.end(), value=None, doubtful=True)
    factor = Decimal(10) ** power
    return replace(quantity, end=scale.end(), value=plain(quantity.value * factor), scale=factor)


def _key(match: re.Match[str]) -> str:
    symbol = match["symbol"]
    return symbol if symbol is not None else re.sub(r"\s+", " ", match["name"]).lower()


def link(language: Rules) -> str:
    """The pattern of what may stand between a number and the currency behind it."""
    return f"[ -]?{any_of(language_of(language).currencies.links)}?"


@cache
def _grammar(language: Rules) -> _Grammar:
    names, marks = currency_names(language), currency_marks(language)
    suffixes = "|".join(_bounded(mark) for mark in _longest_first(marks))
    letters = alternation(mark for mark in marks if mark[0].isalpha())
    signs = alternation(mark for mark in marks if not mark[0].isalpha())
    # "MX$5" are no US dollars, and "M€ 5" no five euros.
    prefixes = rf"(?<!\w)(?:{letters})|(?<![^\W\d])(?:{signs})"
    words = {**own_words(language), **other_words(language)}
    shorts = [word for word in abbreviations(language) if len(word) > 1]
    return _Grammar(
        words=language_of(language).currencies,
        names={**names, **marks},
        suffix=re.compile(
            rf"(?i:{link(language)})(?=[^\s0-9])"
            rf"(?:(?P<name>{any_word(names)})(?!\w)|(?P<symbol>{suffixes}))",
            boundaries(language),
        ),
        prefix=re.compile(rf"(?P<symbol>{prefixes}) ?$", boundaries(language)),
        ends=frozenset(mark.rstrip()[-1] for mark in marks),
        letter=re.compile(r"\w", boundaries(language)),
        scale=re.compile(
            rf" (?:{any_word(words)}|{alternation(shorts)})(?!\w)", boundaries(language)
        ),
    )


def _longest_first(marks: Mapping[str, Codes]) -> list[str]:
    return sorted(marks, key=len, reverse=True)


def _bounded(mark: str) -> str:
    """Return the pattern of a symbol or code behind which no letter goes on with it."""
    return re.escape(mark) + (r"(?!\w)" if mark[-1].isalpha() else "")
