"""Judgements: who holds two mentions for the same or for different, as rows that are never changed.

A judgement can only be undone, which is a row of its own time. A person's judgement goes before a
rule's, and a later one of a person before an earlier one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from extractor.pledges.evidence import Answer, Scored

Pair: TypeAlias = tuple[str, str]
"""Ids of two mentions, the lesser one first."""
_RULE: Final = "rule:"
_PERSON: Final = "person:"


def pair_of(one: str, other: str) -> Pair:
    """The pair of two ids."""
    return (one, other) if one < other else (other, one)


@dataclass(frozen=True, slots=True)
class PairJudgement:
    """One judgement about two mentions."""

    left: str
    right: str
    answer: Answer
    by: str
    """`rule:NAME`, what decided, or `person:NAME`."""
    at: str
    score: float | None = None
    undone_at: str | None = None
    undone_by: str | None = None
    id: int | None = None
    """Its number in the store; null before it is kept."""

    @property
    def pair(self) -> Pair:
        """Both mentions."""
        return pair_of(self.left, self.right)

    @property
    def by_person(self) -> bool:
        """Whether a person judged."""
        return self.by.startswith(_PERSON)

    @property
    def is_final(self) -> bool:
        """Whether it keeps two apart whatever joins them with others."""
        return self.answer == "different" and (self.by_person or self.score == 0)

    @property
    def in_force(self) -> bool:
        """Whether nobody has undone it."""
        return self.undone_at is None


def by_rule(pair: Pair, scored: Scored, at: str) -> PairJudgement:
    """The judgement of a rule."""
    return PairJudgement(*pair, scored.answer, f"{_RULE}{scored.rule}", at, scored.score)


def by_person(pair: Pair, answer: Answer, person: str, at: str) -> PairJudgement:
    """The judgement of a person."""
    return PairJudgement(*pair, answer, f"{_PERSON}{person}", at)


def in_force(judgements: Iterable[PairJudgement]) -> dict[Pair, PairJudgement]:
    """The judgement that counts for each pair."""
    found: dict[Pair, PairJudgement] = {}
    for judgement in judgements:
        if judgement.in_force:
            other = found.get(judgement.pair)
            if other is None or _rank(judgement) > _rank(other):
                found[judgement.pair] = judgement
    return found


def _rank(judgement: PairJudgement) -> tuple[bool, str, int]:
    return judgement.by_person, judgement.at, judgement.id or 0
