"""The life of a pledge or act: its stages in the order of their dates, and where it stands now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from extractor.pledges.dating import days_of
from extractor.pledges.mentions import Mention
from extractor.pledges.rows import HistoryStep, Stage
from extractor.records import Commitment, DateValue

_RANKS: Final[Mapping[Stage, int]] = {
    "rumoured": 0,
    "under_consideration": 0,
    "under_negotiation": 1,
    "planned": 2,
    "proposed": 3,
    "announced": 4,
    "agreed": 5,
    "adopted": 5,
    "in_progress": 6,
    "in_force": 6,
    "completed": 7,
    "occurred": 7,
    "cancelled": 8,
    "ended": 8,
}
_ENDS: Final[frozenset[Stage]] = frozenset({"cancelled", "ended"})
_LATER_STAGES: Final[frozenset[Stage]] = frozenset({"in_progress", "completed", "cancelled"})
_UNKNOWN: Final = "9999"


def stage_of(mention: Mention) -> Stage:
    """The stage that one article tells."""
    record = mention.record
    return "rumoured" if record.certainty == "hedged" else record.status


def history_of(mentions: Iterable[Mention]) -> list[HistoryStep]:
    """The first step to each stage, by date; what nobody dates stands last."""
    first: dict[Stage, HistoryStep] = {}
    for mention in mentions:
        for step in _steps(mention):
            known = first.get(step.stage)
            if known is None or _order(step) < _order(known):
                first[step.stage] = step
    return sorted(first.values(), key=_order)


def stage_now(mentions: Sequence[Mention]) -> Stage:
    """Where it stands: the furthest stage; an end counts unless a later article has it go on.

    An article that only recalls an earlier stage sets nothing back.
    """
    steps = [step for mention in mentions for step in _steps(mention)]
    ended = [step for step in steps if step.stage in _ENDS]
    going = [step for step in steps if step.stage not in _ENDS]
    if ended and not any(_revives(step, ended) for step in going):
        return ended[0].stage
    return max(going or ended, key=lambda step: (_RANKS[step.stage], step.mention)).stage


def _revives(step: HistoryStep, ended: Sequence[HistoryStep]) -> bool:
    last = max(_day(end) for end in ended)
    return _RANKS[step.stage] >= _RANKS["agreed"] and last < _day(step) < _UNKNOWN


def _steps(mention: Mention) -> Iterator[HistoryStep]:
    record, stage = mention.record, stage_of(mention)
    if isinstance(record, Commitment):
        yield _step(mention, stage, None if stage in _LATER_STAGES else record.announced_on)
        if stage in _LATER_STAGES and record.announced_on:
            yield _step(mention, "announced", record.announced_on)
    else:
        yield _step(mention, stage, None if _is_ahead(record.date, mention) else record.date)


def _is_ahead(value: DateValue | None, mention: Mention) -> bool:
    """Whether an act's date lies ahead of its article: its stage is then that of the article."""
    days, published = days_of(value), days_of(mention.published_at)
    return bool(days and published and days.first > published.last)


def _step(mention: Mention, stage: Stage, told: DateValue | None) -> HistoryStep:
    on = told.edtf if told is not None and days_of(told) else None
    return HistoryStep(
        stage=stage,
        on=on or mention.published_at,
        basis="told" if on else "published",
        mention=mention.id,
        article_sha256=mention.article_sha256,
        quote=mention.quotes[0].quote,
    )


def _day(step: HistoryStep) -> str:
    days = days_of(step.on)
    return days.first.isoformat() if days else _UNKNOWN


def _order(step: HistoryStep) -> tuple[str, int, str]:
    return _day(step), _RANKS[step.stage], step.mention
