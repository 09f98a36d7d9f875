"""Names of countries in a language, with the adjectives made from them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from babel import Locale

from extractor.languages import Rules, all_languages, language_of
from extractor.languages.cldr_numbers import as_text
from extractor.languages.locales import locale_of

# CLDR also names groups, test locales and territories without an ISO code of their own.
_NOT_COUNTRIES = frozenset(
    {"AC", "CP", "CQ", "DG", "EA", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
)
CANONICAL: Final[Rules] = "en"
"""The language of the names that records have for countries; it counts in every text."""


def _spellings(name: str) -> Iterator[str]:
    """A CLDR name as prose writes it: without brackets, with or without an accented capital."""
    name = name.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").replace(" - ", "-")
    for part in re.split(r"[()]", name):
        spelling = part.strip()
        if spelling and spelling not in _misleading():
            yield spelling
            if spelling[0] in "ÉÎ":
                yield {"É": "E", "Î": "I"}[spelling[0]] + spelling[1:]


@cache
def _misleading() -> frozenset[str]:
    """Names that are common words or given names in one of the languages."""
    return frozenset(name for one in all_languages() for name in one.countries.misleading)


def _names(language: Rules) -> Iterator[tuple[str, str]]:
    for code, name in locale_of(language).territories.items():
        if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES:
            yield from ((spelling, code) for spelling in _spellings(as_text(str(name))))
    for code, names in language_of(language).countries.names.items():
        yield from ((name, code) for name in names)


def _adjectives(language: Rules) -> Iterator[tuple[str, str]]:
    countries = language_of(language).countries
    for code, adjectives in countries.adjectives.items():
        for adjective in adjectives:
            yield adjective, code
            if countries.capital_adjectives:
                yield adjective[0].upper() + adjective[1:], code


@cache
def country_adjectives(language: Rules) -> frozenset[str]:
    """The adjectives among the names: "Norwegian" is of Norway, and is not Norway."""
    return frozenset(adjective for adjective, _ in _adjectives(language))


@cache
def parts_of_countries(language: Rules) -> frozenset[str]:
    """Names, in the language and in English, of a part of a country and not of the whole."""
    sources = (language_of(source).countries.parts for source in (language, CANONICAL))
    return frozenset(name for parts in sources for name in parts)


@cache
def english_name(code: str) -> str:
    """The name of a country in English, as CLDR has it."""
    return str(Locale.parse(CANONICAL).territories[code])


@cache
def country_words(language: Rules) -> Mapping[str, str | None]:
    """Code by name, as written, in the language and in English; None for names to step over."""
    words: dict[str, str | None] = {}
    for source in dict.fromkeys((language, CANONICAL)):
        for name, code in _names(source):
            words.setdefault(name, code)
            # A short name in capitals may be another word: ANH, US.
            if len(name) > 4:
                words.setdefault(name.upper(), code)
    words |= _adjectives(language)
    return words | dict.fromkeys(language_of(language).countries.others)


@cache
def capital_codes() -> Mapping[str, str]:
    """Code by the name of the city that stands for a government, in any language."""
    return {
        city: code
        for language in all_languages()
        for code, cities in language.countries.capitals.items()
        for city in cities
    }
