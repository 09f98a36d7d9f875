"""Supervising: the process that starts the workers of a service and stays beside them.

It accepts every connection and hands it over, keeps the gates that all workers pass, and starts a
worker anew that has died: who waited for its answer gets a 503, all other connections go on.
"""

from __future__ import annotations

import asyncio
import json
import logging
import math
import os
import signal
import socket
import sys
import tempfile
import time
from asyncio.subprocess import Process
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from subprocess import PIPE
from typing import Any, Final

from extractor.api.gates import Gates, Outcome, rules_of
from extractor.api.handing import MOST_CONNECTIONS, Phase, Phases, end, hand_over
from extractor.api.metrics import ALIVE, FOLDER
from extractor.api.problems import PROBLEM_JSON, problem_of
from extractor.api.worker import GRACE_SECONDS, LINE_BYTES, Orders
from extractor.errors import ServiceBusy, ServiceFailed
from extractor.settings import Settings

_BRIEF_SECONDS: Final = 5.0
"""A worker that dies so soon has hardly served anybody."""
_MOST_BRIEF: Final = 5
_STEP_SECONDS: Final = 0.05
_RETRY_AFTER: Final = 1.0
_log = logging.getLogger("extractor.workers")


@dataclass(eq=False, slots=True)
class _Worker:
    """One worker, what it was handed, and the turns that it has or waits for."""

    process: Process
    channel: socket.socket
    told: asyncio.StreamReader
    tell: asyncio.StreamWriter
    started: float
    ready: bool = False
    served: bool = False
    connections: dict[int, socket.socket] = field(default_factory=dict)
    turns: dict[int, str] = field(default_factory=dict)


class Supervisor:
    """Serves on a listening socket with so many workers, until told to stop."""

    def __init__(self, settings: Settings, listener: socket.socket, workers: int) -> None:
        self._settings = settings
        self._listener = listener
        self._most = workers
        self._phases = Phases()
        self._gates = Gates(
            rules_of(settings.max_running, settings.max_queued, settings.max_per_key)
        )
        self._workers: set[_Worker] = set()
        self._free = list(range(MOST_CONNECTIONS - 1, -1, -1))
        self._stopping = asyncio.Event()
        self._changed = asyncio.Event()
        self._brief = 0
        self._failure: ServiceFailed | None = None

    async def run(self) -> None:
        """Serve; when told to stop, have the workers answer what was accepted.

        Raises:
            ServiceFailed: workers die as soon as they are started.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop)
        with tempfile.TemporaryDirectory(prefix="extractor-") as folder:
            counts = Path(folder) / "counts"
            counts.mkdir()
            _alive(counts, os.getpid())
            models = Path(folder) / "models"
            hosts_models = find_spec("xllamacpp") is not None
            host = asyncio.create_task(self._keep_host(models, counts)) if hosts_models else None
            address = str(models) if hosts_models else None
            crew = [asyncio.create_task(self._keep_one(counts, address)) for _ in range(self._most)]
            accepting = asyncio.create_task(self._accept())
            await self._stopping.wait()
            accepting.cancel()
            self._listener.close()
            self._tell_workers(signal.SIGTERM)
            grace = math.ceil(self._settings.drain_seconds) + 2 * GRACE_SECONDS
            await asyncio.wait(crew, timeout=grace)
            self._tell_workers(signal.SIGKILL)
            await asyncio.wait(crew)
            if host is not None:
                host.cancel()
                await asyncio.wait([host])
        if self._failure is not None:
            raise self._failure

    def _stop(self) -> None:
        """Told to stop; told twice, nothing is waited for."""
        if self._stopping.is_set():
            self._tell_workers(signal.SIGKILL)
        self._stopping.set()

    def _tell_workers(self, number: signal.Signals) -> None:
        for worker in self._workers:
            with suppress(ProcessLookupError):
                worker.process.send_signal(number)

    async def _keep_host(self, address: Path, counts: Path) -> None:
        """Run the process of the embedded models; one that has died is started anew."""
        while True:
            host = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "extractor.models.hosting", str(address)),
                stdin=PIPE,
                process_group=0,
            )
            _alive(counts, host.pid)
            try:
                status = await host.wait()
            except asyncio.CancelledError:
                if host.stdin is not None:
                    host.stdin.close()
                with suppress(TimeoutError):
                    async with asyncio.timeout(GRACE_SECONDS):
                        await host.wait()
                with suppress(ProcessLookupError):
                    host.kill()
                raise
            (counts / f"{host.pid}{ALIVE}").unlink(missing_ok=True)
            _log.error("the process of the models has died (status %s)", status)
            await asyncio.sleep(1)

    async def _keep_one(self, counts: Path, model_host: str | None) -> None:
        """Run one worker after another, until the service stops."""
        while not self._stopping.is_set():
            worker = await self._start(counts, model_host)
            await self._listen(worker)
            status = await worker.process.wait()
            self._workers.discard(worker)
            self._bury(worker, counts)
            if self._stopping.is_set():
                return
            _log.error("a worker has died (status %s): another one is started", status)
            served = worker.served and time.monotonic() - worker.started > _BRIEF_SECONDS
            self._brief = 0 if served else self._brief + 1
            if self._brief >= _MOST_BRIEF:
                self._failure = ServiceFailed("The workers die as soon as they are started.")
                self._stopping.set()

    async def _start(self, counts: Path, model_host: str | None) -> _Worker:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        channel, their_channel = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, their_channel:
            descriptors = (theirs.fileno(), their_channel.fileno(), self._phases.descriptor)
            orders = Orders(*descriptors, self._settings.model, model_host, self._most)
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "extractor.api.worker", orders.told()),
                pass_fds=descriptors,
                env={**os.environ, FOLDER: str(counts)},
                process_group=0,  # a Ctrl-C is for this process, which passes it on
            )
        _alive(counts, process.pid)
        channel.setblocking(False)
        told, tell = await asyncio.open_unix_connection(sock=ours, limit=LINE_BYTES)
        worker = _Worker(process, channel, told, tell, time.monotonic())
        self._workers.add(worker)
        return worker

    async def _accept(self) -> None:
        """Take connections and hand them over; those beyond the most wait to be taken."""
        loop = asyncio.get_running_loop()
        self._listener.setblocking(False)
        while True:
            await self._there_is_room()
            try:
                connection, _ = await loop.sock_accept(self._listener)
            except OSError as error:
                _log.warning("a connection cannot be taken: %s", error.strerror)
                await asyncio.sleep(_STEP_SECONDS)
                continue
            await self._there_is_room()
            self._hand_over(self._free.pop(), connection)

    async def _there_is_room(self) -> None:
        while not self._free or not any(worker.ready for worker in self._workers):
            self._changed.clear()
            await self._changed.wait()

    def _hand_over(self, slot: int, connection: socket.socket) -> None:
        """Give a connection to the worker with the fewest; where none takes it, it is ended."""
        self._phases[slot] = Phase.IDLE
        ready = (worker for worker in self._workers if worker.ready)
        for worker in sorted(ready, key=lambda each: len(each.connections)):
            with suppress(OSError):
                hand_over(worker.channel, slot, connection)
                worker.connections[slot] = connection
                return
        self._free.append(slot)
        end(connection)

    async def _listen(self, worker: _Worker) -> None:
        """Do what a worker asks, until it ends."""
        with suppress(ConnectionError):
            while line := await worker.told.readline():
                self._hear(worker, json.loads(line))

    def _hear(self, worker: _Worker, said: dict[str, Any]) -> None:
        if "enter" in said:
            self._enter(worker, said["enter"], said["who"])
        elif "leave" in said:
            worker.turns.pop(said["who"], None)
            self._gates.leave(said["leave"], (worker, said["who"]), said["told"])
        elif "ask" in said:
            full = self._gates.is_full(said["ask"])
            _say(worker, {"who": said["who"], "outcome": "refused" if full else "granted"})
        elif "closed" in said:
            connection = worker.connections.pop(said["closed"], None)
            if connection is not None:
                connection.close()
                self._give_back(said["closed"])
        elif "ready" in said:
            worker.ready = worker.served = True
            self._changed.set()

    def _enter(self, worker: _Worker, name: str, number: int) -> None:
        who = (worker, number)
        worker.turns[number] = name

        def answer(outcome: Outcome, told: str | None) -> None:
            if outcome != "granted":
                worker.turns.pop(number, None)
            _say(worker, {"who": number, "outcome": outcome, "told": told})

        self._gates.enter(name, who, answer)
        if name.startswith("article:") and self._gates.is_awaited(name):
            for whose, _ in self._gates.inside(name):
                if isinstance(whose, _Worker):
                    _say(whose, {"awaited": name})

    def _bury(self, worker: _Worker, counts: Path) -> None:
        """Give up what a worker has left: its turns, and its connections."""
        from prometheus_client.multiprocess import mark_process_dead

        worker.ready = False
        worker.tell.close()
        worker.channel.close()
        for number, name in list(worker.turns.items()):
            self._gates.leave(name, (worker, number))
        for slot, connection in worker.connections.items():
            phase = self._phases[slot]
            if phase is Phase.IDLE and not self._stopping.is_set():
                self._hand_over(slot, connection)
                continue
            if phase is Phase.ASKED:
                with suppress(OSError):
                    connection.setblocking(False)
                    connection.send(_died())
            end(connection)
            self._give_back(slot)
        mark_process_dead(worker.process.pid, str(counts))  # type: ignore[no-untyped-call]
        (counts / f"{worker.process.pid}{ALIVE}").unlink(missing_ok=True)

    def _give_back(self, slot: int) -> None:
        self._free.append(slot)
        self._changed.set()


def _say(worker: _Worker, message: dict[str, Any]) -> None:
    if not worker.tell.is_closing():
        worker.tell.write(json.dumps(message).encode() + b"\n")


def _alive(counts: Path, process: int) -> None:
    (counts / f"{process}{ALIVE}").touch()


def _died() -> bytes:
    """The answer to a request whose worker has died."""
    problem = problem_of(
        ServiceBusy("The process that read the article has ended.", retry_after=_RETRY_AFTER)
    )
    body = problem.model_dump_json().encode()
    head = (
        "HTTP/1.1 503 Service Unavailable",
        f"Content-Type: {PROBLEM_JSON}",
        f"Content-Length: {len(body)}",
        f"Retry-After: {_RETRY_AFTER:g}",
        f"X-Request-ID: {problem.request_id}",
        "Connection: close",
    )
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body
