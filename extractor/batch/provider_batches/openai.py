"""Batches of OpenAI, and of servers that have its API: a file goes up, two files come down.

https://platform.openai.com/docs/api-reference/batch
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from typing import IO, Final, Literal, TypeAlias

from pydantic import Field, ValidationError
from pydantic import JsonValue as AnyJson

from extractor.batch.provider_batches.base import (
    REQUEST_TIMED_OUT,
    BatchFacts,
    BatchForm,
    Finding,
    Intent,
    ResultLine,
)
from extractor.batch.provider_batches.http import Api, Told
from extractor.errors import ModelError, ModelReplyInvalid
from extractor.models.remote.wire import Call

_ADDRESS: Final = "https://api.openai.com/v1"
_ENDPOINT: Final = "/v1/chat/completions"
_PAGE: Final = 100
_SKEW_SECONDS: Final = 3600
_KEPT_SECONDS: Final = 30 * 24 * 3600

_Status: TypeAlias = Literal[
    "validating", "failed", "in_progress", "finalizing", "completed", "expired", "cancelling",
    "cancelled",
]  # fmt: skip


class _File(Told):
    id: str


class _Counts(Told):
    completed: int = 0
    failed: int = 0


class _Error(Told):
    code: str | None = None


class _Errors(Told):
    data: list[_Error] | None = None


class _Batch(Told):
    id: str
    status: _Status
    created_at: int = 0
    metadata: dict[str, str] | None = None
    request_counts: _Counts | None = None
    output_file_id: str | None = None
    error_file_id: str | None = None
    errors: _Errors | None = None

    def facts(self) -> BatchFacts:
        counts = self.request_counts or _Counts()
        codes = [error.code for error in (self.errors or _Errors()).data or [] if error.code]
        ended = self.status in ("completed", "expired", "cancelled")
        return BatchFacts(
            id=self.id,
            state="refused" if self.status == "failed" else "ended" if ended else "running",
            done=counts.completed + counts.failed,
            canceled=self.status == "cancelled",
            code=codes[0] if codes else None,
            files=tuple(each for each in (self.output_file_id, self.error_file_id) if each),
        )


class _Batches(Told):
    data: list[_Batch]
    has_more: bool = False


class _Response(Told):
    status_code: int
    body: AnyJson = None


class _Line(Told):
    custom_id: str = Field(min_length=1)
    response: _Response | None = None
    error: _Error | None = None

    def result(self) -> ResultLine:
        # A status of 0 was seen of requests that had never been answered.
        if self.response is not None and self.response.status_code:
            status = self.response.status_code
            body = json.dumps(self.response.body, ensure_ascii=False)
            return ResultLine(
                self.custom_id, "answered" if status < 400 else "failed", status, body
            )
        code = self.error.code if self.error else None
        if code == "batch_cancelled":
            return ResultLine(self.custom_id, "canceled")
        if code == "request_timeout":
            return ResultLine(self.custom_id, "failed", 504, REQUEST_TIMED_OUT)
        return ResultLine(self.custom_id, "expired")


class OpenAIBatches:
    """The batches of an account of OpenAI, or of a server with its API.

    Args:
        name: openai/NAME, of which the provider is told NAME.
        base_url: the server; None for OpenAI itself.
        api_key: the account's.

    Raises:
        MissingExtra: httpx is not installed.
    """

    name = "openai"
    form = BatchForm(b"", b"\n", b"\n", most_requests=50_000, most_bytes=190 * 1000 * 1000)

    def __init__(self, name: str, base_url: str | None, api_key: str | None) -> None:
        self._model = name.removeprefix("openai/")
        self._told_as = name
        self._of_openai = base_url is None
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._api = Api(name, base_url or _ADDRESS, headers, extra="openai")

    def request(self, request_id: str, call: Call) -> bytes:
        """A line of the file."""
        body = {
            "model": self._model,
            "messages": [asdict(message) for message in call.messages],
            **call.parameters(),
            **call.extra,
        }
        line = {"custom_id": request_id, "method": "POST", "url": _ENDPOINT, "body": body}
        return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode()

    def upload(self, intent: Intent, file: IO[bytes]) -> str | None:
        """Send the file; raises what `ProviderBatches.upload` says."""
        fields = {"purpose": "batch"}
        if self._of_openai:  # not every other server knows it
            seconds = str(_KEPT_SECONDS)
            fields |= {"expires_after[anchor]": "created_at", "expires_after[seconds]": seconds}
        return self._api.post_file("files", _File, fields, f"{intent.id}.jsonl", file).id

    def create(self, intent: Intent, upload: str | None, file: IO[bytes]) -> BatchFacts:
        """Make the batch; raises what `ProviderBatches.create` says."""
        wanted = {
            "input_file_id": upload,
            "endpoint": _ENDPOINT,
            "completion_window": "24h",
            "metadata": {"run": intent.run_id, "part": intent.id},
        }
        return self._api.post("batches", _Batch, wanted).facts()

    def find(self, intent: Intent, known: frozenset[str]) -> Finding:
        """Look through the batches, newest first; raises what `ProviderBatches.find` says."""
        earliest = intent.since.timestamp() - _SKEW_SECONDS
        params: dict[str, str | int] = {"limit": _PAGE}
        while True:
            page = self._api.get("batches", _Batches, params)
            for batch in page.data:
                if (batch.metadata or {}).get("part") == intent.id:
                    return batch.facts()
            if not (page.has_more and page.data) or page.data[-1].created_at < earliest:
                return None
            params["after"] = page.data[-1].id

    def look(self, batch_id: str) -> BatchFacts:
        """Where a batch stands; raises what `ProviderBatches.look` says."""
        return self._api.get(f"batches/{batch_id}", _Batch).facts()

    def results(self, facts: BatchFacts) -> Iterator[ResultLine]:
        """Answers, then errors; raises what `ProviderBatches.results` says."""
        for file in facts.files:
            for line in self._api.lines(f"files/{file}/content"):
                yield self._read(line)

    def cancel(self, batch_id: str) -> None:
        """Cancel a batch; raises what `ProviderBatches.cancel` says."""
        self._api.post(f"batches/{batch_id}/cancel", _Batch)

    def tidy(self, upload: str | None) -> None:
        """Delete the file that was sent."""
        if upload:
            with suppress(ModelError):
                self._api.delete(f"files/{upload}")

    def close(self) -> None:
        """Release the connections."""
        self._api.close()

    def _read(self, line: bytes) -> ResultLine:
        try:
            return _Line.model_validate_json(line).result()
        except ValidationError:
            pass
        raise ModelReplyInvalid(f"{self._told_as}: a line of the results cannot be read")
