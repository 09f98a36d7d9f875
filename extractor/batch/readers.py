"""A reader: a process on any machine that claims articles of a run for itself, and reads them.

Engines that spread over machines start readers and tell them when to go on; what is read, by whom
and how often stands in the ledger alone.
"""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from extractor.batch.items import Failure, WorkItem
from extractor.batch.lifeline import Address, Hold
from extractor.batch.pacing import ArticlePace
from extractor.batch.processes import end_with, here
from extractor.batch.work import BEAT_SECONDS, LEASE_SECONDS, Work
from extractor.batch.workers import ArticleEnd, WorkerOrders, read_article
from extractor.errors import ConfigurationError, StoreFailed
from extractor.extraction import Extractor
from extractor.results.store import Submission
from extractor.settings import load_settings
from extractor.storage import Store, open_store

_WAIT_SECONDS: Final = 0.5
_TURN_SECONDS: Final = 0.1


@dataclass(frozen=True, slots=True)
class ReaderOrders:
    """What a reader has to know; without secrets of a model, which its own environment holds."""

    orders: WorkerOrders
    lifeline: Address
    place: str
    """The machine of the process that started the run; see `processes.here`."""


@dataclass(frozen=True, slots=True)
class ReaderTold:
    """What became of an article, without its text; or why a reader cannot read."""

    item: WorkItem | None = None
    end: ArticleEnd | None = None
    broken: Failure | None = None


class Reader:
    """A model, a place in the ledger and a hold on the process that started the run.

    Threads may share it. It never raises: where it cannot read, it says so at every turn.

    Args:
        orders: what it has to know.
        restarted: whether a reader stood in its place before, and died.
    """

    def __init__(self, orders: ReaderOrders, *, restarted: bool = False) -> None:
        end_with(os.getppid())
        self._hold = Hold(orders.lifeline)
        self._pace = ArticlePace(orders.orders.threads)
        self._under_way = 0
        self._back: list[WorkItem] = []
        self._turn = threading.Lock()
        self._answered = time.monotonic()
        self._broken: ReaderTold | None = None
        try:
            store, self._extractor = _open(orders)
            self._work = Work(store, orders.orders.run_id, orders.orders.model)
            self._work.reclaim(died=restarted)
            self._owner = self._work.join()
        except Exception as error:
            self._broken = ReaderTold(broken=Failure.of(error))
        else:
            threading.Thread(target=self._beat, name="beat", daemon=True).start()
        self._hold.say_ready()

    def read_next(self) -> list[ReaderTold]:
        """Read one article, waiting until there is one; nothing once no further may be begun.

        Articles that came back unread, for the provider wants fewer, are told before it.
        """
        told: list[ReaderTold] = []
        while self._broken is None and self._take_turn():
            try:
                read = self._read_one()
            finally:
                with self._turn:
                    self._under_way -= 1
            if read is None:
                time.sleep(_WAIT_SECONDS)
                continue
            told.append(read)
            if read.end is not None and read.end.outcome != "again":
                return told
        return [*told, self._broken] if self._broken else told

    def _take_turn(self) -> bool:
        while self._hold.may_begin():
            with self._turn:
                if self._under_way < self._pace.limit:
                    self._under_way += 1
                    return True
            time.sleep(_TURN_SECONDS)
        return False

    def _read_one(self) -> ReaderTold | None:
        item, began = None, time.monotonic()
        try:
            items = self._work.claim(self._owner, 1)
            self._answered = time.monotonic()
            if not items:
                return None
            item = items[0]
            end = read_article(item, self._extractor, self._work)
        except StoreFailed as error:
            if item is not None:
                self._back.append(item)
            if time.monotonic() - self._answered > LEASE_SECONDS:
                self._broken = ReaderTold(broken=Failure.of(error))
            return None
        if end.outcome in ("again", "stop"):
            self._back.append(item)
            self._give_back()
        with self._turn:
            if end.outcome == "again":
                self._pace.refused(began, self._under_way)
                if self._pace.hopeless:
                    end = replace(end, outcome="stop")
            elif end.outcome == "done":
                self._pace.succeeded()
        return ReaderTold(replace(item, article=Submission("")), end)

    def _give_back(self) -> None:
        """Put in line what came back unread; what the store does not take now it takes later."""
        back = self._back.copy()
        with suppress(StoreFailed):
            self._work.give_back(back)
            for item in back:
                with suppress(ValueError):  # another thread did
                    self._back.remove(item)

    def _beat(self) -> None:
        """Renew the leases; take back those of neighbours that died."""
        while True:
            time.sleep(BEAT_SECONDS)
            self._give_back()
            with suppress(StoreFailed):  # for a moment, mostly
                self._work.beat(self._owner)
                self._work.reclaim(died=True)


def _open(orders: ReaderOrders) -> tuple[Store, Extractor]:
    wanted = orders.orders
    if wanted.address.startswith("sqlite") and orders.place != here():
        raise ConfigurationError(
            "A SQLite file cannot be shared between machines.",
            hint="Keep the run in PostgreSQL: --into postgresql://USER@HOST/NAME.",
        )
    key = load_settings().openai_api_key
    settings = wanted.settings.model_copy(update={"openai_api_key": key})
    store = open_store(wanted.address)
    return store, wanted.opener(wanted.asked, settings)
