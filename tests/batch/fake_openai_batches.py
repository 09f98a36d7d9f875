"""OpenAI's API of batches and files, as documented; see `fake_batches`.

https://platform.openai.com/docs/api-reference/batch
"""

from __future__ import annotations

import json
import random
from datetime import timedelta
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

from tests.batch.fake_batches import (
    OUTPUT_TOKENS,
    PROMPT_TOKENS,
    Call,
    FakeBatches,
    Fault,
    HeldBatch,
    Refusal,
    check,
    jsonl,
    reply_to,
)

_LATER = timedelta(hours=24)
_OPENAI_BODY = {
    "model", "messages", "max_completion_tokens", "max_tokens", "response_format", "temperature",
    "seed", "reasoning_effort",
}  # fmt: skip


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

    def error(self, refusal: Refusal) -> dict[str, Any]:
        return {"error": {"message": refusal.message, "type": refusal.kind, "code": None}}

    def answer(self, call: Call) -> dict[str, Any] | bytes:
        if call.headers.get("authorization") != f"Bearer {self.key}":
            raise Refusal(401, "Incorrect API key provided", "invalid_api_key")
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
                check(found.status == "in_progress", "Cannot cancel a batch that has ended")
                found.status = "cancelling"
                return self._told(found)
        raise Refusal(404, f"no {call.method} {call.path}")

    def _file(self, file: str) -> bytes:
        if file not in self.files:
            raise Refusal(404, f"No such File object: {file}")
        return self.files[file]

    def _batch(self, batch: str) -> HeldBatch:
        if batch not in self.batches:
            raise Refusal(404, f"No batch found with id '{batch}'")
        return self.batches[batch]

    def _upload(self, call: Call) -> dict[str, Any]:
        head = f"Content-Type: {call.headers['content-type']}\r\n\r\n".encode()
        form = BytesParser(policy=HTTP).parsebytes(head + call.body)
        fields: dict[str, Any] = {}
        for part in form.iter_parts():
            fields[str(part.get_param("name", header="content-disposition"))] = part
        check(set(fields) == {"purpose", "file"}, f"fields {sorted(fields)}")
        check(fields["purpose"].get_payload(decode=True) == b"batch", "purpose")
        check(fields["file"].get_filename().endswith(".jsonl"), "Invalid file format")
        content = fields["file"].get_payload(decode=True)
        check(len(content) <= 200_000_000, "File is too large")
        name = f"file-{len(self.files) + 1}"
        self.files[name] = content
        return {"id": name, "object": "file", "bytes": len(content), "purpose": "batch"}

    def _create(self, body: dict[str, Any]) -> dict[str, Any]:
        if self.refuse_batches:
            raise self.refuse_batches.pop(0)
        allowed = {"input_file_id", "endpoint", "completion_window", "metadata"}
        check(set(body) <= allowed, f"unknown parameter {set(body) - allowed}")
        check(body["completion_window"] == "24h", "completion_window")
        check(body["endpoint"] == "/v1/chat/completions", "endpoint")
        metadata = body.get("metadata", {})
        check(len(metadata) <= 16, "metadata")
        check(all(isinstance(v, str) and len(v) <= 512 for v in metadata.values()), "metadata")
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
        check(not query and 1 <= limit <= 100, "query")
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
                self.files[f"{batch.id}-{name}"] = jsonl(lines)

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
        content, finish = reply_to(told, number, schema)
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


def _unasked(code: str) -> dict[str, Any]:
    return {"response": None, "error": {"code": code, "message": "It was not executed."}}


def _openai_error(
    status: int, message: str, code: str | None = None, param: str | None = None
) -> dict[str, Any]:
    error = {"message": message, "type": "invalid_request_error", "code": code, "param": param}
    return {"status": status, "error": error}
