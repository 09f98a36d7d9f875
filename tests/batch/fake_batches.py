"""Strict fakes of the APIs of batches of OpenAI and Anthropic, on the loopback.

They refuse whatever the documented APIs refuse, answer in any order, and write down what is paid.
https://platform.openai.com/docs/api-reference/batch
https://docs.anthropic.com/en/api/creating-message-batches
"""

from __future__ import annotations

import json
import random
import re
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal, Self, TypeAlias
from urllib.parse import parse_qsl, urlsplit

from pydantic import SecretStr

from extractor.batch.columns import ColumnNames
from extractor.batch.limits import RunLimits
from extractor.batch.provider_batches.driving import BatchRun, BatchRunEnd, Patience
from extractor.batch.provider_batches.opening import open_batch_model, open_batched
from extractor.batch.starting import RunSetup, set_up
from extractor.batch.workers import ExtractorOpener
from extractor.settings import Settings
from extractor.storage import Store, open_store
from tests.articles import answer, pledge

KEY = "sk-very-private"
Outcome: TypeAlias = Literal["answered", "cut", "silent", "expired", "missing", "busy", "refused"]
Fault: TypeAlias = Callable[[int, int], Outcome]
"""What becomes of a request about an article, by its number and how often it was asked about."""
Happening: TypeAlias = Callable[[str, str, Literal["before", "after"]], None]
"""Told of each call, before it has its effect and after, and before it is answered."""

PROMPT_TOKENS, OUTPUT_TOKENS = 4_000, 100
_LATER = timedelta(hours=24)
_OPENAI_BODY = {
    "model", "messages", "max_completion_tokens", "max_tokens", "response_format", "temperature",
    "seed", "reasoning_effort",
}  # fmt: skip
_ANTHROPIC_PARAMS = {
    "model", "messages", "max_tokens", "system", "temperature", "output_config", "thinking",
}  # fmt: skip
_UNBOUNDED = {"maxItems", "minimum", "maximum", "minLength", "maxLength", "oneOf"}


class _Refusal(Exception):
    """The answer is an error."""

    def __init__(self, status: int, message: str, kind: str = "invalid_request_error") -> None:
        super().__init__(message)
        self.status, self.message, self.kind = status, message, kind


class _Hangup(Exception):
    """The connection ends without an answer."""


def _check(condition: object, message: str) -> None:
    if not condition:
        raise _Refusal(400, message)


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
            raise _Refusal(400, "no JSON") from None
        assert isinstance(told, dict)
        return told


class FakeBatches:
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
        self.refuse_batches: list[_Refusal] = []
        """What the next calls that make a batch are answered."""
        self.batches: dict[str, HeldBatch] = {}
        self.calls: list[str] = []
        self.paid: Counter[str] = Counter()
        """How often each prompt was answered."""
        self.asked: Counter[int] = Counter()
        self._lock = threading.RLock()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._serve, name="fake batches")

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

    def _serve(self) -> None:
        self._server.serve_forever(poll_interval=0.02)

    def answer(self, call: Call) -> dict[str, Any] | bytes:
        """What the API answers."""
        raise NotImplementedError

    def error(self, refusal: _Refusal) -> dict[str, Any]:
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
                    with fake._lock:
                        answered = fake.answer(call)
                    fake.happening(call.method, call.path, "after")
                except _Refusal as refusal:
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


class FakeOpenAIBatches(FakeBatches):
    """`/v1/files` and `/v1/batches`."""

    def __init__(self, fault: Fault | None = None, *, looks: int = 2) -> None:
        super().__init__(fault, looks=looks)
        self.files: dict[str, bytes] = {}
        self.most_enqueued: int | None = None
        """The most requests that may be under way."""

    @property
    def url(self) -> str:
        """What a client takes for the server's address."""
        return f"{self.address}/v1"

    def error(self, refusal: _Refusal) -> dict[str, Any]:
        return {"error": {"message": refusal.message, "type": refusal.kind, "code": None}}

    def answer(self, call: Call) -> dict[str, Any] | bytes:
        if call.headers.get("authorization") != f"Bearer {self.key}":
            raise _Refusal(401, "Incorrect API key provided", "invalid_api_key")
        steps = call.path.strip("/").split("/")[1:]
        match call.method, *steps:
            case ["POST", "files"]:
                return self._upload(call)
            case ["GET", "files", file, "content"]:
                return self._file(file)
            case ["DELETE", "files", file]:
                self._file(file)
                del self.files[file]
                return {"id": file, "object": "file", "deleted": True}
            case ["POST", "batches"]:
                return self._create(call.json())
            case ["GET", "batches"]:
                return self._list(call.query)
            case ["GET", "batches", batch]:
                self.advance(self._batch(batch))
                return self._told(self._batch(batch))
            case ["POST", "batches", batch, "cancel"]:
                found = self._batch(batch)
                _check(found.status == "in_progress", "Cannot cancel a batch that has ended")
                found.status = "cancelling"
                return self._told(found)
        raise _Refusal(404, f"no {call.method} {call.path}")

    def _file(self, file: str) -> bytes:
        if file not in self.files:
            raise _Refusal(404, f"No such File object: {file}")
        return self.files[file]

    def _batch(self, batch: str) -> HeldBatch:
        if batch not in self.batches:
            raise _Refusal(404, f"No batch found with id '{batch}'")
        return self.batches[batch]

    def _upload(self, call: Call) -> dict[str, Any]:
        head = f"Content-Type: {call.headers['content-type']}\r\n\r\n".encode()
        form = BytesParser(policy=HTTP).parsebytes(head + call.body)
        fields: dict[str, Any] = {}
        for part in form.iter_parts():
            fields[str(part.get_param("name", header="content-disposition"))] = part
        _check(set(fields) == {"purpose", "file"}, f"fields {sorted(fields)}")
        _check(fields["purpose"].get_payload(decode=True) == b"batch", "purpose")
        _check(fields["file"].get_filename().endswith(".jsonl"), "Invalid file format")
        content = fields["file"].get_payload(decode=True)
        _check(len(content) <= 200_000_000, "File is too large")
        name = f"file-{len(self.files) + 1}"
        self.files[name] = content
        return {"id": name, "object": "file", "bytes": len(content), "purpose": "batch"}

    def _create(self, body: dict[str, Any]) -> dict[str, Any]:
        if self.refuse_batches:
            raise self.refuse_batches.pop(0)
        allowed = {"input_file_id", "endpoint", "completion_window", "metadata"}
        _check(set(body) <= allowed, f"unknown parameter {set(body) - allowed}")
        _check(body["completion_window"] == "24h", "completion_window")
        _check(body["endpoint"] == "/v1/chat/completions", "endpoint")
        metadata = body.get("metadata", {})
        _check(len(metadata) <= 16, "metadata")
        _check(all(isinstance(v, str) and len(v) <= 512 for v in metadata.values()), "metadata")
        content = self._file(body["input_file_id"])
        batch = HeldBatch(f"batch_{len(self.batches) + 1}", {}, metadata)
        batch.metadata = metadata
        batch.code = self._validate(content, batch)
        if batch.code:
            batch.status = "failed"
        self.batches[batch.id] = batch
        return self._told(batch)

    def _validate(self, content: bytes, batch: HeldBatch) -> str | None:
        lines = [json.loads(line) for line in content.splitlines() if line]
        if not lines or len(lines) > 50_000:
            return "empty_file"
        for line in lines:
            if set(line) != {"custom_id", "method", "url", "body"} or len(line["custom_id"]) > 64:
                return "invalid_json_line"
            if line["custom_id"] in batch.requests:
                return "duplicate_custom_id"
            if (line["method"], line["url"]) != ("POST", "/v1/chat/completions"):
                return "mismatched_url"
            batch.requests[line["custom_id"]] = line["body"]
        if len({body["model"] for body in batch.requests.values()}) > 1:
            return "mismatched_model"
        under_way = sum(
            len(other.requests) for other in self.batches.values() if other.status == "in_progress"
        )
        if self.most_enqueued is not None and under_way + len(lines) > self.most_enqueued:
            return "token_limit_exceeded"
        return None

    def _list(self, query: dict[str, str]) -> dict[str, Any]:
        limit = int(query.pop("limit", "20"))
        after = query.pop("after", None)
        _check(not query and 1 <= limit <= 100, "query")
        newest = list(reversed(self.batches.values()))
        ids = [batch.id for batch in newest]
        start = ids.index(after) + 1 if after else 0
        page = newest[start : start + limit]
        return {
            "object": "list",
            "data": [self._told(batch) for batch in page],
            "has_more": len(newest) > start + limit,
        }

    def _told(self, batch: HeldBatch) -> dict[str, Any]:
        answered = sum(1 for line in batch.lines if line.get("response"))
        told: dict[str, Any] = {
            "id": batch.id,
            "object": "batch",
            "endpoint": "/v1/chat/completions",
            "errors": None,
            "input_file_id": "file-x",
            "completion_window": "24h",
            "status": batch.status,
            "created_at": int(batch.created.timestamp()),
            "expires_at": int((batch.created + _LATER).timestamp()),
            "metadata": batch.metadata,
            "request_counts": {
                "total": len(batch.requests),
                "completed": answered,
                "failed": len(batch.lines) - answered,
            },
            "output_file_id": None,
            "error_file_id": None,
        }
        for name in ("output", "error"):
            if f"{batch.id}-{name}" in self.files:
                told[f"{name}_file_id"] = f"{batch.id}-{name}"
        if batch.code:
            data = [{"code": batch.code, "message": "no", "line": None, "param": None}]
            told["errors"] = {"object": "list", "data": data}
        return told

    def end(self, batch: HeldBatch) -> None:
        cancelled = batch.status == "cancelling"
        outputs: list[dict[str, Any]] = []
        errors: list[dict[str, Any]] = []
        for custom_id, body in batch.requests.items():
            line: dict[str, Any] = {"id": f"batch_req_{custom_id}", "custom_id": custom_id}
            if cancelled:
                errors.append(line | _unasked("batch_cancelled"))
                continue
            told = self._completed(body)
            if told == "expired":
                errors.append(line | _unasked("batch_expired"))
            elif isinstance(told, dict):
                status = told.pop("status", 200)
                response = {"status_code": status, "request_id": "req_1", "body": told}
                into = outputs if status == 200 else errors
                into.append(line | {"response": response, "error": None})
        expired = any((line.get("error") or {}).get("code") == "batch_expired" for line in errors)
        batch.status = "cancelled" if cancelled else "expired" if expired else "completed"
        batch.lines = [*outputs, *errors]
        for name, lines in (("output", outputs), ("error", errors)):
            random.Random(batch.id).shuffle(lines)
            if lines:
                self.files[f"{batch.id}-{name}"] = _jsonl(lines)

    def _completed(self, body: dict[str, Any]) -> dict[str, Any] | str:
        if unknown := set(body) - _OPENAI_BODY:
            return _openai_error(400, f"Unrecognized request argument: {unknown.pop()}")
        if "temperature" in body and body["model"] == "no-temperature":
            message = "Unsupported value: 'temperature' does not support 0 with this model."
            return _openai_error(400, message, "unsupported_value", "temperature")
        schema = body["response_format"]["json_schema"]["schema"]
        prompt = body["messages"][-1]["content"]
        told, number = self.outcome(prompt)
        if told in ("expired", "missing"):
            return told
        if told == "busy":
            return _openai_error(503, "The server is overloaded")
        if told == "refused":
            return _openai_error(400, "flagged for violence", "content_filter")
        content, finish = _reply(told, number, schema)
        return {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": body["model"],
            "choices": [
                {
                    "index": 0,
                    "finish_reason": finish,
                    "message": {"role": "assistant", "content": content, "refusal": None},
                }
            ],
            "usage": {
                "prompt_tokens": PROMPT_TOKENS,
                "completion_tokens": OUTPUT_TOKENS,
                "total_tokens": PROMPT_TOKENS + OUTPUT_TOKENS,
            },
        }


class FakeAnthropicBatches(FakeBatches):
    """`/v1/messages/batches`."""

    def error(self, refusal: _Refusal) -> dict[str, Any]:
        error = {"type": refusal.kind, "message": refusal.message}
        return {"type": "error", "error": error, "request_id": "req_1"}

    def answer(self, call: Call) -> dict[str, Any] | bytes:
        if call.headers.get("x-api-key") != self.key:
            raise _Refusal(401, "invalid x-api-key", "authentication_error")
        _check(call.headers.get("anthropic-version") == "2023-06-01", "anthropic-version")
        steps = call.path.strip("/").split("/")[3:]
        match call.method, *steps:
            case ["POST"]:
                return self._create(call.json())
            case ["GET"]:
                return self._list(call.query)
            case ["GET", batch]:
                self.advance(self._batch(batch))
                return self._told(self._batch(batch))
            case ["GET", batch, "results"]:
                found = self._batch(batch)
                _check(found.status == "ended", "The batch has not ended")
                return _jsonl(found.lines)
            case ["POST", batch, "cancel"]:
                found = self._batch(batch)
                _check(found.status in ("in_progress", "cancelling"), "The batch has ended")
                found.status = "cancelling"
                return self._told(found)
        raise _Refusal(404, f"no {call.method} {call.path}", "not_found_error")

    def _batch(self, batch: str) -> HeldBatch:
        if batch not in self.batches:
            raise _Refusal(404, "not found", "not_found_error")
        return self.batches[batch]

    def _create(self, body: dict[str, Any]) -> dict[str, Any]:
        if self.refuse_batches:
            raise self.refuse_batches.pop(0)
        _check(set(body) == {"requests"}, "requests: Field required")
        requests = body["requests"]
        _check(1 <= len(requests) <= 100_000, "requests")
        batch = HeldBatch(f"msgbatch_{len(self.batches) + 1}", {})
        for each in requests:
            _check(set(each) == {"custom_id", "params"}, "Extra inputs are not permitted")
            _check(re.fullmatch("[a-zA-Z0-9_-]{1,64}", each["custom_id"]), "custom_id")
            _check(each["custom_id"] not in batch.requests, "custom_id: not unique")
            batch.requests[each["custom_id"]] = each["params"]
        self.batches[batch.id] = batch
        return self._told(batch)

    def _list(self, query: dict[str, str]) -> dict[str, Any]:
        limit = int(query.pop("limit", "20"))
        after = query.pop("after_id", None)
        _check(not query and 1 <= limit <= 1000, "query")
        for batch in self.batches.values():
            self.advance(batch)
        newest = list(reversed(self.batches.values()))
        ids = [batch.id for batch in newest]
        start = ids.index(after) + 1 if after else 0
        page = newest[start : start + limit]
        return {
            "data": [self._told(batch) for batch in page],
            "has_more": len(newest) > start + limit,
            "first_id": page[0].id if page else None,
            "last_id": page[-1].id if page else None,
        }

    def _told(self, batch: HeldBatch) -> dict[str, Any]:
        counts = Counter(line["result"]["type"] for line in batch.lines)
        ended = batch.status == "ended"
        states = {"in_progress": "in_progress", "cancelling": "canceling", "ended": "ended"}
        return {
            "id": batch.id,
            "type": "message_batch",
            "processing_status": states[batch.status],
            "request_counts": {
                "processing": 0 if ended else len(batch.requests),
                **{name: counts[name] for name in ("succeeded", "errored", "canceled", "expired")},
            },
            "ended_at": batch.created.isoformat() if ended else None,
            "created_at": batch.created.isoformat(),
            "expires_at": (batch.created + _LATER).isoformat(),
            "archived_at": None,
            "cancel_initiated_at": None,
            "results_url": f"https://elsewhere.invalid/{batch.id}" if ended else None,
        }

    def end(self, batch: HeldBatch) -> None:
        cancelled = batch.status == "cancelling"
        for custom_id, params in batch.requests.items():
            result = {"type": "canceled"} if cancelled else self._result(params)
            batch.lines.append({"custom_id": custom_id, "result": result})
        random.Random(batch.id).shuffle(batch.lines)
        batch.status = "ended"

    def _result(self, params: dict[str, Any]) -> dict[str, Any]:
        if unknown := set(params) - _ANTHROPIC_PARAMS:
            return self._errored(f"{unknown.pop()}: Extra inputs are not permitted")
        if "temperature" in params and params["model"].startswith("no-temperature"):
            return self._errored("`temperature` is deprecated for this model.")
        if not {"model", "messages", "max_tokens"} <= set(params):
            return self._errored("max_tokens: Field required")
        if any(message["role"] not in ("user", "assistant") for message in params["messages"]):
            return self._errored("messages: Unexpected role")
        output = params["output_config"]["format"]
        if output["type"] != "json_schema" or _UNBOUNDED & set(_keys(output["schema"])):
            return self._errored("output_config.format.schema: property is not supported")
        prompt = params["messages"][-1]["content"]
        told, number = self.outcome(prompt)
        if told in ("expired", "missing"):
            return {"type": "expired"}
        if told == "busy":
            return self._errored("Overloaded", "overloaded_error")
        if told == "refused":
            return self._errored("flagged for violence")
        content, finish = _reply(told, number, output["schema"])
        stop = {"stop": "end_turn", "length": "max_tokens"}[finish]
        message = {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": params["model"],
            "content": [{"type": "text", "text": content}] if content else [],
            "stop_reason": stop,
            "stop_sequence": None,
            "usage": {
                "input_tokens": PROMPT_TOKENS - 1_000,
                "cache_creation_input_tokens": 400,
                "cache_read_input_tokens": 600,
                "output_tokens": OUTPUT_TOKENS,
            },
        }
        return {"type": "succeeded", "message": message}

    def _errored(self, message: str, kind: str = "invalid_request_error") -> dict[str, Any]:
        return {"type": "errored", "error": self.error(_Refusal(400, message, kind))}


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that is killed in the middle is part of the test."""


def _unasked(code: str) -> dict[str, Any]:
    return {"response": None, "error": {"code": code, "message": "It was not executed."}}


def _openai_error(
    status: int, message: str, code: str | None = None, param: str | None = None
) -> dict[str, Any]:
    error = {"message": message, "type": "invalid_request_error", "code": code, "param": param}
    return {"status": status, "error": error}


def reply_of(number: int, schema: Mapping[str, Any]) -> str:
    """What the model says of an article, with a character in it that ends no line."""
    wanted = schema["properties"]
    found = pledge(who=[f"Nordlys {number}"], what="a data\u2028centre", money="m1")
    text = answer([found] if "commitments" in wanted else None, [] if "events" in wanted else None)
    return json.dumps(json.loads(text), ensure_ascii=False)


def _reply(told: Outcome, number: int, schema: dict[str, Any]) -> tuple[str, str]:
    """A reply, and why it stops."""
    if told == "silent":
        return "", "length"
    text = reply_of(number, schema)
    return (text[: len(text) // 2], "length") if told == "cut" else (text, "stop")


def _jsonl(lines: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()


def _keys(node: object) -> list[str]:
    if isinstance(node, dict):
        return [*node, *(key for value in node.values() for key in _keys(value))]
    return [key for value in node for key in _keys(value)] if isinstance(node, list) else []


@dataclass(frozen=True)
class Corpus:
    """Articles in a file, a store, and a fake that reads them: what a process needs to know."""

    model: str
    url: str
    source: str
    address: str
    part_requests: int = 100

    @property
    def settings(self) -> Settings:
        """The settings of a user of the fake, which counts tokens as it likes."""
        secret = SecretStr(KEY)
        return Settings.model_construct(
            **{
                **Settings().model_dump(),
                "openai_base_url": self.url,
                "litellm_base_url": self.url,
                "openai_api_key": secret,
                "anthropic_api_key": secret,
                "finder": "none",
                "prompt_check": False,
            }
        )

    def run(
        self, store: Store, limits: RunLimits | None = None, *, cancel: bool = False
    ) -> BatchRunEnd:
        """Go on with the run, with little patience."""
        opened = open_batch_model(self.model, self.settings)
        try:
            setup = self._set_up(store, lambda model, settings: opened.replayer.extractor)
            setup.list_now()
            return BatchRun(
                setup.work,
                opened.provider,
                opened.replayer,
                opened.price,
                limits=limits or RunLimits(),
                patience=Patience(0.05, 0.3, self.part_requests),
                cancel=cancel,
            ).run()
        finally:
            opened.provider.close()

    def set_up(self, store: Store) -> RunSetup:
        """The run, not begun."""
        return self._set_up(store, open_batched)

    def _set_up(self, store: Store, opener: ExtractorOpener) -> RunSetup:
        return set_up(store, [self.source], ColumnNames(), self.model, self.settings, opener)


def go_on(corpus: Corpus) -> None:
    """The whole life of a process that goes on with a run."""
    with open_store(corpus.address) as store:
        ended = corpus.run(store)
    if ended.end.reason != "complete":
        raise SystemExit(str(ended))
