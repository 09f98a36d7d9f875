"""Renewing rows: those of pledges that have changed, and those whose counting hangs on them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from extractor.pledges.assembling import assemble
from extractor.pledges.copies import copied_stories
from extractor.pledges.countable import decide, is_mobilised
from extractor.pledges.relations import doubles_among, whole_of_each

if TYPE_CHECKING:
    from extractor.pledges.keeping import Keeping
    from extractor.pledges.mentions import Mention
    from extractor.pledges.rows import PledgeRow
    from extractor.pledges.turn import LedgerTurn


def renew_rows(turn: LedgerTurn, pledges: Collection[str]) -> None:
    """Keep the rows of these pledges as their mentions now make them, and tell what has changed."""
    alive = turn.members(pledges)
    for pledge in sorted(set(pledges) - alive.keys()):
        _end(turn, pledge)
    _mark_copies(turn, alive)
    around = _Around(turn, set(alive))
    members = turn.members(around.pledges)
    mentions = {pledge: turn.mentions(inside) for pledge, inside in sorted(members.items())}
    rows, wholes = {}, around.wholes()
    for pledge, told in mentions.items():
        turn.traits.load([mention.id for mention in told])
        row = assemble(pledge, told, turn.traits, turn.parties)
        rows[pledge] = row.model_copy(update={"part_of": wholes.get(pledge)})
    mobilised = {
        pledge for pledge, told in mentions.items() if is_mobilised([m.record for m in told])
    }
    decided = decide(rows, mobilised, around.doubles(members))
    known = turn.summaries(decided)
    for pledge, row in sorted(decided.items()):
        if known.get(pledge) != row.model_dump_json():
            _keep(turn, row, is_known=pledge in known)


def _keep(turn: LedgerTurn, row: PledgeRow, *, is_known: bool) -> None:
    report = turn.report
    turn.put_pledge(row)
    what = "changed" if is_known else "split" if row.id in report.split else "created"
    other = report.split.get(row.id) if what == "split" else None
    (report.changed if is_known else report.created).add(row.id)
    told = {"mentions": [source.mention for source in row.sources]}
    turn.put_change(row.id, what, other, json.dumps(told))


def _end(turn: LedgerTurn, pledge: str) -> None:
    if not turn.has_living(pledge):
        return
    into = turn.report.merged.get(pledge)
    turn.end_pledge(pledge, into)
    turn.put_change(pledge, "merged" if into else "gone", into, "{}")
    if not into:
        turn.report.gone.add(pledge)


def _mark_copies(turn: LedgerTurn, pledges: Mapping[str, Collection[str]]) -> None:
    for inside in pledges.values():
        mentions = turn.mentions(inside)
        articles = {mention.article_sha256 for mention in mentions}
        texts = {a: row.text for a, row in turn.articles(articles).items()}
        stories = copied_stories(texts) if len(texts) > 1 else {}
        for mention in mentions:
            wire = stories.get(mention.article_sha256)
            if wire != mention.wire:
                turn.put_wire(mention.id, wire)


class _Around:
    """Pledges, and those that contain them, are contained in them, or may be the same."""

    def __init__(self, keeping: Keeping, pledges: Collection[str]) -> None:
        self._keeping = keeping
        self._beside: dict[str, Mention] = {}
        self._pledge_of: dict[str, str] = {}
        self.pledges: set[str] = set()
        waiting = set(pledges)
        while waiting:
            self.pledges |= waiting
            waiting = self._neighbours(waiting) - self.pledges

    def wholes(self) -> dict[str, str]:
        """The pledge that contains each one."""
        ordered = self._keeping.mentions(self._beside)
        return whole_of_each(ordered, self._pledge_of)

    def doubles(self, members: Mapping[str, Collection[str]]) -> dict[str, set[str]]:
        """The pledges that each may be the same as."""
        pledge_of = {mention: name for name, inside in members.items() for mention in inside}
        return doubles_among(self._keeping.judgements(pledge_of), pledge_of)

    def _neighbours(self, pledges: Collection[str]) -> set[str]:
        members = self._keeping.members(pledges)
        own = {mention for inside in members.values() for mention in inside}
        articles = {mention.article_sha256 for mention in self._keeping.mentions(own)}
        beside = {mention.id: mention for mention in self._keeping.of_articles(articles)}
        self._beside |= beside
        self._pledge_of |= self._keeping.pledges_of(beside)
        wholes = whole_of_each(beside.values(), self._pledge_of)
        tied = {each for pair in wholes.items() if set(pair) & set(pledges) for each in pair}
        met = {each for pair in self._keeping.judgements(own) for each in pair}
        return tied | set(self._keeping.pledges_of(met).values())
