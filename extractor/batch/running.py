"""The local engine: one process lists, claims and keeps count; processes of its own read."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from extractor.batch.crew import Crew, Told
from extractor.batch.items import Failure, WorkItem
from extractor.batch.leading import TICK_SECONDS, LedRun, RunEvent
from extractor.batch.limits import RunLimits
from extractor.batch.listing import SourceLister
from extractor.batch.pacing import ArticlePace
from extractor.batch.work import LEASE_SECONDS, Order, Work
from extractor.batch.workers import ArticleEnd, WorkerBroken

_LOOK_SECONDS: Final = 2.0
_QUICK_SECONDS: Final = 0.5
_STOCK: Final = 16
_MOST_DEATHS: Final = 5


class LocalRun(LedRun):
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
        super().__init__(work, limits, list_source, may_list, on_event)
        self._crew, self._pace, self._order = crew, pace, order
        self._stock: list[WorkItem] = []
        self._back: dict[bool, list[WorkItem]] = {True: [], False: []}
        self._began: dict[str, float] = {}
        self._deaths = 0
        self._last_seconds = _QUICK_SECONDS
        self._nothing_at = -LEASE_SECONDS

    def _go_on(self) -> None:
        super()._go_on()
        if self._interrupts.count < 2:
            self._crew.dismiss()

    def _is_over(self) -> bool:
        return self._reason is not None and not self._crew.in_hand

    def _let_go(self) -> None:
        self._back[False] += [*self._stock, *self._crew.kill()]
        self._give_back()

    def _begin_nothing(self) -> None:
        self._back[False] += self._stock
        self._stock = []

    # ---- what is to be done

    def _look(self) -> None:
        self._give_back()
        self._beat(died=False)
        now = time.monotonic()
        idle = not self._crew.in_hand and not self._stock
        if now - self._looked_at >= (TICK_SECONDS if idle else _LOOK_SECONDS):
            standing = self._stands()
            # A run of millions takes a while to count: it is counted less often.
            took = time.monotonic() - now
            self._looked_at = time.monotonic() + (2 if idle else 20) * took
            if idle and not standing.listing and not standing.left:
                self._stop("complete")
        # What is in stock is counted as begun.
        self._check_limits(articles=not self._stock)
        if self._reason is None:
            self._hand_out()

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
        if not self._stock and now - self._nothing_at >= TICK_SECONDS:
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

    def _listen(self) -> None:
        for told, items in self._crew.listen(TICK_SECONDS):
            self._hear(told, items)

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
        if self._deaths >= _MOST_DEATHS:
            text = f"{_MOST_DEATHS} processes died one after the other and read nothing."
            self._stop("failure", Failure("ProcessesDie", text))

    def _ended(self, end: ArticleEnd, item: WorkItem) -> None:
        began = self._began.pop(item.key, 0.0)
        self._count(end)
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
            self._pace.succeeded()

    def _give_back(self) -> None:
        for died, items in self._back.items():
            if items:
                self._work.give_back(items, died=died)
                self._back[died] = []
