"""Names of countries, parties and places: what kind, and which country, by rules and tables."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from functools import cache, lru_cache

from extractor.languages import Rules, all_languages, language_of
from extractor.languages.country_names import Syllables
from extractor.languages.patterns import any_of
from extractor.mentions.parties.actor_words import (
    ADMINISTRATION,
    AGENCY_OPENING,
    AGENCY_WITHIN,
    BRACKETS,
    COMPANY,
    CONSORTIUM,
    FUND,
    GOVERNMENT,
    GROUP,
    HONORIFIC,
    IGO,
    INSTITUTIONS,
    LEADING_ARTICLE,
    LEGAL_PREFIX,
    LEGAL_SUFFIX,
    OF_STATE,
    PERSON,
    REGIONAL,
    STATE,
    STATE_TAIL,
    UNIVERSITY,
    Institution,
)
from extractor.mentions.parties.country_words import (
    country_words,
    english_name,
    parts_of_countries,
)
from extractor.mentions.types import CountryMention
from extractor.records import Actor, ActorType, Place

_WORD = re.compile(r"\w+")
_PLAIN = str.maketrans({"\N{RIGHT SINGLE QUOTATION MARK}": "'", "\N{NO-BREAK SPACE}": " "})
_SENTENCE_START = re.compile(r"(?:^|[.!?:\n\"\N{LEFT DOUBLE QUOTATION MARK}])\s*$")
_GIVEN_NAMES = frozenset(
    name for language in all_languages() for name in language.countries.given_names
)


@cache
def _by_first_word(language: Rules) -> Mapping[str, tuple[tuple[str, str | None], ...]]:
    """The names by their first word, longest first."""
    names: defaultdict[str, list[tuple[str, str | None]]] = defaultdict(list)
    for name, code in country_words(language).items():
        first = _WORD.search(name)
        if first is not None and first.start() == 0:
            names[first.group()].append((name, code))
    return {
        word: tuple(sorted(found, key=lambda entry: -len(entry[0])))
        for word, found in names.items()
    }


@cache
def _joined(joints: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\s*(?:,|-|{any_of(joints)}\s)")


@cache
def _syllable(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _is_syllable(word: str, syllables: Syllables) -> bool:
    """Whether the word could be one capitalised syllable of a name."""
    if not word[:1].isupper() or not (word[1:].islower() or len(word) == 1):
        return False
    letters = unicodedata.normalize("NFD", word.casefold()).replace("đ", "d")
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _syllable(syllables.pattern).fullmatch(plain) is not None


def _neighbours(text: str, start: int, end: int) -> tuple[str, str]:
    """The words before and after, if nothing but a blank is between."""
    before = re.search(r"(\w+) $", text[max(0, start - 30) : start])
    after = re.match(r" (\w+)", text[end : end + 30])
    return (before[1] if before else "", after[1] if after else "")


def _is_name_part(text: str, start: int, end: int, syllables: Syllables) -> bool:
    """Whether this syllable is part of a person's name, or a word with a sentence's capital."""
    before, after = _neighbours(text, start, end)
    if before.casefold() in syllables.person_before:
        return True
    starts = _SENTENCE_START.search(text[max(0, start - 5) : start]) is not None
    common = starts and text[start:end] in syllables.common
    if common and not _joined(syllables.joints).match(text, end):
        return True
    opener = start - 1 - len(before)
    opens = before.casefold() in syllables.openers and _SENTENCE_START.search(text[:opener][-5:])
    if _is_syllable(before, syllables) and not opens:
        return True
    return _is_syllable(after, syllables) and before not in syllables.country_before


def _is_given_name(text: str, start: int, end: int) -> bool:
    before, after = _neighbours(text, start, end)
    opens = _SENTENCE_START.search(text[: start - 1 - len(before)][-5:]) is not None
    return after[:1].isupper() or (before[:1].isupper() and not opens)


def _is_meant(text: str, start: int, end: int, language: Rules) -> bool:
    """Whether the country is meant and not a person, a currency or another word."""
    name = text[start:end]
    if re.match(r" ?\$", text[end : end + 2]):
        return False
    if name in _GIVEN_NAMES:
        return not _is_given_name(text, start, end)
    syllables = language_of(language).countries.syllables
    if syllables is not None and _is_syllable(name, syllables):
        return not _is_name_part(text, start, end, syllables)
    return True


# Parties and jurisdictions are looked up in sentences that were read before.
@lru_cache(maxsize=256)
def find_countries(text: str, language: Rules) -> tuple[CountryMention, ...]:
    """The countries, and the European Union, that a sentence names, in order, without overlaps.

    Names of the language and of English count, and adjectives of the language.
    """
    plain = text.translate(_PLAIN)
    names = _by_first_word(language)
    opened = names.keys() & _WORD.findall(plain)
    if not any(name in plain for word in opened for name, _ in names[word]):
        return ()
    mentions: list[CountryMention] = []
    after = 0
    for word in _WORD.finditer(plain):
        start = word.start()
        if start < after:
            continue
        for name, code in names.get(word.group(), ()):
            end = start + len(name)
            if plain.startswith(name, start) and not plain[end : end + 1].isalnum():
                if code is None:
                    after = end
                elif _is_meant(plain, start, end, language):
                    mentions.append(CountryMention(start, end, code, english_name(code)))
                    after = end
                break
    return tuple(mentions)


def _only_country(name: str, language: Rules) -> str | None:
    """The code of the one country that the name is or holds."""
    code = country_words(language).get(name.translate(_PLAIN).strip())
    if code is not None:
        return code
    codes = {mention.code for mention in find_countries(name, language)}
    return codes.pop() if len(codes) == 1 else None


def resolve_place(name: str, language: Rules) -> Place:
    """The place with the country that its name is or holds; never a guess from a city."""
    return Place(name=name, country=_only_country(name, language), subdivision=None)


def _stripped(name: str) -> str:
    """The name without brackets, generic opening words and legal form."""
    kept = " ".join(BRACKETS.sub(" ", name).split()).strip(" ,;")
    while True:
        shorter = LEGAL_PREFIX.sub("", kept, count=1) if LEGAL_PREFIX.match(kept) else kept
        suffix = re.search(rf"{LEGAL_SUFFIX.pattern}$", shorter)
        shorter = shorter[: suffix.start()] if suffix else shorter
        if not shorter or shorter == kept:
            return kept or name
        kept = shorter


def _state(name: str, language: Rules) -> str | None:
    """The code if the name is a country's or that of its government, and nothing more."""
    words = country_words(language)
    plain = " ".join(BRACKETS.sub(" ", name.translate(_PLAIN)).split())
    bare = LEADING_ARTICLE.sub("", plain, count=1)
    rest = STATE.sub("", bare, count=1) if STATE.match(bare) else bare
    # One word only: "the Georgia state government" is not that of the country Georgia.
    rest = STATE_TAIL.sub("", rest, count=1)
    for candidate in (plain, bare, " ".join(rest.split())):
        code = words.get(candidate)
        if code is not None:
            return code
    return _governed(plain, language)


def _governed(name: str, language: Rules) -> str | None:
    """The code of the one country that a government's name holds, if it is that of the whole.

    "British Columbia's" and "the state government" of somewhere are governments of their own.
    """
    found = find_countries(name, language)
    if len(found) != 1 or not GOVERNMENT.search(name):
        return None
    country = found[0]
    rest = f"{name[: country.start]} {name[country.end :]}"
    return country.code if OF_STATE.fullmatch(rest) else None


def _is_part(name: str, language: Rules) -> bool:
    """Whether a name that has a country's code is that of a part of it: the Scottish government."""
    plain = name.translate(_PLAIN)
    return any(
        plain[country.start : country.end] in parts_of_countries(language)
        for country in find_countries(plain, language)
    )


def _institution(name: str) -> Institution | None:
    plain = " ".join(name.translate(_PLAIN).split())
    return next((body for body in INSTITUTIONS if body.names.fullmatch(plain)), None)


def _person(name: str, language: Rules) -> str:
    """The name of a person without title, as far as the words tell where it ends."""
    bare = _stripped(name)
    honorifics = list(HONORIFIC.finditer(bare))
    title = PERSON.match(bare)
    end = honorifics[-1].end() if honorifics else title.end() if title else 0
    rest = bare[end:].strip(" ,")
    country = next(iter(find_countries(rest, language)), None)
    if country is not None and country.start == 0:
        rest = rest[country.end :].strip(" ,")
    return bare if not rest or _institution(rest) else rest


def _kind(name: str) -> ActorType:
    plain = " ".join(name.translate(_PLAIN).split())
    if IGO.match(plain):
        return "igo"
    if GROUP.match(plain):
        return "unspecified_group"
    if ADMINISTRATION.fullmatch(plain):
        return "government"
    if AGENCY_OPENING.match(plain):
        return "gov_agency"
    if PERSON.match(plain):
        return "person"
    if CONSORTIUM.search(plain):
        return "consortium"
    if FUND.match(plain):
        return "fund"
    if COMPANY.match(plain):
        return "company"
    if UNIVERSITY.match(plain):
        return "university_research"
    if GOVERNMENT.search(plain):
        return "government"
    return "gov_agency" if AGENCY_WITHIN.search(plain) else "company"


def resolve_actor(name: str, language: Rules) -> Actor:
    """The party behind a name: its kind, its name in English or without legal form, its country.

    Only a country, its government or agency, and the European Union have a country.
    """
    code = _state(name, language)
    if code is not None:
        canonical = _stripped(name) if _is_part(name, language) else english_name(code)
        return Actor(name=name, canonical=canonical, type="government", country=code)
    body = _institution(name)
    if body is not None:
        return Actor(name=name, canonical=body.english, type=body.type, country=body.country)
    kind = _kind(name)
    is_national = kind == "government" and not REGIONAL.search(name)
    country = _only_country(name, language) if is_national or kind == "gov_agency" else None
    canonical = _person(name, language) if kind == "person" else _stripped(name)
    return Actor(name=name, canonical=canonical, type=kind, country=country)
