"""AmountCues: the words around a number: ranges, and what says about, over, a year or each."""

from __future__ import annotations

from collections.abc import Mapping

from extractor.languages.part import Part
from extractor.records import Per, Qualifier

Words = tuple[str, ...]


class PerWords(Part):
    """What makes an amount one for every year or month, as regular expressions."""

    anywhere: Mapping[Per, Words]
    """Wherever in the clause they stand."""
    behind: Mapping[Per, Words]
    """Only close behind the number."""
    before: Mapping[Per, Words]
    """Only right before the number."""
    refused: Words
    """What stands before those of `behind` where the words are a length of time."""


class EachWords(Part):
    """What gives an amount to each of several, as regular expressions.

    In them `{noun}` begins a word that is not one of time, and `{time}` is any of `times`.
    """

    times: Words
    behind: Words
    before: Words
    of: Words
    """Behind a word for each: "each of the three" is one of them."""
    of_number: Words
    """The same, where their number follows."""


class AmountCues(Part):
    """What `amount_cues.toml` of a language holds."""

    connectors: Words
    """What may stand between the two numbers of a range."""
    opening: str
    """What may stand before both."""
    pair_opening: str
    """Where this stands before both, `pair_connector` stands between them."""
    pair_connector: str
    respectively: Words
    """Regular expressions of what says that a list goes with another, member by member."""
    changes: Words
    """Regular expressions of verbs after which `opening` tells two states and not a range."""
    and_words: Words
    with_words: Words
    """Like `and_words` they begin a clause."""
    clause_openings: Words
    """Regular expressions of words that, behind an "and", begin a clause of their own."""
    before: Mapping[Qualifier, Words]
    after: Mapping[Qualifier, Words]
    per: PerWords
    each: EachWords
    not_behind: Mapping[str, Words] = {}
    """Words behind which one of `before` means something else, if there are such."""
