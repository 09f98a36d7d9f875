"""Pacing: how many calls of one model are under way at a time.

A provider that answers 429 asks for fewer requests, and gets them: half as many at a time after
each refusal and none before its Retry-After has passed, then one more for every round that
succeeds (additive increase, multiplicative decrease). What it refused is sent again in its turn,
and is no failure.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future
from dataclasses import replace
from typing import Final

from extractor.asking.deadline import Deadline
from extractor.asking.tracing import model_call
from extractor.errors import ModelRateLimited
from extractor.models.base import ModelClient, ModelReply, ModelRequest
from extractor.models.waiting import Waiting

_STEP_SECONDS: Final = 1.0
_SHORTEST_PAUSE: Final = 0.05
_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 60.0


class PacedModel:
    """A model whose calls take turns, `most` at a time at first.

    Share it between threads, and between event loops.
    """

    def __init__(self, client: ModelClient, most: int) -> None:
        self.client = client
        self._most = most
        self._limit = float(most)
        self._under_way = 0
        self._refusals = 0
        self._slowed_at = 0.0
        self._resume_at = 0.0
        self._told = f"{client.name}: all turns were taken for too long"
        self._lock = threading.Lock()
        self._queue: dict[Future[None], None] = {}

    @property
    def limit(self) -> int:
        """How many calls may be under way now."""
        return max(1, int(self._limit))

    async def complete(
        self, request: ModelRequest, deadline: Deadline, waiting: Waiting
    ) -> ModelReply:
        """One attempt, in its turn; one that is refused for its rate waits for another turn.

        Raises:
            ModelRateLimited: no turn comes within the request's own time, or the provider wants a
                longer wait than the extraction has.
            ModelError: the attempt failed.
            DeadlinePassed: the time of the extraction is over.
            Abandoned: nobody waits for it.
        """
        latest = time.monotonic() + request.timeout_seconds
        while True:
            started = await self._enter(deadline, latest, waiting)
            try:
                seconds = deadline.remaining(request.timeout_seconds)
                with model_call(self.client.name, request) as span:
                    timed = replace(request, timeout_seconds=seconds)
                    reply = await waiting.reply(self.client, timed)
                    span.end(reply)
            except ModelRateLimited as error:
                self._slow_down(started, error)
            else:
                self._speed_up()
                return reply
            finally:
                self._leave()

    async def _enter(self, deadline: Deadline, latest: float, waiting: Waiting) -> float:
        while True:
            with self._lock:
                now = time.monotonic()
                pause = max(0.0, self._resume_at - now)
                if not pause and self._under_way < self.limit:
                    self._under_way += 1
                    return now
                if now + pause >= latest or deadline.remaining(pause) < pause:
                    raise ModelRateLimited(self._told, retry_after=pause or None)
                turn: Future[None] = Future()
                self._queue[turn] = None
            try:
                # Short steps, because a caller who leaves is only seen in `remaining`.
                step = min(pause or _STEP_SECONDS, _STEP_SECONDS, latest - now)
                await waiting.until(turn, deadline.remaining(step))
            except BaseException:
                with self._lock:
                    self._give_up(turn)
                raise
            with self._lock:
                self._queue.pop(turn, None)

    def _leave(self) -> None:
        with self._lock:
            self._under_way -= 1
            self._call_next()

    def _call_next(self) -> None:
        if self._queue:
            turn = next(iter(self._queue))
            del self._queue[turn]
            turn.set_result(None)

    def _give_up(self, turn: Future[None]) -> None:
        if turn.done():
            self._call_next()
        else:
            self._queue.pop(turn, None)

    def _slow_down(self, started: float, error: ModelRateLimited) -> None:
        with self._lock:
            self._told = error.detail
            now = time.monotonic()
            # Calls that left before the last cut say nothing about the pace since.
            if started >= self._slowed_at:
                self._slowed_at = now
                self._limit = max(1.0, min(self._limit, self._under_way) / 2)
                self._refusals += 1
            pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** (self._refusals - 1))
            asked = max(_SHORTEST_PAUSE, pause if error.retry_after is None else error.retry_after)
            self._resume_at = max(self._resume_at, now + asked)

    def _speed_up(self) -> None:
        with self._lock:
            self._refusals = 0
            self._limit = min(float(self._most), self._limit + 1 / self._limit)
            self._call_next()
