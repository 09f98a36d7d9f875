"""Callers: asyncio over bare sockets, because a comfortable client would take a core of its own."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from eval.bench.serving.processes import HOST
from extractor.models.base import JsonValue

_PATIENCE: Final = 120.0


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, and when the request was sent, in seconds on the clock of the callers."""

    sent: float
    seconds: float
    status: int
    body: bytes

    @property
    def answered(self) -> bool:
        """Whether it holds an extraction."""
        return self.status == 200

    def json(self) -> dict[str, JsonValue]:
        """The body."""
        found: dict[str, JsonValue] = json.loads(self.body)
        return found


@dataclass(frozen=True, slots=True)
class Load:
    """The replies of one measurement."""

    replies: Sequence[Reply]

    @property
    def answered(self) -> list[Reply]:
        """The replies that hold an extraction."""
        return [reply for reply in self.replies if reply.answered]

    @property
    def refused(self) -> list[Reply]:
        """The replies of a service that is full."""
        return [reply for reply in self.replies if reply.status == 503]

    @property
    def rate(self) -> float:
        """Answers a second, from the first request to the last answer."""
        first = min(reply.sent for reply in self.replies)
        last = max(reply.sent + reply.seconds for reply in self.replies)
        return len(self.answered) / (last - first)

    @property
    def failures(self) -> int:
        """Replies that are neither."""
        return len(self.replies) - len(self.answered) - len(self.refused)


def middle(replies: Sequence[Reply]) -> float:
    """Median of the seconds."""
    return median(reply.seconds for reply in replies) if replies else float("nan")


def percentile(replies: Sequence[Reply], share: float) -> float:
    """The seconds within which this share of the replies came."""
    ordered = sorted(reply.seconds for reply in replies)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def closed_loop(port: int, articles: Sequence[str], callers: int) -> Load:
    """Each caller sends the next article as soon as its last one is answered."""
    return asyncio.run(_closed(port, articles, callers))


def open_loop(port: int, articles: Sequence[str], rate: float) -> Load:
    """So many articles a second are sent, whatever becomes of those before."""
    return asyncio.run(_open(port, articles, rate))


async def _closed(port: int, articles: Sequence[str], callers: int) -> Load:
    left = iter([_request(article) for article in articles])
    replies: list[Reply] = []

    async def call() -> None:
        caller = _Caller(port)
        for request in left:
            replies.append(await caller.ask(request))
        caller.leave()

    await asyncio.gather(*(call() for _ in range(callers)))
    return Load(replies)


async def _open(port: int, articles: Sequence[str], rate: float) -> Load:
    idle: list[_Caller] = []

    async def call(request: bytes) -> Reply:
        caller = idle.pop() if idle else _Caller(port)
        reply = await caller.ask(request)
        idle.append(caller)
        return reply

    requests = [_request(article) for article in articles]
    started = time.perf_counter()
    calls = []
    for number, request in enumerate(requests):
        await asyncio.sleep(max(0.0, started + number / rate - time.perf_counter()))
        calls.append(asyncio.ensure_future(call(request)))
    replies = await asyncio.gather(*calls)
    for caller in idle:
        caller.leave()
    return Load(replies)


class _Caller:
    """One connection that is kept."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: bytes) -> Reply:
        sent = time.perf_counter()
        async with asyncio.timeout(_PATIENCE):
            if self._streams is None:
                self._streams = await asyncio.open_connection(HOST, self._port)
            reader, writer = self._streams
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
            body = await reader.readexactly(int(length))
        return Reply(sent, time.perf_counter() - sent, int(head.split()[1]), body)

    def leave(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


def _request(article: str) -> bytes:
    body = json.dumps({"text": article}).encode()
    head = (
        "POST /extract HTTP/1.1",
        f"Host: {HOST}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body
