"""A worker: one of the processes that serve behind one port (`extractor serve --workers`).

It is started by `extractor.api.supervising`, with what it needs as one argument of JSON.
"""

from __future__ import annotations

import asyncio
import json
import math
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from types import FrameType
from typing import Any, Final

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from extractor.api.app import create_app
from extractor.api.commons import AskedCommons
from extractor.api.draining import Drain
from extractor.api.handing import Phase, Phases, end, take_over
from extractor.api.logs import configure_logs
from extractor.api.pool import ExtractorPool
from extractor.api.warming import Warming
from extractor.extraction import Extractor
from extractor.models import ModelClient, open_model
from extractor.models.hosting import SharedModel, is_embedded
from extractor.settings import Settings, load_settings

GRACE_SECONDS: Final = 30
"""What the last model call may take beyond the drain, before connections are cut."""
LINE_BYTES: Final = 64 * 1024 * 1024
"""Of a message between processes, which may hold a whole extraction."""


@dataclass(frozen=True, slots=True)
class Orders:
    """What a worker is told at its start: descriptors, and what the environment does not say."""

    control: int
    channel: int
    phases: int
    model: str
    model_host: str | None
    workers: int

    def told(self) -> str:
        """As an argument."""
        return json.dumps(asdict(self))


async def serve_connections(orders: Orders) -> None:
    """Serve what is handed over until told to stop."""
    given = load_settings()
    share = math.ceil(given.model_concurrency / orders.workers)
    settings = given.model_copy(update={"model": orders.model, "model_concurrency": share})
    control = socket.socket(fileno=orders.control)
    reader, writer = await asyncio.open_unix_connection(sock=control, limit=LINE_BYTES)
    commons = AskedCommons(reader, writer)
    drain = Drain(settings.drain_seconds)

    def open_shared(name: str, used: Settings) -> ModelClient:
        if orders.model_host is not None and is_embedded(name):
            return SharedModel(name, used, orders.model_host)
        return open_model(name, used)

    client = open_shared(settings.model, settings)
    fallbacks = [open_shared(name, settings) for name in settings.fallbacks]
    with Extractor(client, settings=settings, fallbacks=fallbacks) as extractor:
        warming = Warming(client)
        pool = ExtractorPool(settings, extractor, open_shared)
        app = create_app(settings, pool=pool, drain=drain, warming=warming, commons=commons)
        warming.start()
        handed = _Handed(Phases(orders.phases), writer)
        grace = math.ceil(settings.drain_seconds) + GRACE_SECONDS
        config = uvicorn.Config(
            handed.watch(app),
            timeout_graceful_shutdown=grace,
            log_config=None,
            access_log=False,
            # Else a header of the caller's takes the place of the address that tells its slot.
            proxy_headers=False,
        )
        server = _Server(config, drain, handed, socket.socket(fileno=orders.channel))
        listening = asyncio.create_task(_listen(commons, server))
        with suppress(KeyboardInterrupt):
            await server.serve(sockets=[])
        listening.cancel()


async def _listen(commons: AskedCommons, server: _Server) -> None:
    await commons.listen()
    # Who started this process has died: nobody would hand anything over any more.
    server.handle_exit(signal.SIGTERM, None)


class _Handed:
    """The connections that were handed over, and what is told of them."""

    def __init__(self, phases: Phases, control: asyncio.StreamWriter) -> None:
        self._phases = phases
        self._control = control
        self._slots: dict[tuple[str, int], int] = {}
        self._callers: dict[int, tuple[str, int]] = {}

    def ready(self) -> None:
        self._control.write(b'{"ready": true}\n')

    def opened(self, slot: int, connection: socket.socket) -> None:
        host, port, *_ = connection.getpeername()
        self._slots[host, port] = slot
        self._callers[slot] = (host, port)

    def asked(self, slot: int) -> None:
        if self._phases[slot] is Phase.IDLE:
            self._phases[slot] = Phase.ASKED

    def closed(self, slot: int, connection: socket.socket | None) -> None:
        caller = self._callers.pop(slot, None)
        if caller is not None:
            self._slots.pop(caller, None)
        if connection is not None:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._control.write(b'{"closed": %d}\n' % slot)

    def watch(self, app: ASGIApp) -> ASGIApp:
        """The application, which tells when answers begin and end."""

        async def watched(scope: Scope, receive: Receive, send: Send) -> None:
            slot = self._slots.get(tuple(scope.get("client") or ()))
            if slot is None:
                await app(scope, receive, send)
                return

            async def tell(message: Message) -> None:
                if message["type"] == "http.response.start":
                    self._phases[slot] = Phase.ANSWERED
                await send(message)

            try:
                await app(scope, receive, tell)
            finally:
                self._phases[slot] = Phase.IDLE

        return watched


class _Server(uvicorn.Server):
    """Serves connections from a channel in place of a listening socket."""

    def __init__(
        self, config: uvicorn.Config, drain: Drain, handed: _Handed, channel: socket.socket
    ) -> None:
        super().__init__(config)
        self._drain = drain
        self._handed = handed
        self._channel = channel
        self._opening: set[asyncio.Task[None]] = set()
        self._protocols = _protocols(config, handed)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._channel.setblocking(False)
        asyncio.get_running_loop().add_reader(self._channel, self._take)
        self._handed.ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        asyncio.get_running_loop().remove_reader(self._channel)
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._drain.begin()
        super().handle_exit(sig, frame)

    def _take(self) -> None:
        with suppress(BlockingIOError):
            while True:
                taken = take_over(self._channel)
                if taken is None:
                    asyncio.get_running_loop().remove_reader(self._channel)
                    return
                opening = asyncio.ensure_future(self._open(*taken))
                self._opening.add(opening)
                opening.add_done_callback(self._opening.discard)

    async def _open(self, slot: int, connection: socket.socket) -> None:
        try:
            self._handed.opened(slot, connection)
            await asyncio.get_running_loop().connect_accepted_socket(
                lambda: self._protocol(slot), connection
            )
        except OSError:  # the caller has left already
            end(connection)
            self._handed.closed(slot, None)

    def _protocol(self, slot: int) -> asyncio.Protocol:
        return self._protocols(
            slot,
            config=self.config,
            server_state=self.server_state,
            app_state=self.lifespan.state,
            _loop=asyncio.get_running_loop(),
        )


def _protocols(config: uvicorn.Config, handed: _Handed) -> Callable[..., asyncio.Protocol]:
    """What speaks HTTP, and tells when something is read and when the connection ends."""
    config.load()
    speaking: Any = config.http_protocol_class

    class Handed(speaking):  # type: ignore[misc]
        def __init__(self, slot: int, **given: object) -> None:
            super().__init__(**given)
            self._slot = slot

        def data_received(self, data: bytes) -> None:
            handed.asked(self._slot)
            super().data_received(data)

        def connection_lost(self, error: Exception | None) -> None:
            connection = self.transport.get_extra_info("socket")
            super().connection_lost(error)
            handed.closed(self._slot, connection)

    return Handed


def main() -> None:
    """Run a worker, with its orders as the only argument."""
    configure_logs()
    asyncio.run(serve_connections(Orders(**json.loads(sys.argv[1]))))


if __name__ == "__main__":
    main()
