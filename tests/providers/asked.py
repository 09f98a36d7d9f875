"""One request as a provider understands it, whatever the shape of its wire."""

from __future__ import annotations

import fnmatch
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypedDict, cast
from urllib.parse import parse_qs, unquote, urlsplit

from extractor.models.base import JsonSchema, JsonValue, Message
from tests.fakeserver import Recorded
from tests.providers.profiles import Conditions, ParamRule, Profile, Refusal, Scalar, Shape

ABSENT: Final = object()


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, read: `form` tells by what means it asks for JSON, None for plain text.

    `user` is the last user turn; `messages` are all turns but the system's. `limit` is the token
    limit, `tool` the tool that the model must call, and `wire` the name of the endpoint.
    """

    path: str
    headers: Mapping[str, str]
    body: dict[str, JsonValue]
    wire: str
    model: str = ""
    system: str = ""
    messages: tuple[Message, ...] = ()
    form: Literal["json_schema", "json_object", "tool"] | None = None
    schema: JsonSchema | None = None
    schema_name: str = ""
    strict: bool = True
    tool: str | None = None
    limit: int | None = None
    at: float = 0.0
    """When, by the monotonic clock."""

    @property
    def user(self) -> str:
        """The last user turn."""
        return next((m.content for m in reversed(self.messages) if m.role == "user"), "")

    @property
    def prompt(self) -> str:
        """Everything said, in order."""
        return "\n".join([self.system, *(message.content for message in self.messages)])

    def look(self, name: str) -> object:
        """The value at a dotted path of the body, of ?name in the query or the header @name."""
        if name.startswith("?"):
            values = parse_qs(urlsplit(self.path).query).get(name[1:])
            return values[0] if values else ABSENT
        if name.startswith("@"):
            lowered = {key.lower(): value for key, value in self.headers.items()}
            return lowered.get(name[1:].lower(), ABSENT)
        return within(self.body, name)

    def meets(self, conditions: Conditions) -> list[bool]:
        """Which of the conditions hold, in their order."""
        return [_is(self.look(name), wanted) for name, wanted in conditions.items()]


def within(body: JsonValue, name: str) -> object:
    """The value at a dotted path, ABSENT if there is none."""
    value: JsonValue = body
    for step in name.split("."):
        if not isinstance(value, dict) or step not in value:
            return ABSENT
        value = value[step]
    return value


def _is(value: object, wanted: Scalar) -> bool:
    if isinstance(value, str) and isinstance(wanted, str):
        return fnmatch.fnmatchcase(value, wanted)
    return type(value) is type(wanted) and value == wanted


class _Format(TypedDict, total=False):
    form: Literal["json_schema", "json_object", "tool"] | None
    schema: JsonSchema | None
    schema_name: str
    strict: bool
    tool: str | None


def read(profile: Profile, recorded: Recorded) -> Asked:
    """What is asked by this request; its wire is "" if no endpoint of the profile has its path."""
    body = recorded.body
    for name, wire in profile.wires.items():
        path = urlsplit(recorded.path).path
        found = re.fullmatch(re.escape(wire.path).replace(r"\{model\}", "(?P<model>.+)"), path)
        if found is None:
            continue
        shape = wire.shape
        return Asked(
            path=recorded.path,
            headers=recorded.headers,
            body=body,
            wire=name,
            model=unquote(found.groupdict().get("model", _text(body.get("model")))),
            system=_SYSTEMS[shape](body),
            messages=tuple(_messages(body)),
            limit=_limit(profile, body),
            at=recorded.at,
            **_FORMATS[shape](body),
        )
    return Asked(recorded.path, recorded.headers, body, wire="", at=recorded.at)


def _limit(profile: Profile, body: dict[str, JsonValue]) -> int | None:
    found = (within(body, name) for name in profile.params.limit)
    # Ollama's -1 stands for no limit.
    return next((value for value in found if isinstance(value, int) and value >= 0), None)


def _messages(body: dict[str, JsonValue]) -> Iterator[Message]:
    turns = body.get("messages", body.get("contents"))
    for turn in _list(turns):
        table = _table(turn)
        role = {"model": "assistant"}.get(_text(table.get("role")), table.get("role"))
        if role in ("user", "assistant"):
            content = _text(table.get("content", table.get("parts")))
            yield Message(cast('Literal["user", "assistant"]', role), content)


def _system_turns(body: dict[str, JsonValue]) -> str:
    turns = [_table(turn) for turn in _list(body.get("messages"))]
    heard = [turn for turn in turns if turn.get("role") in ("system", "developer")]
    return "\n".join(_text(turn.get("content")) for turn in heard)


def _system_field(body: dict[str, JsonValue]) -> str:
    return _text(body.get("system"))


def _system_instruction(body: dict[str, JsonValue]) -> str:
    given = body.get("system_instruction", body.get("systemInstruction"))
    return _text(_table(given).get("parts"))


def _openai_format(body: dict[str, JsonValue]) -> _Format:
    asked = _table(body.get("response_format"))
    if asked.get("type") == "json_schema":
        inner = _table(asked.get("json_schema"))
        return {
            "form": "json_schema",
            "schema": _table(inner.get("schema")),
            "schema_name": _text(inner.get("name")),
            "strict": inner.get("strict") is True,
        }
    if asked.get("type") == "json_object":
        return {"form": "json_object"}
    name = within(body, "tool_choice.function.name")
    functions = [_table(_table(tool).get("function")) for tool in _list(body.get("tools"))]
    for function in functions:
        forced = function.get("name") == name
        if forced or (body.get("tool_choice") == "required" and len(functions) == 1):
            strict = function.get("strict") is True
            return _tool(function.get("name"), function.get("parameters"), strict=strict)
    return {}


def _anthropic_format(body: dict[str, JsonValue]) -> _Format:
    given = _table(body.get("output_config")).get("format", body.get("output_format"))
    asked = _table(given)
    if asked.get("type") == "json_schema":
        return {"form": "json_schema", "schema": _table(asked.get("schema"))}
    name = within(body, "tool_choice.name")
    for tool in map(_table, _list(body.get("tools"))):
        if tool.get("name") == name:
            return _tool(name, tool.get("input_schema"), strict=tool.get("strict") is True)
    return {}


def _gemini_format(body: dict[str, JsonValue]) -> _Format:
    config = {_camel(key): value for key, value in _table(body.get("generationConfig")).items()}
    for field in ("responseJsonSchema", "responseSchema"):
        if field in config:
            return {"form": "json_schema", "schema": _table(config[field])}
    if config.get("responseMimeType") == "application/json":
        return {"form": "json_object"}
    calling = within(body, "toolConfig.functionCallingConfig.mode")
    for tool in map(_table, _list(body.get("tools"))):
        declared = tool.get("functionDeclarations", tool.get("function_declarations"))
        for function in map(_table, _list(declared)):
            if calling == "ANY":
                return _tool(function.get("name"), function.get("parameters"), strict=False)
    return {}


def _bedrock_format(body: dict[str, JsonValue]) -> _Format:
    asked = within(body, "outputConfig.textFormat.structure.jsonSchema")
    if isinstance(asked, dict):
        # The schema travels as a string.
        schema = json.loads(_text(asked.get("schema")) or "{}")
        name = _text(asked.get("name"))
        return {"form": "json_schema", "schema": _table(schema), "schema_name": name}
    name_of_tool = within(body, "toolConfig.toolChoice.tool.name")
    for tool in _list(_table(body.get("toolConfig")).get("tools")):
        spec = _table(_table(tool).get("toolSpec"))
        if spec.get("name") == name_of_tool:
            return _tool(name_of_tool, _table(spec.get("inputSchema")).get("json"), strict=False)
    return {}


def _ollama_format(body: dict[str, JsonValue]) -> _Format:
    asked = body.get("format")
    if isinstance(asked, dict):
        return {"form": "json_schema", "schema": asked}
    return {"form": "json_object"} if asked == "json" else {}


def _tool(name: object, schema: JsonValue, *, strict: bool) -> _Format:
    return {
        "form": "tool",
        "tool": str(name),
        "schema": _table(schema),
        "schema_name": str(name),
        "strict": strict,
    }


_SYSTEMS: Final[dict[Shape, Callable[[dict[str, JsonValue]], str]]] = {
    "openai-chat": _system_turns,
    "anthropic-messages": _system_field,
    "gemini": _system_instruction,
    "bedrock-converse": _system_field,
    "ollama-chat": _system_turns,
}


_FORMATS: Final[dict[Shape, Callable[[dict[str, JsonValue]], _Format]]] = {
    "openai-chat": _openai_format,
    "anthropic-messages": _anthropic_format,
    "gemini": _gemini_format,
    "bedrock-converse": _bedrock_format,
    "ollama-chat": _ollama_format,
}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _text(content: JsonValue) -> str:
    """The words of a content, given as a string or as a list of parts."""
    if isinstance(content, list):
        return "".join(_text(_table(part).get("text")) for part in content)
    return content if isinstance(content, str) else ""


def _table(value: JsonValue | object) -> dict[str, JsonValue]:
    return value if isinstance(value, dict) else {}


def _list(value: JsonValue | object) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def parameter_refusal(profile: Profile, asked: Asked) -> Refusal | None:
    """The first refusal of a parameter, in the order: unknown, refused, missing."""
    return next(_refusals(profile, asked), None)


def _refusals(profile: Profile, asked: Asked) -> Iterator[Refusal]:
    params = profile.params
    if params.known is not None and all(asked.meets(params.unknown_when)):
        for name in asked.body:
            if name not in params.known:
                yield _refusal(f"unknown:{name}", params.unknown_error, name, asked.body[name])
    for rule in params.refused:
        value = asked.look(rule.name)
        if value is not ABSENT and _applies(rule, asked) and _refuses(rule, value):
            yield _refusal(f"refused:{rule.name}", rule.error, rule.name, value, rule.accepts)
    for name, error in params.required.items():
        if asked.look(name) is ABSENT:
            yield _refusal(f"required:{name}", error, name, None)
    if params.json_word and asked.form == "json_object" and "json" not in asked.prompt.lower():
        yield _refusal("json_word", params.json_word, "messages", asked.prompt)


def _applies(rule: ParamRule, asked: Asked) -> bool:
    return (
        any(fnmatch.fnmatchcase(asked.model, model) for model in rule.models)
        and all(asked.meets(rule.when))
        and not any(asked.meets(rule.unless))
    )


def _refuses(rule: ParamRule, value: object) -> bool:
    if rule.below is not None:
        return isinstance(value, str) and value < rule.below
    if rule.accepts is not None:
        return value not in rule.accepts
    return rule.refuses is None or value in rule.refuses


def _refusal(
    rule: str, error: str, name: str, value: object, accepts: tuple[object, ...] | None = None
) -> Refusal:
    values = ", ".join(f"'{one}'" for one in accepts or ())
    plain = json.loads(json.dumps(value, default=str))
    return Refusal(rule, error, {"field": name, "value": plain, "values": values})
