"""What looking at something may change: one frozen measure of doubt, and its reasons in words.

The gain of an item is the probability that a person who looks at it changes something. Each sign
is taken for evidence of its own, so of several the chance that all are wrong is what remains. The
weights are choices, not fitted; whoever changes one changes what people look at first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import Final

from extractor.phrases import many, plain
from extractor.records import DoubtRule

_NEAR: Final = 0.3
"""Farther from the threshold than this, the confidence is no sign."""
_AT_THRESHOLD: Final = 0.5
_DOUBT: Final = 0.3
_MODEL: Final = 0.4
_CONFLICT: Final = 0.5
_EVEN_PAIR: Final = 0.6
"""For a pair that is as likely one pledge as two."""


@dataclass(frozen=True, slots=True)
class ReviewSigns:
    """What speaks for looking at something; what is empty speaks for nothing."""

    confidence: float | None = None
    threshold: float = 0.5
    """Below it a record is not returned."""
    doubts: Sequence[DoubtRule] = ()
    models: Sequence[tuple[str, str]] = ()
    """Models that read the same article and say otherwise, each with what."""
    conflicts: Sequence[tuple[str, Sequence[str]]] = ()
    """Fields of which sources differ, each with what they say."""
    likeness: float | None = None
    """How probably two pledges are one."""


@dataclass(frozen=True, slots=True)
class ReviewWorth:
    """What looking at it is worth."""

    gain: float
    """From 0 to 1."""
    reasons: tuple[str, ...]
    """The weightiest first."""


def worth_of(signs: ReviewSigns) -> ReviewWorth:
    """The expected gain of looking at something, with its reasons."""
    told = sorted(_weighed(signs), key=lambda each: -each[0])
    gain = 1 - prod(1 - weight for weight, _ in told)
    return ReviewWorth(round(gain, 4), tuple(reason for _, reason in told))


def _weighed(signs: ReviewSigns) -> Iterator[tuple[float, str]]:
    if signs.confidence is not None:
        distance = abs(signs.confidence - signs.threshold)
        if distance < _NEAR:
            per_cent = f"confidence {signs.confidence:.0%}, the threshold is {signs.threshold:.0%}"
            yield _AT_THRESHOLD * (1 - distance / _NEAR), per_cent.replace("%", " %")
    if signs.doubts:
        rules = ", ".join(plain(rule) for rule in dict.fromkeys(signs.doubts))
        weight = 1 - (1 - _DOUBT) ** len(signs.doubts)
        yield weight, f"{many(len(signs.doubts), 'doubt')}: {rules}"
    for model, what in signs.models:
        yield _MODEL, f"{model} {what}"
    for field, values in signs.conflicts:
        yield _CONFLICT, f"sources differ on the {plain(field)}: {' / '.join(values)}"
    if signs.likeness is not None:
        even = 4 * signs.likeness * (1 - signs.likeness)
        yield (
            _EVEN_PAIR * even,
            f"may be one pledge, {signs.likeness:.0%} by rule".replace("%", " %"),
        )
