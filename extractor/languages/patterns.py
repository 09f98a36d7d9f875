"""Patterns: those of several languages as one, since a page may mix languages."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from extractor.languages.language import Language, all_languages


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
