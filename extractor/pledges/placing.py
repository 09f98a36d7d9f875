"""Which country a sentence puts a place in, and which countries that it names are places."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Final

from extractor.languages import Rules
from extractor.mentions.parties.country_words import country_adjectives
from extractor.mentions.parties.names import find_countries
from extractor.mentions.types import CountryMention
from extractor.pledges.parties import KnownParty

# What may stand between a place and its country: a few small words.
_BESIDE: Final = re.compile(r"[,('’]{0,2}s?\s*\(?(?:[a-zà-ỹđ'’-]+\s+){0,6}(?:[ldLD]['’])?")
_LONGEST_BESIDE: Final = 34
# "US chip designer Tessel", "Tessel (Mỹ)", "Tessel của Mỹ", "Tessel, nhà thiết kế chip của Mỹ".
_BEFORE_NAME: Final = re.compile(r"(?:['’]s)?\s(?:[a-zà-ỹđ'’-]+\s){0,4}")
_AFTER_NAME: Final = re.compile(r"\s?(?:\(|,\s(?:[a-zà-ỹđ-]+\s){0,5}(?:của|de|of|from)\s|của\s)")


def country_beside(site: str, sentences: Iterable[str], language: Rules) -> str | None:
    """The country that stands nearest beside a place: "Batam, Indonesia".

    An adjective behind it is somebody else's: "in Penang, a Taiwanese magazine said".
    """
    near: dict[int, str] = {}
    adjectives = country_adjectives(language)
    for text in sentences:
        for place in re.finditer(re.escape(site), text):
            for country in find_countries(text, language):
                if country.start >= place.end():
                    between = text[place.end() : country.start]
                    if _words_of(text, country) in adjectives:
                        continue
                else:
                    between = text[country.end : place.start()]
                if len(between) <= _LONGEST_BESIDE and _BESIDE.fullmatch(between):
                    near.setdefault(len(between), country.code)
    return near[min(near)] if near else None


def places_meant(text: str, language: Rules, givers: Collection[KnownParty]) -> frozenset[str]:
    """The countries that a sentence names as places.

    "The Swiss group" tells where somebody is from, not where the money goes.
    """
    adjectives = country_adjectives(language)
    return frozenset(
        country.code
        for country in find_countries(text, language)
        if _words_of(text, country) not in adjectives
        and not any(_is_home(text, country, party.name) for party in givers)
    ) - _homes(givers)


def countries_named(text: str, language: Rules, givers: Collection[KnownParty]) -> frozenset[str]:
    """The countries that a sentence names in any form, without those of the givers."""
    return frozenset(country.code for country in find_countries(text, language)) - _homes(givers)


def _homes(givers: Collection[KnownParty]) -> frozenset[str | None]:
    return frozenset(party.country for party in givers)


def _is_home(text: str, country: CountryMention, name: str) -> bool:
    """Whether a country is told as the one that a party comes from."""
    return any(
        _BEFORE_NAME.fullmatch(text[country.end : match.start()])
        or _AFTER_NAME.fullmatch(text[match.end() : country.start])
        for match in re.finditer(re.escape(name), text)
    )


def _words_of(text: str, country: CountryMention) -> str:
    return text[country.start : country.end]
