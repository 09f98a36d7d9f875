"""Observing: one log line and the counts of every request, without a word of any article."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from extractor.api.correlation import request_id
from extractor.api.metrics import Metrics
from extractor.models.base import JsonValue
from extractor.results.store import Answered

_LEFT: Final = 499
"""What is counted where the caller left before its answer, as nginx does."""
_log = logging.getLogger("extractor.requests")


@dataclass(slots=True)
class Facts:
    """What a route adds about its request."""

    answered: Answered | None = None


def facts_of(scope: Scope) -> Facts:
    """The facts of the request of this scope.

    Raises:
        TypeError: something else stands in their place.
    """
    facts = scope.setdefault("state", {}).setdefault("facts", Facts())
    if not isinstance(facts, Facts):
        raise TypeError("the state of a request holds other facts")
    return facts


class Observer:
    """Times every request, then counts and logs it."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = _LEFT

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        facts = facts_of(scope)
        try:
            await self._app(scope, receive, watch)
        finally:
            seconds = time.perf_counter() - started
            route = _route(scope)
            self._metrics.count_request(route, status, seconds)
            if facts.answered is not None:
                self._metrics.count_answer(facts.answered)
            _log.info(
                "%s %s %s",
                scope["method"] if route != _OTHER else "?",
                route,
                status,
                extra={
                    "facts": {
                        "request_id": request_id(),
                        "caller": scope["state"].get("caller"),
                        "status": status,
                        "milliseconds": round(1000 * seconds, 1),
                        **_told(facts.answered),
                    }
                },
            )


_OTHER: Final = "other"


def _route(scope: Scope) -> str:
    """The path as it was declared; all that is not served counts as one."""
    path = getattr(scope.get("route"), "path", None)
    return path if isinstance(path, str) else _OTHER


def _told(answered: Answered | None) -> dict[str, JsonValue]:
    if answered is None:
        return {}
    extraction = answered.extraction
    usage = extraction.usage
    return {
        "answered": answered.how,
        "model": extraction.provenance.model,
        "language": extraction.article.language,
        "characters": extraction.article.characters,
        "sentences": extraction.article.sentences,
        "commitments": len(extraction.commitments),
        "policy_events": len(extraction.policy_events),
        "rejected": len(extraction.rejected),
        "notices": [notice.code for notice in extraction.notices],
        "calls": usage.calls,
        "repairs": usage.repairs,
        "prompt_tokens": usage.prompt_tokens,
        "output_tokens": usage.output_tokens,
        "cost_usd": usage.cost_usd,
    }
