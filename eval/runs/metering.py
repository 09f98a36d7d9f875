"""A client that counts what one document costs, whichever system makes the calls."""

from __future__ import annotations

import threading
import time

from eval.runs.results import Spent
from extractor.models.base import ModelClient, ModelReply, ModelRequest


class Meter:
    """A `ModelClient` over another; failed calls count as calls and seconds."""

    def __init__(self, client: ModelClient) -> None:
        self.name = client.name
        self.digest = client.digest
        self._client = client
        self._started = time.perf_counter()
        self._lock = threading.Lock()
        self._spent = Spent(cost_usd=0.0)

    @property
    def spent(self) -> Spent:
        """What has been spent since the meter was made."""
        elapsed = time.perf_counter() - self._started
        return self._spent.model_copy(update={"seconds": round(elapsed, 4)})

    def complete(self, request: ModelRequest) -> ModelReply:
        """Make one attempt; raise what the client raises."""
        started = time.perf_counter()
        reply = None
        try:
            reply = self._client.complete(request)
            return reply
        finally:
            self._count(reply, time.perf_counter() - started)

    def close(self) -> None:
        """Nothing: the client outlives its meters."""

    def _count(self, reply: ModelReply | None, seconds: float) -> None:
        with self._lock:
            before = self._spent
            usage = reply.usage if reply else None
            cost = usage.cost_usd if usage else 0.0
            unknown = before.cost_usd is None or cost is None
            self._spent = Spent(
                calls=before.calls + 1,
                prompt_tokens=before.prompt_tokens + (usage.prompt_tokens if usage else 0),
                cached_tokens=before.cached_tokens + (usage.cached_tokens if usage else 0),
                output_tokens=before.output_tokens + (usage.output_tokens if usage else 0),
                cost_usd=None if unknown else (before.cost_usd or 0.0) + (cost or 0.0),
                model_seconds=round(before.model_seconds + seconds, 4),
            )
