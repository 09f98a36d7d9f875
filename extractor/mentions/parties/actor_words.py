"""Words that tell what kind of party a name is, those of all languages as one pattern each.

A name keeps its language in an article of another one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from extractor.languages import Language, all_languages
from extractor.languages.common import common_names
from extractor.languages.patterns import any_of, joined
from extractor.records import ActorType

_ARTICLE: Final = (
    rf"(?:{joined(lambda one: one.parties.articles)}\s+"
    rf"|{joined(lambda one: one.parties.elided_articles)})?"
)


def _opening(words: str) -> re.Pattern[str]:
    """Names that begin with one of the words, an article apart."""
    return re.compile(rf"{_ARTICLE}{words}(?!\w)", re.IGNORECASE)


def _within(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)


def _of_state(language: Language) -> tuple[str, ...]:
    words = language.parties
    return (*words.articles, *words.government, *words.state_qualifiers)


@dataclass(frozen=True, slots=True)
class Institution:
    """A public body of several countries, by all its names."""

    names: re.Pattern[str]
    type: ActorType
    country: str | None
    english: str


def _institution(english: str, country: str) -> Institution:
    kind: ActorType = "gov_agency" if country else "igo"
    acronym = r"(?:\s*\([A-Z0-9]{2,8}\))?"
    names = joined(lambda one: (english, *one.parties.institutions.get(english, ())))
    pattern = re.compile(rf"{_ARTICLE}{names}{acronym}", re.IGNORECASE)
    return Institution(pattern, kind, country or None, english)


INSTITUTIONS: Final = tuple(
    _institution(english, country) for english, country in common_names().institutions.items()
)
IGO: Final = _opening(
    any_of((*common_names().groups, joined(lambda one: one.parties.international)))
)

_TITLES: Final = any_of(
    one.parties.before_title + any_of(one.parties.titles) for one in all_languages()
)
PERSON: Final = re.compile(
    rf"{_ARTICLE}{_TITLES}(?!\w)(?!\s+{joined(lambda one: one.parties.not_titles)})",
    re.IGNORECASE,
)
HONORIFIC: Final = re.compile(
    rf"(?<!\w){joined(lambda one: one.parties.honorifics)}\s+(?=[A-ZÀ-Ỹ])", re.IGNORECASE
)

GOVERNMENT: Final = _within(joined(lambda one: one.parties.government))
STATE: Final = _opening(joined(lambda one: one.parties.state_openings))
"""What a country's own name may be wrapped in: "République française"."""
STATE_TAIL: Final = _within(joined(lambda one: one.parties.state_endings))
OF_STATE: Final = re.compile(
    rf"(?:\W*(?:{joined(_of_state)}(?!\w)"
    rf"|{joined(lambda one: one.parties.elided_articles)}))*\W*",
    re.IGNORECASE,
)
"""All that may stand about a country's name in that of its government."""
REGIONAL: Final = _within(joined(lambda one: one.parties.regional))
"""What makes a government that of a part of the country in its name."""
ADMINISTRATION: Final = re.compile(joined(lambda one: one.parties.administrations))

GROUP: Final = re.compile(
    rf"(?i:{joined(lambda one: one.parties.group_openings)})"
    rf"|(?i:{joined(lambda one: one.parties.group_quantifiers)}|\d+) [a-zà-ÿ]"
    rf"|(?:.*\s)?{joined(lambda one: one.parties.group_nouns)}(?!\w)"
)
CONSORTIUM: Final = _within(joined(lambda one: one.parties.consortium))
FUND: Final = re.compile(
    rf"{_ARTICLE}{joined(lambda one: one.parties.fund_openings)}(?!\w)"
    rf"|.*(?<!\w){joined(lambda one: one.parties.fund_words)}(?!\w)",
    re.IGNORECASE,
)
COMPANY: Final = re.compile(
    rf"(?i:{joined(lambda one: one.parties.company_openings)})\s"
    rf"|.*(?<!\w)(?i:{joined(lambda one: one.parties.company_words)})(?!\w)"
)
UNIVERSITY: Final = re.compile(
    rf"{_ARTICLE}(?i:{joined(lambda one: one.parties.research_openings)})(?!\w)"
    rf"|.*(?<!\w)(?i:{joined(lambda one: one.parties.research_words)})(?!\w)"
)
AGENCY_OPENING: Final = _opening(joined(lambda one: one.parties.agency_openings))
AGENCY_WITHIN: Final = _within(joined(lambda one: one.parties.agency_words))

LEGAL_PREFIX: Final = re.compile(
    rf"{joined(lambda one: one.parties.name_articles)}\s+(?=\S)"
    rf"|{joined(lambda one: one.parties.elided_name_articles)}(?=\w)"
    rf"|(?i:{joined(lambda one: one.parties.legal_prefixes)})\s+"
)
LEGAL_SUFFIX: Final = re.compile(rf"[\s,]+{any_of(common_names().legal_forms)}\.?")
LEADING_ARTICLE: Final = re.compile(rf"{_ARTICLE}(?=\S)", re.IGNORECASE)
BRACKETS: Final = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\])")
