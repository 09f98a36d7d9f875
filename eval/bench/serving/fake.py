"""An OpenAI-compatible server that costs next to nothing and answers after a time it is told.

The time stands in the path, `http://127.0.0.1:PORT/250/v1` answers after 250 ms, so that one server
serves every measurement. `GET /taken` tells how long each call took since it was last asked: from
the last byte of the request to the first of the answer.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from functools import partial
from typing import Final

from extractor.models.base import JsonValue

_HOST: Final = "127.0.0.1"
_LENGTH: Final = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)
_CALL: Final = re.compile(rb"POST /(\d+)/")
_END: Final = b"\r\n\r\n"

RECORD: Final[dict[str, JsonValue]] = {
    "sentences": [1],
    "what": "a data centre",
    "who": ["Nordlys Compute"],
    "to": [],
    "announced_by": [],
    "kind": "facility",
    "money": "m1",
    "currency": None,
    "per": "once",
    "scope": "total",
    "count": None,
    "unit": None,
    "dates": [{"date": "d1", "role": "deadline"}],
    "status": "announced",
    "certainty": "asserted",
    "mobilise": False,
    "places": [],
    "part_of": None,
}
"""What is answered of every article: its first sentence says so."""
TOOL: Final = "Records"
"""The tool that a request with tools is answered with."""
_TOOL_RECORD: Final[dict[str, JsonValue]] = {
    "payer": "Nordlys Compute",
    "what": "a data centre",
    "amount": 40_000_000,
    "currency": "USD",
    "deadline": "2027",
}


def _completion(message: dict[str, JsonValue], finish: str) -> bytes:
    payload: dict[str, JsonValue] = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "fake",
        "choices": [
            {"index": 0, "finish_reason": finish, "message": {"role": "assistant", **message}}
        ],
        "usage": {"prompt_tokens": 9000, "completion_tokens": 80, "total_tokens": 9080},
    }
    return _http(payload)


def _http(payload: JsonValue) -> bytes:
    body = json.dumps(payload).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return head.encode() + _END + body


_JSON_ANSWER: Final = _completion(
    {"content": json.dumps({"commitments": [RECORD], "events": []})}, "stop"
)
_TOOL_ANSWER: Final = _completion(
    {
        "content": None,
        "tool_calls": [
            {
                "id": "call-1",
                "type": "function",
                "function": {"name": TOOL, "arguments": json.dumps({"records": [_TOOL_RECORD]})},
            }
        ],
    },
    "tool_calls",
)


class _Server(asyncio.Protocol):
    """One connection; requests come one after the other, as HTTP clients without pipelining do."""

    def __init__(self, taken: list[float]) -> None:
        self._taken = taken
        self._read = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._read += data
        end = self._read.find(_END)
        if end < 0:
            return
        length = _LENGTH.search(self._read, 0, end)
        whole = end + len(_END) + (int(length[1]) if length else 0)
        if len(self._read) < whole:
            return
        request = bytes(self._read[:whole])
        del self._read[:whole]
        self._answer(request)

    def _answer(self, request: bytes) -> None:
        call = _CALL.match(request)
        if call is None:
            taken = self._taken.copy()
            self._taken.clear()
            self._write(_http({"seconds": list[JsonValue](taken)}))
            return
        answer = _TOOL_ANSWER if b'"tools"' in request else _JSON_ANSWER
        arrived = time.perf_counter()
        loop = asyncio.get_running_loop()
        loop.call_later(int(call[1]) / 1000, partial(self._reply, arrived, answer))

    def _reply(self, arrived: float, answer: bytes) -> None:
        self._taken.append(time.perf_counter() - arrived)
        self._write(answer)

    def _write(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)


async def _serve(port: int) -> None:
    taken: list[float] = []
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Server(taken), _HOST, port, backlog=1024)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
