"""What a provider's error means: `faults.toml` first, then the HTTP status.

What a server says in words decides, and is never passed on: it may quote the article, or the key.
"""

from __future__ import annotations

import functools
import json
import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib import resources
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from extractor.errors import (
    ModelError,
    ModelFiltered,
    ModelNotFound,
    ModelOverloaded,
    ModelPromptTooLong,
    ModelProviderUnknown,
    ModelQuotaSpent,
    ModelRateLimited,
    ModelRefusedKey,
    ModelRejected,
    ModelReplyInvalid,
    ModelSchemaRefused,
    ModelUnavailable,
)
from extractor.models.base import JsonValue

Kind = Literal[
    "key", "quota", "rate", "too_long", "filtered", "overloaded", "unavailable", "unknown_model",
    "unknown_provider",
    "parameter", "form", "schema", "opaque", "route", "reply_limit", "unfinished", "reply",
    "rejected",
]  # fmt: skip

_TOLD_FIELDS: Final = {
    "code", "type", "status", "param", "reason", "message", "detail", "msg", "loc", "error",
    "retryDelay",
}  # fmt: skip
_MOST_CHARACTERS: Final = 2000
_CODE: Final = re.compile(r"[a-z0-9][a-z0-9_.]{1,60}", re.IGNORECASE)
_DELAY: Final = re.compile(
    r"retry_?delay\W{1,6}(?P<delay>[\d.]+)s|try again in (?P<again>[\d.]+) ?(?P<unit>ms|s|m)\b",
    re.IGNORECASE,
)
_KEYS: Final = {
    "bedrock": "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_BEARER_TOKEN_BEDROCK",
    "vertex_ai": "GOOGLE_APPLICATION_CREDENTIALS",
    "ollama_chat": "OLLAMA_API_KEY",
}
_UNIT_SECONDS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0}
_CONTEXT: Final = re.compile(
    r"context length is (?P<limit>\d+) tokens.*?\((?P<prompt>\d+) (?:in the messages|of text)",
    re.DOTALL,
)
_WINDOW: Final = re.compile(
    r"(?:context length (?:is|of)(?: only)?|max_model_len=|tokens` must be <=) ?(?P<window>\d{3,8})"
)
_LARGEST: Final = re.compile(
    r"(?:at most|up to) (?P<most>\d{3,7})|> (?P<maximum>\d{3,7}), which is the maximum"
)


class _Rule(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    words: tuple[str, ...]
    statuses: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """What a provider's error says; nothing of it but `kind` and `code` is fit to show.

    `told` is its text in lower case, in which the names of refused parameters are looked up;
    `retry_after` is in seconds. In tokens, where the answer says so: `window` is its context,
    `room` what that leaves for a reply, `most` the longest reply that it writes.
    """

    kind: Kind
    status: int
    code: str | None = None
    told: str = ""
    retry_after: float | None = None
    window: int | None = None
    room: int | None = None
    most: int | None = None
    sent: bool = True
    """False where the client library refused the call and the provider never saw it."""

    def error(self, model: str) -> ModelError:
        """The error that it stands for."""
        code = f" ({self.code})" if self.code else ""
        answered = f"the provider answered {self.status}{code}"
        detail = f"{model}: {answered if self.sent else 'its client library refused the call'}"
        if self.kind == "rate":
            return ModelRateLimited(detail, retry_after=self.retry_after)
        hint = _key_hint(model) if self.kind == "key" else None
        error = _ERRORS.get(self.kind, ModelRejected)(detail, hint=hint)
        error.retry_after = self.retry_after
        return error


_ERRORS: Final[Mapping[Kind, type[ModelError]]] = {
    "key": ModelRefusedKey,
    "quota": ModelQuotaSpent,
    "too_long": ModelPromptTooLong,
    "filtered": ModelFiltered,
    "overloaded": ModelOverloaded,
    "unavailable": ModelUnavailable,
    "unknown_model": ModelNotFound,
    "unknown_provider": ModelProviderUnknown,
    "form": ModelSchemaRefused,
    "schema": ModelSchemaRefused,
    "unfinished": ModelReplyInvalid,
    "reply": ModelReplyInvalid,
}


def read_fault(
    status: int,
    body: bytes | str,
    headers: Mapping[str, str] | None = None,
    *,
    sent: bool = True,
) -> Fault:
    """Read an error answer, in any of the shapes that providers give it."""
    told, code = _told(body)
    retry_after = seconds_of((headers or {}).get("retry-after"))
    context, window, largest = (each.search(told) for each in (_CONTEXT, _WINDOW, _LARGEST))
    kind = _kind(status, told)
    return Fault(
        kind=kind,
        status=status,
        code=code,
        told=told,
        retry_after=_seconds_in(told) if retry_after is None else retry_after,
        window=int(window["window"]) if window and kind == "too_long" else None,
        room=int(context["limit"]) - int(context["prompt"]) if context else None,
        most=int(largest["most"] or largest["maximum"])
        if largest and kind == "reply_limit"
        else None,
        sent=sent,
    )


def fault_in_reply(body: bytes | str) -> Fault | None:
    """The error that a provider sent with status 200, None if it sent none."""
    try:
        data = json.loads(body)
    except ValueError:
        return None
    error = data.get("error") if isinstance(data, dict) and not data.get("choices") else None
    if not error:
        return None
    code = error.get("code") if isinstance(error, dict) else None
    status = code if isinstance(code, int) and 400 <= code < 600 else 502
    return read_fault(status, body)


def seconds_of(retry_after: str | None, *, now: datetime | None = None) -> float | None:
    """Read a Retry-After header, seconds or a date; None if it says nothing usable."""
    if not retry_after:
        return None
    try:
        seconds = float(retry_after)
    except ValueError:
        seconds = _seconds_until(retry_after, now or datetime.now(UTC))
    return max(seconds, 0.0) if math.isfinite(seconds) else None


def _key_hint(model: str) -> str:
    """Which variable holds the key of the model's provider."""
    provider = model.removeprefix("litellm/").partition("/")[0]
    variable = _KEYS.get(provider, f"{provider.upper()}_API_KEY")
    return f"Set the provider's key in the environment: {variable}."


def _kind(status: int, told: str) -> Kind:
    for rule in _rules():
        if (not rule.statuses or status in rule.statuses) and any(w in told for w in rule.words):
            return rule.kind
    return _kind_of_status(status)


def _kind_of_status(status: int) -> Kind:
    by_status: dict[int, Kind] = {
        401: "key", 402: "quota", 403: "key", 404: "unknown_model", 408: "unavailable",
        413: "too_long", 429: "rate", 503: "overloaded", 529: "overloaded",
    }  # fmt: skip
    return by_status.get(status, "unavailable" if status >= 500 else "rejected")


@functools.cache
def _rules() -> tuple[_Rule, ...]:
    text = resources.files("extractor.models.remote").joinpath("faults.toml").read_text("utf-8")
    return tuple(_Rule.model_validate(entry) for entry in tomllib.loads(text)["fault"])


def _told(body: bytes | str) -> tuple[str, str | None]:
    """The identifiers and the message of an error in lower case, and its code if it looks like one.

    Only these fields, because others may hold the prompt.
    """
    try:
        data: JsonValue = json.loads(body)
    except ValueError:
        text = body.decode(errors="replace") if isinstance(body, bytes) else body
        return text[:_MOST_CHARACTERS].lower(), None
    pairs = list(_pairs(data))
    codes = [
        value
        for wanted in ("code", "status", "type")
        for key, value in pairs
        if key == wanted and _CODE.fullmatch(value)
    ]
    code = next((code for code in codes if not code.isdigit() and code.lower() != "error"), None)
    return " ".join(value for _, value in pairs)[:_MOST_CHARACTERS].lower(), code


def _pairs(node: JsonValue, key: str = "message", depth: int = 0) -> Iterator[tuple[str, str]]:
    if depth > 6:
        return
    if isinstance(node, dict):
        for name, value in node.items():
            yield from _pairs(value, name, depth + 1)
    elif isinstance(node, list):
        for value in node[:20]:
            yield from _pairs(value, key, depth + 1)
    elif isinstance(node, str | int) and not isinstance(node, bool) and key in _TOLD_FIELDS:
        yield key, f"retrydelay {node}" if key == "retryDelay" else str(node)


def _seconds_in(told: str) -> float | None:
    found = _DELAY.search(told)
    if found is None:
        return None
    return (
        seconds_of(found["delay"])
        if found["delay"]
        else _UNIT_SECONDS[found["unit"].lower()] * float(found["again"].rstrip("."))
    )


def _seconds_until(date: str, now: datetime) -> float:
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return math.nan
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - now).total_seconds()
