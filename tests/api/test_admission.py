"""What the service takes on, until when, and for whom."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message

from extractor.api.app import create_app
from extractor.asking.deadline import Deadline
from extractor.errors import Abandoned, DeadlinePassed, ModelTimeout
from extractor.extraction import Extractor
from extractor.models.base import ModelRequest
from extractor.models.scripted import ScriptedModel
from extractor.models.waiting import Blocking, finished
from extractor.settings import Settings
from tests.articles import answer, wanted

_BODY = {"text": "Nordlys Compute will spend $40 million on a data centre."}
_LONG = {"text": " ".join(f"Nordlys Compute will spend ${n} million on sites." for n in range(9))}
_PATIENCE = 20.0


def _nothing(request: ModelRequest) -> str:
    asked = wanted(request)
    return answer([] if "commitments" in asked else None, [] if "events" in asked else None)


class _Gate:
    """A model that answers nothing until it is let."""

    def __init__(self) -> None:
        self.calls = 0
        self.entered = threading.Semaphore(0)
        self.open = threading.Event()

    def __call__(self, request: ModelRequest) -> str:
        self.calls += 1
        self.entered.release()
        assert self.open.wait(_PATIENCE)
        return _nothing(request)


@pytest.fixture(name="gate")
def _gate() -> Iterator[_Gate]:
    gate = _Gate()
    yield gate
    gate.open.set()


def _settings(**changed: object) -> Settings:
    return Settings(strategy="document", retries=0).model_copy(update=changed)


def _extractor(gate: _Gate, settings: Settings) -> Extractor:
    return Extractor(ScriptedModel(gate), settings=settings)


def test_beyond_its_places_the_service_refuses_at_once_and_answers_those_it_let_in(
    gate: _Gate,
) -> None:
    settings = _settings(max_running=1, max_queued=1)
    app = create_app(settings, extractor=_extractor(gate, settings))
    with TestClient(app) as client, ThreadPoolExecutor(2) as callers:
        first = callers.submit(client.post, "/extract", json=_BODY)
        assert gate.entered.acquire(timeout=_PATIENCE)
        second = callers.submit(client.post, "/extract", json=_BODY)
        _wait_until(lambda: client.get("/readyz").status_code == 503)
        started = time.monotonic()
        refused = client.post("/extract", json=_BODY)
        assert time.monotonic() - started < _PATIENCE / 2
        gate.open.set()
        assert [first.result().status_code, second.result().status_code] == [200, 200]
        assert client.get("/readyz").status_code == 200
        assert client.post("/extract", json=_BODY).status_code == 200
    assert refused.status_code == 503
    assert refused.json()["title"] == "Service busy"
    assert refused.json()["retryable"] is True
    assert int(refused.headers["Retry-After"]) >= 1


def test_the_callers_limit_reaches_the_model_and_its_end_is_told() -> None:
    given: list[float] = []
    limit = 2.0

    def slow(request: ModelRequest) -> str:
        if request.timeout_seconds > limit:
            return _nothing(request)
        given.append(request.timeout_seconds)
        time.sleep(request.timeout_seconds)
        raise ModelTimeout("no answer in time")

    settings = _settings(retries=3)
    app = create_app(settings, extractor=Extractor(ScriptedModel(slow), settings=settings))
    with TestClient(app) as client:
        # What a first request loads is not to count against the time of the second.
        assert client.post("/extract", json=_BODY).status_code == 200
        response = client.post("/extract", json=_BODY, headers={"X-Request-Timeout": str(limit)})
    assert response.status_code == 504
    assert response.json()["title"] == "Deadline passed"
    [seconds] = given
    assert 0 < seconds <= limit


def test_a_caller_cannot_take_more_time_than_the_service_allows() -> None:
    given: list[float] = []

    def note(request: ModelRequest) -> str:
        given.append(request.timeout_seconds)
        return _nothing(request)

    settings = _settings(request_seconds=5.0)
    app = create_app(settings, extractor=Extractor(ScriptedModel(note), settings=settings))
    with TestClient(app) as client:
        client.post("/extract", json=_BODY, headers={"X-Request-Timeout": "900"})
    assert given
    assert max(given) <= 5.0


@pytest.mark.parametrize("limit", ["0", "-1", "soon", "nan"])
def test_a_limit_that_is_no_time_is_refused(gate: _Gate, limit: str) -> None:
    gate.open.set()
    app = create_app(_settings(), extractor=_extractor(gate, _settings()))
    with TestClient(app) as client:
        response = client.post("/extract", json=_BODY, headers={"X-Request-Timeout": limit})
    assert response.status_code == 422


def test_the_model_is_not_asked_again_for_a_caller_who_has_left(gate: _Gate) -> None:
    settings = Settings(strategy="passage", finder="rules", retries=0)
    app = create_app(settings, extractor=_extractor(gate, settings))
    assert len(_article_questions(settings)) > 1

    async def during_the_first_call() -> None:
        await asyncio.to_thread(gate.entered.acquire)
        asyncio.get_running_loop().call_later(0.2, gate.open.set)

    asyncio.run(_ask_and_leave(app, _LONG, during_the_first_call()))
    assert gate.calls == 1


def test_a_caller_who_leaves_the_queue_is_not_waited_for(gate: _Gate) -> None:
    settings = _settings(max_running=1, max_queued=1)
    app = create_app(settings, extractor=_extractor(gate, settings))

    async def two_callers() -> None:
        first = asyncio.ensure_future(_ask_and_leave(app, _BODY, asyncio.Event().wait()))
        await asyncio.to_thread(gate.entered.acquire)
        await _ask_and_leave(app, _BODY, asyncio.sleep(0.1))
        assert not gate.open.is_set()
        gate.open.set()
        await first

    asyncio.run(two_callers())
    assert gate.calls == 1


async def _ask_and_leave(
    app: ASGIApp, body: dict[str, str], until: Coroutine[None, None, object]
) -> None:
    """Send an article, and be gone once `until` is over."""
    messages = [{"type": "http.request", "body": json.dumps(body).encode()}]

    async def receive() -> Message:
        if messages:
            return messages.pop()
        await until
        return {"type": "http.disconnect"}

    async def send(_: Message) -> None:
        pass

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/extract",
        "headers": [(b"content-type", b"application/json")],
        "query_string": b"",
    }
    await asyncio.wait_for(app(scope, receive, send), _PATIENCE)


def _article_questions(settings: Settings) -> list[ModelRequest]:
    asked: list[ModelRequest] = []

    def note(request: ModelRequest) -> str:
        asked.append(request)
        return _nothing(request)

    Extractor(ScriptedModel(note), settings=settings).extract(_LONG["text"])
    return asked


def test_every_answer_has_the_id_of_its_request(gate: _Gate) -> None:
    gate.open.set()
    app = create_app(_settings(), extractor=_extractor(gate, _settings()))
    with TestClient(app) as client:
        own = client.post("/extract", json=_BODY, headers={"X-Request-ID": "desk-7"})
        lost = client.get("/nowhere", headers={"X-Request-ID": "desk-8"})
        unfit = client.get("/nowhere", headers={"X-Request-ID": "a b\x7f"})
        new = client.get("/healthz")
    assert own.headers["X-Request-ID"] == "desk-7"
    assert lost.json()["request_id"] == lost.headers["X-Request-ID"] == "desk-8"
    assert unfit.headers["X-Request-ID"] not in {"a b\x7f", new.headers["X-Request-ID"]}


def test_a_deadline_allows_what_is_left_and_no_more() -> None:
    assert Deadline().remaining(7.0) == 7.0
    assert 0 < Deadline(60).remaining(300.0) <= 60
    with pytest.raises(DeadlinePassed):
        Deadline(0.0).remaining(1.0)
    with pytest.raises(DeadlinePassed):
        finished(Deadline(5.0).wait(30.0, Blocking()))


def test_an_abandoned_wait_ends_at_once() -> None:
    deadline = Deadline()
    threading.Timer(0.1, deadline.abandon).start()
    started = time.monotonic()
    with pytest.raises(Abandoned):
        finished(deadline.wait(_PATIENCE, Blocking()))
    assert time.monotonic() - started < _PATIENCE / 2


def _wait_until(holds: object) -> None:
    assert callable(holds)
    until = time.monotonic() + _PATIENCE
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.01)
