"""Draining: once told to stop, the service says so, and every accepted request has its answer."""

from __future__ import annotations

import threading
import weakref
from typing import Final

from extractor.asking.deadline import Deadline
from extractor.errors import ServiceBusy

_RETRY_AFTER: Final = 5.0


class Drain:
    """The requests under way, and how long they have once the service was told to stop."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._deadlines: weakref.WeakSet[Deadline] = weakref.WeakSet()
        self._begun = False
        # A signal may come while this very thread holds it.
        self._lock = threading.RLock()

    @property
    def has_begun(self) -> bool:
        """Whether the service was told to stop."""
        return self._begun

    def admit(self, deadline: Deadline) -> None:
        """Let the time of a request end with the drain."""
        with self._lock:
            self._deadlines.add(deadline)
            if self._begun:
                self._shorten(deadline)

    def begin(self) -> None:
        """The service was told to stop."""
        with self._lock:
            self._begun = True
            for deadline in list(self._deadlines):
                self._shorten(deadline)

    def refusal(self) -> ServiceBusy:
        """What a caller is told who asks whether the service is ready."""
        return ServiceBusy("The service is stopping.", retry_after=_RETRY_AFTER)

    def _shorten(self, deadline: Deadline) -> None:
        deadline.shorten(self._seconds, "The service is stopping.")
