"""UnitLists: what can be counted, by the English names that records have for it."""

from __future__ import annotations

from collections.abc import Mapping

from extractor.languages.part import Part

Words = tuple[str, ...]


class UnitLists(Part):
    """What `units.toml` of a language holds; forms are "singular/plural" where they differ.

    Where the slash is left out, the plural is the singular with `plural_ending`. A language need
    not have words for every unit of another one.
    """

    plural_ending: str
    """Empty where nouns have one form."""
    nouns: Mapping[str, Words]
    measures: Mapping[str, Words]
    more_measures: Mapping[str, Words]
    """For a reader that is pointed at them: too short or too rare for one that is not."""

    no_units: Words = ()
    """Longer words that begin like a unit and are none."""
    party_units: Words = ()
    """Names of units that count parties, among them nouns that are in no table."""
    source_units: Words = ()
    """Names of units that count people of whom a few are the sources of a rumour."""
    invariable: Words = ()
    """Endings of nouns that have no other singular."""
    singular_endings: Mapping[str, str] = {}
    """Endings of the plural with those of the singular; the first that fits counts."""
