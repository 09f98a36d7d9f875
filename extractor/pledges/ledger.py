"""The ledger on a store: what it holds, how it is built, and what people change in it.

A build takes results in by hundreds, each hundred in one transaction: killed at any moment, it goes
on where it was. Only what new mentions touch is compared, grouped and written anew.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from extractor.errors import InputError
from extractor.pledges.evidence import Answer
from extractor.pledges.judging import Pair, PairJudgement, by_person, pair_of
from extractor.pledges.keeping import Keeping, chunks
from extractor.pledges.parties import PartyTable
from extractor.pledges.readings import Readings
from extractor.pledges.regrouping import regroup
from extractor.pledges.rows import PledgeRow
from extractor.pledges.scoring import PairScorer
from extractor.pledges.taking import judge_again, take_readings
from extractor.pledges.turn import BuildReport, LedgerTurn
from extractor.storage.tables import now_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extractor.selection.embedding import Embed
    from extractor.storage import Store

_AT_ONCE: Final = 100
Progress = Callable[[int], None]
"""Told how many results were taken in."""


class PledgeLedger:
    """The ledger of pledges in a store."""

    def __init__(
        self,
        store: Store,
        parties: PartyTable,
        embed: Embed | None = None,
        clock: Callable[[], str] = now_text,
    ) -> None:
        self._store = store
        self._parties = parties
        self._embed = embed
        self._clock = clock

    # ---- reading

    def rows(self) -> list[PledgeRow]:
        """All living rows, by id."""
        with self._store.reading() as connection:
            kept = Keeping(connection, "").summaries()
        return [PledgeRow.model_validate_json(summary) for summary in kept.values()]

    def row(self, pledge: str) -> PledgeRow:
        """The row of an id, or the one that it was merged into.

        Raises:
            InputError: there is no such pledge any more, or never was.
        """
        with self._store.reading() as connection:
            keeping = Keeping(connection, "")
            name = _living(keeping, pledge)
            return PledgeRow.model_validate_json(keeping.summaries([name])[name])

    def judgements_of(self, pledge: str) -> list[PairJudgement]:
        """What holds the mentions of a pledge together, and keeps others away from it.

        Raises:
            InputError: there is no such pledge.
        """
        with self._store.reading() as connection:
            keeping = Keeping(connection, "")
            name = _living(keeping, pledge)
            return keeping.judgements_about(keeping.members([name])[name])

    def pledges_of(self, mentions: Collection[str]) -> dict[str, str]:
        """The pledge that each of these mentions is of, but for those that are gone."""
        with self._store.reading() as connection:
            return Keeping(connection, "").pledges_of(mentions)

    # ---- changing

    def build(self, *, afresh: bool = False, progress: Progress | None = None) -> BuildReport:
        """Take in all results that are not in the ledger yet, or that people have reviewed since.

        Args:
            afresh: judge every pair again as well, by the rules and parties of today; what people
                judged stays.
            progress: told after each hundred results how many these were.

        Raises:
            StoreFailed: the store does not answer.
        """
        report = BuildReport()
        while waiting := self._untaken():
            for keys in chunks(waiting, _AT_ONCE):
                with self._changing(report) as turn:
                    take_readings(turn, keys)
                if progress is not None:
                    progress(len(keys))
        if afresh:
            with self._changing(report) as turn:
                judge_again(turn)
        return report

    def merge(self, one: str, other: str, person: str) -> BuildReport:
        """Say that two pledges are one; the older id stays.

        Raises:
            InputError: one of them is not there, or both are one already.
        """
        return self.judge(one, other, "same", person)

    def judge(self, one: str, other: str, answer: Answer, person: str) -> BuildReport:
        """Say that two pledges are one, that they are not, or that it cannot be told.

        Raises:
            InputError: one of them is not there, or both are one already.
        """
        with self._changing() as turn:
            names = [_living(turn, name) for name in (one, other)]
            if names[0] == names[1]:
                raise InputError(f"{one} and {other} are one pledge already.")
            members = turn.members(names)
            mine, theirs = (members[name] for name in names)
            if answer == "same":
                # Everyone is tied to the first of the other side: no rule can part some again.
                pairs: set[Pair] = {pair_of(mine[0], each) for each in theirs}
                pairs |= {pair_of(theirs[0], each) for each in mine}
            else:
                pairs = {pair_of(each, their) for each in mine for their in theirs}
            _say(turn, pairs, answer, person)
            regroup(turn, {*mine, *theirs})
            return turn.report

    def split(self, pledge: str, mentions: Collection[str], person: str) -> BuildReport:
        """Say that some mentions of a pledge tell of another one than the rest.

        Raises:
            InputError: there is no such pledge, or not some but none or all of its mentions are
                named.
        """
        with self._changing() as turn:
            name = _living(turn, pledge)
            inside = turn.members([name])[name]
            chosen = {each for each in inside if any(each.startswith(m) for m in mentions if m)}
            rest = set(inside) - chosen
            if not chosen or not rest:
                raise InputError(
                    f"{name} has {len(inside)} mentions, of which {len(chosen)} are named.",
                    hint="Name some of the mentions that `extractor ledger show` lists, not all.",
                )
            pairs = {pair_of(a, b) for a in chosen for b in rest}
            _say(turn, pairs, "different", person)
            regroup(turn, set(inside))
            return turn.report

    def undo(self, person: str, judgement: int | None = None) -> BuildReport:
        """Undo what a person said last, or the act that a judgement belongs to.

        Raises:
            InputError: no person has said anything that is not undone.
        """
        with self._changing() as turn:
            act = turn.act_of(judgement)
            if not act:
                raise InputError(
                    "There is nothing to undo: no person's judgement is in force.",
                    hint="`extractor ledger show PLEDGE` lists judgements with their numbers.",
                )
            turn.undo(act, f"person:{person}")
            regroup(turn, {each for one in act for each in one.pair})
            return turn.report

    # ---- inside

    def _untaken(self) -> list[str]:
        with self._store.reading() as connection:
            return Readings(connection).untaken()

    @contextmanager
    def _changing(self, report: BuildReport | None = None) -> Iterator[LedgerTurn]:
        scorer = PairScorer(self._parties, self._embed)
        with self._store.writing() as connection:
            turn = LedgerTurn(
                connection, self._clock(), self._parties, scorer, report or BuildReport()
            )
            turn.lock()
            yield turn


def _living(keeping: Keeping, pledge: str) -> str:
    name = keeping.survivor(pledge)
    if name is None:
        raise InputError(
            f"There is no pledge {pledge}.", hint="`extractor ledger show` lists them."
        )
    return name


def _say(turn: LedgerTurn, pairs: Iterable[Pair], answer: Answer, person: str) -> None:
    turn.put_judgements(by_person(pair, answer, person, turn.at) for pair in sorted(pairs))
