"""One request as a provider understands it, whatever the shape of its wire."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import parse_qs, urlsplit

from extractor.models.base import JsonSchema, JsonValue, Message
from tests.providers.profiles import Conditions, Scalar

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
