"""Wire: how a call reaches a provider; one for each client library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from extractor.models.base import JsonSchema, JsonValue, Message
from extractor.models.hosted import Price
from extractor.models.remote.faults import Fault


@dataclass(frozen=True, slots=True)
class Call:
    """A call in the dialect of its model; what is None is not sent."""

    messages: tuple[Message, ...]
    limit_name: str
    most_tokens: int
    timeout_seconds: float
    response_format: Mapping[str, JsonValue] | None = None
    temperature: float | None = None
    seed: int | None = None
    reasoning_effort: str | None = None
    extra: Mapping[str, JsonValue] = field(default_factory=dict)
    """Fields of the body that only this provider knows."""

    def parameters(self) -> dict[str, JsonValue]:
        """All that is sent besides the model, the messages and `extra`."""
        told: dict[str, JsonValue] = {
            self.limit_name: self.most_tokens,
            "response_format": dict(self.response_format) if self.response_format else None,
            "temperature": self.temperature,
            "seed": self.seed,
            "reasoning_effort": self.reasoning_effort,
        }
        return {name: value for name, value in told.items() if value is not None}


@dataclass(frozen=True, slots=True)
class RawReply:
    """The body of a completion, as OpenAI writes it."""

    body: bytes | str


@dataclass(frozen=True, slots=True)
class Known:
    """What a client library knows of a model, without asking anybody."""

    parameters: frozenset[str] | None = None
    """The parameters that it passes on; None if it knows nothing."""
    thinks: bool = False
    most_tokens: int | None = None
    """The longest reply that the model writes."""
    price: Price | None = None
    """Its list price; None if it is not known, and then nor is what a call cost."""


class Refused(Exception):
    """The provider answered with an error; it never leaves `extractor.models`."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.kind)
        self.fault = fault


class Wire(Protocol):
    """Carries calls of one model; `send` may be called from several threads at once.

    `asend` is the same for an event loop; what it opens belongs to the loop, and `aclose` closes
    it. A call that is cancelled ends its connection.
    """

    def known(self) -> Known:
        """What the client library knows of the model; may import it."""

    def send(self, call: Call) -> RawReply:
        """Make one attempt.

        Raises:
            Refused: the provider answered with an error.
            ModelError: there was no answer, or none that can be used.
        """

    async def asend(self, call: Call) -> RawReply:
        """Make one attempt; raises what `send` does."""

    def load(self) -> None:
        """Import the client library now and not with the first call."""

    def close(self) -> None:
        """Close the connections of threads; the next call opens new ones."""

    async def aclose(self) -> None:
        """Close those of the running event loop."""


def schema_format(name: str, schema: JsonSchema) -> dict[str, JsonValue]:
    """The response format that asks for this schema."""
    return {
        "type": "json_schema",
        "json_schema": {"name": name, "schema": schema, "strict": True},
    }
