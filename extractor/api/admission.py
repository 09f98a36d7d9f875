"""Admission: how many articles are read at a time, how many may wait, and when to come again.

Beyond that a request is refused at once, so that those that were let in keep their time.
"""

from __future__ import annotations

import math
import time
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from extractor.api.commons import Commons, passing
from extractor.api.gates import PLACE
from extractor.errors import ServiceBusy

_Result = TypeVar("_Result")
_SMOOTHING: Final = 0.2
_LONGEST_WAIT: Final = 600


class Admission:
    """Lets work go on, `running` at a time, with up to `queued` more waiting.

    Those are the places of the whole service; what is counted is what this process has of them.
    """

    def __init__(self, commons: Commons, running: int, queued: int) -> None:
        self._commons = commons
        self._most_running = running
        self._most_queued = queued
        self._running = 0
        self._inside = 0
        self._seconds = 1.0
        self.on_change: Callable[[int, int], None] = lambda _running, _queued: None
        """Called with how many articles are being read, and how many wait for their turn."""

    async def is_full(self) -> bool:
        """Whether the next request would be refused."""
        return await self._commons.is_full(PLACE)

    async def run(self, work: Callable[[], Awaitable[_Result]]) -> _Result:
        """The result of the work, once it has had its turn; a cancelled wait gives up its place.

        Raises:
            ServiceBusy: as many are read and wait as may.
        """
        self._count(inside=1)
        try:
            async with passing(self._commons, PLACE) as turn:
                if turn.outcome == "refused":
                    raise self.refusal()
                return await self._timed(work)
        finally:
            self._count(inside=-1)

    def refusal(self) -> ServiceBusy:
        """What a request is told that finds no place."""
        return ServiceBusy(
            f"{self._most_running} articles are being read and {self._most_queued} wait.",
            retry_after=self._next_free(),
        )

    def _next_free(self) -> int:
        """Seconds until a place in the queue is likely to be free, in whole ones."""
        return min(_LONGEST_WAIT, max(1, math.ceil(self._seconds / self._most_running)))

    async def _timed(self, work: Callable[[], Awaitable[_Result]]) -> _Result:
        started = time.monotonic()
        self._count(running=1)
        try:
            return await work()
        finally:
            self._count(running=-1)
            self._seconds += _SMOOTHING * (time.monotonic() - started - self._seconds)

    def _count(self, *, inside: int = 0, running: int = 0) -> None:
        self._inside += inside
        self._running += running
        self.on_change(self._running, max(0, self._inside - self._running))
