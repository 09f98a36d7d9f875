"""What the service makes of a model that fails, with a real client and a server on the loopback.

Every fault comes for good, once, and twice in a row; then the model is well again, and the answer
to the same request has to be the right one.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from extractor.api.app import create_app
from extractor.api.pool import MAX_MODELS
from extractor.settings import Settings
from tests import fakeserver
from tests.api.faults import (
    ARTICLE,
    BODY,
    FAULTS,
    RETRIES,
    UNAVAILABLE,
    Failed,
    assert_outcome,
    assert_right,
    draft,
)
from tests.fakeserver import Answer, FakeOpenAI, Recorded

_PATIENCE = 20.0
_BRIEF = 1.0
_AMOUNT = re.compile(re.escape(ARTICLE).replace(r"\{\}", r"(\d+)"))


class _Model:
    """What the server answers: so many faults first, then what is right about the article."""

    def __init__(self, fault: Answer | None = None, times: float = 0) -> None:
        self.fault = fault
        self.times = times

    def __call__(self, _: Recorded) -> Answer:
        if self.fault is not None and self.times > 0:
            self.times -= 1
            return self.fault
        return fakeserver.reply(draft())


@contextmanager
def _service(
    model: Callable[[Recorded], Answer], tmp_path: Path, **changed: object
) -> Iterator[tuple[TestClient, FakeOpenAI]]:
    """The service as it is run, in front of a server that answers by this script."""
    with (
        FakeOpenAI(model) as server,
        TestClient(create_app(_settings(server, tmp_path, **changed))) as client,
    ):
        yield client, server


def _settings(server: FakeOpenAI, tmp_path: Path, **changed: object) -> Settings:
    settings = Settings(
        model="openai/fake",
        openai_base_url=server.url,
        strategy="document",
        retries=RETRIES,
        timeout_seconds=_PATIENCE,
        store=tmp_path / "results.sqlite",
    )
    return settings.model_copy(update=changed)


def _patience(answer: Answer) -> float:
    """A timeout that only an answer which does not come can reach."""
    return _BRIEF if answer.hang or answer.delay else _PATIENCE


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extractor.asking.budget._FIRST_PAUSE", 0.01)
    monkeypatch.setattr("extractor.asking.pacing._FIRST_PAUSE", 0.01)


@pytest.fixture(autouse=True, scope="module")
def _loaded(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What a first request loads is not to count against the brief timeouts."""
    with _service(_Model(), tmp_path_factory.mktemp("first")) as (client, _):
        assert_right(client.post("/extract", json=BODY))


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_that_lasts_is_told_as_what_it_is_and_never_kept(name: str, tmp_path: Path) -> None:
    fault = FAULTS[name]
    model = _Model(fault.answer, times=float("inf"))
    patience = _patience(fault.answer)
    with _service(model, tmp_path, timeout_seconds=patience) as (client, server):
        assert_outcome(client.post("/extract", json=BODY), fault.outcome)
        assert len(server.requests) == fault.bears + 1
        model.times = 0
        assert_right(client.post("/extract", json=BODY))
        assert len(server.requests) == fault.bears + 2
        assert_right(client.post("/extract", json=BODY))
        assert len(server.requests) == fault.bears + 2, "what was right is kept"


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("name", FAULTS)
def test_after_a_fault_that_passes_the_answer_is_right(
    name: str, times: int, tmp_path: Path
) -> None:
    fault = FAULTS[name]
    patience = _patience(fault.answer)
    requests_lost, borne = divmod(times, fault.bears + 1)
    with _service(_Model(fault.answer, times), tmp_path, timeout_seconds=patience) as (
        client,
        server,
    ):
        for _ in range(requests_lost):
            assert_outcome(client.post("/extract", json=BODY), fault.outcome)
        extraction = assert_right(client.post("/extract", json=BODY))
    assert extraction["usage"]["calls"] == borne + 1
    assert len(server.requests) == times + 1


@pytest.mark.parametrize(
    "harmless",
    [
        pytest.param(fakeserver.reply(draft(), delay=0.3), id="slow first byte"),
        pytest.param(fakeserver.mislabelled(draft()), id="wrong content type"),
    ],
)
def test_what_is_only_odd_is_no_fault(harmless: Answer, tmp_path: Path) -> None:
    with _service(lambda _: harmless, tmp_path) as (client, server):
        assert_right(client.post("/extract", json=BODY))
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("changed", "field", "value"),
    [
        ({"who": ["Zephyrine Bank"]}, "actors[0]", "Zephyrine Bank"),
        ({"to": ["Zephyrine Bank"]}, "recipients[0]", "Zephyrine Bank"),
        ({"places": ["Mars"]}, "places[0]", "Mars"),
        ({"money": "m9"}, "amount", "m9"),
    ],
)
def test_nonsense_that_fits_the_schema_is_refused_value_by_value(
    changed: dict[str, object], field: str, value: str, tmp_path: Path
) -> None:
    with _service(lambda _: fakeserver.reply(draft(**changed)), tmp_path) as (client, server):
        extraction = client.post("/extract", json=BODY).json()
    [found] = extraction["commitments"]
    assert field == "amount" or found["amount"]["value"] == 40_000_000
    assert value not in json.dumps(found)
    [refused] = extraction["rejected"]
    assert (refused["field"], refused["value"]) == (field, value)
    assert refused["reason"] == "not_in_evidence"
    assert len(server.requests) == 1


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize(("retry_after", "seconds"), [(None, 0.0), ("0.3", 0.3)])
def test_a_rate_limit_costs_a_wait_and_no_try(
    retry_after: str | None, seconds: float, times: int, tmp_path: Path
) -> None:
    model = _Model(fakeserver.failure(429, retry_after=retry_after), times)
    with _service(model, tmp_path, retries=0) as (client, server):
        extraction = assert_right(client.post("/extract", json=BODY))
    assert extraction["usage"]["calls"] == 1
    asked = [request.at for request in server.requests]
    assert len(asked) == times + 1
    assert all(later - earlier >= seconds for earlier, later in pairwise(asked))


def test_a_rate_limit_that_lasts_is_told_within_the_timeout_and_never_kept(tmp_path: Path) -> None:
    model = _Model(fakeserver.failure(429), times=float("inf"))
    with _service(model, tmp_path, timeout_seconds=_BRIEF) as (client, server):
        started = time.monotonic()
        response = client.post("/extract", json=BODY)
        assert time.monotonic() - started < _PATIENCE / 2
        assert_outcome(response, Failed(503, "model-rate-limited", retryable=True))
        assert int(response.headers["Retry-After"]) >= 1
        calls = len(server.requests)
        assert calls > 1
        model.times = 0
        assert_right(client.post("/extract", json=BODY))
        assert len(server.requests) == calls + 1


def test_a_provider_that_asks_for_a_long_pause_is_not_asked_meanwhile(tmp_path: Path) -> None:
    model = _Model(fakeserver.failure(429, retry_after="60"), times=1)
    with _service(model, tmp_path) as (client, server):
        for _ in range(2):
            response = client.post("/extract", json=BODY)
            assert_outcome(response, Failed(503, "model-rate-limited", retryable=True))
            assert 40 <= int(response.headers["Retry-After"]) <= 60
        assert len(server.requests) == 1


def test_no_article_takes_more_calls_than_it_may_and_the_rest_is_told(tmp_path: Path) -> None:
    body = {"text": " ".join(ARTICLE.format(n) for n in range(1, 17)), "language": "en"}
    with _service(lambda _: fakeserver.reply("no JSON"), tmp_path, max_calls=5) as (client, server):
        for rounds in (1, 2):
            extraction = client.post("/extract", json=body).json()
            assert extraction["usage"]["calls"] == 5
            assert len(server.requests) == 5 * rounds, "what stayed unread is not kept"
            notices = extraction["notices"]
            assert {notice["code"] for notice in notices} == {"passage_unread", "budget_spent"}
            assert sorted(n for notice in notices for n in notice["sentences"]) == list(
                range(1, 17)
            )


def test_tries_count_as_calls(tmp_path: Path) -> None:
    model = _Model(fakeserver.failure(500), times=float("inf"))
    with _service(model, tmp_path, max_calls=2) as (client, server):
        assert_outcome(client.post("/extract", json=BODY), UNAVAILABLE)
    assert len(server.requests) == 2


class _Answers:
    """Counts what enters an application, and how often each request is answered."""

    def __init__(self, app: ASGIApp) -> None:
        self.entered = 0
        self.begun: Counter[str] = Counter()
        self.ended: Counter[str] = Counter()
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        name = dict(scope["headers"])[b"x-request-id"].decode()
        self.entered += 1

        async def count(message: Message) -> None:
            self.begun[name] += message["type"] == "http.response.start"
            last = message["type"] == "http.response.body" and not message.get("more_body")
            self.ended[name] += last
            await send(message)

        await self._app(scope, receive, count)


async def _all_at_once(
    settings: Settings, bodies: list[dict[str, str]], meanwhile: Callable[[_Answers], None]
) -> tuple[list[httpx.Response], _Answers]:
    """The answers to requests that are sent together; `meanwhile` runs beside them."""
    app = create_app(settings)
    answers = _Answers(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(answers), base_url="http://service", timeout=_PATIENCE
        ) as client,
    ):
        sent = [
            client.post("/extract", json=body, headers={"X-Request-ID": f"caller-{number}"})
            for number, body in enumerate(bodies)
        ]
        beside = asyncio.ensure_future(asyncio.to_thread(meanwhile, answers))
        responses = await asyncio.gather(*sent)
        await beside
    return responses, answers


def _assert_each_answered_once(answers: _Answers, callers: int) -> None:
    once = {f"caller-{number}": 1 for number in range(callers)}
    assert answers.begun == answers.ended == once


_PASSING = ["server error", "reset mid-body", "truncated JSON", "no JSON", "web page"]


class _Plans:
    """What the server answers to each of several articles: faults of its own, then what is right.

    A rate limit takes no try, so only the other faults of an article decide how it ends.
    """

    def __init__(self, articles: int) -> None:
        rng = random.Random(20)  # noqa: S311 - no secret hangs on it
        self.faults = {
            number: [rng.choice(_PASSING) for _ in range(rng.randrange(RETRIES + 2))]
            for number in range(1, articles + 1)
        }
        self.limited = {number for number in self.faults if rng.random() < 0.3}
        self._answers = {
            number: iter(
                [
                    *[fakeserver.failure(429, retry_after="0")] * (number in self.limited),
                    *(FAULTS[name].answer for name in names),
                ]
            )
            for number, names in self.faults.items()
        }

    def __call__(self, recorded: Recorded) -> Answer:
        return next(self._answers[_millions(recorded)], fakeserver.reply(draft()))

    def is_lost(self, number: int) -> bool:
        return len(self.faults[number]) > RETRIES

    def calls(self, number: int) -> int:
        tries = min(len(self.faults[number]) + 1, RETRIES + 1)
        return tries + (number in self.limited)


def _millions(recorded: Recorded) -> int:
    """Which article a request is about."""
    found = _AMOUNT.findall(json.dumps(recorded.body["messages"]))
    return int(found[-1])


def test_among_random_faults_every_caller_gets_one_answer_and_that_of_its_own_article(
    tmp_path: Path,
) -> None:
    callers = 20
    plans = _Plans(callers)
    assert {plans.is_lost(number) for number in plans.faults} == {True, False}
    bodies = [
        {"text": ARTICLE.format(number), "language": "en", "article_id": str(number)}
        for number in plans.faults
    ]
    with FakeOpenAI(plans) as server:
        settings = _settings(server, tmp_path)
        responses, answers = asyncio.run(_all_at_once(settings, bodies, lambda _: None))
        calls = Counter(_millions(request) for request in server.requests)
        _assert_each_answered_once(answers, callers)
        assert calls == {number: plans.calls(number) for number in plans.faults}
        for number, response in enumerate(responses, start=1):
            if plans.is_lost(number):
                assert_outcome(response, FAULTS[plans.faults[number][-1]].outcome)
            else:
                extraction = assert_right(response, millions=number)
                assert extraction["article"]["article_id"] == str(number)
        again, _ = asyncio.run(_all_at_once(settings, bodies, lambda _: None))
        for number, response in enumerate(again, start=1):
            assert_right(response, millions=number)
        lost = sum(plans.is_lost(number) for number in plans.faults)
        assert len(server.requests) == calls.total() + lost, "only what was lost is read anew"


def test_the_same_article_sent_by_many_at_once_is_paid_once(tmp_path: Path) -> None:
    callers = 20
    gate = threading.Event()
    answer = Answer(body=fakeserver.reply(draft()).body, gate=gate)

    def open_once_all_are_in(answers: _Answers) -> None:
        until = time.monotonic() + _PATIENCE
        while answers.entered < callers and time.monotonic() < until:
            time.sleep(0.01)
        gate.set()

    bodies = [{**BODY, "article_id": str(number)} for number in range(callers)]
    with FakeOpenAI(lambda _: answer) as server:
        responses, answers = asyncio.run(
            _all_at_once(_settings(server, tmp_path), bodies, open_once_all_are_in)
        )
    _assert_each_answered_once(answers, callers)
    assert len(server.requests) == 1
    for number, response in enumerate(responses):
        assert assert_right(response)["article"]["article_id"] == str(number)


def test_names_that_the_provider_does_not_know_take_no_place_of_a_model(tmp_path: Path) -> None:
    def script(asked: Recorded) -> Answer:
        if "typo" in str(asked.body["model"]):
            return Answer(status=404, body=b'{"error": {"code": "model_not_found"}}')
        return fakeserver.reply(draft())

    with _service(script, tmp_path) as (client, server):
        for number in range(MAX_MODELS + 4):
            answered = client.post("/extract", json={**BODY, "model": f"openai/typo-{number}"})
            assert (answered.status_code, answered.json()["title"]) == (502, "Model not found")
        assert_right(client.post("/extract", json={**BODY, "model": "openai/other"}))
        assert len(server.requests) == MAX_MODELS + 5


def test_a_default_model_that_its_provider_does_not_know_stays_the_default(tmp_path: Path) -> None:
    missing = Answer(status=404, body=b'{"error": {"code": "model_not_found"}}')
    with _service(_Model(missing, times=1), tmp_path) as (client, _):
        assert client.post("/extract", json=BODY).status_code == 502
        assert_right(client.post("/extract", json={**BODY, "model": "openai/fake"}))
        assert_right(client.post("/extract", json=BODY))
