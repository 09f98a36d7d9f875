"""What each language tells of amounts, times and parties; what one lacks is declared here."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from pydantic import ValidationError

import extractor
from extractor.languages import LANGUAGES, all_languages, language_of
from extractor.languages.amount_words import AmountWords
from extractor.languages.calendar_names import CalendarNames
from extractor.languages.common import common_names
from extractor.languages.count_words import CountWords
from extractor.languages.country_names import CountryNames
from extractor.languages.currency_words import CurrencyWords
from extractor.languages.date_phrases import DatePhrases
from extractor.languages.part import Part
from extractor.languages.party_words import PartyWords
from extractor.languages.unit_lists import UnitLists
from extractor.records import Language as Code

PARTS: dict[str, type[Part]] = {
    "amounts": AmountWords,
    "counts": CountWords,
    "units": UnitLists,
    "currencies": CurrencyWords,
    "calendar": CalendarNames,
    "dates": DatePhrases,
    "countries": CountryNames,
    "parties": PartyWords,
}
# Tables by words of the language itself, those of what CLDR happens to lack, and of names that a
# language may spell as English does.
OWN_KEYS = {
    "amounts": "numbers hundreds collectives scales short_scales borrowed_scales"
    " borrowed_short_scales not_behind",
    "counts": "of_a_cost pointed_at",
    "units": "singular_endings",
    "currencies": "names more_names shared marks goes_on",
    "calendar": "months short_months weekdays years",
    "dates": "fragments days feasts seasons",
    "countries": "names adjectives capitals",
    "parties": "institutions",
}
# What a language has no words for, or what none were collected for: keys that another one has.
LACKING: dict[tuple[Code, str], str] = {
    ("vi", "amounts"): "cues.after.about"
    " article_is_one articles behind_letters collective_scales collectives"
    " doubtful_scales doubtful_short_scales doubtful_sign_scales never_vague"
    " not_behind sign_scales.12 sign_scales.9 signs_behind singular_scales"
    " standing_alone twenties",
    ("vi", "counts"): "before_known_unit before_plural_noun before_unit joints"
    " modifiers_first no_plural_nouns plural_from_two plural_noun",
    ("vi", "units"): "invariable more_measures.foot more_measures.petabyte"
    " more_measures.square_foot more_measures.terabyte party_units"
    " singular_endings source_units",
    ("vi", "currencies"): "home_dollar kinds.dirhams kinds.pesos marks shared",
    ("vi", "calendar"): "articles capital_weekdays short_months whole.quarter whole.week",
    ("vi", "countries"): "adjectives capital_adjectives given_names misleading",
    ("vi", "parties"): "administrations agency_words articles company_words elided_articles"
    " elided_name_articles fund_words group_quantifiers name_articles names.elided_links"
    " not_titles research_words state_endings",
    ("fr", "amounts"): "cues.not_behind"
    " behind_letters home_currency home_scales lone_numbers loose_marks"
    " padded_numbers tens year_word.behind year_word.word",
    ("fr", "counts"): "before_known_unit joints modifiers_first of_fraction",
    ("fr", "units"): "more_measures.bond more_measures.cubic_metre more_measures.sao"
    " more_measures.share more_measures.square_foot",
    ("fr", "currencies"): "goes_on",
    ("fr", "calendar"): "articles capital_months capital_weekdays directions.0 months not_lone"
    " short_months weekdays",
    ("fr", "countries"): "syllables.common syllables.country_before syllables.joints"
    " syllables.openers syllables.pattern syllables.person_before",
    ("fr", "parties"): "company_words fund_words names.ministries names.name_ends names.proper"
    " not_titles research_words",
    ("en", "amounts"): "cues.not_behind"
    " article_is_one collective_scales doubtful_scales doubtful_short_scales"
    " doubtful_sign_scales home_currency home_scales lone_numbers loose_marks"
    " never_vague not_behind padded_numbers sign_scales.12 sign_scales.9"
    " signs_behind singular_scales standing_alone tens twenties year_word.behind"
    " year_word.word",
    ("en", "counts"): "before_noun before_plural_noun before_unit no_plural_nouns of_fraction"
    " plural_from_two",
    ("en", "units"): "more_measures.acre more_measures.barrel more_measures.chip"
    " more_measures.gigawatt_hour more_measures.home"
    " more_measures.megawatt_hour more_measures.petabyte more_measures.sao"
    " more_measures.terabyte more_measures.terawatt_hour",
    ("en", "currencies"): "goes_on home_dollar marks",
    ("en", "calendar"): "months not_lone of_year weekdays",
    ("en", "countries"): "capital_adjectives syllables.common syllables.country_before"
    " syllables.joints syllables.openers syllables.pattern"
    " syllables.person_before",
    ("en", "parties"): "company_openings elided_articles elided_name_articles fund_openings"
    " group_quantifiers legal_prefixes names.elided_links names.ministries names.name_ends"
    " names.proper",
    ("id", "amounts"): "cues.after.about cues.not_behind"
    " article_is_one articles behind_letters collective_scales doubtful_scales"
    " doubtful_short_scales doubtful_sign_scales lone_numbers loose_marks"
    " never_vague not_behind padded_numbers sign_scales.12 sign_scales.9"
    " signs_behind singular_scales twenties year_word.behind year_word.word",
    ("id", "counts"): "before_known_unit before_plural_noun before_unit joints modifiers_first"
    " no_plural_nouns plural_from_two plural_noun",
    ("id", "units"): "invariable more_measures.acre more_measures.chip more_measures.cubic_metre"
    " more_measures.home more_measures.petabyte more_measures.sao"
    " more_measures.square_foot more_measures.terabyte singular_endings",
    ("id", "currencies"): "goes_on home_dollar marks shared",
    ("id", "calendar"): "articles capital_months months",
    ("id", "countries"): "adjectives capital_adjectives given_names misleading syllables.common"
    " syllables.country_before syllables.joints syllables.openers syllables.pattern"
    " syllables.person_before",
    ("id", "parties"): "administrations agency_words articles elided_articles"
    " elided_name_articles fund_words group_quantifiers name_articles names.elided_links"
    " names.ministries names.name_ends names.proper not_titles research_words state_endings",
}


def told(part: object, own_keys: set[str], path: str = "") -> Iterator[str]:
    """The keys of a part, and those of its tables, as dotted paths."""
    if isinstance(part, Part):
        fields = [(name, getattr(part, name)) for name in part.model_fields_set]
    else:
        assert isinstance(part, Mapping)
        fields = list(part.items())
    for name, value in fields:
        if isinstance(value, Part | Mapping) and value and name not in own_keys:
            yield from told(value, own_keys, f"{path}{name}.")
        else:
            yield f"{path}{name}"


@pytest.mark.parametrize("part", PARTS)
def test_what_a_language_lacks_that_another_one_has_is_declared(part: str) -> None:
    own_keys = set(OWN_KEYS[part].split())
    keys = {one.code: {*told(getattr(one, part), own_keys)} for one in all_languages()}
    every = set[str]().union(*keys.values())
    lacking = {code: every - keys[code] for code in LANGUAGES}
    assert lacking == {code: set(LACKING.get((code, part), "").split()) for code in LANGUAGES}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("code", LANGUAGES)
def test_a_part_is_closed_and_whole(code: Code, part: str) -> None:
    form = PARTS[part]
    file = getattr(language_of(code), part).model_dump(exclude_unset=True)
    assert form.model_validate(file) == getattr(language_of(code), part)
    with pytest.raises(ValidationError, match="extra_forbidden"):
        form.model_validate({**file, "misspelt": []})
    for name, field in form.model_fields.items():
        if field.is_required():
            with pytest.raises(ValidationError, match="missing"):
                form.model_validate({key: file[key] for key in file if key != name})


def test_an_optional_key_says_when_it_is_left_out() -> None:
    for form in PARTS.values():
        for name, field in form.model_fields.items():
            told_by_name = name.endswith(("_openings", "_words"))
            assert field.is_required() or field.description or told_by_name, f"{form}: {name}"


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_kind_of_phrase_has_a_pattern_in_every_language(code: Code) -> None:
    kinds = {group.kind for group in language_of(code).dates.phrases}
    every = {group.kind for one in all_languages() for group in one.dates.phrases}
    # Only English writes both orders of day and month.
    assert every - kinds <= {"either_order"}


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_institution_that_a_language_names_is_one(code: Code) -> None:
    assert set(language_of(code).parties.institutions) <= set(common_names().institutions)


def test_no_engine_holds_a_word_with_letters_that_only_some_languages_have() -> None:
    for file in sorted((Path(extractor.__file__).parent / "mentions").rglob("*.py")):
        for text in _texts(ast.parse(file.read_text(encoding="utf-8"))):
            words = [word for word in re.findall(r"[^\W\d_]{3,}", text) if not word.isupper()]
            assert all(map(str.isascii, words)), f"{file.name}: {words}"


def _texts(tree: ast.AST) -> Iterator[str]:
    """Texts of a module but for those that explain it."""
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value
