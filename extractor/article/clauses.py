"""Clauses: which stretch of a sentence a value stands in, and what is negated or hedged there.

A value is negated or hedged when the cue stands in its own clause. That is a rule of thumb, chosen
because it errs on the side of refusing: a dropped "not" is the costliest mistake of all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extractor.languages import Rules
from extractor.languages.cues import Cue, CueWords, cue_spans, has_cue, shipped_cues
from extractor.records import Certainty

Span = tuple[int, int]
_LEAD_IN_WORDS = 2
# A comma or dot between digits belongs to a number.
_PUNCTUATION = re.compile(r"[;:()\"]|(?<!\d),|,(?!\d)|\s-\s")


def clauses(text: str, language: Rules, words: CueWords | None = None) -> tuple[Span, ...]:
    """The clauses of a folded sentence, in order, covering all of it but the punctuation."""
    cuts = [match.span() for match in _PUNCTUATION.finditer(text)]
    # A conjunction belongs to the clause that it opens.
    words = words or shipped_cues()
    cuts += [(start, start) for start, _ in words.spans("clause", text, language)]
    edges = sorted(cuts)
    starts = [0, *(end for _, end in edges)]
    ends = [*(start for start, _ in edges), len(text)]
    return tuple((start, end) for start, end in zip(starts, ends, strict=True) if start < end)


def clause_of(text: str, language: Rules, anchor: Span) -> Span:
    """The clause of the anchor, or the stretch of all clauses that it reaches into."""
    spans = [
        span for span in clauses(text, language) if span[0] < anchor[1] and anchor[0] < span[1]
    ]
    return (spans[0][0], spans[-1][1]) if spans else (0, len(text))


def negation_in(text: str, language: Rules, anchors: Sequence[Span]) -> str | None:
    """The negation in the clause of an anchor, of the whole sentence without one; None if none."""
    words = (_negation(stretch, language) for stretch in _stretches(text, language, anchors))
    return next((word for word in words if word), None)


def certainty_of(text: str, language: Rules, anchors: Sequence[Span]) -> Certainty:
    """Whether a hedge stands in the clause of an anchor; of the whole sentence without one."""
    stretches = _stretches(text, language, anchors)
    return "hedged" if any(has_cue("hedge", part, language) for part in stretches) else "asserted"


def cues_near(
    cues: Sequence[Cue], text: str, language: Rules, anchors: Sequence[Span]
) -> tuple[Cue, ...]:
    """The cues found in the clauses of the anchors, or, if there is none, in the whole sentence."""
    for stretches in (_stretches(text, language, anchors), [text]):
        found = tuple(
            cue for cue in cues if any(has_cue(cue, part, language) for part in stretches)
        )
        if found:
            return found
    return ()


def starts_with_anaphor(text: str, language: Rules, words: CueWords | None = None) -> bool:
    """Whether a clause begins by referring back ("the company will"), not with a name."""
    return any(not before for before in _before_anaphora(text, language, words))


def refers_back(text: str, language: Rules) -> bool:
    """Whether the subject of a clause refers back, be it behind a few words ("today it will")."""
    return any(_is_lead_in(before) for before in _before_anaphora(text, language))


def _before_anaphora(text: str, language: Rules, words: CueWords | None = None) -> Iterator[str]:
    """What stands between the beginning of the clause and each word that refers back."""
    words = words or shipped_cues()
    openings = {
        start + len(part) - len(part.lstrip())
        for start, end in clauses(text, language, words)
        for part in [text[start:end]]
    }
    openings |= {end + 1 for _, end in words.spans("clause", text, language)}
    for start, end in words.spans("anaphora", text, language):
        if not _capital_follows(text, end):
            yield from (text[opening:start] for opening in openings if opening <= start)


def _is_lead_in(words: str) -> bool:
    """At most a few words, none of them a name but for a sentence's capital."""
    rest = words.split()
    named = any(word[0].isupper() for word in rest[1:])
    return len(rest) <= _LEAD_IN_WORDS and not named


def _stretches(text: str, language: Rules, anchors: Sequence[Span]) -> list[str]:
    if not anchors:
        return [text]
    spans = {clause_of(text, language, anchor) for anchor in anchors}
    return [text[start:end] for start, end in sorted(spans)]


def _negation(stretch: str, language: Rules) -> str | None:
    harmless = cue_spans("not_negation", stretch, language)
    found = (
        stretch[start:end]
        for start, end in cue_spans("negation", stretch, language)
        if not any(start < other_end and other_start < end for other_start, other_end in harmless)
    )
    return next(found, None)


def _capital_follows(text: str, position: int) -> bool:
    following = text[position:].lstrip()
    return bool(following) and following[0].isupper()
