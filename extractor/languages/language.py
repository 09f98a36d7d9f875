"""Language: all words that engines ask of one language, read from its folder when first asked."""

from __future__ import annotations

import functools
import tomllib
from importlib import resources
from typing import Any, TypeAlias, TypeVar

from extractor.languages.addressing_words import AddressingWords
from extractor.languages.amount_words import AmountWords
from extractor.languages.calendar_names import CalendarNames
from extractor.languages.count_words import CountWords
from extractor.languages.country_names import CountryNames
from extractor.languages.cue_lists import CueLists
from extractor.languages.currency_words import CurrencyWords
from extractor.languages.date_phrases import DatePhrases
from extractor.languages.furniture_marks import FurnitureMarks
from extractor.languages.part import Part
from extractor.languages.party_words import PartyWords
from extractor.languages.text_words import TextWords
from extractor.languages.unit_lists import UnitLists
from extractor.languages.writing import Writing

Rules: TypeAlias = str
"""The code of a language whose words are asked: one that `rules_of` gives."""

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
