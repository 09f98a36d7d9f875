"""Names of countries in Vietnamese, French and English, with the adjectives made from them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources

from babel import Locale
from pydantic import BaseModel, ConfigDict

from extractor.records import Language

# CLDR also names groups, test locales and territories without an ISO code of their own.
_NOT_COUNTRIES = frozenset(
    {"AC", "CP", "CQ", "DG", "EA", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
)
# Given names and common words of one language are countries in another.
_MISLEADING = frozenset({"Maurice", "Dominique", "Réunion", "La Réunion", "Jersey"})

_ENGLISH: Language = "en"


class _Tables(BaseModel):
    """What CLDR does not have: lists of spellings by code."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    names: dict[Language, dict[str, list[str]]]
    adjectives: dict[Language, dict[str, list[str]]]
    capitals: dict[str, list[str]]
    others: dict[Language, list[str]]


def _spellings(name: str) -> Iterator[str]:
    """A CLDR name as prose writes it: without brackets, with or without an accented capital."""
    name = name.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").replace(" - ", "-")
    for part in re.split(r"[()]", name):
        spelling = part.strip()
        if spelling and spelling not in _MISLEADING:
            yield spelling
            if spelling[0] in "ÉÎ":
                yield {"É": "E", "Î": "I"}[spelling[0]] + spelling[1:]


def _names(language: Language) -> Iterator[tuple[str, str]]:
    for code, name in Locale.parse(language).territories.items():
        if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES:
            yield from ((spelling, code) for spelling in _spellings(str(name)))
    for code, names in _tables().names[language].items():
        yield from ((name, code) for name in names)


def _inflected(adjective: str) -> Iterator[str]:
    """The four forms of a French adjective, with and without a capital."""
    feminine = {"grec": "grecque", "turc": "turque"}.get(adjective)
    if feminine is None and adjective.endswith("e"):
        feminine = adjective
    if feminine is None:
        feminine = adjective + ("ne" if adjective.endswith("en") else "e")
    plural = adjective if adjective.endswith("s") else adjective + "s"
    for form in (adjective, feminine, plural, feminine + "s"):
        yield from (form, form[0].upper() + form[1:])


def _adjectives(language: Language) -> Iterator[tuple[str, str]]:
    for code, adjectives in _tables().adjectives.get(language, {}).items():
        for adjective in adjectives:
            if language == "fr":
                yield from ((form, code) for form in _inflected(adjective))
            else:
                yield adjective, code
                if adjective[-1] in "ni":
                    yield adjective + "s", code


@cache
def country_adjectives(language: Language) -> frozenset[str]:
    """The adjectives among the names: "Norwegian" is of Norway, and is not Norway."""
    return frozenset(adjective for adjective, _ in _adjectives(language))


@cache
def english_name(code: str) -> str:
    """The name of a country in English, as CLDR has it."""
    return str(Locale.parse("en").territories[code])


@cache
def country_words(language: Language) -> Mapping[str, str | None]:
    """Code by name, as written, in the language and in English; None for names to step over."""
    words: dict[str, str | None] = {}
    for source in dict.fromkeys((language, _ENGLISH)):
        for name, code in _names(source):
            words.setdefault(name, code)
            # A short name in capitals may be another word: ANH, US.
            if len(name) > 4:
                words.setdefault(name.upper(), code)
    words |= _adjectives(language)
    return words | dict.fromkeys(_tables().others[language])


@cache
def capital_codes() -> Mapping[str, str]:
    """Code by the name of the city that stands for a government in the three languages."""
    return {city: code for code, cities in _tables().capitals.items() for city in cities}


@cache
def _tables() -> _Tables:
    source = resources.files(__package__).joinpath("countries.toml").read_text(encoding="utf-8")
    return _Tables.model_validate(tomllib.loads(source))
