"""Language: all words that engines ask of one language, read from its folder when first asked."""

from __future__ import annotations

import functools
import tomllib
from importlib import resources
from typing import Any, Final, TypeAlias, TypeVar

from extractor.languages.addressing_words import AddressingWords
from extractor.languages.amount_words import AmountWords
from extractor.languages.calendar_names import CalendarNames
from extractor.languages.count_words import CountWords
from extractor.languages.country_names import CountryNames
from extractor.languages.cue_lists import CueLists
from extractor.languages.currency_words import CurrencyWords
from extractor.languages.date_phrases import DatePhrases
from extractor.languages.furniture_marks import FurnitureMarks
from extractor.languages.locales import cldr_code
from extractor.languages.part import Part
from extractor.languages.party_words import PartyWords
from extractor.languages.text_words import TextWords
from extractor.languages.unit_lists import UnitLists
from extractor.languages.writing import Writing
from extractor.records import Language as Code

LANGUAGES: Final[tuple[Code, ...]] = ("vi", "fr", "en", "id")
"""The folders, in the order in which tables of several languages are read."""
Rules: TypeAlias = str
"""The code of a language whose words are asked: one that `rules_of` gives."""
_MOST_CODES: Final = 1024
"""More than there are languages; callers give codes, so what is kept by code has a bound."""

_PartT = TypeVar("_PartT", bound=Part)


class Language:
    """One language by its BCP 47 code; every part is read once, when it is first asked for."""

    def __init__(self, code: Rules) -> None:
        self.code = code

    def __repr__(self) -> str:
        return f"Language({self.code!r})"

    @functools.cached_property
    def writing(self) -> Writing:
        """What its script tells of a text."""
        return Writing()

    @functools.cached_property
    def text(self) -> TextWords:
        """How text in it is written, and what ends no sentence."""
        return self._part(TextWords, "text.toml")

    @functools.cached_property
    def furniture(self) -> FurnitureMarks:
        """What pages print around articles."""
        return self._part(FurnitureMarks, "furniture.toml")

    @functools.cached_property
    def addressing(self) -> AddressingWords:
        """How an article in it would speak to the program that reads it."""
        return self._part(AddressingWords, "addressing.toml")

    @functools.cached_property
    def cues(self) -> CueLists:
        """The words that steer the rules."""
        return self._part(CueLists, "cues.toml")

    @functools.cached_property
    def amounts(self) -> AmountWords:
        """How numbers are said and written."""
        return self._part(AmountWords, "amounts.toml")

    @functools.cached_property
    def counts(self) -> CountWords:
        """What is said around counted things."""
        return self._part(CountWords, "counts.toml")

    @functools.cached_property
    def units(self) -> UnitLists:
        """What can be counted."""
        return self._part(UnitLists, "units.toml")

    @functools.cached_property
    def currencies(self) -> CurrencyWords:
        """How currencies are named."""
        return self._part(CurrencyWords, "currencies.toml")

    @functools.cached_property
    def calendar(self) -> CalendarNames:
        """What times are called."""
        return self._part(CalendarNames, "calendar.toml")

    @functools.cached_property
    def dates(self) -> DatePhrases:
        """How a time is told, and what is one for a reader that is pointed at it."""
        return self._part(DatePhrases, "dates.toml")

    @functools.cached_property
    def countries(self) -> CountryNames:
        """How countries are named."""
        return self._part(CountryNames, "countries.toml")

    @functools.cached_property
    def parties(self) -> PartyWords:
        """What names of parties say, and how they go on."""
        return self._part(PartyWords, "parties.toml")

    def _part(self, form: type[_PartT], file: str) -> _PartT:
        """Read a part; raises `ValidationError` if the file says what the part does not know."""
        folder = resources.files("extractor.languages").joinpath(self.code)
        content: dict[str, Any] = tomllib.loads(folder.joinpath(file).read_text("utf-8"))
        return form.model_validate(content)


@functools.lru_cache(_MOST_CODES)
def language_of(code: Rules) -> Language:
    """The language of a code: of its folder, or else of what CLDR has."""
    rules = rules_of(code)
    if rules != code:
        return language_of(rules)
    if code in LANGUAGES:
        return Language(code)
    # Babel takes long to load, and nobody needs it who reads languages with a folder.
    from extractor.languages.cldr import CldrLanguage

    return CldrLanguage(code)


def find_language(code: str) -> Language | None:
    """The language of that code, None if it has no folder."""
    return next((language_of(known) for known in LANGUAGES if known == code), None)


def all_languages() -> tuple[Language, ...]:
    """Every language with a folder, in their order: for what may stand in a text of any other."""
    return tuple(map(language_of, LANGUAGES))


def rules_of(code: str) -> Rules:
    """The language whose words are asked about a text in that one.

    Its own if it has a folder or CLDR knows it; else `und`, which has no words.
    """
    return code if code in LANGUAGES else _without_folder(code)


@functools.lru_cache(_MOST_CODES)
def _without_folder(code: str) -> Rules:
    return cldr_code(code)
