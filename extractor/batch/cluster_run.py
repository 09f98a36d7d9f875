"""The run of an engine whose readers stand on other machines and claim their articles themselves.

This process lists the source, renews its lease, keeps the limits and tells what happens; a pool of
readers works beside it for a number of turns. What stands in the ledger counts, not what is heard.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Final, Protocol

from extractor.batch.items import Failure, Standing
from extractor.batch.leading import TICK_SECONDS, LedRun, RunEvent
from extractor.batch.limits import RunLimits
from extractor.batch.listing import SourceLister
from extractor.batch.readers import ReaderTold
from extractor.batch.work import LEASE_SECONDS, Work
from extractor.batch.workers import ArticleEnd

_LOOK_SECONDS: Final = 1.0
_PATIENCE_SECONDS: Final = 10.0
_STUCK_SECONDS: Final = 120.0
_MOST_TURNS: Final = 320_000
"""What a pool keeps for each turn is little, but not nothing."""
_FULL: Final = 32


class ReaderPool(Protocol):
    """Readers that work for some turns; see `extractor.batch.readers`."""

    failure: Failure | None
    """Why it ended before its turns did."""

    @property
    def ready(self) -> int:
        """How many readers have opened their model."""

    @property
    def is_over(self) -> bool:
        """Whether all turns have ended, and all is heard."""

    def hear(self, seconds: float) -> Iterator[ReaderTold]:
        """What has happened, within some time."""

    def begin_nothing(self) -> None:
        """Have the turns that are left end without an article."""

    def end(self) -> None:
        """End the readers at once."""

    def abandon(self) -> None:
        """End the readers, and forget the turns that wait for them."""


class ClusterRun(LedRun):
    """Reads the articles of a run by readers that claim them themselves; others may read beside it.

    Args:
        work: the ledger of the run.
        open_pool: has readers work for so many turns, each of which reads one article.
        at_once: how many articles are read at a time.
        limits: what the run may cost, how long it may take, how many articles it may read.
        list_source: lists the source, in a thread beside those that read.
        may_list: whether the owner of that id is the one to list it: one at a time is.
        on_event: told of everything that happens, in this thread.
    """

    def __init__(
        self,
        work: Work,
        open_pool: Callable[[int], ReaderPool],
        at_once: int,
        *,
        limits: RunLimits,
        list_source: SourceLister,
        may_list: Callable[[str], bool],
        on_event: Callable[[RunEvent], None] = lambda event: None,
    ) -> None:
        super().__init__(work, limits, list_source, may_list, on_event)
        self._open_pool, self._at_once = open_pool, at_once
        self._pool: ReaderPool | None = None
        self._standing: Standing | None = None
        self._ended = 0
        self._ended_at_failure = -1
        self._seen_at = self._moved_at = 0.0

    def _go_on(self) -> None:
        self._work.reclaim()
        super()._go_on()

    def _is_over(self) -> bool:
        # Turns that wait on a machine that is gone never end; then the ledger tells.
        if self._reason is None:
            return False
        if self._pool is None:
            return True
        still = self._standing is not None and not self._standing.leased
        return still and self._seen_at - self._moved_at > _PATIENCE_SECONDS

    def _let_go(self) -> None:
        if self._pool is not None:
            self._pool.end()
        self._work.reclaim()

    def _begin_nothing(self) -> None:
        self._moved_at = time.monotonic()
        if self._pool is not None:
            self._pool.begin_nothing()

    # ---- what is to be done

    def _look(self) -> None:
        self._beat(died=True)
        now = time.monotonic()
        if self._pool is not None and not self._pool.ready:
            self._moved_at = now
        if now - self._looked_at >= _LOOK_SECONDS:
            standing = self._stands()
            if self._standing is None or standing.leased or standing.done != self._standing.done:
                self._moved_at = now
            self._seen_at = now
            self._standing = standing
            # A run of millions takes a while to count: it is counted less often.
            self._looked_at = time.monotonic() + 20 * (time.monotonic() - now)
            if not standing.listing and not standing.left:
                self._stop("complete")
        self._check_limits()

    def _keep_pool(self) -> None:
        """Have readers work while there is something to be read."""
        pool, standing = self._pool, self._standing
        if pool is not None and pool.is_over:
            pool.end()
            self._pool = None
            if pool.failure is not None and self._reason is None:
                if self._ended == self._ended_at_failure:
                    self._stop("failure", pool.failure)
                self._ended_at_failure = self._ended
            self._look_anew()
        elif pool is not None and self._reason is None and self._is_stuck(pool):
            pool.abandon()
            self._pool = None
            self._look_anew()
        elif pool is None and standing is not None and self._reason is None:
            turns = min(standing.pending, _MOST_TURNS)
            if (left := self._spending.articles_left) is not None:
                turns = min(turns, left)
            # While the source is being listed there may soon be enough to keep all of them.
            if turns and not (standing.listing and turns < _FULL * self._at_once):
                self._moved_at = time.monotonic()
                self._pool = self._open_pool(turns)

    def _look_anew(self) -> None:
        self._looked_at, self._standing = -LEASE_SECONDS, None

    def _is_stuck(self, pool: ReaderPool) -> bool:
        """Whether all that is left waits for a machine that is gone, and readers wait for turns."""
        waiting = self._standing is not None and self._standing.pending > 0
        # Seen, and not only passed: of a run of millions little is seen.
        still = self._seen_at - self._moved_at > _STUCK_SECONDS
        return waiting and still and pool.ready > 0

    # ---- what has happened

    def _listen(self) -> None:
        self._keep_pool()
        if self._pool is None:
            time.sleep(TICK_SECONDS)
        else:
            for told in self._pool.hear(TICK_SECONDS):
                self._hear(told)

    def _hear(self, told: ReaderTold) -> None:
        if told.broken is not None:
            self._stop("failure", told.broken)
        elif told.item is not None and told.end is not None:
            self._heard_of(told.end)
            kinds: dict[str, RunEvent] = {
                "done": RunEvent("done", told.item, told.end),
                "failed": RunEvent("failed", told.item, told.end),
            }
            self._tell(kinds.get(told.end.outcome, RunEvent("again", told.item, told.end)))

    def _heard_of(self, end: ArticleEnd) -> None:
        self._count(end)
        if end.outcome == "stop":
            self._stop("failure", end.failure)
        if end.outcome in ("done", "failed"):
            self._ended += 1
            self._moved_at = time.monotonic()
            self._spending.begin(1)
