"""Message batches of Anthropic: one call makes a batch, one stream tells what came of it.

https://docs.anthropic.com/en/api/creating-message-batches
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import IO, Final, Literal, TypeAlias

from pydantic import Field, ValidationError

from extractor.batch.provider_batches.base import (
    BatchFacts,
    BatchForm,
    Finding,
    Intent,
    ResultLine,
)
from extractor.batch.provider_batches.http import Api, Told
from extractor.errors import ModelReplyInvalid
from extractor.models.base import JsonValue
from extractor.models.remote.wire import Call

_ADDRESS: Final = "https://api.anthropic.com"
_PATH: Final = "v1/messages/batches"
_VERSION: Final = "2023-06-01"
_PAGE: Final = 100
_SKEW: Final = timedelta(minutes=5)
_EFFORTS: Final = ("low", "medium", "high")
_STATUSES: Final = {
    "invalid_request_error": 400, "authentication_error": 401, "billing_error": 402,
    "permission_error": 403, "not_found_error": 404, "request_too_large": 413,
    "rate_limit_error": 429, "api_error": 500, "timeout_error": 504, "overloaded_error": 529,
}  # fmt: skip


class _Counts(Told):
    processing: int = 0
    succeeded: int = 0
    errored: int = 0
    canceled: int = 0
    expired: int = 0

    @property
    def ended(self) -> int:
        return self.succeeded + self.errored + self.canceled + self.expired


class _Batch(Told):
    id: str
    processing_status: Literal["in_progress", "canceling", "ended"]
    request_counts: _Counts
    created_at: datetime = datetime.min.replace(tzinfo=UTC)
    archived_at: datetime | None = None

    def facts(self) -> BatchFacts:
        counts = self.request_counts
        return BatchFacts(
            id=self.id,
            state="ended" if self.processing_status == "ended" else "running",
            done=counts.ended,
            canceled=counts.canceled > 0,
            files=(self.id,),
        )


class _Batches(Told):
    data: list[_Batch]
    has_more: bool = False
    last_id: str | None = None


class _Block(Told):
    type: str
    text: str = ""


class _Usage(Told):
    input_tokens: int = 0
    cache_creation_input_tokens: int | None = None
    cache_read_input_tokens: int | None = None
    output_tokens: int = 0


class _Message(Told):
    content: list[_Block]
    stop_reason: str | None = None
    usage: _Usage = _Usage()

    def completion(self) -> str:
        """The same as OpenAI would write it, which is what replies are read from."""
        cached = self.usage.cache_read_input_tokens or 0
        written = self.usage.cache_creation_input_tokens or 0
        text = "".join(block.text for block in self.content if block.type == "text")
        choice = {"index": 0, "message": {"role": "assistant", "content": text}}
        usage = {
            "prompt_tokens": self.usage.input_tokens + cached + written,
            "completion_tokens": self.usage.output_tokens,
            "prompt_tokens_details": {"cached_tokens": cached},
        }
        finish = {"end_turn": "stop", "stop_sequence": "stop"}.get(
            self.stop_reason or "", self.stop_reason
        )
        told = {"choices": [{**choice, "finish_reason": finish}], "usage": usage}
        return json.dumps(told, ensure_ascii=False)


class _Succeeded(Told):
    type: Literal["succeeded"]
    message: _Message


class _ErrorType(Told):
    type: str = "api_error"
    message: str = ""


class _Error(Told):
    error: _ErrorType


class _Errored(Told):
    type: Literal["errored"]
    error: _Error


class _Unasked(Told):
    type: Literal["canceled", "expired"]


_Result: TypeAlias = _Succeeded | _Errored | _Unasked


class _Line(Told):
    custom_id: str = Field(min_length=1)
    result: _Result = Field(discriminator="type")

    def told(self) -> ResultLine:
        if isinstance(self.result, _Succeeded):
            return ResultLine(self.custom_id, "answered", 200, self.result.message.completion())
        if isinstance(self.result, _Errored):
            error = self.result.error.error
            body = json.dumps({"error": error.model_dump()}, ensure_ascii=False)
            return ResultLine(self.custom_id, "failed", _STATUSES.get(error.type, 500), body)
        return ResultLine(self.custom_id, self.result.type)


class AnthropicBatches:
    """The message batches of a workspace.

    They carry no words of their own, so a batch is known again by the ids of its requests, which
    it tells once it has ended.

    Args:
        name: anthropic/NAME, of which the provider is told NAME.
        base_url: another server; None for Anthropic itself.
        api_key: the account's.

    Raises:
        MissingExtra: httpx is not installed.
    """

    name = "anthropic"
    form = BatchForm(
        b'{"requests":[', b",\n", b"]}", most_requests=100_000, most_bytes=240 * 1000 * 1000
    )

    def __init__(self, name: str, base_url: str | None, api_key: str | None) -> None:
        self._model = name.rpartition("/")[2]
        self._told_as = name
        headers = {"anthropic-version": _VERSION}
        if api_key:
            headers["x-api-key"] = api_key
        self._api = Api(name, base_url or _ADDRESS, headers, extra="litellm")

    def request(self, request_id: str, call: Call) -> bytes:
        """An entry of the list of requests."""
        system = "\n\n".join(each.content for each in call.messages if each.role == "system")
        params: dict[str, JsonValue] = {
            "model": self._model,
            "max_tokens": call.most_tokens,
            "messages": [
                {"role": each.role, "content": each.content}
                for each in call.messages
                if each.role != "system"
            ],
        }
        if system:
            params["system"] = system
        if call.temperature is not None:
            params["temperature"] = call.temperature
        if output := _output(call):
            params["output_config"] = output
        if call.reasoning_effort == "none":
            params["thinking"] = {"type": "disabled"}
        params |= call.extra
        told = {"custom_id": request_id, "params": params}
        return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()

    def upload(self, intent: Intent, file: IO[bytes]) -> str | None:
        """Nothing: the requests go with the call that makes the batch."""
        return None

    def create(self, intent: Intent, upload: str | None, file: IO[bytes]) -> BatchFacts:
        """Make the batch; raises what `ProviderBatches.create` says."""
        size = file.seek(0, os.SEEK_END)
        return self._api.post_stream(_PATH, _Batch, file, size).facts()

    def find(self, intent: Intent, known: frozenset[str]) -> Finding:
        """Look through the batches, newest first; raises what `ProviderBatches.find` says."""
        unsure = False
        for batch in self._since(intent.since - _SKEW):
            counts = batch.request_counts
            if batch.id in known or counts.ended + counts.processing != intent.requests:
                continue
            if batch.processing_status != "ended":
                unsure = True
            elif batch.archived_at is None and self._is_of(intent, batch):
                return batch.facts()
        return "unsure" if unsure else None

    def look(self, batch_id: str) -> BatchFacts:
        """Where a batch stands; raises what `ProviderBatches.look` says."""
        return self._api.get(f"{_PATH}/{batch_id}", _Batch).facts()

    def results(self, facts: BatchFacts) -> Iterator[ResultLine]:
        """All that was answered or not; raises what `ProviderBatches.results` says."""
        for line in self._api.lines(f"{_PATH}/{facts.id}/results"):
            yield self._read(line)

    def cancel(self, batch_id: str) -> None:
        """Cancel a batch; raises what `ProviderBatches.cancel` says."""
        self._api.post(f"{_PATH}/{batch_id}/cancel", _Batch)

    def tidy(self, upload: str | None) -> None:
        """Nothing: deleting a batch would delete its answers."""

    def close(self) -> None:
        """Release the connections."""
        self._api.close()

    def _since(self, earliest: datetime) -> Iterator[_Batch]:
        params: dict[str, str | int] = {"limit": _PAGE}
        while True:
            page = self._api.get(_PATH, _Batches, params)
            for batch in page.data:
                if batch.created_at < earliest:
                    return
                yield batch
            if not (page.has_more and page.last_id):
                return
            params["after_id"] = page.last_id

    def _is_of(self, intent: Intent, batch: _Batch) -> bool:
        first = next(iter(self._api.lines(f"{_PATH}/{batch.id}/results")), None)
        return first is not None and self._read(first).id.startswith(f"{intent.id}-")

    def _read(self, line: bytes) -> ResultLine:
        try:
            return _Line.model_validate_json(line).told()
        except ValidationError:
            pass
        raise ModelReplyInvalid(f"{self._told_as}: a line of the results cannot be read")


def _output(call: Call) -> dict[str, JsonValue]:
    output: dict[str, JsonValue] = {}
    told = (call.response_format or {}).get("json_schema")
    if isinstance(told, dict):
        output["format"] = {"type": "json_schema", "schema": told["schema"]}
    if call.reasoning_effort in _EFFORTS:
        output["effort"] = call.reasoning_effort
    return output
