"""Lookup: which language a code stands for: one with a folder, or what CLDR has of it."""

from __future__ import annotations

import functools
from typing import Final

from extractor.languages.language import Language, Rules
from extractor.languages.locales import cldr_code
from extractor.records import Language as Code

LANGUAGES: Final[tuple[Code, ...]] = ("vi", "fr", "en", "id")
"""The folders, in the order in which tables of several languages are read."""
_MOST_CODES: Final = 1024
"""More than there are languages; callers give codes, so what is kept by code has a bound."""


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
