"""What can be counted: written forms of nouns and measures, by the English name of the unit.

Longer forms win over shorter ones, so a more specific unit may share its first words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from extractor.languages import Rules, all_languages, language_of
from extractor.languages.unit_lists import UnitLists

LISTED_UNITS: Final = frozenset(
    unit
    for language in all_languages()
    for table in (language.units.nouns, language.units.measures)
    for unit in table
)
"""Units of the tables: of any other one only the look of its word tells that it is one."""
PARTY_UNITS: Final = frozenset(
    unit for language in all_languages() for unit in language.units.party_units
)
"""Units that count parties: how many give or get something, not how much is given."""


@dataclass(frozen=True, slots=True)
class UnitForm:
    """One written form of a unit: `unit` is None for words that only look like one."""

    unit: str | None
    measure: bool
    singular: bool
    plural: bool


def unit_forms(language: Rules) -> dict[str, UnitForm]:
    """Return every written form of the language, in lower case."""
    units = language_of(language).units
    forms = {form: UnitForm(None, False, True, True) for form in units.no_units}
    for table, measure in ((units.nouns, False), (units.measures, True)):
        for unit, listed in table.items():
            for form in listed:
                singular, _, plural = form.partition("/")
                plural = plural or singular + units.plural_ending
                both = singular == plural
                forms[singular.lower()] = UnitForm(unit, measure, True, both)
                forms[plural.lower()] = UnitForm(unit, measure, both, True)
    return forms


def singular(words: str, units: UnitLists) -> str:
    """Return a noun that no table holds in the singular."""
    if words.lower().endswith(units.invariable):
        return words
    for ending, single in units.singular_endings.items():
        if words.endswith(ending):
            return words.removesuffix(ending) + single
    return words
