"""The cue words of `cues.toml`, compiled: where a sentence says, hedges, negates or refers back."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Literal

from extractor.records import Language

Cue = Literal[
    "negation",
    "not_negation",
    "denial",
    "rumour",
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


Words = Mapping[str, Mapping[Language, Sequence[str]]]
"""Phrases by cue and language, as `cues.toml` has them."""


class CueWords:
    """The phrases of some cues, compiled once for each cue and language."""

    def __init__(self, words: Words) -> None:
        self.cues = tuple(words)
        self._words = words
        self._patterns: dict[tuple[str, Language], re.Pattern[str] | None] = {}

    def spans(self, cue: str, text: str, language: Language) -> tuple[tuple[int, int], ...]:
        """Where the cue's phrases stand in the folded text, in code points, without overlaps."""
        pattern = self._pattern(cue, language)
        return tuple(match.span() for match in pattern.finditer(text)) if pattern else ()

    def has(self, cue: str, text: str, language: Language) -> bool:
        """Whether the folded text holds one of the cue's phrases."""
        pattern = self._pattern(cue, language)
        return bool(pattern and pattern.search(text))

    def _pattern(self, cue: str, language: Language) -> re.Pattern[str] | None:
        key = (cue, language)
        if key not in self._patterns:
            phrases = sorted(self._words[cue][language], key=len, reverse=True)
            joined = "|".join(map(_phrase_pattern, phrases))
            self._patterns[key] = re.compile(joined, re.IGNORECASE) if phrases else None
        return self._patterns[key]


def cue_spans(cue: Cue, text: str, language: Language) -> tuple[tuple[int, int], ...]:
    """Where the phrases of a cue of ours stand in the folded text."""
    return shipped_cues().spans(cue, text, language)


def has_cue(cue: Cue, text: str, language: Language) -> bool:
    """Whether the folded text holds one of the phrases of a cue of ours."""
    return shipped_cues().has(cue, text, language)


@cache
def shipped_cues() -> CueWords:
    """The words of `cues.toml`."""
    source = resources.files("extractor").joinpath("cues.toml").read_text(encoding="utf-8")
    return CueWords(tomllib.loads(source))


def _phrase_pattern(phrase: str) -> str:
    if phrase.startswith("="):
        return f"(?-i:{_phrase_pattern(phrase[1:])})"
    starred_front, starred_end = phrase.startswith("*"), phrase.endswith("*")
    words = r"\s+".join(re.escape(word) for word in phrase.strip("*").split())
    # "n't" and "n'" hang on their neighbour: no word boundary on that side.
    front = r"\b\w+" if starred_front else "" if phrase.startswith("n't") else r"(?<!\w)"
    end = r"\w*" if starred_end else "" if phrase.endswith("'") else r"(?!\w)"
    return front + words + end
