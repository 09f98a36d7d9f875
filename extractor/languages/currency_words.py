"""CurrencyWords: how a language names currencies, beside the names that CLDR has."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from extractor.languages.part import Part

Words = tuple[str, ...]


class CurrencyWords(Part):
    """What `currencies.toml` of a language holds; codes are ISO 4217, words lower case."""

    kind_position: Literal["first", "last"]
    """Where CLDR's names say the kind of currency: last in "Australian dollar"."""
    dollars: Words
    """Words that mean US dollars first, and those of the countries that a text names."""
    no_kinds: Words
    """Words in that position that are something else on their own."""
    after_scale_only: Words
    """Names that are money only after a scale word."""
    links: Words
    """What may stand, blank included, between a scale word and its currency."""
    in_currency: Words
    """Regular expressions of the same between any number and its currency."""
    conversions: Words
    """Regular expressions of what introduces another currency in brackets."""
    open_conversions: Words
    """The same without brackets."""
    names: Mapping[str, Words]
    """By code."""
    more_names: Mapping[str, Words]
    """For a reader that is pointed at them."""
    kinds: Mapping[str, Words]
    """Words that may mean any currency of a kind, in texts of all languages."""

    shared: Mapping[str, Words] = {}
    """Codes by a word that several currencies share, the usual one first; in all languages."""
    marks: Mapping[str, Words] = {}
    """Codes by a mark with words in it, in all languages."""
    counts: tuple[int | Decimal, ...] = (1, 2)
    """Numbers of currency for which CLDR is asked the names, one for each plural form."""
    own_marks: Mapping[str, Words] = {}
    """Codes by mark, as only this language means it, if there are such."""
    home_dollar: str = "USD"
    """Whose dollar a bare "$" behind a figure is first, in texts that name its country."""
    goes_on: Mapping[str, Words] = {}
    """By name, regular expressions of what makes it another word."""
