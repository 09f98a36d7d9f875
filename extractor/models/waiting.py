"""Waiting: what waits is written once, for callers that block a thread and for those that await.

The path of an article is made of coroutines that wait by a `Waiting` only. `Blocking` waits where
it stands, so a coroutine that waits by it never suspends, and `finished` runs it to its end without
an event loop. `Awaiting` gives the loop back: a cancelled wait for a model ends the call.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor, Future, wait
from contextlib import suppress
from contextvars import copy_context
from typing import Any, Protocol, TypeVar

from extractor.models.base import AsyncModelClient, ModelClient, ModelReply, ModelRequest

_Result = TypeVar("_Result")


class Waiting(Protocol):
    """How the work on an article waits."""

    async def reply(self, client: ModelClient, request: ModelRequest) -> ModelReply:
        """What the client's `complete` returns or raises."""

    async def until(self, event: Future[None], seconds: float) -> None:
        """Wait for the event, and so many seconds at most."""

    async def compute(self, work: Callable[[], _Result]) -> _Result:
        """The result of work that keeps a processor busy."""


class Blocking:
    """Waits in the thread of the caller."""

    async def reply(self, client: ModelClient, request: ModelRequest) -> ModelReply:
        """Wait for the reply."""
        return client.complete(request)

    async def until(self, event: Future[None], seconds: float) -> None:
        """Wait for the event."""
        wait([event], timeout=min(seconds, threading.TIMEOUT_MAX))

    async def compute(self, work: Callable[[], _Result]) -> _Result:
        """Do the work."""
        return work()


class Awaiting:
    """Waits in the running event loop; work is done by the threads of an executor."""

    def __init__(self, workers: Executor) -> None:
        self._workers = workers

    async def reply(self, client: ModelClient, request: ModelRequest) -> ModelReply:
        """Await the reply; a client that can only block has a thread to itself."""
        if isinstance(client, AsyncModelClient):
            return await client.acomplete(request)
        return await in_thread(lambda: client.complete(request))

    async def until(self, event: Future[None], seconds: float) -> None:
        """Await the event."""
        loop = asyncio.get_running_loop()
        happened = loop.create_future()

        def tell(_: Future[None]) -> None:
            # A loop that has been closed meanwhile waits for nothing.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(_settle, happened)

        event.add_done_callback(tell)
        await asyncio.wait({happened}, timeout=seconds)

    async def compute(self, work: Callable[[], _Result]) -> _Result:
        """Have the work done; cancelled, it goes on unless it finds its deadline abandoned."""
        context = copy_context()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._workers, lambda: context.run(work))


def finished(work: Coroutine[Any, Any, _Result]) -> _Result:
    """The result of a coroutine that waits by `Blocking`; raises what it raises.

    Raises:
        RuntimeError: it waits for an event loop.
    """
    try:
        work.send(None)
    except StopIteration as done:
        result: _Result = done.value
        return result
    work.close()
    raise RuntimeError("what was to block has been suspended")


async def in_thread(work: Callable[[], _Result]) -> _Result:
    """The result of work in a thread of its own, which does not outlive the process.

    Cancelled, the thread works on and nobody is told.
    """
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[_Result] = loop.create_future()
    context = copy_context()

    def run() -> None:
        try:
            result = context.run(work)
        except BaseException as error:
            tell(_fail, error)
        else:
            tell(_settle, result)

    def tell(how: Callable[..., None], what: object) -> None:
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(how, outcome, what)

    threading.Thread(target=run, name="blocking call", daemon=True).start()
    return await outcome


def _settle(future: asyncio.Future[Any], result: object = None) -> None:
    if not future.done():
        future.set_result(result)


def _fail(future: asyncio.Future[Any], error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)
