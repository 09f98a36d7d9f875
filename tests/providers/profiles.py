"""The rules of each provider as data: read from rules/*.toml, checked, and never changed."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from extractor.models.base import JsonValue

Scalar: TypeAlias = str | int | float | bool
Conditions: TypeAlias = Mapping[str, Scalar]
"""A name (see `Asked.look`) and the value it must have; in a string, * stands for anything."""
Shape: TypeAlias = Literal[
    "openai-chat", "anthropic-messages", "gemini", "bedrock-converse", "ollama-chat"
]
_Table: TypeAlias = dict[str, JsonValue]
_RULES: Final = Path(__file__).parent / "rules"
_SHAPES: Final = Path(__file__).parent / "shapes.toml"
# These tell of one profile only: what extends it has its own.
_NOT_INHERITED: Final = {"models", "openai", "litellm", "evidence", "sources"}


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Fault(_Data):
    """An error that the provider gives: the wire's error body, unless it has one of its own."""

    status: int
    message: str = ""
    type: str | None = None
    param: str | None = None
    code: str | None = None
    body: str | None = None
    headers: Mapping[str, str] = {}
    assumed: bool = False
    """Nobody was seen to receive it in these words."""


class Reply(_Data):
    """A shape of a good reply: what it leaves out is as in the wire's `ok`."""

    finish: str | None = None
    message: str | None = None
    text: str = "{json}"
    body: str | None = None


class Wire(_Data):
    """One endpoint: where it is, who may call it, and what its bodies look like.

    `{model}` in the path stands for the model's name. A header `auth` must be there if it is
    `auth_required`; several names mean any of them, and ?name is one of the query.
    """

    shape: Shape
    path: str
    auth: tuple[str, ...] = ("authorization",)
    auth_required: bool = True
    envelope: str
    usage: str
    error: str
    error_type: str = "invalid_request_error"
    error_list: bool = False
    extra: str = "{}"
    replies: Mapping[str, Reply]
    window_from: str | None = None
    """Where a request may set the context window."""


class ParamRule(_Data):
    """A parameter refused with `error`: at all, or by its value, its model or its company.

    `name` is looked up as in `Asked.look`. Only `models` (globs) are concerned, and only while all
    of `when` holds and nothing of `unless`. `below` refuses what sorts before it.
    """

    name: str
    error: str
    models: tuple[str, ...] = ("*",)
    accepts: tuple[Scalar, ...] | None = None
    refuses: tuple[Scalar, ...] | None = None
    below: str | None = None
    when: Conditions = {}
    unless: Conditions = {}


class Params(_Data):
    """The rules of parameters: `limit` tells where the token limit may stand, the first wins."""

    limit: tuple[str, ...]
    known: tuple[str, ...] | None = None
    unknown_when: Conditions = {}
    unknown_error: str = "unknown_field"
    required: Mapping[str, str] = {}
    refused: tuple[ParamRule, ...] = ()
    json_word: str | None = None
    """The error for json_object without the word json in the prompt."""
    no_thinking: Conditions = {}
    """Any of these turns thinking off."""
    least_limit: int = 0
    least_limit_error: str | None = None
    """Given instead of a cut reply where the limit is smaller still."""


class SchemaLimits(_Data):
    """The most that one schema may hold; None: no limit."""

    enum_values: int | None = None
    enum_chars: int | None = None
    """Characters of all enum values, counted once there are more than 250 of them."""
    chars: int | None = None
    unions: int | None = None
    optional: int | None = None
    properties: int | None = None
    depth: int | None = None
    max_items: int | None = None
    """The sum of maxItems over the schema."""


class SchemaRules(_Data):
    """What a schema may hold; every rule names the error that it gives in `says`.

    A rule missing there gives the error of its own name, or that of "*".
    """

    enforced: bool = True
    enforced_when: Conditions = {}
    only_strict: bool = False
    """Without strict: true the rules are not applied and nothing is enforced."""
    unsupported: str | None = None
    typed: bool = False
    type_waived_by: tuple[str, ...] = ("anyOf", "$ref")
    forbidden: tuple[str, ...] = ()
    also_forbidden: tuple[str, ...] = ()
    forbidden_together: tuple[tuple[str, str], ...] = ()
    object_array_bounds: bool = True
    min_items: tuple[int, ...] | None = None
    largest_bound: int | None = None
    anchored_patterns: bool = False
    local_refs: bool = False
    formats: tuple[str, ...] | None = None
    type_list: bool = True
    type_list_with_enum: bool = True
    mixed_enum: bool = True
    enum_types: tuple[str, ...] | None = None
    empty_strings: bool = True
    enum_fits_type: bool = False
    closed: bool = False
    all_required: bool = False
    root_object: bool = False
    not_empty: bool = False
    recursion: bool = True
    name_pattern: str | None = None
    says: Mapping[str, str] = {}
    errors: Mapping[str, Fault] = {}


class Context(_Data):
    """What a prompt over the window leads to, and a reply that fills it (`full`).

    `error`: the error of that name; `cut`: a reply to what is left of the prompt; `blank`: a reply
    without text.
    """

    overflow: Literal["error", "cut", "blank"] = "error"
    error: str = "context"
    counts_reply: bool = False
    full: str = "length"


class Cache(_Data):
    """Which prefix of a prompt is found again, and whether the schema belongs to it."""

    min_tokens: int | None = None
    with_schema: bool = False


class LiteLLM(_Data):
    """How litellm is led to the fake by this name of a model."""

    model: str
    base: str
    extra: Mapping[str, str] = {}
    env: Mapping[str, str] = {}


class Profile(_Data):
    """All that is known of one provider (or family of its models)."""

    name: str
    models: tuple[str, ...] = ()
    wires: Mapping[str, Wire]
    params: Params
    schema_rules: SchemaRules = Field(alias="schema")
    limits: SchemaLimits = SchemaLimits()
    context: Context = Context()
    cache: Cache = Cache()
    errors: Mapping[str, Fault]
    openai: str | None = None
    """The path of the base URL by which the openai client reaches it; None: no such endpoint."""
    litellm: tuple[LiteLLM, ...] = ()
    evidence: str
    sources: tuple[str, ...]

    @property
    def openai_adapter(self) -> bool:
        """Whether a client of OpenAI's chat completions can be led to it."""
        return self.openai is not None

    @property
    def all_errors(self) -> Mapping[str, Fault]:
        """Every error by its name."""
        return {**self.schema_rules.errors, **self.errors}

    @property
    def main_wire(self) -> Wire:
        """The endpoint that stands first in the data."""
        return next(iter(self.wires.values()))


@functools.cache
def names() -> tuple[str, ...]:
    """Every profile's name, sorted."""
    return tuple(sorted(_rules()))


@functools.cache
def load(name: str) -> Profile:
    """Read one profile; raise KeyError for an unknown one."""
    if name not in names():
        raise KeyError(f"no profile {name}: there are {', '.join(names())}")
    data = _resolved(name)
    wires = {key: _wire(_table(wire)) for key, wire in _table(data["wires"]).items()}
    return Profile.model_validate({**data, "name": name, "wires": wires})


def _wire(wire: _Table) -> _Table:
    """Lay a wire upon what its shape says, and both upon the habits of all models."""
    data = _toml(_SHAPES)
    shape = _table(_table(data["shapes"])[str(wire["shape"])])
    habits: _Table = {name: {"text": text} for name, text in _table(data["habits"]).items()}
    return _merged({"replies": habits}, _merged(shape, wire))


def _resolved(name: str) -> _Table:
    data = dict(_rules()[name])
    parents = data.pop("extends", [])
    inherited: _Table = {}
    for parent in parents if isinstance(parents, list) else []:
        base, _, section = str(parent).partition(".")
        whole = {key: value for key, value in _resolved(base).items() if key not in _NOT_INHERITED}
        inherited = _merged(inherited, {section: whole[section]} if section else whole)
    return _merged(inherited, data)


def _merged(base: Mapping[str, JsonValue], over: Mapping[str, JsonValue]) -> _Table:
    """Lay `over` upon `base`, table by table; lists and values replace one another."""
    both = dict(base)
    for key, value in over.items():
        below = both.get(key)
        nested = isinstance(value, dict) and isinstance(below, dict)
        both[key] = _merged(_table(below), _table(value)) if nested else value
    return both


def _table(value: JsonValue) -> _Table:
    return value if isinstance(value, dict) else {}


@functools.cache
def _rules() -> Mapping[str, _Table]:
    """What is written of each profile, in whatever file."""
    files = [_toml(file) for file in sorted(_RULES.glob("*.toml"))]
    return {name: _table(rules) for file in files for name, rules in file.items()}


@functools.cache
def _toml(path: Path) -> _Table:
    return tomllib.loads(path.read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Refusal:
    """`error` is a name of the profile's errors; `details` fill the placeholders of its text."""

    rule: str
    error: str
    details: Mapping[str, JsonValue] = field(default_factory=dict)
