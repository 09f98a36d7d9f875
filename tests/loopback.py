"""A server on the loopback, in a thread, as long as a test needs it."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

_POLL_SECONDS = 0.02


class LoopbackServer:
    """Answers what its handler answers, between `with` and the end of the block."""

    def __init__(self) -> None:
        self._server = LoopbackListener(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._serve, name=type(self).__name__)

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _serve(self) -> None:
        self._server.serve_forever(poll_interval=_POLL_SECONDS)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        raise NotImplementedError


class LoopbackListener(ThreadingHTTPServer):
    """What listens: callers may leave, or be killed, in the middle."""

    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that gives up is part of a test."""
