"""The same calls awaited in an event loop: the same faults, no thread each, and a true cancel."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from collections.abc import Callable, Coroutine
from typing import TypeVar

import pytest

from extractor.errors import ModelError, ModelReplyInvalid, ModelTimeout
from extractor.models.base import ModelReply
from extractor.models.remote import RemoteModel
from tests import fakeserver
from tests.fakeserver import Answer, FakeOpenAI, until
from tests.models.remote import (
    ARTICLE,
    FAULTS,
    KEY,
    litellm_model,
    openai_model,
    patience,
    quoting,
    request,
    told,
)

_Result = TypeVar("_Result")
_Make = Callable[[str], RemoteModel]
_BOTH = pytest.mark.parametrize("make", [openai_model, litellm_model], ids=["openai", "litellm"])


def _run(
    model: RemoteModel, work: Callable[[RemoteModel], Coroutine[None, None, _Result]]
) -> _Result:
    async def closing() -> _Result:
        try:
            return await work(model)
        finally:
            await model.aclose()

    return asyncio.run(closing())


def _ask(model: RemoteModel, *, timeout_seconds: float = 10.0) -> ModelReply:
    return _run(model, lambda opened: opened.acomplete(request(timeout_seconds=timeout_seconds)))


@_BOTH
def test_an_awaited_reply_is_the_one_that_a_thread_gets(make: _Make) -> None:
    with FakeOpenAI([fakeserver.reply('{"who": "Ana"}')]) as server:
        model = make(server.url)
        awaited, blocking = _ask(model), model.complete(request())
        model.close()
    assert awaited == blocking
    first, second = server.requests
    assert first.body == second.body


@_BOTH
@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_becomes_the_same_error_and_tells_neither_article_nor_key(
    make: _Make, fault: str
) -> None:
    answer, declared = FAULTS[fault]
    with FakeOpenAI([quoting(answer)]) as server, pytest.raises(ModelError) as caught:
        _ask(make(server.url), timeout_seconds=patience(answer))
    assert len(server.requests) == 1
    assert type(caught.value) is declared
    assert ARTICLE not in told(caught.value)
    assert KEY not in told(caught.value)


@_BOTH
def test_a_server_that_drips_cannot_outlast_the_timeout(make: _Make) -> None:
    with FakeOpenAI([fakeserver.drip(0.05)]) as server, pytest.raises(ModelTimeout):
        _ask(make(server.url), timeout_seconds=0.4)


def test_a_reply_without_end_is_cut_off() -> None:
    endless = fakeserver.huge(17 * 1024 * 1024)
    with FakeOpenAI([endless]) as server, pytest.raises(ModelReplyInvalid):
        _ask(openai_model(server.url))


@_BOTH
def test_a_cancelled_call_ends_its_connection_within_a_second(make: _Make) -> None:
    async def leave(model: RemoteModel) -> float:
        call = asyncio.ensure_future(model.acomplete(request()))
        await asyncio.to_thread(until, lambda: bool(server.requests))
        call.cancel()
        left = time.monotonic()
        with pytest.raises(asyncio.CancelledError):
            await call
        await asyncio.to_thread(until, lambda: bool(server.left))
        return left

    with FakeOpenAI([fakeserver.hang()]) as server:
        left = _run(make(server.url), leave)
    [seen] = server.left
    assert seen - left < 1


def test_a_call_over_its_time_ends_its_connection_too() -> None:
    async def wait(model: RemoteModel) -> None:
        with pytest.raises(ModelTimeout):
            await model.acomplete(request(timeout_seconds=0.3))
        await asyncio.to_thread(until, lambda: bool(server.left))

    with FakeOpenAI([fakeserver.hang()]) as server:
        _run(openai_model(server.url), wait)


def test_calls_that_wait_take_no_thread() -> None:
    calls = 32
    gate = threading.Event()

    async def many(model: RemoteModel) -> int:
        patient = request(timeout_seconds=60)
        await model.acomplete(patient)
        before = _own_threads()
        asked = [asyncio.ensure_future(model.acomplete(patient)) for _ in range(calls)]
        await asyncio.to_thread(until, lambda: len(server.requests) == 1 + calls)
        during = _own_threads()
        gate.set()
        replies = await asyncio.gather(*asked)
        assert [reply.text for reply in replies] == ["{}"] * calls
        return during - before

    def answer(_: object) -> Answer:
        first = len(server.requests) == 1
        return fakeserver.reply() if first else Answer(body=fakeserver.reply().body, gate=gate)

    with FakeOpenAI(answer) as server:
        assert _run(openai_model(server.url), many) < 8  # the loop's own, which look up names


def _own_threads() -> int:
    """Those besides the fake server's."""
    return sum("process_request" not in thread.name for thread in threading.enumerate())


@_BOTH
def test_one_client_serves_one_event_loop_after_another_and_leaves_nothing_open(
    make: _Make,
) -> None:
    with FakeOpenAI() as server:
        model = make(server.url)
        assert [_ask(model).text for _ in range(3)] == ["{}"] * 3
        gc.collect()  # a connection left open is a warning here, and so an error
    assert len(server.requests) == 3
