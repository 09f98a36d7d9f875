"""RemoteModel: a model of a provider or a server, asked in the dialect that it takes."""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final

from extractor.errors import ModelOutOfRoom, ModelPromptCut, ModelRejected, ModelReplyInvalid
from extractor.models.base import JsonValue, Message, ModelReply, ModelRequest
from extractor.models.hosted import Price
from extractor.models.remote.completion import read_completion
from extractor.models.remote.correcting import Correction, after_silence, corrected
from extractor.models.remote.dialect import Dialect, with_known
from extractor.models.remote.faults import Fault, fault_in_reply
from extractor.models.remote.forms import typed
from extractor.models.remote.wire import Call, RawReply, Refused, Wire, schema_format
from extractor.models.waiting import finished

_MOST_CORRECTIONS: Final = 10
_LEAST_ROOM: Final = 256
# Vietnamese has the fewest of our languages; where a token is shorter still, the server says so.
_CHARACTERS_PER_TOKEN: Final = 3.0
_WORD: Final = re.compile(r"\w+")
# No tokenizer in use joins words, so a prompt has more tokens than words; this is for counts that
# leave out a turn's own tokens or the like.
_FEWEST_TOKENS_PER_WORD: Final = 0.9
_SCHEMA_TOLD: Final = (
    "\n\nAnswer with one JSON object that fits this JSON schema, and with nothing else: no words "
    "before or after it, no code fence.\n"
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """How a model is spoken to by now, and what its provider's answers changed."""

    dialect: Dialect
    corrections: tuple[str, ...] = ()
    price: Price | None = None


_LEARNT: Final[dict[tuple[str, str, str], Spoken]] = {}
_LOCK: Final = threading.Lock()


class RemoteModel:
    """A `ModelClient` over a wire; what its provider refuses is left out, told and remembered.

    A call that is refused for its form is made again in a plainer one: that costs nothing. What
    was learnt so counts for all clients of this model and URL in the process. `digest` is None.

    Args:
        name: what the user calls the model.
        place: tells models of the same name at other URLs apart.
        dialect: what is known of the model before it is asked.
        thinking_tokens: added to the limit of a model that thinks.
        check_prompts: whether a prompt of which the server read only a part is an error.
    """

    digest: str | None = None

    def __init__(
        self,
        name: str,
        wire: Wire,
        dialect: Dialect,
        *,
        place: str = "",
        thinking_tokens: int = 0,
        check_prompts: bool = True,
    ) -> None:
        self.name = name
        self._wire = wire
        self._key = (name, place, repr(dialect))
        self._first = Spoken(dialect)
        self._thinking_tokens = thinking_tokens
        self._check_prompts = check_prompts

    @property
    def spoken(self) -> Spoken:
        """How the model is spoken to by now."""
        return _LEARNT.get(self._key, self._first)

    def complete(self, request: ModelRequest) -> ModelReply:
        """Make one attempt, besides those that are refused for their form.

        Raises:
            ModelError: there was no reply, or none that can be used; the class says why.
        """

        async def send(call: Call) -> RawReply:
            return self._wire.send(call)

        return finished(self._completed(request, send))

    async def acomplete(self, request: ModelRequest) -> ModelReply:
        """As `complete`; cancelled, it ends the connection.

        Raises:
            ModelError: as for `complete`.
        """
        if self._key not in _LEARNT:
            # The client library has to be imported, for which no loop should stand still.
            await asyncio.to_thread(self.load)
            await asyncio.to_thread(self._known)
        return await self._completed(request, self._wire.asend)

    async def _completed(
        self, request: ModelRequest, send: Callable[[Call], Awaitable[RawReply]]
    ) -> ModelReply:
        deadline = time.monotonic() + request.timeout_seconds
        room: int | None = None
        for _ in range(_MOST_CORRECTIONS):
            spoken = self._known()
            call = self._call(request, spoken.dialect, deadline, room)
            outcome = await self._attempt(call, send)
            if self._learn(spoken, _correction(spoken.dialect, outcome)):
                continue
            if isinstance(outcome, ModelReply) and _spoke(outcome):
                return self._checked(outcome, call, spoken)
            if isinstance(outcome, ModelReply) or outcome.kind == "unfinished":
                raise ModelOutOfRoom(
                    f"{self.name}: it used its limit of {call.most_tokens} tokens and said nothing"
                )
            if room is None and _LEAST_ROOM <= (outcome.room or 0) < call.most_tokens:
                room = outcome.room
            elif not self._learn(spoken, _within_window(spoken.dialect, outcome, call)):
                raise outcome.error(self.name)
        raise ModelRejected(f"{self.name}: every form of the request was refused")

    def load(self) -> None:
        """Import the client library now, which takes longer than most calls."""
        self._wire.load()

    def close(self) -> None:
        """Close the connections of threads; the next call opens new ones."""
        self._wire.close()

    async def aclose(self) -> None:
        """Close the connections of the running event loop."""
        await self._wire.aclose()

    async def _attempt(
        self, call: Call, send: Callable[[Call], Awaitable[RawReply]]
    ) -> ModelReply | Fault:
        try:
            answered = await send(call)
        except Refused as refused:
            return refused.fault
        return fault_in_reply(answered.body) or _read(answered, self.name)

    def _known(self) -> Spoken:
        """How to speak to the model, asked of the client library the first time."""
        spoken = _LEARNT.get(self._key)
        if spoken is None:
            known = self._wire.known()
            spoken = Spoken(with_known(self._first.dialect, known), price=known.price)
            with _LOCK:
                spoken = _LEARNT.setdefault(self._key, spoken)
        return spoken

    def _learn(self, before: Spoken, correction: Correction | None) -> bool:
        """Remember a correction; whether the call is worth another try."""
        if correction is None:
            return False
        dialect, told = correction
        with _LOCK:
            # Another thread may have been refused the same meanwhile.
            if _LEARNT[self._key] == before:
                corrections = (*before.corrections, told)
                _LEARNT[self._key] = replace(before, dialect=dialect, corrections=corrections)
        return True

    def _call(
        self, request: ModelRequest, dialect: Dialect, deadline: float, room: int | None
    ) -> Call:
        most = request.max_tokens + (self._thinking_tokens if dialect.thinks else 0)
        messages, response_format = _asked_for(request, dialect)
        left = _left(dialect.window, messages)
        limits = [most, *(limit for limit in (dialect.most_tokens, room, left) if limit)]
        return Call(
            messages=messages,
            response_format=response_format,
            limit_name=dialect.limit,
            most_tokens=min(limits),
            temperature=request.temperature if dialect.temperature else None,
            seed=request.seed if dialect.seed else None,
            reasoning_effort=dialect.efforts[0] if dialect.efforts else None,
            extra=dialect.extra or {},
            timeout_seconds=max(deadline - time.monotonic(), 0.001),
        )

    def _checked(self, reply: ModelReply, call: Call, spoken: Spoken) -> ModelReply:
        """The reply with what was corrected, if the server has read the whole prompt."""
        read = reply.usage.prompt_tokens
        words = sum(len(_WORD.findall(message.content)) for message in call.messages)
        if self._check_prompts and 0 < read < words * _FEWEST_TOKENS_PER_WORD:
            raise ModelPromptCut(
                f"{self.name}: of a prompt of {words} words the server read {read} tokens only"
            )
        cost = spoken.price.of(reply.usage) if spoken.price else None
        usage = replace(reply.usage, cost_usd=cost)
        return replace(reply, usage=usage, adapted=spoken.corrections)


def _read(answered: RawReply, name: str) -> ModelReply:
    try:
        return read_completion(answered.body)
    except ModelReplyInvalid as error:
        detail = error.detail
    raise ModelReplyInvalid(f"{name}: {detail}")


def _correction(dialect: Dialect, outcome: ModelReply | Fault) -> Correction | None:
    """What to do otherwise after this outcome, None if it stands."""
    if isinstance(outcome, Fault) and outcome.kind != "unfinished":
        return corrected(dialect, outcome)
    return None if isinstance(outcome, ModelReply) and _spoke(outcome) else after_silence(dialect)


def _spoke(reply: ModelReply) -> bool:
    """Whether it said anything before it was cut, if it was."""
    return reply.finish != "length" or bool(reply.text.strip())


def _within_window(dialect: Dialect, fault: Fault, call: Call) -> Correction | None:
    """Keep to a context that the server has told, if the prompt leaves room in it."""
    left = _left(fault.window, call.messages)
    if fault.kind != "too_long" or dialect.window is not None or left is None:
        return None
    if not _LEAST_ROOM < left < call.most_tokens:
        return None
    told = f"its context is {fault.window} tokens, and the limit of a reply is kept within it"
    return replace(dialect, window=fault.window), told


def _left(window: int | None, messages: tuple[Message, ...]) -> int | None:
    """What a context leaves for a reply, if tokens are short; never less than the least."""
    if window is None:
        return None
    characters = sum(len(message.content) for message in messages)
    return max(window - int(characters / _CHARACTERS_PER_TOKEN), _LEAST_ROOM)


def _asked_for(
    request: ModelRequest, dialect: Dialect
) -> tuple[tuple[Message, ...], dict[str, JsonValue] | None]:
    """The messages and the response format that ask for a reply in the form of the request."""
    portable = request.portable_schema or typed(request.json_schema)
    if dialect.form == "bounded":
        return request.messages, schema_format(request.schema_name, typed(request.json_schema))
    if dialect.form == "portable":
        return request.messages, schema_format(request.schema_name, portable)
    told = _SCHEMA_TOLD + json.dumps(portable, ensure_ascii=False, separators=(",", ":"))
    first, *rest = request.messages
    if first.role == "system":
        messages = (Message("system", first.content + told), *rest)
    else:
        messages = (Message("system", told.strip()), *request.messages)
    return messages, {"type": "json_object"} if dialect.form == "json_object" else None
