"""Several processes behind one port: one service to its callers, also when one of them dies."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import psutil
import pytest

from extractor.api.keys import entry_of
from tests import fakeserver
from tests.articles import answer, pledge
from tests.fakeserver import Answer, FakeOpenAI, Recorded, until

pytestmark = [pytest.mark.xdist_group("workers"), pytest.mark.timeout(900)]
_PATIENCE = 300.0
_FOUND = answer([pledge(who=["Nordlys Compute"], what="sites", money="m1")], [])
_ONE, _OTHER = "key-of-one", "key-of-another"
_WORKER = "extractor.api.worker"
_numbers = count(1)


class _Provider:
    """Answers when it is let."""

    def __init__(self) -> None:
        self.open = threading.Event()

    def __call__(self, _: Recorded) -> Answer:
        return Answer(body=fakeserver.reply(_FOUND).body, gate=self.open)


@dataclass
class _Service:
    """A service of two workers, and the provider behind it."""

    process: subprocess.Popen[str]
    port: int
    provider: FakeOpenAI
    gate: _Provider

    @property
    def workers(self) -> list[psutil.Process]:
        children = psutil.Process(self.process.pid).children()
        return [each for each in children if _WORKER in each.cmdline()]

    def metric(self, name: str) -> float:
        with closing(_Line(self.port)) as line:
            text = line.get("/metrics").body
        found = [row for row in text.splitlines() if row.startswith(f"{name} ")]
        return float(found[0].split()[1]) if found else 0.0


@dataclass(frozen=True)
class _Reply:
    status: int
    headers: dict[str, str]
    body: str

    def json(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.body)
        return told


class _Line:
    """One connection to the service, which is kept."""

    def __init__(self, port: int, key: str = _ONE) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
        self._connection.connect()
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        self.own_port = self._connection.sock.getsockname()[1]

    def get(self, path: str) -> _Reply:
        return self._ask("GET", path, None)

    def extract(self, body: dict[str, str]) -> _Reply:
        return self._ask("POST", "/extract", json.dumps(body))

    def _ask(self, method: str, path: str, body: str | None) -> _Reply:
        self._connection.request(method, path, body, self._headers)
        answered = self._connection.getresponse()
        headers = {name.lower(): value for name, value in answered.getheaders()}
        return _Reply(answered.status, headers, answered.read().decode())

    def worker(self, service: _Service) -> psutil.Process:
        """The process that this connection was handed to."""
        assert self.get("/healthz").status == 200
        for worker in service.workers:
            for connection in worker.net_connections("tcp"):
                if connection.raddr and connection.raddr.port == self.own_port:
                    return worker
        raise AssertionError("no worker has the connection")

    def close(self) -> None:
        self._connection.close()


def _body(number: int | None = None) -> dict[str, str]:
    """An article; each time another one, if it has no number."""
    value = number or 1000 + next(_numbers)
    return {"text": f"Nordlys Compute will spend ${value} million on sites.", "language": "en"}


@contextmanager
def _started(store: Path | str, **settings: str) -> Iterator[_Service]:
    gate = _Provider()
    with FakeOpenAI(gate) as provider:
        environment = {
            **os.environ,
            "EXTRACTOR_STORE": str(store),
            "EXTRACTOR_OPENAI_BASE_URL": provider.url,
            "EXTRACTOR_FINDER": "rules",
            "EXTRACTOR_API_KEYS": f"{entry_of('one', _ONE)},{entry_of('other', _OTHER)}",
            **{f"EXTRACTOR_{name.upper()}": value for name, value in settings.items()},
        }
        command = [sys.executable, "-c", "from extractor.cli import main; main()"]
        command += ["serve", "--port", "0", "--model", "openai/fake", "--workers", "2"]
        with subprocess.Popen(
            command, stderr=subprocess.PIPE, text=True, env=environment
        ) as process:
            try:
                assert process.stderr is not None
                port = int(process.stderr.readline().rpartition(":")[2])
                # Its log is read on, so that it never waits for a full pipe.
                threading.Thread(target=process.stderr.read, daemon=True).start()
                service = _Service(process, port, provider, gate)
                _until_both_serve(service)
                yield service
            finally:
                gate.open.set()
                process.terminate()
                try:
                    process.wait(60)
                except subprocess.TimeoutExpired:
                    process.kill()


def _until_both_serve(service: _Service) -> None:
    last = time.monotonic() + _PATIENCE
    while True:
        lines = [_Line(service.port) for _ in range(2)]
        serving = {line.worker(service).pid for line in lines}
        ready = [line.get("/readyz").status for line in lines]
        for line in lines:
            line.close()
        if len(serving) == 2 and ready == [200, 200]:
            return
        assert time.monotonic() < last
        time.sleep(0.1)


@contextmanager
def _one_line_each(service: _Service) -> Iterator[tuple[_Line, _Line]]:
    """Two connections that two workers have."""
    lines = [_Line(service.port)]
    first = lines[0].worker(service).pid
    while len(lines) == 1 or lines[-1].worker(service).pid == first:
        lines.append(_Line(service.port))
    try:
        yield lines[0], lines[-1]
    finally:
        for line in lines:
            line.close()


@pytest.fixture(scope="module", name="shared")
def _shared() -> Iterator[_Service]:
    """With nothing kept, so that what two share goes from one to the other."""
    with _started("", max_running="4", max_queued="1", max_per_key="4") as service:
        yield service


@pytest.fixture(name="service")
def _service(shared: _Service) -> Iterator[_Service]:
    shared.gate.open.clear()
    shared.provider.requests.clear()
    yield shared
    shared.gate.open.set()
    until(lambda: shared.metric("extractor_running") == 0)


def test_the_same_article_sent_to_both_at_once_is_paid_once(service: _Service) -> None:
    with _one_line_each(service) as lines, ThreadPoolExecutor(2) as pool:
        body = _body()
        asked = [pool.submit(line.extract, {**body, "article_id": "x"}) for line in lines]
        until(lambda: service.metric("extractor_running") == 2)
        until(lambda: len(service.provider.requests) == 1)
        time.sleep(0.3)
        service.gate.open.set()
        answers = [each.result(_PATIENCE) for each in asked]
    assert [each.status for each in answers] == [200, 200]
    assert [len(each.json()["commitments"]) for each in answers] == [1, 1]
    assert len(service.provider.requests) == 1


def test_places_are_those_of_both_together(service: _Service) -> None:
    lines = [_Line(service.port, (_ONE, _OTHER)[n % 2]) for n in range(8)]
    with ThreadPoolExecutor(5) as pool:
        asked = [pool.submit(line.extract, _body()) for line in lines[:5]]
        until(lambda: service.metric("extractor_running") == 4)
        until(lambda: service.metric("extractor_queued") == 1)
        refused = [line.extract(_body()) for line in lines[5:]]
        assert [line.get("/readyz").status for line in lines[5:]] == [503] * 3
        service.gate.open.set()
        assert [each.result(_PATIENCE).status for each in asked] == [200] * 5
    assert [each.status for each in refused] == [503] * 3
    assert {each.json()["title"] for each in refused} == {"Service busy"}
    assert {int(each.headers["retry-after"]) > 0 for each in refused} == {True}
    for line in lines:
        line.close()


def test_a_keys_limit_holds_over_both(service: _Service) -> None:
    lines = [_Line(service.port) for _ in range(4)]
    with (
        _one_line_each(service) as beside,
        ThreadPoolExecutor(4) as pool,
        closing(_Line(service.port, _OTHER)) as other,
    ):
        assert len({line.worker(service).pid for line in lines}) == 2
        asked = [pool.submit(line.extract, _body()) for line in lines]
        until(lambda: len(service.provider.requests) == 4)
        refused = [line.extract(_body()).status for line in beside]
        assert other.get("/models").status == 200
        service.gate.open.set()
        assert [each.result(_PATIENCE).status for each in asked] == [200] * 4
        assert beside[0].extract(_body()).status == 200
    assert refused == [429, 429]
    for line in lines:
        line.close()


def test_counts_of_both_are_told_by_either(service: _Service) -> None:
    service.gate.open.set()
    before = service.metric('extractor_answers_total{how="read"}')
    with _one_line_each(service) as lines:
        for line in lines:
            assert line.extract(_body()).status == 200
        told = [
            row
            for line in lines
            for row in line.get("/metrics").body.splitlines()
            if row.startswith('extractor_answers_total{how="read"}')
        ]
    assert [float(row.split()[1]) for row in told] == [before + 2] * 2
    # That of two workers, and of the process beside them.
    assert service.metric("process_resident_memory_bytes") > sum(
        worker.memory_info().rss for worker in service.workers
    )


def test_who_waits_for_a_worker_that_dies_is_told_and_all_others_go_on(
    service: _Service,
) -> None:
    with (
        _one_line_each(service) as (doomed, spared),
        closing(_Line(service.port)) as idle,
        ThreadPoolExecutor(2) as pool,
    ):
        idle.get("/healthz")
        worker = doomed.worker(service)
        lost = pool.submit(doomed.extract, _body())
        kept = pool.submit(spared.extract, _body())
        until(lambda: len(service.provider.requests) == 2)
        worker.kill()
        told = lost.result(_PATIENCE)
        until(lambda: service.metric("extractor_running") == 1)
        # This connection may have been that worker's: it was handed on.
        assert idle.get("/healthz").status == 200
        service.gate.open.set()
        assert kept.result(_PATIENCE).status == 200
    assert (told.status, told.json()["title"], told.json()["retryable"]) == (
        503,
        "Service busy",
        True,
    )
    assert told.headers["content-type"] == "application/problem+json"
    assert int(told.headers["retry-after"]) >= 1
    _until_both_serve(service)


def test_an_article_of_a_worker_that_dies_is_taken_over_by_who_waits_for_it(
    service: _Service,
) -> None:
    body = _body()
    with _one_line_each(service) as (doomed, heir), ThreadPoolExecutor(2) as pool:
        worker = doomed.worker(service)
        lost = pool.submit(doomed.extract, body)
        until(lambda: len(service.provider.requests) == 1)
        waiting = pool.submit(heir.extract, body)
        until(lambda: service.metric("extractor_running") == 2)
        worker.kill()
        assert lost.result(_PATIENCE).status == 503
        until(lambda: len(service.provider.requests) == 2)
        service.gate.open.set()
        answered = waiting.result(_PATIENCE)
    assert len(answered.json()["commitments"]) == 1
    _until_both_serve(service)


def test_told_to_stop_both_answer_what_was_accepted_and_end(tmp_path: Path) -> None:
    with (
        _started(tmp_path / "results.sqlite") as service,
        _one_line_each(service) as lines,
        ThreadPoolExecutor(2) as pool,
    ):
        workers = service.workers
        asked = [pool.submit(line.extract, _body()) for line in lines]
        until(lambda: len(service.provider.requests) == 2)
        service.process.send_signal(signal.SIGTERM)
        until(lambda: not _takes_callers(service))
        service.gate.open.set()
        assert [each.result(_PATIENCE).status for each in asked] == [200, 200]
        assert service.process.wait(_PATIENCE) == 0
    assert not any(worker.is_running() for worker in workers)


def test_workers_do_not_outlive_the_process_that_started_them(tmp_path: Path) -> None:
    with _started(tmp_path / "results.sqlite") as service:
        family = psutil.Process(service.process.pid).children()
        service.process.kill()
        _, alive = psutil.wait_procs(family, timeout=_PATIENCE)
    assert alive == []


def _takes_callers(service: _Service) -> bool:
    try:
        with closing(_Line(service.port)):
            return True
    except ConnectionRefusedError:
        return False
