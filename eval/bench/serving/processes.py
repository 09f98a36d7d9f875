"""The processes around the callers: the service, the bare route, and the fake model server."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

HOST: Final = "127.0.0.1"
_START_SECONDS: Final = 60.0
_STOP_SECONDS: Final = 40.0
_SERVE: Final = "from extractor.cli import main; main()"


@dataclass(frozen=True, slots=True)
class Process:
    """A server that runs, and what it costs, with the processes that it has started."""

    port: int
    seen: psutil.Process

    @property
    def cpu_seconds(self) -> float:
        """Processor time so far."""
        times = [each.cpu_times() for each in self._all()]
        return float(sum(used.user + used.system for used in times))

    @property
    def resident(self) -> int:
        """Bytes of memory in use."""
        return sum(int(each.memory_info().rss) for each in self._all())

    @property
    def threads(self) -> int:
        """How many threads it has."""
        return sum(int(each.num_threads()) for each in self._all())

    @property
    def files(self) -> int:
        """How many files and sockets it has open."""
        return sum(int(each.num_fds()) for each in self._all())

    def _all(self) -> list[psutil.Process]:
        return [self.seen, *self.seen.children(recursive=True)]


@dataclass(frozen=True, slots=True)
class Fake:
    """The fake model server."""

    process: Process

    def url(self, milliseconds: int) -> str:
        """The address at which it answers after this time."""
        return f"http://{HOST}:{self.process.port}/{milliseconds}/v1"

    def taken(self) -> list[float]:
        """Seconds of every call since this was last asked."""
        with urllib.request.urlopen(f"http://{HOST}:{self.process.port}/taken") as reply:
            return [float(seconds) for seconds in json.load(reply)["seconds"]]


@contextmanager
def fake_model() -> Iterator[Fake]:
    """The fake model server, which ends with the block.

    Raises:
        RuntimeError: it does not answer within a minute.
    """
    with _running(["-m", "eval.bench.serving.fake", "{port}"], {}, "/taken") as process:
        yield Fake(process)


@contextmanager
def bare_route(base_url: str) -> Iterator[Process]:
    """The bare route in front of this model.

    Raises:
        RuntimeError: it does not answer within a minute.
    """
    with _running(["-m", "eval.bench.serving.bare", "{port}", base_url], {}, "/healthz") as process:
        yield process


@contextmanager
def service(base_url: str, workers: int = 1, **settings: str) -> Iterator[Process]:
    """The service in front of this model with an empty store, and `EXTRACTOR_*` as given.

    Nothing of it comes from the environment. Without a setting it has no finder: that one is a
    model as well, whose time is not the service's.

    Raises:
        RuntimeError: it does not answer within a minute.
    """
    with tempfile.TemporaryDirectory() as folder:
        told = {
            "EXTRACTOR_OPENAI_BASE_URL": base_url,
            "EXTRACTOR_STORE": str(Path(folder) / "results.sqlite"),
            "EXTRACTOR_FINDER": "none",
            **{f"EXTRACTOR_{name.upper()}": value for name, value in settings.items()},
        }
        arguments = ["-c", _SERVE, "serve", "--port", "{port}", "--model", "openai/fake"]
        arguments += ["--workers", str(workers)]
        with _running(arguments, told, "/readyz") as process:
            yield process


@contextmanager
def _running(
    arguments: Sequence[str], settings: Mapping[str, str], alive: str
) -> Iterator[Process]:
    port = _free_port()
    command = [sys.executable, *(argument.format(port=port) for argument in arguments)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EXTRACTOR_")}
    with subprocess.Popen(
        command, env={**kept, **settings}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as started:
        try:
            _wait_for(f"http://{HOST}:{port}{alive}", started)
            yield Process(port, psutil.Process(started.pid))
        finally:
            started.terminate()
            try:
                started.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                started.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, started: subprocess.Popen[bytes]) -> None:
    last = time.monotonic() + _START_SECONDS
    while time.monotonic() < last:
        if started.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url):  # noqa: S310 - an address of this benchmark
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise RuntimeError(f"{started.args!r} does not answer")
