"""Admission: how many articles are read at a time, how many may wait, and when to come again.

Beyond that a request is refused at once, so that those that were let in keep their time.
"""

from __future__ import annotations

import math
import time
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from anyio import CapacityLimiter

from extractor.errors import ServiceBusy

_Result = TypeVar("_Result")
_SMOOTHING: Final = 0.2
_LONGEST_WAIT: Final = 600


class Admission:
    """Lets work go on, `running` at a time, with up to `queued` more waiting."""

    def __init__(self, running: int, queued: int) -> None:
        self._seats = CapacityLimiter(running)
        self._running = running
        self._queued = queued
        self._inside = 0
        self._seconds = 1.0

    @property
    def running(self) -> int:
        """How many articles are being read."""
        return self._seats.borrowed_tokens

    @property
    def queued(self) -> int:
        """How many wait for their turn."""
        return max(0, self._inside - self.running)

    @property
    def is_full(self) -> bool:
        """Whether the next request would be refused."""
        return self._inside >= self._running + self._queued

    async def run(self, work: Callable[[], Awaitable[_Result]]) -> _Result:
        """The result of the work, once it has had its turn; a cancelled wait gives up its place.

        Raises:
            ServiceBusy: as many are read and wait as may.
        """
        if self.is_full:
            raise self.refusal()
        self._inside += 1
        try:
            async with self._seats:
                started = time.monotonic()
                try:
                    return await work()
                finally:
                    self._seconds += _SMOOTHING * (time.monotonic() - started - self._seconds)
        finally:
            self._inside -= 1

    def refusal(self) -> ServiceBusy:
        """What a request is told that finds no place."""
        return ServiceBusy(
            f"{self._running} articles are being read and {self._queued} wait.",
            retry_after=self._next_free(),
        )

    def _next_free(self) -> int:
        """Seconds until a place in the queue is likely to be free, in whole ones."""
        return min(_LONGEST_WAIT, max(1, math.ceil(self._seconds / self._running)))
