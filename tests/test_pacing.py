"""How calls slow down when a provider asks for fewer, and find their pace again."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from extractor.asking.deadline import Deadline
from extractor.asking.pacing import PacedModel
from extractor.errors import Abandoned, ModelRateLimited, ModelUnavailable
from extractor.models.base import Message, ModelReply, ModelRequest
from extractor.models.scripted import Answer, ScriptedModel
from extractor.models.waiting import Awaiting, Blocking, finished

_REQUEST = ModelRequest((Message("user", "?"),), {}, "s", 16, timeout_seconds=20.0)
_SOON = ModelRequest((Message("user", "?"),), {}, "s", 16, timeout_seconds=0.3)


def _refusal(seconds: float | None = 0.0) -> ModelRateLimited:
    return ModelRateLimited("slow down", retry_after=seconds)


class _Provider:
    """Takes so many calls at a time and refuses the others, as a provider with a limit does."""

    name = "provider"
    digest: str | None = None

    def __init__(self, takes: int) -> None:
        self.takes = takes
        self.under_way = 0
        self.most = 0
        self.refused = 0
        self._lock = threading.Lock()

    def complete(self, request: ModelRequest) -> ModelReply:
        with self._lock:
            if self.under_way >= self.takes:
                self.refused += 1
                raise _refusal()
            self.under_way += 1
            self.most = max(self.most, self.under_way)
        time.sleep(0.01)
        with self._lock:
            self.under_way -= 1
        return ScriptedModel(["{}"]).complete(request)

    def close(self) -> None:
        """Nothing to release."""


def _complete(
    model: PacedModel, request: ModelRequest, deadline: Deadline | None = None
) -> ModelReply:
    return finished(model.complete(request, deadline or Deadline(), Blocking()))


def test_every_call_is_answered_though_the_provider_takes_only_a_few_at_a_time() -> None:
    provider = _Provider(takes=3)
    model = PacedModel(provider, most=32)
    with ThreadPoolExecutor(32) as callers:
        replies = list(callers.map(lambda _: _complete(model, _REQUEST), range(120)))
    assert len(replies) == 120
    # Without a pace each of the 32 callers would be refused again and again.
    assert provider.refused < 120


def test_no_more_calls_are_under_way_than_may_be() -> None:
    provider = _Provider(takes=100)
    model = PacedModel(provider, most=4)
    with ThreadPoolExecutor(16) as callers:
        list(callers.map(lambda _: _complete(model, _REQUEST), range(48)))
    assert provider.most == 4


def test_nothing_is_sent_before_the_time_that_the_provider_named() -> None:
    sent: list[float] = []

    def answer(_: ModelRequest) -> Answer:
        sent.append(time.monotonic())
        return _refusal(0.4) if len(sent) == 1 else "{}"

    _complete(PacedModel(ScriptedModel(answer), most=2), _REQUEST)
    assert sent[1] - sent[0] >= 0.4


def test_a_wait_that_is_longer_than_the_call_may_take_is_not_begun() -> None:
    model = ScriptedModel(lambda _: _refusal(600))
    started = time.monotonic()
    with pytest.raises(ModelRateLimited, match="slow down") as caught:
        _complete(PacedModel(model, most=2), _SOON)
    assert time.monotonic() - started < 5
    assert len(model.requests) == 1
    assert caught.value.retry_after == pytest.approx(600, abs=6)


def test_a_wait_that_is_longer_than_the_extraction_may_take_is_not_begun() -> None:
    model = ScriptedModel(lambda _: _refusal(10))
    started = time.monotonic()
    with pytest.raises(ModelRateLimited, match="slow down") as caught:
        _complete(PacedModel(model, most=2), _REQUEST, Deadline(4))
    assert time.monotonic() - started < 2
    assert caught.value.retry_after == pytest.approx(10, abs=1)


def test_a_provider_that_refuses_for_ever_is_given_up_when_the_call_has_had_its_time() -> None:
    model = ScriptedModel(lambda _: _refusal())
    with pytest.raises(ModelRateLimited):
        _complete(PacedModel(model, most=2), _SOON)
    assert 1 < len(model.requests) < 10


def test_a_caller_who_leaves_gives_up_the_turn_that_it_waits_for() -> None:
    deadline = Deadline()
    model = PacedModel(ScriptedModel(lambda _: _refusal(15)), most=1)
    with ThreadPoolExecutor(1) as callers:
        waiting = callers.submit(_complete, model, _REQUEST, deadline)
        deadline.abandon()
        with pytest.raises(Abandoned):
            waiting.result(timeout=10)


def test_other_failures_leave_the_pace_as_it_is() -> None:
    model = PacedModel(ScriptedModel(lambda _: ModelUnavailable("down")), most=8)
    with pytest.raises(ModelUnavailable):
        _complete(model, _REQUEST)
    assert model.limit == 8


def test_the_limit_is_halved_by_each_refusal_and_grows_back_with_success() -> None:
    model = PacedModel(ScriptedModel([_refusal(), _refusal(), *["{}"] * 40]), most=4)
    seen = []
    for _ in range(30):
        _complete(model, _REQUEST)
        seen.append(model.limit)
    assert seen[0] < 4
    assert seen == sorted(seen)
    assert seen[-1] == 4


class _AsyncProvider(_Provider):
    """The same, awaited; it has no thread for a call."""

    async def acomplete(self, request: ModelRequest) -> ModelReply:
        if self.under_way >= self.takes:
            self.refused += 1
            raise _refusal()
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            await asyncio.sleep(0.01)
        finally:
            self.under_way -= 1
        return ScriptedModel(["{}"]).complete(request)

    async def aclose(self) -> None:
        """Nothing to release."""


def test_in_an_event_loop_calls_keep_the_same_pace_without_a_thread() -> None:
    provider = _AsyncProvider(takes=3)
    model = PacedModel(provider, most=32)

    async def call_often() -> int:
        with ThreadPoolExecutor(1) as workers:
            waiting = Awaiting(workers)
            calls = (model.complete(_REQUEST, Deadline(), waiting) for _ in range(120))
            before = threading.active_count()
            replies = asyncio.gather(*calls)
            await asyncio.sleep(0.1)
            assert threading.active_count() == before
            return len(await replies)

    assert asyncio.run(call_often()) == 120
    assert provider.refused < 120


def _cancel(call: asyncio.Future[ModelReply], _: object) -> None:
    call.cancel()


def test_a_turn_that_is_given_up_as_it_comes_goes_to_the_next() -> None:
    provider = _AsyncProvider(takes=9)
    model = PacedModel(provider, most=1)

    async def give_up() -> float:
        with ThreadPoolExecutor(1) as workers:
            waiting = Awaiting(workers)
            first, *leaving, last = (
                asyncio.ensure_future(model.complete(_REQUEST, Deadline(), waiting))
                for _ in range(4)
            )
            for call in leaving:
                # Its turn has come by then, and it has not yet taken it.
                first.add_done_callback(partial(_cancel, call))
            await first
            started = time.monotonic()
            await last
            assert all(call.cancelled() for call in leaving)
            return time.monotonic() - started

    # A lost turn would only be seen after a step of a second.
    assert asyncio.run(give_up()) < 0.5
