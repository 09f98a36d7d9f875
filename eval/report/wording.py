"""Values of records, what became of a field, and what went wrong in a document, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from eval.labels.gold import GoldCommitment, GoldEvent
from eval.scoring.counts import ErrorClass
from eval.scoring.mistakes import Mistake
from eval.scoring.similarity import Outcome
from extractor.records import Actor, Commitment, Count, DateValue, Money, Place, PolicyEvent

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
AnyRecord: TypeAlias = GoldCommitment | GoldEvent | Commitment | PolicyEvent
_THIN_SPACE: Final = "\N{THIN SPACE}"


def in_words(record: AnyRecord, field: str) -> str:
    """What a record says in a scored field; empty if it says nothing."""
    if field in ("currency", "amount_per", "amount_scope"):
        money = record.amount if isinstance(record, GoldCommitment | Commitment) else None
        part: object = getattr(money, field.removeprefix("amount_"), None)
        return _told(part)
    value: object = getattr(record, field)
    return _told(value)


def _told(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join(_told(part) for part in value)
    if isinstance(value, Actor):
        return _named(value.name, value.canonical)
    if isinstance(value, Place):
        return _named(value.name, value.subdivision or value.country)
    if isinstance(value, Money | Count):
        return _measured(value)
    if isinstance(value, DateValue):
        modifier = f"{value.modifier} of " if value.modifier else ""
        return _named(f"{modifier}{value.edtf or 'unresolved'}", value.text)
    return str(value)


def _named(name: str, other: str | None) -> str:
    return f"{name} ({other})" if other and other != name else name


def _measured(value: Money | Count) -> str:
    unit = value.currency if isinstance(value, Money) else value.unit
    figures = [_figure(part) for part in (value.value, value.value_max) if part is not None]
    qualifier = "" if value.qualifier == "exact" else value.qualifier.replace("_", " ")
    told = " ".join(filter(None, (qualifier, "–".join(figures) or "no figure", unit)))
    return _named(told, value.raw)


def _figure(value: float) -> str:
    # A model may well say 1e400.
    if value != value or value in (float("inf"), float("-inf")):
        return str(value)
    whole = f"{value:,.0f}" if value == int(value) else f"{value:,}"
    return whole.replace(",", _THIN_SPACE)


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
