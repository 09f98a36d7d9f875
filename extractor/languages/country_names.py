"""CountryNames: how a language names countries, beside the names that CLDR has."""

from __future__ import annotations

from collections.abc import Mapping

from extractor.languages.part import Part

Words = tuple[str, ...]


class Syllables(Part):
    """What tells a country from a person where names of both are written in syllables."""

    pattern: str
    """A regular expression of one syllable of a name, its letters without marks."""
    person_before: Words
    """Before one of these it is a person."""
    country_before: Words
    """After one of these it is a country, even with a name behind it."""
    openers: Words
    """Words that begin a sentence, and so have a capital that makes them no part of a name."""
    common: Words
    """Names that at the start of a sentence are common words."""
    joints: Words
    """Words that join such a name to another one all the same."""


class CountryNames(Part):
    """What `countries.toml` of a language holds, by ISO 3166-1 code, or EU, as written."""

    names: Mapping[str, Words]
    capitals: Mapping[str, Words]
    """Cities that stand for a government; in texts of all languages."""
    others: Words
    """Longer names that hold a country's name and are not it."""

    adjectives: Mapping[str, Words] = {}
    """In all their forms, with those who come from there; for a language that inflects them."""
    capital_adjectives: bool = False
    """Set where each adjective is read with a capital as well."""
    parts: Words = ()
    """Names and adjectives of parts of a country that are named as if they were one."""
    misleading: Words = ()
    """Names in CLDR that are common words or given names, in some other language too."""
    given_names: Words = ()
    """Names that are given names as well, in texts of all languages."""
    syllables: Syllables | None = None
    """Only for a language that writes names of people in syllables."""
