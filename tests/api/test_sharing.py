"""Callers of the service and the provider: who waits, who leaves, and what is paid."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from extractor.api.app import create_app
from extractor.settings import Settings
from tests import fakeserver
from tests.api.serving import served
from tests.articles import answer, pledge
from tests.fakeserver import Answer, FakeOpenAI, until

_FOUND = answer([pledge(who=["Nordlys Compute"], what="a data centre", money="m1")], [])
_PATIENCE = 60.0


def _body(number: int = 1, **own: str) -> dict[str, str]:
    text = f"Nordlys Compute will spend ${number} million on a data centre."
    return {"text": text, "language": "en", **own}


@contextmanager
def _service(provider: FakeOpenAI, store: Path | None = None, **changed: object) -> Iterator[str]:
    settings = Settings(
        model="openai/fake",
        openai_base_url=provider.url,
        strategy="document",
        retries=0,
        store=store,
    ).model_copy(update=changed)
    with served(create_app(settings)) as url:
        yield url


class _Gate:
    """A provider that answers when it is let."""

    def __init__(self) -> None:
        self.open = threading.Event()

    def __call__(self, _: object) -> Answer:
        return Answer(body=fakeserver.reply(_FOUND).body, gate=self.open)


class _Caller:
    """One who sends an article and may leave before the answer."""

    def __init__(self, url: str, body: dict[str, str]) -> None:
        self._client = httpx.Client(timeout=_PATIENCE)
        request = self._client.build_request("POST", f"{url}/extract", json=body)
        host, port = url.removeprefix("http://").split(":")
        self._socket = socket.create_connection((host, int(port)))
        head = f"POST /extract HTTP/1.1\r\nHost: {host}\r\n"
        head += "".join(
            f"{name}: {value}\r\n" for name, value in request.headers.items() if name != "host"
        )
        self._socket.sendall(head.encode() + b"\r\n" + request.content)

    def leave(self) -> float:
        self._socket.close()
        self._client.close()
        return time.monotonic()


def test_articles_that_wait_for_a_hosted_model_take_no_thread_each() -> None:
    callers, gate = 32, _Gate()
    with (
        FakeOpenAI(gate) as provider,
        _service(provider) as url,
        httpx.Client(timeout=_PATIENCE) as first,
        ThreadPoolExecutor(callers, thread_name_prefix="caller") as pool,
    ):
        gate.open.set()
        assert first.post(f"{url}/extract", json=_body(1000)).status_code == 200
        before = _own_threads()
        gate.open.clear()
        asked = [
            pool.submit(httpx.post, f"{url}/extract", json=_body(n), timeout=_PATIENCE)
            for n in range(1, 1 + callers)
        ]
        until(lambda: len(provider.requests) == 1 + callers)
        during = _own_threads()
        gate.open.set()
        assert {each.result(_PATIENCE).status_code for each in asked} == {200}
    assert during - before < 8


def _own_threads() -> int:
    """Those besides the callers' and the fake server's."""
    names = [thread.name for thread in threading.enumerate()]
    return sum(not name.startswith("caller") and "process_request" not in name for name in names)


def test_a_caller_who_leaves_ends_the_call_to_the_provider_within_a_second() -> None:
    with FakeOpenAI(_Gate()) as provider, _service(provider) as url:
        caller = _Caller(url, _body())
        until(lambda: len(provider.requests) == 1)
        left = caller.leave()
        until(lambda: bool(provider.left))
    assert provider.left[0] - left < 1


@pytest.mark.parametrize("keeps", [True, False])
def test_a_reading_goes_on_for_those_who_stay_and_is_paid_once(tmp_path: Path, keeps: bool) -> None:
    gate = _Gate()
    store = tmp_path / "results.sqlite" if keeps else None
    with (
        FakeOpenAI(gate) as provider,
        _service(provider, store) as url,
        ThreadPoolExecutor(1) as pool,
    ):
        first = _Caller(url, _body())
        until(lambda: len(provider.requests) == 1)
        body = _body(article_id="mine")
        second = pool.submit(httpx.post, f"{url}/extract", json=body, timeout=_PATIENCE)
        until(lambda: "extractor_running 2.0" in httpx.get(f"{url}/metrics").text)
        first.leave()
        until(lambda: "extractor_running 1.0" in httpx.get(f"{url}/metrics").text)
        gate.open.set()
        answered = second.result(_PATIENCE)
    assert answered.json()["article"]["article_id"] == "mine"
    assert len(answered.json()["commitments"]) == 1
    assert len(provider.requests) == 1
    assert provider.left == []


def test_a_reading_ends_with_the_last_who_waits_and_is_begun_anew_for_the_next() -> None:
    gate = _Gate()
    with FakeOpenAI(gate) as provider, _service(provider) as url:
        callers = [_Caller(url, _body()) for _ in range(2)]
        until(lambda: "extractor_running 2.0" in httpx.get(f"{url}/metrics").text)
        until(lambda: len(provider.requests) == 1)
        for caller in callers:
            caller.leave()
        until(lambda: bool(provider.left))
        gate.open.set()
        answered = httpx.post(f"{url}/extract", json=_body(), timeout=_PATIENCE)
    assert len(answered.json()["commitments"]) == 1
    assert len(provider.requests) == 2


def test_one_who_joins_a_reading_keeps_its_own_time() -> None:
    gate = _Gate()
    with (
        FakeOpenAI(gate) as provider,
        _service(provider) as url,
        ThreadPoolExecutor(1) as pool,
    ):
        first = pool.submit(httpx.post, f"{url}/extract", json=_body(), timeout=_PATIENCE)
        until(lambda: len(provider.requests) == 1)
        hurried = httpx.post(
            f"{url}/extract",
            json=_body(),
            headers={"X-Request-Timeout": "0.5"},
            timeout=_PATIENCE,
        )
        gate.open.set()
        assert first.result(_PATIENCE).status_code == 200
    assert hurried.status_code == 504
    assert len(provider.requests) == 1


def test_a_short_time_of_the_first_does_not_end_it_for_those_who_have_more() -> None:
    gate = _Gate()
    with (
        FakeOpenAI(gate) as provider,
        _service(provider, retries=2) as url,
        ThreadPoolExecutor(2) as pool,
    ):
        first = pool.submit(
            httpx.post,
            f"{url}/extract",
            json=_body(),
            headers={"X-Request-Timeout": "3"},
            timeout=_PATIENCE,
        )
        until(lambda: len(provider.requests) == 1)
        second = pool.submit(httpx.post, f"{url}/extract", json=_body(), timeout=_PATIENCE)
        assert first.result(_PATIENCE).status_code == 504
        gate.open.set()
        answered = second.result(_PATIENCE)
    assert answered.status_code == 200
    assert len(answered.json()["commitments"]) == 1
