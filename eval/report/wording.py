"""What became of a field, and what went wrong in a document, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from eval.scoring.counts import ErrorClass
from eval.scoring.mistakes import Mistake
from eval.scoring.similarity import Outcome

Tone: TypeAlias = Literal["right", "partial", "wrong", "missing", "spurious"]

_TONES: Final[tuple[Tone, ...]] = ("right", "partial", "wrong", "missing", "spurious")
_PLACEHOLDERS: Final[Mapping[ErrorClass, str]] = {
    "MISSED_ITEM": "label {gold} was missed",
    "SPURIOUS_ITEM": "prediction {predicted} stands for no label",
    "DUPLICATE": "prediction {predicted} repeats what stands for label {gold} already",
    "MERGED": "prediction {predicted} merges label {gold} with another: it has its {field}",
    "SPLIT": "prediction {predicted} splits label {gold}: it has its {field}",
    "WRONG_ROLE": "prediction {predicted} has a party of label {gold} in the wrong role, {field}",
    "VALUE_IN_WRONG_ITEM": "the {field} of prediction {predicted} is that of label {gold}",
    "MAGNITUDE": "the {field} of prediction {predicted} is off by a power of ten",
    "CURRENCY": "prediction {predicted} has the wrong currency",
    "DATE_PRECISION": "the {field} of prediction {predicted} is too fine or too coarse",
    "DATE_WRONG": "the {field} of prediction {predicted} is another date",
    "STATUS": "the status of prediction {predicted} is not that of label {gold}",
    "PARTIAL_NAME": "the {field} of prediction {predicted} are named in part",
    "UNGROUNDED_EVIDENCE": "a quote of prediction {predicted} does not stand in the body",
    "INVALID_OUTPUT": "there was no usable reply",
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """An outcome in words, and the tone in which to say them."""

    words: str
    tone: Tone


def judged(outcome: Outcome) -> Judgement:
    """What became of a field; of a set with several fates, how many of each."""
    counts = outcome[: len(_TONES)]
    met = [(tone, times) for tone, times in zip(_TONES, counts, strict=True) if times]
    if len(met) == 1:
        return Judgement(met[0][0], met[0][0])
    tone: Tone = "partial" if outcome.is_partly_right else "wrong"
    return Judgement(", ".join(f"{times} {name}" for name, times in met), tone)


def told(mistake: Mistake, gold: Sequence[str], predicted: Sequence[str]) -> str:
    """One mistake, with the ids of the records concerned."""
    return _PLACEHOLDERS[mistake.error].format(
        gold="" if mistake.gold is None else gold[mistake.gold],
        predicted="" if mistake.predicted is None else predicted[mistake.predicted],
        field=(mistake.field or "").replace("_", " "),
    )
