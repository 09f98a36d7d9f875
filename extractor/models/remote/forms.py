"""The form of JSON schema that providers agree on: a type on every node, null only by `anyOf`."""

from __future__ import annotations

from extractor.models.base import JsonSchema, JsonValue


def typed(schema: JsonSchema) -> JsonSchema:
    """The same schema with its bare enumerations typed: strict servers refuse them bare."""
    return {key: _typed(value) for key, value in schema.items()}


def _typed(node: JsonValue) -> JsonValue:
    if isinstance(node, list):
        return [_typed(item) for item in node]
    if not isinstance(node, dict):
        return node
    values = node.get("enum")
    if not isinstance(values, list) or "type" in node:
        return {key: _typed(value) for key, value in node.items()}
    told = [value for value in values if value is not None]
    kind = "integer" if told and all(isinstance(value, int) for value in told) else "string"
    options: list[JsonValue] = [{"type": kind, "enum": list[JsonValue](told)}] if told else []
    if len(told) < len(values):
        options.append({"type": "null"})
    return options[0] if len(options) == 1 else {"anyOf": options}
