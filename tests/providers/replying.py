"""How much of an answer a provider lets be written, and in which shape of reply."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from extractor.models.base import JsonSchema, JsonValue
from tests.fakeserver import Answer
from tests.providers.asked import Asked
from tests.providers.profiles import Fault, Profile, Refusal, Reply, Wire

_CHARS_PER_TOKEN: Final = 4
_PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)\}")
# What an error says that is given for no reason in the request.
_EXAMPLES: Final[dict[str, JsonValue]] = {
    "name": "reply",
    "context": "('properties', 'x')",
    "keyword": "maxItems",
    "key": "x",
    "value": "y",
    "values": "'low', 'medium'",
    "type_node": "{'type': 'string'}",
    "type": "string",
    "field": "seed",
    "count": 2000,
    "most": 1000,
    "detail": "unsupported",
    "rule": "typed",
    "partial": '{"',
    "limit": 4096,
    "n": 5000,
    "asked": 5512,
    "prompt": 5000,
    "completion": 512,
}


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer to be written: `prompt`, `cached`, `thinking` and `window` are in tokens."""

    asked: Asked
    text: str
    reply: str
    prompt: int
    cached: int = 0
    thinking: int = 0
    window: int | None = None

    @property
    def tokens(self) -> int:
        """What it costs in full."""
        return tokens_of(self.text) + self.thinking

    @property
    def room(self) -> int:
        """What the window leaves beside the prompt."""
        return self.tokens if self.window is None else max(self.window - self.prompt, 0)

    @property
    def allowed(self) -> int:
        """What of it may be written."""
        limit = self.tokens if self.asked.limit is None else self.asked.limit
        return min(self.tokens, self.room, limit)

    @property
    def partial(self) -> str:
        """The part of the text that is written."""
        return self.text[: max(self.allowed - self.thinking, 0) * _CHARS_PER_TOKEN]


def tokens_of(text: str) -> int:
    """A rough count, the same everywhere."""
    return len(text) // _CHARS_PER_TOKEN


def counts(prompt: int, completion: int, window: int) -> dict[str, JsonValue]:
    """The placeholders that tell of tokens."""
    numbers = {"n": prompt, "prompt": prompt, "completion": completion, "limit": window}
    return {**numbers, "asked": prompt + completion}


def reply_to(profile: Profile, wire: Wire, draft: Draft) -> Answer | Refusal:
    """The reply, cut where the token limit or the window ends it."""
    cut = draft.allowed < draft.tokens
    name = _cut_reply(profile, draft) if cut else _whole_reply(draft)
    if name in profile.all_errors:
        return Refusal("output", name, counts(draft.prompt, draft.allowed, draft.window or 0))
    text = draft.partial if cut else draft.text
    reasoning = min(draft.thinking, draft.allowed)
    values: dict[str, JsonValue] = {
        **counts(draft.prompt, draft.allowed, draft.window or 0),
        "model": draft.asked.model,
        "tool": draft.asked.tool,
        "cached": draft.cached,
        "uncached": max(draft.prompt - draft.cached, 0),
        "reasoning": reasoning,
        "written": draft.allowed - reasoning,
        "total": draft.prompt + draft.allowed,
        "partial": draft.partial if cut else draft.text[: len(draft.text) // 2],
    }
    return reply_answer(wire, wire.replies[name], text, values)


def _whole_reply(draft: Draft) -> str:
    return "tool" if draft.reply == "ok" and draft.asked.tool is not None else draft.reply


def _cut_reply(profile: Profile, draft: Draft) -> str:
    """The name of a reply, or of the error given in its place."""
    params, limit = profile.params, draft.asked.limit
    if params.least_limit_error and limit is not None and limit < params.least_limit:
        return params.least_limit_error
    by_window = draft.allowed == draft.room and draft.allowed != limit
    if by_window and profile.context.full != "length":
        return profile.context.full
    if draft.asked.tool is not None:
        return "tool_length"
    return "length" if draft.partial else "length_empty"


def fill(template: JsonValue, values: Mapping[str, JsonValue]) -> JsonValue:
    """Put values for {placeholders}; a string that is nothing else becomes the value itself."""
    if isinstance(template, dict):
        return {key: fill(value, values) for key, value in template.items()}
    if isinstance(template, list):
        return [fill(value, values) for value in template]
    if not isinstance(template, str):
        return template
    if (only := _PLACEHOLDER.fullmatch(template)) is not None:
        return values[only[1]]
    return _PLACEHOLDER.sub(lambda found: _plain(values[found[1]]), template)


def error_answer(wire: Wire, fault: Fault, details: Mapping[str, JsonValue]) -> Answer:
    """The error as this wire gives it."""
    values: dict[str, JsonValue] = {**_EXAMPLES, **details, "status": fault.status}
    kind = fault.type or wire.error_type
    values |= {"message": fill(fault.message, values)}
    values |= {"type": kind, "param": fault.param, "code": fault.code}
    body = fill(json.loads(fault.body or wire.error), values)
    return Answer(
        status=fault.status,
        body=json.dumps([body] if wire.error_list else body).encode(),
        headers=fault.headers,
    )


def reply_answer(wire: Wire, reply: Reply, text: str, values: Mapping[str, JsonValue]) -> Answer:
    """The reply with this text as this wire gives it."""
    ok = wire.replies["ok"]
    known: dict[str, JsonValue] = {**values, "json": text}
    known["text"] = fill(reply.text, known)
    known["object"] = _object(known["text"])
    known["usage"] = fill(json.loads(wire.usage), known)
    known["message"] = fill(json.loads(reply.message or ok.message or "null"), known)
    known["finish"] = reply.finish or ok.finish
    body = fill(json.loads(reply.body or wire.envelope), known)
    if isinstance(body, dict) and reply.body is None:
        body |= json.loads(wire.extra)
    return Answer(body=json.dumps(body).encode())


def completed(value: JsonValue, schema: JsonSchema) -> JsonValue:
    """Add what the schema requires and null or [] can stand for."""
    if isinstance(value, list) and isinstance(items := schema.get("items"), dict):
        return [completed(item, items) for item in value]
    if isinstance(value, dict) and isinstance(branches := schema.get("anyOf"), list):
        objects = [one for one in branches if isinstance(one, dict) and "properties" in one]
        return completed(value, objects[0]) if objects else value
    properties = schema.get("properties")
    required = schema.get("required", [])
    if not (isinstance(value, dict) and isinstance(properties, dict)):
        return value
    whole = dict(value)
    for name, child in properties.items():
        if not isinstance(child, dict):
            continue
        if name in whole:
            whole[name] = completed(whole[name], child)
        elif isinstance(required, list) and name in required:
            whole.update((name, empty) for empty in _empties(child))
    return whole


def _empties(schema: JsonSchema) -> list[JsonValue]:
    """The empty value that a schema permits, if any."""
    branches = schema.get("anyOf")
    options = [schema, *(branches if isinstance(branches, list) else [])]
    kinds = [kind for one in options if isinstance(one, dict) for kind in _kinds(one)]
    nullable = "null" in kinds or ("enum" in schema and _has_null(schema["enum"]))
    if nullable:
        return [None]
    return [[]] if "array" in kinds and not schema.get("minItems") else []


def _kinds(schema: JsonSchema) -> list[JsonValue]:
    kind = schema.get("type")
    return kind if isinstance(kind, list) else [kind]


def _has_null(values: JsonValue) -> bool:
    return isinstance(values, list) and None in values


def _object(text: JsonValue) -> JsonValue:
    try:
        value: JsonValue = json.loads(str(text))
    except json.JSONDecodeError:
        return {}
    return value


def _plain(value: JsonValue) -> str:
    return value if isinstance(value, str) else json.dumps(value)
