"""What times say of two commitments: a pledge begins once, and may be renewed by another one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from extractor.pledges.evidence import EvidenceTally, weigh_publication
from extractor.pledges.traits import CommitmentTraits
from extractor.pledges.wording import STEP, Marks
from extractor.records import CommitmentStatus

_STAGES: Final[Mapping[CommitmentStatus, int]] = {
    "under_negotiation": 0,
    "planned": 1,
    "announced": 2,
    "agreed": 3,
    "in_progress": 4,
    "completed": 5,
    "cancelled": 6,
}
_RENEWED_DAYS: Final = 300
_NEAR_DAYS: Final = 4
_FRESH_DAYS: Final = 10
_ANEW_DAYS: Final = 100
_MONTHS_DAYS: Final = 60
_AGAIN_DAYS: Final = 150


def weigh_times(tally: EvidenceTally, one: CommitmentTraits, other: CommitmentTraits) -> None:
    """Count when both were announced and told."""
    _weigh_beginnings(tally, one, other)
    if one.told_on and other.told_on:
        gap = one.told_on.gap(other.told_on)
        promised = {one.status, other.status} <= {"planned", "announced"}
        if promised and gap >= _RENEWED_DAYS and one.status == other.status:
            tally.rule_out("other_year")
        elif gap <= _NEAR_DAYS:
            tally.add("announced_together", 1.2)
        elif gap > _MONTHS_DAYS:
            grows = _grows(one, other)
            if promised and not grows and gap > _AGAIN_DAYS:
                tally.rule_out("announced_again")
            tally.add("announced_apart", -1.2 if grows else -3.0)
        return
    weigh_publication(tally, one, other)
    for told, read in ((one, other), (other, one)):
        # What was announced after an article was written is not what that article tells.
        if told.told_on and read.published and not read.told_on:
            late = (told.told_on.first - read.published.last).days
            if late > _MONTHS_DAYS and _STAGES[read.status] >= _STAGES[told.status]:
                tally.add("told_before_announced", -2.5)


def _weigh_beginnings(tally: EvidenceTally, one: CommitmentTraits, other: CommitmentTraits) -> None:
    """A pledge begins once: what is announced anew, or planned after it was paid, is another."""
    if not one.published or not other.published:
        return
    in_order = one.published.last <= other.published.last
    early, late = (one, other) if in_order else (other, one)
    gap = one.published.gap(other.published)
    fresh = (
        late.told_on is not None
        and late.published is not None
        and late.told_on.gap(late.published) <= _FRESH_DAYS
    )
    if gap > _ANEW_DAYS and fresh and _STAGES[late.status] <= min(_STAGES[early.status], 2):
        tally.add("announced_anew", -2.5)
    if early.status == "completed" and _STAGES[late.status] < _STAGES["agreed"] and gap > 0:
        tally.add("begins_after_its_end", -2.0)


def _grows(one: CommitmentTraits, other: CommitmentTraits) -> bool:
    """Whether the later of two is further on: a stage of one life, not a second life."""
    if not one.told_on or not other.told_on:
        return False
    early, late = (one, other) if one.told_on.first <= other.told_on.first else (other, one)
    return _STAGES[late.status] > _STAGES[early.status]


def weigh_renewal(tally: EvidenceTally, one: CommitmentTraits, other: CommitmentTraits) -> None:
    """Count whether one follows on the other, or is a part of it."""
    if one.starts and other.starts and one.starts.gap(other.starts) >= _RENEWED_DAYS:
        tally.add("other_start", -2.0)
    steps = [_steps(each.marks) for each in (one, other)]
    if all(steps):
        if steps[0].isdisjoint(steps[1]):
            tally.rule_out("other_tranche")
    elif (one.is_vague or other.is_vague) and any(
        _steps(each.title.marks) for each in (one, other)
    ):
        tally.add("one_is_a_tranche", -1.2)
    elif one.title.renews != other.title.renews:
        apart_in_time = (
            one.published is not None
            and other.published is not None
            and one.published.gap(other.published) > _MONTHS_DAYS
        )
        tally.add("one_renews", -1.8 if apart_in_time else -1.0)


def _steps(marks: Marks) -> frozenset[str]:
    """The numbers of tranches and phases among the marks."""
    return frozenset(number for series, number in marks if series == STEP)
