"""Instruments: whether two names are of one law, programme or agreement."""

from __future__ import annotations

import re

from extractor.mentions.parties.actor_words import BRACKETS, LEADING_ARTICLE

_WORDS_OF_A_KIND = 2
_NUMBERED = re.compile(r"\w*\d[\w/.-]*")


def is_same_instrument(left: str, right: str) -> bool:
    """One name apart from an article, brackets, and a number that only one of them has.

    Part of a longer name is no sign: a decree that carries out a law has the law's name in its own.
    What is no name ("the act") may be short for one that holds it.
    """
    for short, long in ((left, right), (right, left)):
        if _is_kind(short) and f" {_plain(short)} " in f" {_plain(long)} ":
            return True
    numbers = [_numbers(name) for name in (left, right)]
    if all(numbers) and numbers[0] != numbers[1]:
        return False
    return bool(_spellings(left) & _spellings(right))


def _is_kind(name: str) -> bool:
    """Whether it only says what it is, in a word or two without a capital: "the act", "dự luật"."""
    bare = LEADING_ARTICLE.sub("", name.strip(), count=1)
    is_short = 0 < len(bare.split()) <= _WORDS_OF_A_KIND
    return is_short and bare[1:].islower() and not _numbers(bare)


def _numbers(name: str) -> set[str]:
    return set(_NUMBERED.findall(name.casefold()))


def _spellings(name: str) -> set[str]:
    """The name without its brackets, and what they hold: "Long Name (LN)"."""
    held = [words.strip(" ()[]") for words in BRACKETS.findall(name)]
    plain = (_plain(spelling) for spelling in (BRACKETS.sub(" ", name), *held))
    return {spelling for spelling in plain if spelling} or {name.casefold()}


def _plain(name: str) -> str:
    bare = _NUMBERED.sub(" ", LEADING_ARTICLE.sub("", name.strip(), count=1).casefold())
    return " ".join(re.findall(r"\w+", bare))
