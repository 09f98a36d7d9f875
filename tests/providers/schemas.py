"""What a provider says to a schema: each rule is a function here and a line in rules/*.toml."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from extractor.models.base import JsonSchema, JsonValue
from tests.providers import profiles
from tests.providers.profiles import Profile, Refusal, SchemaRules

_KINDS: Final[dict[str, tuple[type, ...]]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
    "array": (list,),
    "object": (dict,),
}
_MANY_ENUM_VALUES: Final = 250


@dataclass(frozen=True, slots=True)
class _Node:
    """A schema within the schema: `depth` counts the objects around it."""

    schema: JsonSchema
    path: tuple[str, ...]
    depth: int
    defs: bool = False

    @property
    def types(self) -> list[str]:
        kind = self.schema.get("type", [])
        return [str(one) for one in kind] if isinstance(kind, list) else [str(kind)]

    @property
    def properties(self) -> dict[str, JsonValue]:
        return _table(self.schema.get("properties"))

    @property
    def required(self) -> list[JsonValue]:
        return _list(self.schema.get("required"))


_Found: TypeAlias = tuple[str, dict[str, JsonValue]]
"""The rule that is broken, and the placeholders it knows."""


def refusal(profile: str | Profile, schema: JsonSchema, *, name: str = "reply") -> Refusal | None:
    """The first refusal of this schema, None if the provider takes it."""
    known = profiles.load(profile) if isinstance(profile, str) else profile
    rules = known.schema_rules
    for node, (rule, details) in _findings(known, schema, name):
        error = rules.says.get(rule) or rules.says.get(rule.partition(".")[0])
        error = error or rules.says.get("*", rule.partition(".")[0])
        about: dict[str, JsonValue] = {
            "name": name,
            "rule": rule,
            "context": repr(node.path),
            "type_node": repr({"type": node.schema.get("type")}),
            "type": "/".join(node.types) or "None",
        }
        return Refusal(rule, error, {**about, **details})
    return None


def _findings(profile: Profile, schema: JsonSchema, name: str) -> Iterator[tuple[_Node, _Found]]:
    rules = profile.schema_rules
    root = _Node(schema, (), 0)
    if rules.unsupported:
        yield root, (rules.unsupported, {})
    if rules.name_pattern and not re.search(rules.name_pattern, name):
        yield root, ("name_pattern", {"value": name})
    if rules.root_object and (schema.get("type") != "object" or "anyOf" in schema):
        yield root, ("root_object", {})
    if rules.not_empty and not set(schema) - {"$schema"}:
        yield root, ("not_empty", {})
    if not rules.recursion and _recursive(schema):
        yield root, ("recursion", {})
    nodes = list(_nodes(root))
    for node in nodes:
        for check in _CHECKS:
            found = check(rules, node)
            if found is not None:
                yield node, found
    limits = profile.limits.model_dump(exclude_none=True)
    counts = _counts(nodes)
    for limit, most in limits.items():
        if counts[limit] > most:
            yield root, (limit, {"count": counts[limit], "most": most})


def _nodes(node: _Node) -> Iterator[_Node]:
    yield node
    for key in ("properties", "$defs"):
        for name, child in _table(node.schema.get(key)).items():
            depth = node.depth + (key == "properties")
            yield from _child(child, (*node.path, key, name), depth)
    yield from _child(node.schema.get("items"), (*node.path, "items"), node.depth)
    for at, child in enumerate(_list(node.schema.get("anyOf"))):
        yield from _child(child, (*node.path, "anyOf", str(at)), node.depth)


def _child(schema: JsonValue, path: tuple[str, ...], depth: int) -> Iterator[_Node]:
    if isinstance(schema, dict):
        yield from _nodes(_Node(schema, path, depth))


def _typed(rules: SchemaRules, node: _Node) -> _Found | None:
    waived = any(key in node.schema for key in rules.type_waived_by)
    return None if not rules.typed or waived or "type" in node.schema else ("typed", {})


def _forbidden(rules: SchemaRules, node: _Node) -> _Found | None:
    for key in node.schema:
        if key in (*rules.forbidden, *rules.also_forbidden):
            return f"forbidden.{key}", {"keyword": key}
    for one, other in rules.forbidden_together:
        if one in node.schema and other in node.schema:
            return "forbidden_together", {"keyword": one}
    return None


def _bounds(rules: SchemaRules, node: _Node) -> _Found | None:
    bounds = [key for key in ("minItems", "maxItems") if key in node.schema]
    of_objects = _table(node.schema.get("items")).get("type") == "object"
    if bounds and of_objects and not rules.object_array_bounds:
        return "object_array_bounds", {"keyword": bounds[0]}
    least = node.schema.get("minItems")
    if least is not None and rules.min_items is not None and least not in rules.min_items:
        return "min_items", {"keyword": "minItems", "value": least}
    for key in (*bounds, "minLength", "maxLength"):
        bound = node.schema.get(key)
        if rules.largest_bound is not None and _number(bound) > rules.largest_bound:
            return "largest_bound", {"keyword": key, "value": bound}
    return None


def _texts(rules: SchemaRules, node: _Node) -> _Found | None:
    form, pattern, ref = (node.schema.get(key) for key in ("format", "pattern", "$ref"))
    if rules.formats is not None and form is not None and form not in rules.formats:
        return "formats", {"keyword": "format", "value": form}
    whole = isinstance(pattern, str) and pattern.startswith("^") and pattern.endswith("$")
    if rules.anchored_patterns and pattern is not None and not whole:
        return "anchored_patterns", {"keyword": "pattern", "value": pattern}
    if rules.local_refs and isinstance(ref, str) and not ref.startswith("#"):
        return "local_refs", {"keyword": "$ref", "value": ref}
    return None


def _type_list(rules: SchemaRules, node: _Node) -> _Found | None:
    if not isinstance(node.schema.get("type"), list):
        return None
    if not rules.type_list:
        return "type_list", {}
    if "enum" in node.schema and not rules.type_list_with_enum:
        values = _list(node.schema["enum"])
        value = next((one for one in values if one is not None), None)
        return "type_list_with_enum", {"value": value, "type": repr(node.types)}
    return None


def _enum(rules: SchemaRules, node: _Node) -> _Found | None:
    if "enum" not in node.schema:
        return None
    values = _list(node.schema["enum"])
    listed = isinstance(node.schema.get("type"), list) and rules.type_list_with_enum
    kinds = [_kind(value) for value in values]
    for value, kind in zip(values, kinds, strict=True):
        if rules.enum_types is not None and kind not in rules.enum_types:
            return "enum_types", {"value": repr(value)}
        if rules.enum_fits_type and "type" in node.schema and not _fits(value, node.types):
            return "enum_fits_type", {"value": value if isinstance(value, str) else repr(value)}
        if value == "" and not rules.empty_strings:
            return "empty_strings", {"value": ""}
    if len(set(kinds)) > 1 and not rules.mixed_enum and not listed:
        return "mixed_enum", {"value": repr(values[-1])}
    return None


def _object(rules: SchemaRules, node: _Node) -> _Found | None:
    if "object" not in node.types:
        return None
    if rules.closed and node.schema.get("additionalProperties") is not False:
        return "closed", {}
    missing = [key for key in node.properties if key not in node.required]
    extra = [str(key) for key in node.required if key not in node.properties]
    if rules.all_required and (missing or extra):
        return "all_required", {"key": [*missing, *extra][0]}
    return None


_CHECKS: Final[tuple[Callable[[SchemaRules, _Node], _Found | None], ...]] = (
    _typed,
    _forbidden,
    _bounds,
    _texts,
    _type_list,
    _enum,
    _object,
)


def _counts(nodes: list[_Node]) -> dict[str, int]:
    """What `SchemaLimits` limits, counted over the whole schema."""
    enums = [value for node in nodes for value in _list(node.schema.get("enum"))]
    consts = [node.schema["const"] for node in nodes if "const" in node.schema]
    names = [name for node in nodes for name in node.properties]
    chars = sum(len(value) for value in enums if isinstance(value, str))
    return {
        "enum_values": len(enums),
        "enum_chars": chars if len(enums) > _MANY_ENUM_VALUES else 0,
        "chars": chars + sum(len(str(value)) for value in (*consts, *names)),
        "unions": sum("anyOf" in n.schema or isinstance(n.schema.get("type"), list) for n in nodes),
        "optional": sum(len(set(node.properties) - set(map(str, node.required))) for node in nodes),
        "properties": len(names),
        "depth": max(node.depth for node in nodes),
        "max_items": sum(int(_number(node.schema.get("maxItems"))) for node in nodes),
    }


def _recursive(schema: JsonSchema) -> bool:
    """Whether a definition leads back to itself."""
    defs = {f"#/$defs/{name}": child for name, child in _table(schema.get("$defs")).items()}
    leads = {ref: set(_refs(child)) for ref, child in defs.items()}
    for start in leads:
        reached, todo = set[str](), list(leads[start])
        while todo:
            ref = todo.pop()
            if ref not in reached:
                reached.add(ref)
                todo += leads.get(ref, ())
        if start in reached:
            return True
    return "#" in set(_refs(schema))


def _refs(value: JsonValue) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(ref := value.get("$ref"), str):
            yield ref
        for child in value.values():
            yield from _refs(child)
    elif isinstance(value, list):
        for child in value:
            yield from _refs(child)


def _kind(value: JsonValue) -> str:
    if isinstance(value, bool):
        return "boolean"
    return next(kind for kind, types in _KINDS.items() if isinstance(value, types))


def _fits(value: JsonValue, types: list[str]) -> bool:
    kind = _kind(value)
    return kind in types or (kind == "integer" and "number" in types)


def _table(value: JsonValue) -> dict[str, JsonValue]:
    return value if isinstance(value, dict) else {}


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def _number(value: JsonValue) -> float:
    return value if isinstance(value, int | float) else 0
