"""A hub on the loopback that serves files by ranges, and can be told to fail."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

_CHUNK = 4096


class FakeHub:
    """Serves `files` by path; each request's Range header is kept in `ranges`.

    `cuts` says after how many bytes the first, second, … request is dropped, then none is;
    `knows_ranges` of False answers every request with the whole file; `chunk_seconds` passes
    before every 4 KiB.
    """

    def __init__(
        self,
        files: Mapping[str, bytes],
        *,
        cuts: tuple[int, ...] = (),
        knows_ranges: bool = True,
        chunk_seconds: float = 0.0,
    ) -> None:
        self.ranges: list[str | None] = []
        self._files = files
        self._cuts = list(cuts)
        self._knows_ranges = knows_ranges
        self._chunk_seconds = chunk_seconds
        self._closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
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
        self._closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked = self.headers.get("Range")
                hub.ranges.append(asked)
                whole = hub._files.get(self.path)
                if whole is None:
                    self.send_error(404)
                    return
                start = 0
                if asked and hub._knows_ranges:
                    start = int(asked.removeprefix("bytes=").removesuffix("-"))
                self.send_response(206 if start else 200)
                kind = "text/html" if self.path.endswith("/") else "application/octet-stream"
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(whole) - start))
                if start:
                    last = len(whole) - 1
                    self.send_header("Content-Range", f"bytes {start}-{last}/{len(whole)}")
                self.end_headers()
                end = len(whole)
                if hub._cuts:
                    end = min(end, start + hub._cuts.pop(0))
                for begin in range(start, end, _CHUNK):
                    if hub._closing.wait(hub._chunk_seconds):
                        return
                    self.wfile.write(whole[begin : min(begin + _CHUNK, end)])

            def log_request(self, code: object = "-", size: object = "-") -> None:
                """Say nothing."""

            def log_error(self, *_: object) -> None:
                """Say nothing."""

        return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that is killed in the middle is part of the test."""
