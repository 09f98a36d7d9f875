"""Proposed merges: pledges that may be one, as the judgements in force have it, and who judged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from extractor.errors import InputError
from extractor.pledges.judging import PairJudgement
from extractor.pledges.keeping import Keeping
from extractor.pledges.relations import doubles_among
from extractor.pledges.rows import PledgeRow
from extractor.storage.tables import JUDGEMENTS, MENTIONS

if TYPE_CHECKING:
    from extractor.storage import Store

_MOST: Final = 2_000


@dataclass(frozen=True, slots=True)
class MergeProposal:
    """Two pledges that may be one."""

    one: PledgeRow
    other: PledgeRow
    score: float | None
    """The probability that they are the same, by rule; null where only people judged."""
    people: tuple[str, ...]
    """Who looked at them already, and could not tell."""


@dataclass(frozen=True, slots=True)
class SaidByPerson:
    """What a person said of pairs of mentions at one moment."""

    judgement: int
    """The number of one of its judgements, by which all are undone."""
    answer: str
    who: str
    at: str
    pairs: int


@dataclass(frozen=True, slots=True)
class PledgeFile:
    """All that the ledger knows of one pledge."""

    row: PledgeRow
    proposals: tuple[MergeProposal, ...]
    said: tuple[SaidByPerson, ...]
    """The last first."""
    readings: Mapping[str, str]
    """By mention, the key of the reading that it comes from."""


def file_of(store: Store, pledge: str) -> PledgeFile:
    """All of a pledge, or of the one that it went into.

    Raises:
        InputError: there is no such pledge any more, or never was.
    """
    with store.reading() as connection:
        keeping = Keeping(connection, "")
        name = keeping.survivor(pledge)
        if name is None:
            raise InputError(f"There is no pledge {pledge}.", hint="Look for it in the list.")
        row = _rows(keeping, [name])[name]
        members = keeping.members([name]).get(name, [])
        about = keeping.judgements_about(members)
        keys = select(MENTIONS.c.id, MENTIONS.c.result_key).where(MENTIONS.c.id.in_(members))
        readings = {mention: key for mention, key in connection.execute(keys)}
        proposals = _proposed(keeping, members)
    return PledgeFile(row, tuple(proposals), tuple(_said(about)), readings)


def proposed_merges(store: Store) -> list[MergeProposal]:
    """All pairs of pledges of which nobody can tell yet whether they are one."""
    open_pairs = select(JUDGEMENTS.c.left, JUDGEMENTS.c.right).where(
        JUDGEMENTS.c.answer == "unsure", JUDGEMENTS.c.undone_at.is_(None)
    )
    with store.reading() as connection:
        found = connection.execute(open_pairs.order_by(JUDGEMENTS.c.id.desc()).limit(_MOST)).all()
        named = {mention for pair in found for mention in pair}
        return _proposed(Keeping(connection, ""), named)


def _proposed(keeping: Keeping, mentions: Collection[str]) -> list[MergeProposal]:
    """The proposals that mentions have a part in, the likeliest first."""
    judgements = keeping.judgements(mentions)
    pledge_of = keeping.pledges_of({each for pair in judgements for each in pair})
    scores: defaultdict[frozenset[str], list[PairJudgement]] = defaultdict(list)
    for (left, right), judgement in judgements.items():
        if left in pledge_of and right in pledge_of and judgement.answer != "different":
            scores[frozenset((pledge_of[left], pledge_of[right]))].append(judgement)
    doubles = doubles_among(judgements, pledge_of)
    pairs = {frozenset((one, other)) for one, others in doubles.items() for other in others}
    rows = _rows(keeping, {name for pair in pairs for name in pair})
    found = []
    for pair in pairs:
        names = sorted(pair)
        if all(name in rows for name in names):
            told = scores[pair]
            score = max((each.score for each in told if each.score is not None), default=None)
            people = {each.by.partition(":")[2] for each in told if each.by_person}
            one, other = (rows[name] for name in names)
            found.append(MergeProposal(one, other, score, tuple(sorted(people))))
    return sorted(found, key=lambda each: (-(each.score or 0.5), each.one.id, each.other.id))


def _rows(keeping: Keeping, pledges: Collection[str]) -> dict[str, PledgeRow]:
    kept = keeping.summaries(pledges)
    return {name: PledgeRow.model_validate_json(summary) for name, summary in kept.items()}


def _said(judgements: Iterable[PairJudgement]) -> list[SaidByPerson]:
    acts: defaultdict[tuple[str, str], list[PairJudgement]] = defaultdict(list)
    for judgement in judgements:
        if judgement.by_person:
            acts[(judgement.at, judgement.by)].append(judgement)
    return [
        SaidByPerson(told[0].id or 0, told[0].answer, by.partition(":")[2], at, len(told))
        for (at, by), told in sorted(acts.items(), reverse=True)
    ]
