"""Sentences with times and counts in every notation that the press has, and what they mean.

What they mean comes from the grammar that wrote them (`grammars/`), never from the reader. The
same seed gives the same sentences.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, Final, Literal

from tests.mentions.count_notations import Count, counts
from tests.mentions.date_notations import Time, times

Language = Literal["vi", "fr", "en", "id"]
LANGUAGES: Final[tuple[Language, ...]] = ("vi", "fr", "en", "id")
_FOLDER: Final = Path(__file__).with_name("grammars")
_FULL_WIDTH: Final = {ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"}


@dataclass(frozen=True, slots=True)
class Notation:
    """A sentence, the rules that it was written by, and all that it tells."""

    language: Language
    rule: str
    dress: str
    text: str
    means: tuple[Time, ...] | tuple[Count, ...]


def date_notations(language: Language, how_many: int) -> Iterator[Notation]:
    """So many sentences with a time in them, or with what looks like one and is none."""
    return _notations(language, "times", times, how_many)


def count_notations(language: Language, how_many: int) -> Iterator[Notation]:
    """So many sentences with a count in them, or with what looks like one and is none."""
    return _notations(language, "counts", counts, how_many)


def _notations(
    language: Language, sort: str, draw: Callable[..., Iterator[Any]], how_many: int
) -> Iterator[Notation]:
    random = Random(f"{language} {sort}")  # noqa: S311 - the same every time
    grammar = tomllib.loads((_FOLDER / f"{language}.toml").read_text("utf-8"))
    sentences: list[str] = grammar["sentences"][sort]
    for rule, words, means in islice(draw(grammar, random), how_many):
        sentence = random.choice(sentences)
        dress = random.choice([*_DRESSES, *["plain"] * len(_DRESSES)])
        text = sentence.format(words)
        if sentence.startswith("{"):
            text = text[0].upper() + text[1:]
        yield Notation(language, rule, dress, _DRESSES[dress](text), means)


def _soft(text: str) -> str:
    """The text with a soft hyphen inside every longer word."""
    return " ".join(
        f"{word[:3]}\N{SOFT HYPHEN}{word[3:]}" if len(word) > 6 and word.isalpha() else word
        for word in text.split(" ")
    )


def _blank(blank: str) -> Callable[[str], str]:
    return lambda text: text.replace(" ", blank)


# How a page may set the same words.
_DRESSES: Final[Mapping[str, Callable[[str], str]]] = {
    "plain": str,
    "no-break spaces": _blank("\N{NO-BREAK SPACE}"),
    "narrow spaces": _blank("\N{NARROW NO-BREAK SPACE}"),
    "thin spaces": _blank("\N{THIN SPACE}"),
    "soft hyphens": _soft,
    "full-width digits": lambda text: text.translate(_FULL_WIDTH),
    "curly apostrophes": lambda text: text.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}"),
    "long dashes": lambda text: text.replace("-", "\N{EN DASH}"),
    "capitals": str.upper,
}
