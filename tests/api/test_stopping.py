"""When the service is ready, and what becomes of requests when it is told to stop, or is killed."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from extractor.api.app import create_app
from extractor.api.warming import Warming
from extractor.extraction import Extractor
from extractor.models.catalogue import load_catalogue
from extractor.models.embedded import EmbeddedModel
from extractor.models.scripted import ScriptedModel
from extractor.settings import Settings
from tests.articles import answer, pledge
from tests.fakeserver import Answer, FakeOpenAI, Recorded, reply

_PATIENCE = 60.0
_GOOD = answer([pledge(who=["Nordlys Compute"], what="sites", money="m1")], [])
_SETTINGS = Settings(strategy="document")
_BODY = {"text": "Nordlys Compute will spend $40 million on a data centre."}


class _Gate:
    """A provider that answers when it is let."""

    def __init__(self) -> None:
        self.entered = threading.Semaphore(0)
        self.open = threading.Event()

    def __call__(self, _: Recorded) -> Answer:
        self.entered.release()
        return replace(reply(_GOOD), gate=self.open)


def _body(number: int) -> dict[str, str]:
    text = f"Nordlys Compute will spend ${number + 1} million on sites."
    return {"text": text, "language": "en"}


@contextmanager
def _service(provider: str, store: Path | None = None, **settings: str) -> Iterator[_Service]:
    environment = {
        **os.environ,
        "EXTRACTOR_STORE": str(store or ""),
        "EXTRACTOR_OPENAI_BASE_URL": provider,
        **{f"EXTRACTOR_{name.upper()}": value for name, value in settings.items()},
    }
    command = [sys.executable, "-c", "from extractor.cli import main; main()"]
    command += ["serve", "--port", "0", "--model", "openai/fake"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        try:
            yield _Service(process)
        finally:
            process.kill()


class _Service:
    """The service as a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stderr is not None
        self.process = process
        self.url = process.stderr.readline().split()[-1]
        # Its log is read on, so that it never waits for a full pipe.
        threading.Thread(target=process.stderr.read, daemon=True).start()
        while not self.takes_callers():
            time.sleep(0.05)

    def takes_callers(self) -> bool:
        try:
            httpx.get(f"{self.url}/healthz")
        except httpx.ConnectError:
            return False
        return True

    def extract(self, number: int) -> httpx.Response:
        return httpx.post(f"{self.url}/extract", json=_body(number), timeout=_PATIENCE)


def test_told_to_stop_under_load_it_answers_every_request_it_accepted() -> None:
    gate = _Gate()
    with (
        FakeOpenAI(gate) as provider,
        _service(provider.url, max_running="8") as service,
        ThreadPoolExecutor(24) as callers,
        httpx.Client(timeout=_PATIENCE) as prober,
    ):
        while prober.get(f"{service.url}/readyz").status_code != 200:
            time.sleep(0.05)
        asked = [callers.submit(service.extract, number) for number in range(24)]
        for _ in range(8):
            assert gate.entered.acquire(timeout=_PATIENCE)
        while "extractor_queued 16.0" not in prober.get(f"{service.url}/metrics").text:
            time.sleep(0.05)
        service.process.send_signal(signal.SIGTERM)
        while service.takes_callers():
            time.sleep(0.05)
        gate.open.set()
        answers = [each.result(_PATIENCE) for each in asked]
        service.process.wait(_PATIENCE)
    assert [each.status_code for each in answers] == [200] * 24
    amounts = [each.json()["commitments"][0]["amount"]["value"] for each in answers]
    assert amounts == [1e6 * (number + 1) for number in range(24)]
    assert len(provider.requests) == 24


def test_what_is_not_done_when_the_drain_ends_is_answered_with_a_problem() -> None:
    gate = _Gate()
    with (
        FakeOpenAI(gate) as provider,
        _service(provider.url, max_running="1", drain_seconds="0.5") as service,
        ThreadPoolExecutor(2) as callers,
    ):
        asked = [callers.submit(service.extract, number) for number in range(2)]
        assert gate.entered.acquire(timeout=_PATIENCE)
        while "extractor_queued 1.0" not in httpx.get(f"{service.url}/metrics").text:
            time.sleep(0.05)
        service.process.send_signal(signal.SIGTERM)
        time.sleep(1)
        gate.open.set()
        answers = [each.result(_PATIENCE) for each in asked]
    assert sorted(each.status_code for each in answers) == [200, 504]
    [late] = [each.json() for each in answers if each.status_code == 504]
    assert (late["detail"], late["retryable"]) == ("The service is stopping.", True)


class _Collector(BaseHTTPRequestHandler):
    """Takes traces, as OTLP over HTTP has them."""

    def do_POST(self) -> None:
        taken = self.rfile.read(int(self.headers["Content-Length"]))
        _taken.append((self.path, taken))
        self.send_response(200)
        self.end_headers()

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Say nothing."""


_taken: list[tuple[str, bytes]] = []


def test_its_last_traces_are_sent_before_it_ends_and_hold_no_text() -> None:
    gate = _Gate()
    gate.open.set()
    collector = ThreadingHTTPServer(("127.0.0.1", 0), _Collector)
    threading.Thread(target=collector.serve_forever, args=(0.02,), daemon=True).start()
    endpoint = f"http://127.0.0.1:{collector.server_address[1]}/v1/traces"
    with (
        FakeOpenAI(gate) as provider,
        _service(provider.url, traces_endpoint=endpoint) as service,
    ):
        assert service.extract(1).status_code == 200
        service.process.send_signal(signal.SIGTERM)
        service.process.wait(_PATIENCE)
    collector.shutdown()
    collector.server_close()
    assert {path for path, _ in _taken} == {"/v1/traces"}
    told = b"".join(spans for _, spans in _taken)
    assert b"POST /extract" in told
    assert b"chat fake" in told
    assert b"gen_ai.usage.input_tokens" in told
    assert b"Nordlys" not in told


def test_after_a_kill_a_finished_article_is_answered_from_the_store(tmp_path: Path) -> None:
    store = tmp_path / "results.sqlite"
    gate = _Gate()
    with FakeOpenAI(gate) as provider:
        with _service(provider.url, store) as service, ThreadPoolExecutor(1) as callers:
            gate.open.set()
            finished = service.extract(1).json()
            gate.open.clear()
            cut = callers.submit(service.extract, 2)
            while len(provider.requests) < 2:
                time.sleep(0.01)
            service.process.send_signal(signal.SIGKILL)
            with pytest.raises(httpx.HTTPError):
                cut.result(_PATIENCE)
            gate.open.set()
        with _service(provider.url, store) as service:
            again = service.extract(1).json()
            calls = len(provider.requests)
            other = service.extract(2).json()
    assert again == finished
    assert calls == 2
    assert other["commitments"][0]["amount"]["value"] == 3e6
    assert len(provider.requests) == 3


def test_the_garbage_collector_does_not_look_through_what_was_loaded_at_the_start() -> None:
    before = gc.get_freeze_count()
    try:
        Warming(ScriptedModel([])).load()
        assert gc.get_freeze_count() > before + 10_000
    finally:
        gc.unfreeze()


def _client(warming: Warming) -> TestClient:
    extractor = Extractor(ScriptedModel(lambda _: answer([], [])), settings=_SETTINGS)
    return TestClient(create_app(_SETTINGS, extractor=extractor, warming=warming))


def test_it_is_ready_once_all_is_loaded_and_takes_requests_before() -> None:
    warming = Warming(ScriptedModel([]))
    with _client(warming) as client:
        early = client.get("/readyz")
        assert client.post("/extract", json=_BODY).status_code == 200
        warming.load()
        assert client.get("/readyz").status_code == 200
    assert early.status_code == 503
    assert int(early.headers["retry-after"]) >= 1
    assert early.json()["detail"] == "The service is still loading."


def test_it_does_not_become_ready_with_a_model_that_cannot_be_loaded(tmp_path: Path) -> None:
    model = load_catalogue().get("smollm2-135m")
    broken = tmp_path / model.file
    broken.write_bytes(b"no weights")
    warming = Warming(EmbeddedModel(model, broken, threads=1, context_tokens=1024))
    warming.load()
    with _client(warming) as client:
        answered = client.get("/readyz")
    assert answered.status_code == 503
    assert answered.json()["title"] == "Weights corrupt"
