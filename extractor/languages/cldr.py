"""A language without a folder, as CLDR has it: figures, currencies and dates, and nothing else.

Its parts are those of any language. What CLDR does not know is empty: no cue, no phrase told from
today, no unit but those that are the same everywhere, nothing of what pages print around articles.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Final, TypeVar

from extractor.languages.amount_words import AmountWords
from extractor.languages.calendar_names import CalendarNames
from extractor.languages.cldr_dates import (
    calendar_names,
    date_phrases,
    dotted_months,
    ordinals_before,
)
from extractor.languages.cldr_money import currency_words
from extractor.languages.cldr_numbers import amount_words, digits, groups_in_pairs, scale_words
from extractor.languages.common import common_names
from extractor.languages.currency_words import CurrencyWords
from extractor.languages.date_phrases import DatePhrases
from extractor.languages.language import Language
from extractor.languages.locales import UNKNOWN
from extractor.languages.part import Part, nothing
from extractor.languages.text_words import TextWords
from extractor.languages.unit_lists import UnitLists
from extractor.languages.writing import Writing

# Scripts of languages that put no blank between words, as ISO 15924 calls them.
_UNSPACED: Final = frozenset(
    ("Hans", "Hant", "Jpan", "Khmr", "Lana", "Laoo", "Mymr", "Talu", "Thai", "Tibt", "Yiii")
)
# Unicode's marks at the end of a sentence, of the scripts that do not use the full stop.
_STOPS: Final = (
    "\N{IDEOGRAPHIC FULL STOP}\N{HALFWIDTH IDEOGRAPHIC FULL STOP}\N{DEVANAGARI DANDA}"
    "\N{DEVANAGARI DOUBLE DANDA}\N{ARABIC QUESTION MARK}\N{ARABIC FULL STOP}"
    "\N{ETHIOPIC FULL STOP}\N{ETHIOPIC QUESTION MARK}\N{MYANMAR SIGN SECTION}\N{KHMER SIGN KHAN}"
    "\N{ARMENIAN FULL STOP}"
)
_PartT = TypeVar("_PartT", bound=Part)


class CldrLanguage(Language):
    """One language by a code that `cldr_code` gives."""

    @cached_property
    def writing(self) -> Writing:
        """What its script tells."""
        return Writing(
            digits=digits(self.code),
            pairs=groups_in_pairs(self.code),
            unspaced=_script(self.code) in _UNSPACED,
            stops=_STOPS,
            behind_ordinals=ordinals_before(self.code),
        )

    def _part(self, form: type[_PartT], file: str) -> _PartT:
        build = _BUILDERS.get(form)
        return nothing(form) if build is None else form.model_validate(build(self.code))


def _script(code: str) -> str:
    from babel.core import get_global

    likely = str(get_global("likely_subtags").get(code, "")).split("_")
    return likely[1] if code != UNKNOWN and len(likely) > 1 else ""


def _text(code: str) -> TextWords:
    # Behind them a sentence goes on as often as it ends: 20 Mio. Euro.
    scales = (word for word in scale_words(code, "short") if word.endswith("."))
    ambiguous = (*(word.rstrip(".") for word in scales), *dotted_months(code))
    return nothing(TextWords, ambiguous=ambiguous)


def _units(code: str) -> UnitLists:
    common = common_names()
    return nothing(
        UnitLists, plural_ending="", measures=common.measures, more_measures=common.more_measures
    )


_BUILDERS: Final[Mapping[type[Part], Callable[[str], Part]]] = {
    AmountWords: amount_words,
    CalendarNames: calendar_names,
    CurrencyWords: currency_words,
    DatePhrases: date_phrases,
    TextWords: _text,
    UnitLists: _units,
}
