"""Leading a run: the lease, the lister, the limits and the end, whatever engine reads."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from extractor.batch.interrupts import Interrupts, counted_interrupts
from extractor.batch.items import Failure, Standing, WorkItem
from extractor.batch.limits import LimitName, RunLimits, Spending
from extractor.batch.listing import Lister, SourceLister
from extractor.batch.register import standing_of
from extractor.batch.work import BEAT_SECONDS, LEASE_SECONDS, Work
from extractor.batch.workers import ArticleEnd
from extractor.errors import ExtractorError, StoreFailed

TICK_SECONDS: Final = 0.2
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


class LedRun(ABC):
    """A run as the process that was started leads it; others may lead the same one beside it.

    Args:
        work: the ledger of the run.
        limits: what the run may cost, how long it may take, how many articles it may read.
        list_source: lists the source, in a thread beside those that read.
        may_list: whether the owner of that id is the one to list it: one at a time is.
        on_event: told of everything that happens, in this thread.
    """

    def __init__(
        self,
        work: Work,
        limits: RunLimits,
        list_source: SourceLister,
        may_list: Callable[[str], bool],
        on_event: Callable[[RunEvent], None],
    ) -> None:
        self._work = work
        self._spending = Spending(limits)
        self._list, self._may_list, self._tell = list_source, may_list, on_event
        self._owner = ""
        self._lister: Lister | None = None
        self._cost: float | None = 0.0
        self._reason: EndReason | None = None
        self._failure: Failure | None = None
        self._interrupts = Interrupts()
        self._unavailable = 0
        self._looked_at = self._beat_at = -LEASE_SECONDS

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
            self._let_go()
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

    # ---- what an engine does

    @abstractmethod
    def _is_over(self) -> bool:
        """Whether the end is decided and nobody reads any more."""

    @abstractmethod
    def _look(self) -> None:
        """Renew the leases, see where the run stands, and have what is left read."""

    @abstractmethod
    def _listen(self) -> None:
        """Hear for a moment what has happened."""

    @abstractmethod
    def _let_go(self) -> None:
        """End all that reads, and give back what it had in hand."""

    @abstractmethod
    def _begin_nothing(self) -> None:
        """Have no further article begun; what is under way is finished."""

    # ---- what all do

    def _go_on(self) -> None:
        answered = time.monotonic()
        while self._interrupts.count < 2 and not self._is_over():
            if self._interrupts.count:
                self._stop("interrupted")
            try:
                self._look()
                answered = time.monotonic()
            except StoreFailed:  # for a moment, mostly: those who read wait too
                if time.monotonic() - answered > LEASE_SECONDS:
                    raise
            self._listen()

    def _beat(self, *, died: bool) -> None:
        """Renew the leases, take back those of the dead, and list the source if nobody does.

        Args:
            died: as `Work.reclaim` takes it.
        """
        now = time.monotonic()
        if now - self._beat_at >= BEAT_SECONDS:
            self._beat_at = now
            self._work.beat(self._owner)
            self._work.reclaim(died=died)
            if self._lister is None and self._reason is None and self._may_list(self._owner):
                self._lister = Lister(self._list, self._owner)

    def _stands(self) -> Standing:
        """Where the run stands, told to whoever watches."""
        standing = standing_of(self._work)
        self._cost = standing.cost_usd
        self._tell(RunEvent("standing", standing=standing))
        return standing

    def _check_limits(self, *, articles: bool = True) -> None:
        """Stop at a limit, or if the source cannot be listed.

        Args:
            articles: whether the limit on articles is one now.
        """
        if self._lister is not None and self._lister.failure is not None:
            self._stop("failure", self._lister.failure)
        try:
            reached = self._spending.reached(self._cost)
        except ExtractorError as error:
            self._stop("failure", Failure.of(error))
            return
        if reached is not None and (articles or reached != "articles"):
            self._stop(reached)

    def _count(self, end: ArticleEnd) -> None:
        """Count what an article has cost, and stop if a server has been away for too long."""
        if end.usage is not None and end.usage.calls and self._cost is not None:
            cost = end.usage.cost_usd
            self._cost = None if cost is None else self._cost + cost
        if end.outcome == "done":
            self._unavailable = 0
        elif end.outcome == "failed" and end.failure and end.failure.kind in _UNAVAILABLE:
            self._unavailable += 1
            if self._unavailable >= _MOST_UNAVAILABLE:
                self._stop("failure", end.failure)

    def _stop(self, reason: EndReason, failure: Failure | None = None) -> None:
        """Begin no further article, unless that is decided already."""
        if self._reason is None:
            self._reason, self._failure = reason, failure
            self._begin_nothing()
            if self._lister is not None:
                self._lister.stop()
            if reason != "complete":
                self._tell(RunEvent("stopping"))
