"""How money is written in each language: tables made by hand, which ask no engine."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from extractor.records import Language

_FOLDER = Path(__file__).parent / "money"

Pair = tuple[str, str]
"""What is written, and the currency that it means."""


class Scale(NamedTuple):
    """A scale word with what parts it from its figure, and its form for less than two."""

    word: str
    power: int
    one: str = ""


class Tables(NamedTuple):
    """The tables of one language; its file says what each holds."""

    language: Language
    thousands: str
    decimal: str
    joint: str
    for_: str
    respectively: str
    scales: tuple[Scale, ...]
    shorts: tuple[Scale, ...]
    behind: tuple[Pair, ...]
    behind_bare: tuple[Pair, ...]
    before: tuple[Pair, ...]
    behind_short: tuple[Pair, ...]
    before_short: tuple[Pair, ...]
    spoken: tuple[tuple[str, int], ...]
    ranges: tuple[Pair, ...]
    qualifiers: tuple[str, ...]
    sentences: tuple[str, ...]
    labels: tuple[str, ...]
    per_cent: tuple[str, ...]
    foreign: tuple[tuple[str, int, str], ...]
    unsure: tuple[str, ...]
    indian: tuple[Pair, ...] = ()


@cache
def tables_of(language: Language) -> Tables:
    """The tables of a language, read from its file."""
    read: dict[str, Any] = tomllib.loads((_FOLDER / f"{language}.toml").read_text("utf-8"))
    rows: dict[str, Any] = {
        key: _rows(value) if isinstance(value, list) else value for key, value in read.items()
    }
    for key in ("scales", "shorts"):
        rows[key] = tuple(Scale(*row) for row in rows[key])
    return Tables(language=language, **rows)


def _rows(listed: list[Any]) -> tuple[Any, ...]:
    return tuple(tuple(row) if isinstance(row, list) else row for row in listed)
