"""Pacing: how many articles are read at a time, which providers decide who answer 429.

Each call already waits for its turn (`extractor.asking.pacing`). An article whose calls find no
turn comes back; then half as many are read at a time, and one more for every round that succeeds.
"""

from __future__ import annotations

import time
from typing import Final

_FIRST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 60.0
_MOST_REFUSALS: Final = 12


class ArticlePace:
    """How many articles may be under way, `most` at first; not shared between threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._limit = float(most)
        self._refusals = 0
        self._resume_at = 0.0
        self._slowed_at = 0.0

    @property
    def limit(self) -> int:
        """Articles that may be under way now."""
        if time.monotonic() < self._resume_at:
            return 0
        return max(1, int(self._limit))

    @property
    def hopeless(self) -> bool:
        """Whether so many came back, one after the other, that waiting is no use."""
        return self._refusals >= _MOST_REFUSALS

    def succeeded(self) -> None:
        """Take note of an article that was read."""
        self._refusals = 0
        self._limit = min(float(self._most), self._limit + 1 / self._limit)

    def refused(self, began: float, under_way: int) -> None:
        """Take note of an article that came back; `began` is in seconds by the monotonic clock.

        Articles that began before the last cut say nothing about the pace since.
        """
        now = time.monotonic()
        if began < self._slowed_at:
            return
        self._slowed_at = now
        self._limit = max(1.0, min(self._limit, float(under_way)) / 2)
        self._refusals += 1
        self._resume_at = now + min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** (self._refusals - 1))
