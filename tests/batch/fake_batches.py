"""What the strict fakes of two APIs of batches have in common, on the loopback.

They refuse whatever the documented APIs refuse, answer in any order, and write down what is paid.
"""

from __future__ import annotations

import json
import re
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from typing import Any, Literal, TypeAlias
from urllib.parse import parse_qsl, urlsplit

from tests.articles import answer, pledge
from tests.loopback import LoopbackServer

KEY = "sk-very-private"
Outcome: TypeAlias = Literal["answered", "cut", "silent", "expired", "missing", "busy", "refused"]
Fault: TypeAlias = Callable[[int, int], Outcome]
"""What becomes of a request about an article, by its number and how often it was asked about."""
Happening: TypeAlias = Callable[[str, str, Literal["before", "after"]], None]
"""Told of each call, before it has its effect and after, and before it is answered."""

PROMPT_TOKENS, OUTPUT_TOKENS = 4_000, 100


class Refusal(Exception):
    """The answer is an error."""

    def __init__(self, status: int, message: str, kind: str = "invalid_request_error") -> None:
        super().__init__(message)
        self.status, self.message, self.kind = status, message, kind


class _Hangup(Exception):
    """The connection ends without an answer."""


def check(condition: object, message: str) -> None:
    """Refuse the call unless this holds."""
    if not condition:
        raise Refusal(400, message)


@dataclass
class HeldBatch:
    """A batch as the fake has it."""

    id: str
    requests: dict[str, dict[str, Any]]
    metadata: dict[str, str] = field(default_factory=dict)
    looks: int = 0
    status: str = "in_progress"
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    lines: list[dict[str, Any]] = field(default_factory=list)
    """What came of the requests, once it has ended."""
    code: str | None = None


@dataclass(frozen=True)
class Call:
    """A call as the fake saw it."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        try:
            told = json.loads(self.body)
        except ValueError:
            raise Refusal(400, "no JSON") from None
        assert isinstance(told, dict)
        return told


class FakeBatches(LoopbackServer):
    """What both fakes have in common: batches that end after some looks at them.

    Args:
        fault: what becomes of each request; None for all answered.
        looks: how often a batch is looked at before it ends.
    """

    def __init__(self, fault: Fault | None = None, *, looks: int = 2) -> None:
        self.fault: Fault = fault or (lambda article, time: "answered")
        self.looks = looks
        self.key = KEY
        self.held = False
        """Whether batches wait, however often they are looked at."""
        self.happening: Happening = lambda method, path, when: None
        self.lost: Callable[[str], bool] = lambda path: False
        """What of its paths the provider has no more."""
        self.refuse_batches: list[Refusal] = []
        """What the next calls that make a batch are answered."""
        self.batches: dict[str, HeldBatch] = {}
        self.calls: list[str] = []
        self.paid: Counter[str] = Counter()
        """How often each prompt was answered."""
        self.asked: Counter[int] = Counter()
        self._lock = threading.RLock()
        super().__init__()

    @property
    def url(self) -> str:
        """What a client takes for the server's address."""
        return self.address

    def paid_twice(self) -> list[str]:
        """Prompts that were answered more than once."""
        return [prompt[-80:] for prompt, times in self.paid.items() if times > 1]

    def hang_up(self) -> None:
        """End the connection of this call without an answer."""
        raise _Hangup

    def answer(self, call: Call) -> dict[str, Any] | bytes:
        """What the API answers."""
        raise NotImplementedError

    def error(self, refusal: Refusal) -> dict[str, Any]:
        """An error in the form of the API."""
        raise NotImplementedError

    def outcome(self, prompt: str) -> tuple[Outcome, int]:
        """What becomes of a request, and about which article it is."""
        found = re.search(r"Nordlys (\d+)", prompt)
        assert found, prompt
        number = int(found[1])
        self.asked[number] += 1
        told = self.fault(number, self.asked[number])
        if told in ("answered", "cut", "silent"):
            self.paid[f"{prompt}#{self.asked[number] if told != 'answered' else ''}"] += 1
        return told, number

    def advance(self, batch: HeldBatch) -> None:
        """Let some time pass."""
        batch.looks += 1
        is_due = batch.looks >= self.looks and not self.held
        if batch.status == "cancelling" or (batch.status == "in_progress" and is_due):
            self.end(batch)

    def end(self, batch: HeldBatch) -> None:
        """End a batch: its results can be had."""
        raise NotImplementedError

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def _do(self) -> None:
                length = int(self.headers.get("Content-Length", "0"))
                body = self.rfile.read(length)
                assert len(body) == length
                parts = urlsplit(self.path)
                headers = {name.lower(): value for name, value in self.headers.items()}
                call = Call(self.command, parts.path, dict(parse_qsl(parts.query)), headers, body)
                fake.calls.append(f"{call.method} {call.path}")
                try:
                    fake.happening(call.method, call.path, "before")
                    if fake.lost(call.path):
                        raise Refusal(404, "not found", "not_found_error")
                    with fake._lock:
                        answered = fake.answer(call)
                    fake.happening(call.method, call.path, "after")
                except Refusal as refusal:
                    self._send(refusal.status, json.dumps(fake.error(refusal)).encode())
                except _Hangup:
                    linger_zero = struct.pack("ii", 1, 0)
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_zero)
                    self.close_connection = True
                else:
                    told = (
                        answered if isinstance(answered, bytes) else json.dumps(answered).encode()
                    )
                    self._send(200, told)

            do_GET = do_POST = do_DELETE = _do

            def _send(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_request(self, code: object = "-", size: object = "-") -> None:
                """Say nothing."""

        return Handler


def reply_of(number: int, schema: Mapping[str, Any]) -> str:
    """What the model says of an article, with a character in it that ends no line."""
    wanted = schema["properties"]
    found = pledge(who=[f"Nordlys {number}"], what="a data\u2028centre", money="m1")
    text = answer([found] if "commitments" in wanted else None, [] if "events" in wanted else None)
    return json.dumps(json.loads(text), ensure_ascii=False)


def reply_to(told: Outcome, number: int, schema: dict[str, Any]) -> tuple[str, str]:
    """A reply, and why it stops."""
    if told == "silent":
        return "", "length"
    text = reply_of(number, schema)
    return (text[: len(text) // 2], "length") if told == "cut" else (text, "stop")


def jsonl(lines: list[dict[str, Any]]) -> bytes:
    """A file with a document in each line."""
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()
