"""Jurisdictions: whose law or policy an act is, told by the authorities that act.

A country in the authority's own name tells ("Kenya's energy ministry"), or one in the office that
the article gives a person, else the only country that the sentence names, else that of the article.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from babel import Locale

from extractor.article import Article, Sentence, find_name
from extractor.languages.cues import cue_spans
from extractor.mentions.parties.country_words import capital_codes
from extractor.mentions.parties.names import find_countries
from extractor.records import Actor

_PUBLIC = frozenset({"government", "gov_agency", "person"})
_PART = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
_NO_COUNTRY = frozenset({"ZZ", "XA", "XB", "EZ", "UN", "QO"})
"""What CLDR lists beside countries."""
_TITLE_CHARACTERS = 60
"""How far from a person's name its office may stand."""


def jurisdictions_of(
    actors: Sequence[Actor], cited: Sequence[Sentence], article: Article
) -> list[str]:
    """ISO 3166-1 codes, or EU, of the authorities among the actors; sorted."""
    codes = {code for actor in actors for code in _codes(actor, article)}
    if not codes and any(actor.type in _PUBLIC for actor in actors):
        for sentences in (cited, article.sentences):
            named = {code for sentence in sentences for code in _countries(sentence.text, article)}
            if named:
                codes = named if len(named) == 1 else set()
                break
    return sorted(codes)


def known_codes(codes: Iterable[str]) -> list[str]:
    """Those that can be codes of countries, EU or parts of countries, sorted, each once."""
    plain = {code.strip().upper() for code in codes}
    return sorted(code for code in plain if _may_be_code(code))


def _may_be_code(code: str) -> bool:
    """Of parts of countries (ISO 3166-2) no table is at hand: the country and the form must fit."""
    return code in _known() or (code[:2] in _known() and _PART.fullmatch(code) is not None)


@cache
def _known() -> frozenset[str]:
    """ISO 3166-1 alpha-2 as CLDR has it, and EU."""
    territories = map(str, Locale("en").territories)
    known = {code for code in territories if len(code) == 2 and code.isalpha()}
    return frozenset((known - _NO_COUNTRY) | {"EU"})


def _codes(actor: Actor, article: Article) -> set[str]:
    if actor.country:
        return {actor.country}
    if code := capital_codes().get(actor.name):
        return {code}
    if actor.type in ("igo", "university_research"):
        return set()
    named = set(_countries(actor.name, article)) or set(_capitals(actor.name))
    return named or next(_office_countries(actor, article), set())


def _capitals(name: str) -> Iterator[str]:
    """Countries of capitals that the name of an authority holds: "City Hall in Niamey"."""
    words = re.findall(r"[^\W\d_][\w'-]*", name)
    for size in (1, 2):
        for start in range(len(words) - size + 1):
            if code := capital_codes().get(" ".join(words[start : start + size])):
                yield code


def _office_countries(actor: Actor, article: Article) -> Iterator[set[str]]:
    """Countries in the office beside the name, wherever the article gives it one."""
    for sentence in article.sentences:
        if not (span := find_name(actor.canonical, sentence) or find_name(actor.name, sentence)):
            continue
        text = sentence.text
        for around in (
            text[max(0, span[0] - _TITLE_CHARACTERS) : span[0]],
            text[span[1] : span[1] + _TITLE_CHARACTERS],
        ):
            if cue_spans("authority", around, article.rules):
                codes = set(_countries(around, article))
                if len(codes) == 1:
                    yield codes


def _countries(text: str, article: Article) -> Iterator[str]:
    return (country.code for country in find_countries(text, article.rules))
