"""Schemas for the tests of the fake: one that every provider takes, and one against each rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from extractor.models.base import JsonSchema, JsonValue

TEXT: Final = '{"commitments":[{"actor":"m1","sentence":2,"dates":["d1"]}],"events":[]}'


def closed(**properties: JsonValue) -> JsonSchema:
    """A closed object that requires all of its properties."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _of(*kinds: JsonValue) -> JsonValue:
    return {"anyOf": list(kinds)}


PORTABLE: Final = closed(
    commitments={
        "type": "array",
        "description": "At most 6 items.",
        "items": closed(
            actor=_of({"type": "string", "enum": ["m1", "m2"]}, {"type": "null"}),
            sentence={"type": "integer", "enum": [1, 2, 3]},
            dates={"type": "array", "items": {"type": "string", "enum": ["d1", "d2"]}},
        ),
    },
    events={"type": "array", "items": closed(kind={"type": "string"})},
)
_ITSELF: Final[JsonValue] = {"type": "array", "items": {"$ref": "#/$defs/node"}}
_WORDS: Final[JsonValue] = {"type": "string"}


def _list_of(items: JsonValue, **bounds: JsonValue) -> JsonValue:
    return {"type": "array", "items": items, **bounds}


def _nested(levels: int) -> JsonSchema:
    return closed(x=_nested(levels - 1) if levels else _WORDS)


# For each rule a schema that breaks it alone.
BROKEN: Final[dict[str, JsonSchema]] = {
    "unsupported": PORTABLE,
    "typed": closed(x={"enum": [1, 2]}),
    "forbidden_together": closed(x={"type": "string", "pattern": "^a+$", "minLength": 1}),
    "object_array_bounds": closed(x=_list_of(closed(y=_WORDS), maxItems=6)),
    "min_items": closed(x=_list_of(_WORDS, minItems=2)),
    "largest_bound": closed(x=_list_of(_WORDS, maxItems=2000)),
    "anchored_patterns": closed(x={"type": "string", "pattern": "a+"}),
    "local_refs": closed(x={"$ref": "https://example.org/x.json"}),
    "formats": closed(x={"type": "string", "format": "colour"}),
    "type_list": closed(x={"type": ["string", "null"]}),
    "type_list_with_enum": closed(x={"type": ["string", "null"], "enum": ["a", None]}),
    "mixed_enum": closed(x={"anyOf": [{"type": "null"}], "enum": ["a", 1]}),
    "enum_types": closed(x={"type": "boolean", "enum": [True]}),
    "empty_strings": closed(x={"type": "string", "enum": ["a", ""]}),
    "enum_fits_type": closed(x={"type": "integer", "enum": ["a"]}),
    "closed": {"type": "object", "properties": {}, "required": []},
    "all_required": {**closed(x=_WORDS), "required": []},
    "root_object": {"type": "array", "items": _WORDS},
    "not_empty": {"$schema": "https://json-schema.org/draft/2020-12/schema"},
    "recursion": {**closed(x=_ITSELF), "$defs": {"node": closed(x=_ITSELF)}},
}
OVER: Final[dict[str, Callable[[int], JsonSchema]]] = {
    "enum_values": lambda n: closed(x={"type": "integer", "enum": list(range(n + 1))}),
    "enum_chars": lambda n: closed(
        x={"type": "string", "enum": [f"{i:0{n // 251 + 1}}" for i in range(251)]}
    ),
    "chars": lambda n: closed(x={"type": "string", "const": "x" * n}),
    "unions": lambda n: closed(**{f"x{i}": _of(_WORDS) for i in range(n + 1)}),
    "optional": lambda n: {
        **closed(**dict.fromkeys(map(str, range(n + 1)), _WORDS)),
        "required": [],
    },
    "properties": lambda n: closed(**dict.fromkeys(map(str, range(n + 1)), _WORDS)),
    "depth": _nested,
    "max_items": lambda n: closed(x=_list_of(_WORDS, maxItems=n + 1)),
}
