"""A service of two workers, as it is run, and connections to either of them."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from extractor.api.keys import entry_of
from tests import fakeserver
from tests.articles import answer, pledge
from tests.fakeserver import Answer, FakeOpenAI, Recorded

PATIENCE = 300.0
ONE, OTHER = "key-of-one", "key-of-another"
_FOUND = answer([pledge(who=["Nordlys Compute"], what="sites", money="m1")], [])
_WORKER = "extractor.api.worker"


class Provider:
    """Answers when it is let."""

    def __init__(self) -> None:
        self.open = threading.Event()

    def __call__(self, _: Recorded) -> Answer:
        """What is asked for, once it may go."""
        return Answer(body=fakeserver.reply(_FOUND).body, gate=self.open)


@dataclass
class Service:
    """A service of two workers, and the provider behind it."""

    process: subprocess.Popen[str]
    port: int
    provider: FakeOpenAI
    gate: Provider

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def family(self) -> list[psutil.Process]:
        """The processes that it has started."""
        return psutil.Process(self.process.pid).children()

    @property
    def workers(self) -> list[psutil.Process]:
        """Those that serve."""
        return [each for each in self.family if _WORKER in each.cmdline()]

    def metric(self, name: str) -> float:
        with closing(Line(self.port)) as line:
            text = line.get("/metrics").body
        found = [row for row in text.splitlines() if row.startswith(f"{name} ")]
        return float(found[0].split()[1]) if found else 0.0


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: str

    def json(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.body)
        return told


class Line:
    """One connection to the service, which is kept."""

    def __init__(self, port: int, key: str = ONE, **headers: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self._connection.connect()
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        self._headers.update(headers)
        self.own_port = self._connection.sock.getsockname()[1]

    def get(self, path: str) -> Reply:
        return self._ask("GET", path, None)

    def extract(self, body: dict[str, str]) -> Reply:
        return self._ask("POST", "/extract", json.dumps(body))

    def _ask(self, method: str, path: str, body: str | None) -> Reply:
        self._connection.request(method, path, body, self._headers)
        answered = self._connection.getresponse()
        headers = {name.lower(): value for name, value in answered.getheaders()}
        return Reply(answered.status, headers, answered.read().decode())

    def worker(self, service: Service) -> psutil.Process:
        """The process that this connection was handed to."""
        assert self.get("/healthz").status == 200
        for worker in service.workers:
            for connection in worker.net_connections("tcp"):
                if connection.raddr and connection.raddr.port == self.own_port:
                    return worker
        raise AssertionError("no worker has the connection")

    def close(self) -> None:
        self._connection.close()


@contextmanager
def started(
    store: Path | str,
    gate: Provider | None = None,
    *,
    model: str = "openai/fake",
    **settings: str,
) -> Iterator[Service]:
    """A service of two workers before a provider, which both serve."""
    gate = gate or Provider()
    with FakeOpenAI(gate) as provider:
        environment = {
            **os.environ,
            "EXTRACTOR_STORE": str(store),
            "EXTRACTOR_OPENAI_BASE_URL": provider.url,
            "EXTRACTOR_FINDER": "rules",
            "EXTRACTOR_API_KEYS": f"{entry_of('one', ONE)},{entry_of('other', OTHER)}",
            **{f"EXTRACTOR_{name.upper()}": value for name, value in settings.items()},
        }
        command = [sys.executable, "-c", "from extractor.cli import main; main()"]
        command += ["serve", "--port", "0", "--model", model, "--workers", "2"]
        with subprocess.Popen(  # noqa: S603 - our own program
            command, stderr=subprocess.PIPE, text=True, env=environment
        ) as process:
            try:
                assert process.stderr is not None
                port = int(process.stderr.readline().rpartition(":")[2])
                # Its log is read on, so that it never waits for a full pipe.
                threading.Thread(target=process.stderr.read, daemon=True).start()
                service = Service(process, port, provider, gate)
                until_both_serve(service)
                yield service
            finally:
                gate.open.set()
                process.terminate()
                try:
                    process.wait(60)
                except subprocess.TimeoutExpired:
                    process.kill()


def until_both_serve(service: Service) -> None:
    last = time.monotonic() + PATIENCE
    while True:
        lines = [Line(service.port) for _ in range(2)]
        serving = {line.worker(service).pid for line in lines}
        ready = [line.get("/readyz").status for line in lines]
        for line in lines:
            line.close()
        if len(serving) == 2 and ready == [200, 200]:
            return
        assert time.monotonic() < last
        time.sleep(0.1)


@contextmanager
def one_line_each(service: Service) -> Iterator[tuple[Line, Line]]:
    """Two connections that two workers have."""
    lines = [Line(service.port)]
    first = lines[0].worker(service).pid
    while len(lines) == 1 or lines[-1].worker(service).pid == first:
        lines.append(Line(service.port))
    try:
        yield lines[0], lines[-1]
    finally:
        for line in lines:
            line.close()
