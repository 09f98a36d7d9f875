"""The cue words of `cues.toml`, compiled: where a sentence says, hedges, negates or refers back."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Literal

from extractor.records import Language

Cue = Literal[
    "negation",
    "not_negation",
    "hedge",
    "status_under_negotiation",
    "status_planned",
    "status_announced",
    "status_agreed",
    "status_in_progress",
    "status_completed",
    "status_cancelled",
    "anaphora",
    "including",
    "mobilise",
    "giving",
    "authority",
    "act",
    "event_under_consideration",
    "event_proposed",
    "event_planned",
    "event_announced",
    "event_adopted",
    "event_in_force",
    "event_occurred",
    "event_ended",
    "agent",
    "clause",
    "buying",
    "equity",
    "training",
    "hiring",
    "building",
    "locative",
]


def cue_spans(cue: Cue, text: str, language: Language) -> tuple[tuple[int, int], ...]:
    """Where the cue's phrases stand in the folded text, in code points, without overlaps."""
    pattern = _pattern(cue, language)
    return tuple(match.span() for match in pattern.finditer(text)) if pattern else ()


def has_cue(cue: Cue, text: str, language: Language) -> bool:
    """Whether the folded text holds one of the cue's phrases."""
    pattern = _pattern(cue, language)
    return bool(pattern and pattern.search(text))


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    source = resources.files("extractor").joinpath("cues.toml").read_text(encoding="utf-8")
    return tomllib.loads(source)


@cache
def _pattern(cue: Cue, language: Language) -> re.Pattern[str] | None:
    phrases = sorted(_tables()[cue][language], key=len, reverse=True)
    if not phrases:
        return None
    return re.compile("|".join(map(_phrase_pattern, phrases)), re.IGNORECASE)


def _phrase_pattern(phrase: str) -> str:
    if phrase.startswith("="):
        return f"(?-i:{_phrase_pattern(phrase[1:])})"
    starred_front, starred_end = phrase.startswith("*"), phrase.endswith("*")
    words = r"\s+".join(re.escape(word) for word in phrase.strip("*").split())
    # "n't" and "n'" hang on their neighbour: no word boundary on that side.
    front = r"\b\w+" if starred_front else "" if phrase.startswith("n't") else r"(?<!\w)"
    end = r"\w*" if starred_end else "" if phrase.endswith("'") else r"(?!\w)"
    return front + words + end
