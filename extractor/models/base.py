"""The one interface to a language model: a request in, a reply with its usage out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias, runtime_checkable

JsonValue: TypeAlias = "str | int | float | bool | list[JsonValue] | dict[str, JsonValue] | None"
JsonSchema: TypeAlias = dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of the conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One call: always with a schema, always with a limit on the reply.

    `max_tokens` counts output tokens; `timeout_seconds` is for the whole call, queueing included.
    `json_schema` limits ids and lengths to this request; `portable_schema` is the same for all
    requests with this prompt and in the form that all providers take, None if `json_schema` is.
    `compact` keeps an embedded model to JSON without line breaks; a prompt whose own examples are
    indented needs it off, or the model closes every list at once.
    """

    messages: tuple[Message, ...]
    json_schema: JsonSchema
    schema_name: str
    max_tokens: int
    temperature: float = 0.0
    seed: int = 0
    timeout_seconds: float = 300.0
    compact: bool = True
    portable_schema: JsonSchema | None = None
    grammar: str | None = None
    """What an embedded model is kept to in place of a schema: rules of llguidance's Lark, of which
    `reply` is the whole."""


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """Tokens and price of one call; `prompt_tokens` includes `cached_tokens`."""

    prompt_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = None
    engine_seconds: float | None = None
    """What the engine itself spent on tokens, prompt and reply; None where it does not tell."""


@dataclass(frozen=True, slots=True)
class ModelReply:
    """What came back: `finish` is `length` when the reply was cut at `max_tokens`.

    `adapted` tells what of the request its provider refused, so that it was left out.
    """

    text: str
    finish: Literal["stop", "length", "refused"]
    usage: TokenUsage
    adapted: tuple[str, ...] = ()


class ModelClient(Protocol):
    """A model ready to be called.

    `complete` may be called from several threads at once. It makes one attempt, never retries what
    failed, and raises nothing but what it says it does.
    The reply's text is not validated: constraining is best effort, checking is the caller's.
    """

    @property
    def name(self) -> str:
        """What results and messages call the model."""

    @property
    def digest(self) -> str | None:
        """The sha256 of local weights, None for remote models."""

    def complete(self, request: ModelRequest) -> ModelReply:
        """Make one attempt at the request.

        Raises:
            ModelError: there was no reply, or none that the protocol allows.
            WeightsError: the file of local weights cannot be used; on first use only.
        """

    def close(self) -> None:
        """Release what the client holds."""


@runtime_checkable
class AsyncModelClient(Protocol):
    """A `ModelClient` that can also be awaited; a cancelled call is not paid for any longer."""

    async def acomplete(self, request: ModelRequest) -> ModelReply:
        """Make one attempt, as `complete` does; cancelled, it stops the model or its connection.

        Raises:
            ModelError: there was no reply, or none that the protocol allows.
            WeightsError: the file of local weights cannot be used; on first use only.
        """

    async def aclose(self) -> None:
        """Close what the running event loop has open of it; `close` does the rest."""
