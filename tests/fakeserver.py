"""An OpenAI-compatible server on the loopback, whose every answer and fault is scripted."""

from __future__ import annotations

import json
import math
import select
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler
from types import TracebackType
from typing import Literal, TypeAlias

from extractor.models.base import JsonValue
from tests.loopback import LoopbackServer

_PAUSE_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server does with one request.

    It waits for `gate`, if there is one, and then `delay` seconds before the first byte; `drip`
    sends one byte at a time, so many seconds apart; `cut_after` resets the connection after so many
    bytes of the body; `hang` sends nothing.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drip: float = 0.0
    cut_after: int | None = None
    hang: bool = False
    gate: threading.Event | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """One request as the server saw it, and when (by the monotonic clock)."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, JsonValue]
    at: float = field(default_factory=time.monotonic)


Script: TypeAlias = Iterable[Answer] | Callable[[Recorded], Answer]


def reply(
    content: str | None = "{}",
    *,
    finish: Literal["stop", "length", "content_filter"] = "stop",
    refusal: str | None = None,
    prompt_tokens: int = 5000,
    cached_tokens: int = 3,
    output_tokens: int = 5,
    delay: float = 0.0,
) -> Answer:
    """A well-formed completion."""
    message: dict[str, JsonValue] = {"role": "assistant", "content": content}
    if refusal is not None:
        message["refusal"] = refusal
    payload: dict[str, JsonValue] = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "fake",
        "choices": [{"index": 0, "finish_reason": finish, "message": message}],
        "usage": {
            "prompt_tokens": prompt_tokens,
            "completion_tokens": output_tokens,
            "total_tokens": prompt_tokens + output_tokens,
            "prompt_tokens_details": {"cached_tokens": cached_tokens},
        },
    }
    return Answer(body=json.dumps(payload).encode(), delay=delay)


def failure(status: int, *, message: str = "no", retry_after: str | None = None) -> Answer:
    """An error in OpenAI's format."""
    error: JsonValue = {"error": {"message": message, "type": "fault", "code": None}}
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return Answer(status=status, body=json.dumps(error).encode(), headers=headers)


def hang() -> Answer:
    """Accept the request and never answer."""
    return Answer(hang=True)


def drip(seconds: float) -> Answer:
    """A good completion, one byte at a time."""
    return replace(reply(), drip=seconds)


def reset() -> Answer:
    """Reset the connection in the middle of the body."""
    return replace(reply(), cut_after=20)


def truncated() -> Answer:
    """A body that ends in the middle of its JSON, with a Content-Length to match."""
    return Answer(body=reply().body[:40])


def garbage() -> Answer:
    """A body that is not JSON, under a JSON content type."""
    return Answer(body=b"\x00\xff\xfe<<<not json>>>")


def web_page() -> Answer:
    """A web page where a completion should be, as a wrong URL or a captive portal gives."""
    return Answer(body=b"<html>welcome</html>", headers={"Content-Type": "text/html"})


def mislabelled(content: str) -> Answer:
    """A good completion that calls itself a web page."""
    return replace(reply(content), headers={"Content-Type": "text/html"})


def empty() -> Answer:
    """Success with no body at all."""
    return Answer(body=b"")


def no_choices() -> Answer:
    """A completion without a single choice."""
    body = json.loads(reply().body)
    return Answer(body=json.dumps({**body, "choices": []}).encode())


def huge(size: int) -> Answer:
    """A completion whose content is `size` characters long."""
    return reply("x" * size)


class FakeOpenAI(LoopbackServer):
    """Answers POST /v1/chat/completions by a script: answers in turn, or a function of the request.

    When a list of answers runs out, the last one is given again. Requests are kept in `requests`.
    """

    def __init__(self, script: Script = ()) -> None:
        self.requests: list[Recorded] = []
        self.left: list[float] = []
        """When callers closed the connection on which they waited for an answer."""
        self._script = script if callable(script) else _in_turn(script)
        self._lock = threading.Lock()
        self._closing = threading.Event()
        super().__init__()

    @property
    def url(self) -> str:
        """The base URL to give a client."""
        return f"{self.address}/v1"

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.set()
        super().__exit__(kind, error, trace)

    def _next(self, recorded: Recorded) -> Answer:
        with self._lock:
            self.requests.append(recorded)
            return self._script(recorded)

    def _ends_before(self, answer: Answer, caller: socket.socket) -> bool:
        """Wait until the answer is due; whether the server was closed, or the caller left."""
        due = math.inf if answer.hang else time.monotonic() + answer.delay
        while time.monotonic() < due or (answer.gate and not answer.gate.is_set()):
            if self._closing.wait(min(_PAUSE_SECONDS, max(due - time.monotonic(), 0.001))):
                return True
            if _has_left(caller):
                with self._lock:
                    self.left.append(time.monotonic())
                return True
        return self._closing.is_set()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # Without this, the small writes of one answer wait for the client's delayed ACK.
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", "0"))
                body = json.loads(self.rfile.read(length) or b"{}")
                answer = fake._next(Recorded(self.path, dict(self.headers.items()), body))
                if fake._ends_before(answer, self.connection):
                    self.close_connection = True
                    return
                self._send(answer)

            def _send(self, answer: Answer) -> None:
                self.send_response(answer.status)
                headers = {"Content-Type": "application/json", **answer.headers}
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                if answer.cut_after is not None:
                    self.wfile.write(answer.body[: answer.cut_after])
                    self.wfile.flush()
                    time.sleep(_PAUSE_SECONDS)
                    self._reset()
                elif answer.drip:
                    for byte in answer.body:
                        if fake._closing.wait(answer.drip):
                            return
                        self.wfile.write(bytes([byte]))
                else:
                    self.wfile.write(answer.body)

            def _reset(self) -> None:
                linger_zero = struct.pack("ii", 1, 0)
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_zero)
                self.close_connection = True

            def log_request(self, code: object = "-", size: object = "-") -> None:
                """Say nothing."""

        return Handler


def _has_left(caller: socket.socket) -> bool:
    readable, _, _ = select.select([caller], [], [], 0)
    try:
        return bool(readable) and not caller.recv(1, socket.MSG_PEEK)
    except ConnectionError:
        return True


def until(holds: Callable[[], bool]) -> None:
    """Wait until this holds; a minute, and it never will.

    Raises:
        AssertionError: it does not.
    """
    last = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < last, "waited in vain"
        time.sleep(_PAUSE_SECONDS)


def _in_turn(answers: Iterable[Answer]) -> Callable[[Recorded], Answer]:
    remaining = iter(answers)
    last = reply()

    def answer(_: Recorded) -> Answer:
        nonlocal last
        last = next(remaining, last)
        return last

    return answer
