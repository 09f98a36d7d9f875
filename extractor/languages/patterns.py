"""Patterns: those of all languages as one, since a page may mix languages."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from extractor.languages.language import Language, all_languages


def any_of(patterns: Iterable[str]) -> str:
    """A group of regular expressions that matches what any of them does; nothing without any."""
    each = dict.fromkeys(patterns)
    return f"(?:{'|'.join(each)})" if each else "(?!)"


def joined(pick: Callable[[Language], Iterable[str]]) -> str:
    """The group of what is picked of each language."""
    return any_of(pattern for language in all_languages() for pattern in pick(language))
