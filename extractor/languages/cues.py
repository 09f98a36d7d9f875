"""Cue words, compiled: where a sentence says, hedges, negates or refers back.

The phrases are in `cues.toml` of each language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Literal, get_args

from extractor.languages.language import Rules
from extractor.languages.lookup import all_languages
from extractor.languages.prefilter import Sparing

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


Words = Mapping[str, Mapping[Rules, Sequence[str]]]
"""Phrases by cue and language."""


class CueWords:
    """The phrases of some cues, compiled once for each cue and language."""

    def __init__(self, words: Words) -> None:
        self.cues = tuple(words)
        self._words = words
        self._patterns: dict[tuple[str, Rules], Sparing | None] = {}

    def spans(self, cue: str, text: str, language: Rules) -> tuple[tuple[int, int], ...]:
        """Where the cue's phrases stand in the folded text, in code points, without overlaps."""
        pattern = self.pattern(cue, language)
        return tuple(match.span() for match in pattern.finditer(text)) if pattern else ()

    def has(self, cue: str, text: str, language: Rules) -> bool:
        """Whether the folded text holds one of the cue's phrases."""
        pattern = self.pattern(cue, language)
        return bool(pattern and pattern.search(text))

    def pattern(self, cue: str, language: Rules) -> Sparing | None:
        """The phrases of a cue as one pattern; None where the language has none."""
        key = (cue, language)
        if key not in self._patterns:
            # Frozen lists know fewer languages than ours: no phrase is found in the others.
            phrases = sorted(self._words[cue].get(language, ()), key=len, reverse=True)
            joined = "|".join(map(_phrase_pattern, phrases))
            self._patterns[key] = Sparing(joined, re.IGNORECASE) if phrases else None
        return self._patterns[key]


def cue_spans(cue: Cue, text: str, language: Rules) -> tuple[tuple[int, int], ...]:
    """Where the phrases of a cue of ours stand in the folded text."""
    return shipped_cues().spans(cue, text, language)


def has_cue(cue: Cue, text: str, language: Rules) -> bool:
    """Whether the folded text holds one of the phrases of a cue of ours."""
    return shipped_cues().has(cue, text, language)


@cache
def shipped_cues() -> CueWords:
    """The cue words of all languages."""
    return CueWords(
        {
            cue: {language.code: getattr(language.cues, cue) for language in all_languages()}
            for cue in get_args(Cue)
        }
    )


@cache
def _hanging() -> frozenset[str]:
    """Phrases that no word boundary need precede: "n't" hangs on its verb."""
    return frozenset(phrase for language in all_languages() for phrase in language.cues.hanging)


def _phrase_pattern(phrase: str) -> str:
    if phrase.startswith("="):
        return f"(?-i:{_phrase_pattern(phrase[1:])})"
    starred_front, starred_end = phrase.startswith("*"), phrase.endswith("*")
    words = r"\s+".join(re.escape(word) for word in phrase.strip("*").split())
    front = r"\b\w+" if starred_front else "" if phrase in _hanging() else r"(?<!\w)"
    # What ends in an apostrophe hangs on the word behind it.
    end = r"\w*" if starred_end else "" if phrase.endswith("'") else r"(?!\w)"
    return front + words + end
