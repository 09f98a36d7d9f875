"""CountWords: what a language says around counted things; regular expressions where not said."""

from __future__ import annotations

from collections.abc import Mapping

from extractor.languages.part import Part

Words = tuple[str, ...]


class ShareWords(Part):
    """Percentages and shares, of a cost above all."""

    percent: Words
    """Beside the sign."""
    of: Words
    """Between a percentage and a cost."""
    of_cost: Words
    """Between a share in words and a cost."""
    of_anything: Words
    """Behind a share in words of anything else."""
    cost: Words
    not_paid: Words
    """Before a share that is saved or described, not paid; those of all languages count."""
    of_a_cost: Mapping[str, int]
    """Percentages by the words that say them."""
    pointed_at: Mapping[str, int]
    """More of them, for a reader that is pointed at them."""
    inexact: Words
    """Shares that are no exact percentage, for the same reader."""


class CountWords(Part):
    """What `counts.toml` of a language holds."""

    longest_noun: int
    """How many words a noun that no table knows has at most."""
    no_nouns: Words
    """Words that are no part of a noun, and end a run of its modifiers."""
    labels: Words
    """Words whose number names one thing: "phase 2"."""
    before_year: Words
    """Words behind which a figure that looks like a year is one."""
    one_in_numbers: Words
    """Numbers of those of whom there is one, of all languages: "one in five"."""
    one_in: Words
    counts_nothing: Words
    """What stands right behind the number of a fraction or of a length of time."""
    rates: Words
    """Behind a slash, these leave a measure what it is; those of all languages count."""
    shares: ShareWords

    modifiers_first: bool = False
    """Set where what describes a noun stands between its number and it: "20 new school buses"."""
    joints: Words = ()
    """Words, not patterns, that join two modifiers."""
    plural_from_two: bool = False
    """Set where the plural begins at two; else all but one is plural."""
    before_noun: Words = ()
    """What may stand between the number and the noun: classifiers, adjectives."""
    before_unit: Words = ()
    """What stands, blank included, between a large number and what it counts."""
    before_known_unit: Words = ()
    """More of that, for a reader that is pointed at them."""
    plural_noun: str | None = None
    """What a noun that no table knows looks like in the plural, if that can be told."""
    before_plural_noun: Words = ()
    """Adjectives before such a noun."""
    no_plural_nouns: Words = ()
    """Words that look like one and are none."""
    of_fraction: Words = ()
    """What parts the numbers of a fraction, in all languages."""
