"""Patterns: those of several languages as one, since a page may mix languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import groupby

from extractor.languages.cases import caseless, cases_of
from extractor.languages.language import Language
from extractor.languages.lookup import all_languages


def any_word(words: Iterable[str]) -> str:
    """A group that matches the longest of these words, in any case; nothing without any.

    Words are grouped by their first letter, of which the case is told, not ignored: so a place at
    which no word begins costs a look at a few letters, and not an attempt at each of the words.
    """
    ordered = sorted(dict.fromkeys(words), key=lambda word: (caseless(word[0]), -len(word), word))
    groups = []
    for first, group in groupby(ordered, key=lambda word: caseless(word[0])):
        each, opening = [*group], re.escape(cases_of(first))
        skipped = 1 if opening else 0
        rest = "|".join(re.escape(word[skipped:]) for word in each)
        groups.append(f"(?-i:[{opening}])(?i:{rest})" if opening else f"(?i:{rest})")
    return f"(?:{'|'.join(groups)})" if groups else "(?!)"


def any_of(patterns: Iterable[str]) -> str:
    """A group of regular expressions that matches what any of them does; nothing without any."""
    each = dict.fromkeys(patterns)
    return f"(?:{'|'.join(each)})" if each else "(?!)"


def read_in(code: str) -> tuple[Language, ...]:
    """The languages whose words are read in a text of that one: it, and all that are shared."""
    return tuple(one for one in all_languages() if one.code == code or not one.text.own_texts_only)


def joined(pick: Callable[[Language], Iterable[str]], code: str | None = None) -> str:
    """The group of what is picked of each language, or of those read in a text of that one."""
    languages = all_languages() if code is None else read_in(code)
    return any_of(pattern for language in languages for pattern in pick(language))
