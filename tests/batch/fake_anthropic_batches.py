"""Anthropic's API of message batches, as documented; see `fake_batches`.

https://docs.anthropic.com/en/api/creating-message-batches
"""

from __future__ import annotations

import random
import re
from collections import Counter
from datetime import timedelta
from typing import Any

from tests.batch.fake_batches import (
    OUTPUT_TOKENS,
    PROMPT_TOKENS,
    Call,
    FakeBatches,
    HeldBatch,
    Refusal,
    check,
    jsonl,
    reply_to,
)

_LATER = timedelta(hours=24)
_ANTHROPIC_PARAMS = {
    "model", "messages", "max_tokens", "system", "temperature", "output_config", "thinking",
}  # fmt: skip
_UNBOUNDED = {"maxItems", "minimum", "maximum", "minLength", "maxLength", "oneOf"}


class FakeAnthropicBatches(FakeBatches):
    """`/v1/messages/batches`."""

    def error(self, refusal: Refusal) -> dict[str, Any]:
        error = {"type": refusal.kind, "message": refusal.message}
        return {"type": "error", "error": error, "request_id": "req_1"}

    def answer(self, call: Call) -> dict[str, Any] | bytes:
        if call.headers.get("x-api-key") != self.key:
            raise Refusal(401, "invalid x-api-key", "authentication_error")
        check(call.headers.get("anthropic-version") == "2023-06-01", "anthropic-version")
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
                check(found.status == "ended", "The batch has not ended")
                return jsonl(found.lines)
            case ["POST", batch, "cancel"]:
                found = self._batch(batch)
                check(found.status in ("in_progress", "cancelling"), "The batch has ended")
                found.status = "cancelling"
                return self._told(found)
        raise Refusal(404, f"no {call.method} {call.path}", "not_found_error")

    def _batch(self, batch: str) -> HeldBatch:
        if batch not in self.batches:
            raise Refusal(404, "not found", "not_found_error")
        return self.batches[batch]

    def _create(self, body: dict[str, Any]) -> dict[str, Any]:
        if self.refuse_batches:
            raise self.refuse_batches.pop(0)
        check(set(body) == {"requests"}, "requests: Field required")
        requests = body["requests"]
        check(1 <= len(requests) <= 100_000, "requests")
        batch = HeldBatch(f"msgbatch_{len(self.batches) + 1}", {})
        for each in requests:
            check(set(each) == {"custom_id", "params"}, "Extra inputs are not permitted")
            check(re.fullmatch("[a-zA-Z0-9_-]{1,64}", each["custom_id"]), "custom_id")
            check(each["custom_id"] not in batch.requests, "custom_id: not unique")
            batch.requests[each["custom_id"]] = each["params"]
        self.batches[batch.id] = batch
        return self._told(batch)

    def _list(self, query: dict[str, str]) -> dict[str, Any]:
        limit = int(query.pop("limit", "20"))
        after = query.pop("after_id", None)
        check(not query and 1 <= limit <= 1000, "query")
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
        content, finish = reply_to(told, number, output["schema"])
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
        return {"type": "errored", "error": self.error(Refusal(400, message, kind))}


def _keys(node: object) -> list[str]:
    if isinstance(node, dict):
        return [*node, *(key for value in node.values() for key in _keys(value))]
    return [key for value in node for key in _keys(value)] if isinstance(node, list) else []
