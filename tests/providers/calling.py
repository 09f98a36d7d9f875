"""Sends raw requests in every wire shape, for the tests of the fake itself."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Mapping
from typing import Final

import httpx

from extractor.models.base import JsonSchema, JsonValue
from tests.providers.asked import Asked
from tests.providers.profiles import Profile, Shape
from tests.providers.samples import PORTABLE, TEXT
from tests.providers.server import KEY, StrictProvider

SYSTEM: Final = "Answer in JSON."
USER: Final = "What is promised?"
# The default reads the whole store of certificates for each client, for nothing here.
_NO_CERTIFICATES: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def body_of(
    shape: Shape, model: str, schema: JsonSchema | None, *, user: str = USER
) -> dict[str, JsonValue]:
    """The body of a plain request in this shape, with a token limit only where one is due."""
    return _BODIES[shape](model, schema, user)


def call(
    server: StrictProvider,
    body: Mapping[str, JsonValue],
    *,
    wire: str | None = None,
    model: str = "m",
    key: str | None = KEY,
    query: str = "",
    path: str | None = None,
) -> httpx.Response:
    """Post this body to an endpoint of the profile, its first by default."""
    name = wire or next(iter(server.profile.wires))
    endpoint = server.profile.wires[name]
    way = path or endpoint.path.replace("{model}", model)
    auth = endpoint.auth[0]
    headers = {} if key is None else {auth: f"Bearer {key}" if auth == "authorization" else key}
    with httpx.Client(trust_env=False, timeout=10, verify=_NO_CERTIFICATES) as client:
        return client.post(server.root + way + query, json=dict(body), headers=headers)


def model_of(profile: Profile) -> str:
    """A name that the rules of this profile take for one of its models."""
    return next((name.replace("*", "") for name in profile.models), "m")


def answering(_: Asked) -> str:
    """The perfect answer to `PORTABLE`."""
    return TEXT


def plain(server: StrictProvider, wire: str | None = None) -> dict[str, JsonValue]:
    """A good request: for JSON by whichever means the profile has."""
    name = wire or next(iter(server.profile.wires))
    schema = None if server.profile.schema_rules.unsupported else PORTABLE
    return body_of(server.profile.wires[name].shape, model_of(server.profile), schema)


def said(answered: httpx.Response) -> tuple[str | None, str, dict[str, int]]:
    """The text, the finish and the usage of an answer in OpenAI's shape."""
    body = answered.json()
    choice = body["choices"][0]
    return choice["message"]["content"], choice["finish_reason"], body["usage"]


def _openai(model: str, schema: JsonSchema | None, user: str) -> dict[str, JsonValue]:
    body: dict[str, JsonValue] = {
        "model": model,
        "messages": [{"role": "system", "content": SYSTEM}, {"role": "user", "content": user}],
    }
    if schema is not None:
        inner: JsonValue = {"name": "reply", "schema": schema, "strict": True}
        body["response_format"] = {"type": "json_schema", "json_schema": inner}
    return body


def _anthropic(model: str, schema: JsonSchema | None, user: str) -> dict[str, JsonValue]:
    body: dict[str, JsonValue] = {
        "model": model,
        "max_tokens": 1000,
        "system": SYSTEM,
        "messages": [{"role": "user", "content": [{"type": "text", "text": user}]}],
    }
    if schema is not None:
        body["output_config"] = {"format": {"type": "json_schema", "schema": schema}}
    return body


def _gemini(_: str, schema: JsonSchema | None, user: str) -> dict[str, JsonValue]:
    config: dict[str, JsonValue] = {}
    if schema is not None:
        config = {"responseMimeType": "application/json", "responseJsonSchema": schema}
    return {
        "systemInstruction": {"parts": [{"text": SYSTEM}]},
        "contents": [{"role": "user", "parts": [{"text": user}]}],
        "generationConfig": config,
    }


def _bedrock(_: str, schema: JsonSchema | None, user: str) -> dict[str, JsonValue]:
    body: dict[str, JsonValue] = {
        "system": [{"text": SYSTEM}],
        "messages": [{"role": "user", "content": [{"text": user}]}],
        "inferenceConfig": {},
    }
    if schema is not None:
        inner: JsonValue = {"jsonSchema": {"name": "reply", "schema": json.dumps(schema)}}
        body["outputConfig"] = {"textFormat": {"type": "json_schema", "structure": inner}}
    return body


def _ollama(model: str, schema: JsonSchema | None, user: str) -> dict[str, JsonValue]:
    body = _openai(model, None, user)
    return body if schema is None else {**body, "format": schema}


_BODIES: Final[dict[Shape, Callable[[str, JsonSchema | None, str], dict[str, JsonValue]]]] = {
    "openai-chat": _openai,
    "anthropic-messages": _anthropic,
    "gemini": _gemini,
    "bedrock-converse": _bedrock,
    "ollama-chat": _ollama,
}
