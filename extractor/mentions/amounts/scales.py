"""Scale words behind a figure: a language's own, those that it borrows, and what may be either.

"$3.2bn" in a Vietnamese sentence is written as English writes, marks included. A borrowed word
makes an amount only where a currency confirms it. A word that some language has for a scale, but of
which nobody knows what it means here, makes the number before it one of which the value is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from extractor.languages import Language, Rules, all_languages, find_language, language_of
from extractor.languages.amount_words import by_word
from extractor.languages.cldr_numbers import scale_words
from extractor.mentions.amounts.figures import Marks

# Abbreviations that are metres or names but for a sign before the figure that they touch.
_BEHIND_SIGN: Final[Mapping[str, int]] = {"m": 6, "b": 9, "t": 12}


@dataclass(frozen=True, slots=True)
class ScaleWord:
    """What a word multiplies by, as a power of ten; None if nobody knows here.

    `lent` words need a currency beside their number, `signed` ones its sign before the figure, and
    `home` ones the language's own currency.
    """

    power: int | None
    lent: bool = False
    signed: bool = False
    home: bool = False


@cache
def own_words(language: Rules) -> Mapping[str, int]:
    """The powers of the language's own scale words, lower case, one word each."""
    words = by_word(language_of(language).amounts.scales)
    if find_language(language) is not None:
        # What a folder has adds to CLDR; of other languages CLDR tells all.
        words = scale_words(language, "long") | words
    return {word: power for word, power in words.items() if " " not in word}


@cache
def abbreviations(language: Rules) -> Mapping[str, ScaleWord]:
    """Scale words that are read as written, right behind a figure."""
    spoken = language_of(language).amounts
    lent = by_word(spoken.borrowed_short_scales)
    words = {word: ScaleWord(power, lent=True, signed=True) for word, power in _BEHIND_SIGN.items()}
    words |= {word: ScaleWord(power, lent=True) for word, power in lent.items()}
    words |= {
        word: ScaleWord(power, home=word in spoken.home_scales)
        for word, power in _own_abbreviations(language).items()
    }
    return words | dict.fromkeys(spoken.doubtful_short_scales, ScaleWord(None))


@cache
def other_words(language: Rules) -> Mapping[str, ScaleWord]:
    """Scale words of other languages by lower case: those that are borrowed, and all others."""
    spoken = language_of(language).amounts
    own = own_words(language)
    strange = {word for one in all_languages() for word in own_words(one.code)}
    words = {word: ScaleWord(None, lent=True) for word in strange | {*spoken.doubtful_scales}}
    borrowed = by_word(spoken.borrowed_scales)
    words |= {word: ScaleWord(power, lent=True) for word, power in borrowed.items()}
    return {word: scale for word, scale in words.items() if word not in own and " " not in word}


@cache
def behind_signs(language: Rules) -> Mapping[str, ScaleWord]:
    """What the language's own words mean behind a sign and a figure, as another one writes."""
    spoken = language_of(language).amounts
    words = {word: ScaleWord(power) for word, power in by_word(spoken.sign_scales).items()}
    return words | dict.fromkeys(spoken.doubtful_sign_scales, ScaleWord(None))


@cache
def marks_of(language: Rules) -> Marks:
    """How the language writes figures."""
    spoken, writing = language_of(language).amounts, language_of(language).writing
    return Marks(
        spoken.thousands_mark,
        loose=spoken.loose_marks,
        pairs=writing.pairs,
        padded=spoken.padded_numbers,
    )


@cache
def marks_before(word: str, power: int | None) -> Marks:
    """How figures are written by those whose scale word it is, if they all write the same."""
    lenders = [one for one in all_languages() if _says(one, word) == power]
    thousands = {one.amounts.thousands_mark for one in lenders}
    loose = any(one.amounts.loose_marks for one in lenders)
    return Marks(thousands.pop() if len(thousands) == 1 else "", loose=loose)


def _says(language: Language, word: str) -> int | None:
    own = own_words(language.code).get(word.lower())
    return _own_abbreviations(language.code).get(word) if own is None else own


@cache
def _own_abbreviations(language: Rules) -> Mapping[str, int]:
    words = by_word(language_of(language).amounts.short_scales)
    if find_language(language) is not None:
        words = scale_words(language, "short") | words
    return words
