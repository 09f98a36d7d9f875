"""Deadline: until when an extraction may take, and whether anybody still waits for it."""

from __future__ import annotations

import time
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress

from extractor.errors import Abandoned, DeadlinePassed, ExtractorError
from extractor.models.waiting import Waiting


class Deadline:
    """Passed down to every model call; without seconds only `abandon` ends the work."""

    def __init__(self, seconds: float | None = None) -> None:
        self._late = f"The extraction did not end within {seconds or 0:g} s."
        self._at = None if seconds is None else time.monotonic() + seconds
        self._abandoned: Future[None] = Future()

    def abandon(self) -> None:
        """Say that nobody waits any more: the work ends before its next model call."""
        with suppress(InvalidStateError):
            self._abandoned.set_result(None)

    def shorten(self, seconds: float, reason: str) -> None:
        """End it within so many seconds from now, if it did not end before, and say why."""
        at = time.monotonic() + seconds
        if self._at is None or at < self._at:
            self._at, self._late = at, reason

    def remaining(self, most: float) -> float:
        """The seconds that the next step may take, `most` at most.

        Raises:
            DeadlinePassed: there are none.
            Abandoned: nobody waits for the result.
        """
        if self._abandoned.done():
            raise Abandoned("Nobody waits for this extraction any more.")
        if self._at is None:
            return most
        left = self._at - time.monotonic()
        if left <= 0:
            raise DeadlinePassed(self._late)
        return min(most, left)

    def check(self) -> None:
        """Go on; raises what `remaining` raises if the work is to end."""
        self.remaining(0.0)

    async def wait(self, seconds: float, waiting: Waiting) -> None:
        """Wait, unless the work ends meanwhile.

        Raises:
            DeadlinePassed: the wait would outlast it.
            Abandoned: nobody waits for the result.
        """
        if self.remaining(seconds) < seconds:
            raise DeadlinePassed(self._late)
        await waiting.until(self._abandoned, seconds)
        self.remaining(seconds)


class JointDeadline(Deadline):
    """That of work which several wait for: it ends when the last of them has had its time."""

    def __init__(self, first: Deadline) -> None:
        super().__init__()
        # Replaced as a whole, because other threads read it.
        self._members: tuple[Deadline, ...] = (first,)

    @property
    def is_of_one(self) -> bool:
        """Whether only one waits."""
        return len(self._members) == 1

    @property
    def is_nobodys(self) -> bool:
        """Whether nobody waits any more."""
        return not self._members

    def join(self, other: Deadline) -> None:
        """One more waits."""
        self._members = (*self._members, other)

    def leave(self, other: Deadline) -> None:
        """One waits no longer."""
        self._members = tuple(each for each in self._members if each is not other)

    def remaining(self, most: float) -> float:
        """The longest that any of them has left, `most` at most.

        Raises:
            DeadlinePassed: the time of all is over.
            Abandoned: nobody waits for the result.
        """
        longest = 0.0
        over: ExtractorError = Abandoned("Nobody waits for this extraction any more.")
        some = False
        for member in self._members:
            try:
                longest, some = max(longest, member.remaining(most)), True
            except (DeadlinePassed, Abandoned) as error:
                over = error
        if not some:
            raise over
        return min(longest, super().remaining(most))
