"""Units of a count that something points at: more measures, or any noun that no table knows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from extractor.languages import Rules, language_of
from extractor.languages.count_words import CountWords
from extractor.languages.patterns import any_of
from extractor.mentions.amounts.units import UnitForm, singular, unit_forms

_AS_WRITTEN: Final = 2
"""Units of so few letters are read in no other case: "m" is metres, "M" millions."""
_WORD = r"(?P<word>[^\W\d_](?:[\w'&-]*[^\W_])?)(?![\w/])"
_NEXT_WORD = re.compile(rf"[ -]{_WORD}")
UNIT_NAMES: Final[Rules] = "en"
"""The language of the names that records have for units."""
_LONGEST_UNIT = 40


@dataclass(frozen=True, slots=True)
class UnitWords:
    """A unit, and where its words end."""

    unit: str
    end: int


def known_unit(text: str, at: int, language: Rules) -> UnitWords | None:
    """Return the unit that a table knows in the words right behind a number, None without any."""
    grammar = _grammar(language)
    match = grammar.known.match(text, at)
    if match is None:
        return None
    form = grammar.forms.get(match["unit"]) or grammar.forms.get(match["unit"].lower())
    if form is None or form.unit is None or (match.start("unit") == at and not form.measure):
        return None
    return UnitWords(form.unit, match.end())


def noun_words(text: str, at: int, end: int, language: Rules) -> UnitWords | None:
    """Return the words behind a number as a unit of their own, those before `end` if any are."""
    grammar = _grammar(language)
    words: list[str] = []
    position = at
    while len(words) < grammar.words.longest_noun:
        pattern = _NEXT_WORD if words else grammar.first_word
        match = pattern.match(text, position)
        if match is None or grammar.no_noun.fullmatch(match["word"]):
            break
        if words and at < end <= match.start("word"):
            break
        words.append(match["word"])
        position = match.end()
        if grammar.words.modifiers_first and grammar.plural_noun.fullmatch(match["word"]):
            break
    unit = unit_name(singular(" ".join(words), language_of(language).units))
    return None if unit is None else UnitWords(unit, position)


def counts_nothing(text: str, at: int, language: Rules) -> bool:
    """Say whether the number is part of a fraction in words ("two thirds") or a length of time."""
    return _grammar(language).counts_nothing.match(text, at) is not None


def unit_name(words: str | None) -> str | None:
    """Return words as the name of a unit, None for words that cannot be one.

    A name is lower case, of the letters a to z and underscores, and never holds a digit.
    """
    known = unit_forms(UNIT_NAMES).get((words or "").strip().lower().replace("_", " "))
    if known is not None and known.unit is not None:
        return known.unit
    letters = (words or "").lower().replace("đ", "d").replace("œ", "oe")
    letters = "".join(
        one for one in unicodedata.normalize("NFD", letters) if not unicodedata.combining(one)
    )
    if any(one.isdigit() for one in letters):
        return None
    name = re.sub("[^a-z]+", "_", letters).strip("_")
    return name if 0 < len(name) <= _LONGEST_UNIT else None


@dataclass(frozen=True, slots=True)
class _Grammar:
    words: CountWords
    forms: Mapping[str, UnitForm]
    known: re.Pattern[str]
    first_word: re.Pattern[str]
    no_noun: re.Pattern[str]
    plural_noun: re.Pattern[str]
    counts_nothing: re.Pattern[str]


@cache
def _grammar(language: Rules) -> _Grammar:
    words, forms = language_of(language).counts, _forms(language)
    before, of = any_of(words.before_noun), any_of(words.before_unit)
    either = "|".join(
        re.escape(form)
        if len(form) <= _AS_WRITTEN and form not in unit_forms(language)
        else f"(?i:{re.escape(form)})"
        for form in sorted(forms, key=len, reverse=True)
    )
    return _Grammar(
        words=words,
        forms=forms,
        known=re.compile(
            rf"(?: {any_of((*words.before_unit, *words.before_known_unit))}?"
            rf"(?:(?i:{before}) ){{0,3}}|-)?(?P<unit>{either})"
            # "Km/h" and "Gb/s" are other units; "MWh/an" is one a year.
            r"(?!\w|/ ?[hs]\b|-[^\W\d])"
        ),
        first_word=re.compile(rf"(?:-| {of}?)(?:{before} )?{_WORD}", re.IGNORECASE),
        no_noun=re.compile(any_of(words.no_nouns), re.IGNORECASE),
        plural_noun=re.compile(words.plural_noun or "(?!)"),
        counts_nothing=re.compile(any_of(words.counts_nothing), re.IGNORECASE),
    )


@cache
def _forms(language: Rules) -> Mapping[str, UnitForm]:
    """Units by written form: those of the table of units, and those that it lacks."""
    units = language_of(language).units
    forms: dict[str, UnitForm] = {}
    for unit, listed in units.more_measures.items():
        for form in listed:
            ending = units.plural_ending
            plural = ending and len(form) > 3 and form.islower() and not form.endswith(ending)
            for written in (form, form + ending) if plural else (form,):
                key = written if len(written) <= _AS_WRITTEN else written.lower()
                forms[key] = UnitForm(unit, True, True, True)
    for written, known in unit_forms(language).items():
        if known.unit is not None or written not in forms:
            forms[written] = known
    return forms
