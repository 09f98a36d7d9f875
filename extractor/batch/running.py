"""The local engine: one process lists, claims and keeps count; processes of its own read."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from extractor.batch.crew import Crew, Told
from extractor.batch.interrupts import Interrupts, counted_interrupts
from extractor.batch.items import Failure, Standing, WorkItem
from extractor.batch.limits import LimitName, RunLimits, Spending
from extractor.batch.listing import Lister, SourceLister
from extractor.batch.pacing import ArticlePace
from extractor.batch.register import standing_of
from extractor.batch.work import BEAT_SECONDS, LEASE_SECONDS, Order, Work
from extractor.batch.workers import ArticleEnd, WorkerBroken
from extractor.errors import ExtractorError, StoreFailed

_TICK_SECONDS: Final = 0.2
_LOOK_SECONDS: Final = 2.0
_QUICK_SECONDS: Final = 0.5
_STOCK: Final = 16
_MOST_DEATHS: Final = 5
_MOST_UNAVAILABLE: Final = 20
_UNAVAILABLE: Final = frozenset({"ModelUnavailable", "ModelTimeout"})

EndReason: TypeAlias = Literal["complete", "interrupted", "failure"] | LimitName


@dataclass(frozen=True, slots=True)
class RunEvent:
    """Something that a bar or a log tells of."""

    kind: Literal["begun", "done", "failed", "again", "died", "standing", "stopping"]
    item: WorkItem | None = None
    end: ArticleEnd | None = None
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class RunEnd:
    """Why a run went no further, and where it stands."""

    reason: EndReason
    standing: Standing
    failure: Failure | None = None


class LocalRun:
    """Reads the articles of a run on this machine; others may read beside it.

    Args:
        work: the ledger of the run.
        crew: the processes that read; ended with the run.
        pace: how many articles may be read at a time.
        limits: what the run may cost, how long it may take, how many articles it may read.
        list_source: lists the source, in a thread beside those that read.
        may_list: whether the owner of that id is the one to list it: one at a time is.
        order: in which order articles are taken.
        on_event: told of everything that happens, in this thread.
    """

    def __init__(
        self,
        work: Work,
        crew: Crew,
        *,
        pace: ArticlePace,
        limits: RunLimits,
        list_source: SourceLister,
        may_list: Callable[[str], bool],
        order: Order = "line",
        on_event: Callable[[RunEvent], None] = lambda event: None,
    ) -> None:
        self._work, self._crew, self._pace = work, crew, pace
        self._spending = Spending(limits)
        self._list, self._may_list = list_source, may_list
        self._order, self._tell = order, on_event
        self._owner = ""
        self._lister: Lister | None = None
        self._stock: list[WorkItem] = []
        self._back: dict[bool, list[WorkItem]] = {True: [], False: []}
        self._began: dict[str, float] = {}
        self._cost: float | None = 0.0
        self._reason: EndReason | None = None
        self._failure: Failure | None = None
        self._interrupts = Interrupts()
        self._deaths = self._unavailable = 0
        self._last_seconds = _QUICK_SECONDS
        self._looked_at = self._beat_at = self._nothing_at = -LEASE_SECONDS

    def run(self) -> RunEnd:
        """Read until nothing is left, a limit is reached, or somebody interrupts.

        Interrupted once (SIGINT or SIGTERM) it ends what is under way; twice, it does not.

        Raises:
            StoreFailed: the store does not answer for longer than a lease lasts.
        """
        self._owner = self._work.join()
        try:
            with counted_interrupts() as self._interrupts:
                self._go_on()
        finally:
            if self._lister is not None:
                self._lister.stop()
            self._back[False] += [*self._stock, *self._crew.kill()]
            self._give_back()
            self._work.leave(self._owner)
        standing = standing_of(self._work)
        if self._reason in ("cost", "hours", "articles") and not (
            standing.left or standing.listing
        ):
            self._reason = "complete"
        if self._reason == "complete":
            self._work.end()
        self._tell(RunEvent("standing", standing=standing))
        return RunEnd(self._reason or "interrupted", standing, self._failure)

    def _go_on(self) -> None:
        answered = time.monotonic()
        while self._interrupts.count < 2 and (self._reason is None or self._crew.in_hand):
            if self._interrupts.count and self._reason is None:
                self._stop("interrupted")
            try:
                self._look()
                if self._reason is None:
                    self._hand_out()
                answered = time.monotonic()
            except StoreFailed:  # for a moment, mostly: those who read wait too
                if time.monotonic() - answered > LEASE_SECONDS:
                    raise
            for told, items in self._crew.listen(_TICK_SECONDS):
                self._hear(told, items)
        if self._interrupts.count < 2:
            self._crew.dismiss()

    # ---- what is to be done

    def _look(self) -> None:
        """Renew the leases, take back those of the dead, see where the run stands."""
        now = time.monotonic()
        self._give_back()
        if now - self._beat_at >= BEAT_SECONDS:
            self._beat_at = now
            self._work.beat(self._owner)
            self._work.reclaim()
            if self._lister is None and self._reason is None and self._may_list(self._owner):
                self._lister = Lister(self._list, self._owner)
        idle = not self._crew.in_hand and not self._stock
        if now - self._looked_at >= (_TICK_SECONDS if idle else _LOOK_SECONDS):
            standing = standing_of(self._work)
            self._cost = standing.cost_usd
            self._tell(RunEvent("standing", standing=standing))
            # A run of millions takes a while to count: it is counted less often.
            took = time.monotonic() - now
            self._looked_at = time.monotonic() + (2 if idle else 20) * took
            if idle and not standing.listing and not standing.left:
                self._stop("complete")
        if self._lister is not None and self._lister.failure is not None:
            self._stop("failure", self._lister.failure)
        self._check_limits()

    def _check_limits(self) -> None:
        try:
            reached = self._spending.reached(self._cost)
        except ExtractorError as error:
            self._stop("failure", Failure.of(error))
            return
        if reached == "articles" and self._stock:
            return
        if reached is not None:
            self._stop(reached)

    def _hand_out(self) -> None:
        room = min(self._crew.room, self._pace.limit - self._crew.in_hand)
        while room > 0 and (item := self._next(room)) is not None and self._crew.read(item):
            room -= 1
            del self._stock[0]
            self._began[item.key] = time.monotonic()
            self._tell(RunEvent("begun", item))
        self._crew.get_ready(min(max(0, room), len(self._stock)))

    def _next(self, room: int) -> WorkItem | None:
        """The article that is to be read next; it stays in stock until somebody reads it."""
        now = time.monotonic()
        if not self._stock and now - self._nothing_at >= _TICK_SECONDS:
            # Quick articles are leased by the dozen; of slow ones no machine holds what it cannot
            # read yet.
            most = room if self._last_seconds >= _QUICK_SECONDS else max(room, _STOCK)
            if (left := self._spending.articles_left) is not None:
                most = min(most, left)
            self._stock = self._work.claim(self._owner, most, self._order) if most else []
            self._spending.begin(len(self._stock))
            if not self._stock:
                self._nothing_at = now
        return self._stock[0] if self._stock else None

    # ---- what has happened

    def _hear(self, told: Told | None, items: list[WorkItem]) -> None:
        if told is None:
            self._died(items)
        elif isinstance(told, WorkerBroken):
            self._stop("failure", told.failure)
        elif isinstance(told, ArticleEnd):
            self._ended(told, items[0])

    def _died(self, items: list[WorkItem]) -> None:
        self._back[True] += items
        self._deaths += 1
        for item in items:
            self._spending.unbegin()
            self._tell(RunEvent("died", item))
        if self._deaths >= _MOST_DEATHS and self._reason is None:
            text = f"{_MOST_DEATHS} processes died one after the other and read nothing."
            self._stop("failure", Failure("ProcessesDie", text))

    def _ended(self, end: ArticleEnd, item: WorkItem) -> None:
        began = self._began.pop(item.key, 0.0)
        if end.usage is not None and self._cost is not None and end.usage.calls:
            cost = end.usage.cost_usd
            self._cost = None if cost is None else self._cost + cost
        if end.outcome in ("again", "stop"):
            self._back[False].append(item)
            self._spending.unbegin()
            self._tell(RunEvent("again", item, end))
            self._pace.refused(began, self._crew.in_hand + 1)
            if end.outcome == "stop" or self._pace.hopeless:
                self._stop("failure", end.failure)
            return
        self._deaths = 0
        self._last_seconds = end.seconds
        self._tell(RunEvent("done" if end.outcome == "done" else "failed", item, end))
        if end.outcome == "done":
            self._unavailable = 0
            self._pace.succeeded()
        elif end.failure and end.failure.kind in _UNAVAILABLE:
            self._unavailable += 1
            if self._unavailable >= _MOST_UNAVAILABLE:
                self._stop("failure", end.failure)

    def _stop(self, reason: EndReason, failure: Failure | None = None) -> None:
        """Begin no further article; what is under way is finished."""
        if self._reason is None:
            self._reason, self._failure = reason, failure
            self._back[False] += self._stock
            self._stock = []
            if self._lister is not None:
                self._lister.stop()
            if reason != "complete":
                self._tell(RunEvent("stopping"))

    def _give_back(self) -> None:
        for died, items in self._back.items():
            if items:
                self._work.give_back(items, died=died)
                self._back[died] = []
