"""How much of an answer a provider lets be written, and in which shape of reply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from extractor.models.base import JsonValue
from tests.fakeserver import Answer
from tests.providers.asked import Asked
from tests.providers.profiles import Profile, Refusal, Wire
from tests.providers.writing import reply_answer

_CHARS_PER_TOKEN: Final = 4


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer to be written: `prompt`, `cached`, `thinking` and `window` are in tokens."""

    asked: Asked
    text: str
    reply: str
    prompt: int
    cached: int = 0
    thinking: int = 0
    window: int | None = None

    @property
    def tokens(self) -> int:
        """What it costs in full."""
        return tokens_of(self.text) + self.thinking

    @property
    def room(self) -> int:
        """What the window leaves beside the prompt."""
        return self.tokens if self.window is None else max(self.window - self.prompt, 0)

    @property
    def allowed(self) -> int:
        """What of it may be written."""
        limit = self.tokens if self.asked.limit is None else self.asked.limit
        return min(self.tokens, self.room, limit)

    @property
    def partial(self) -> str:
        """The part of the text that is written."""
        return self.text[: max(self.allowed - self.thinking, 0) * _CHARS_PER_TOKEN]


def tokens_of(text: str) -> int:
    """A rough count, the same everywhere."""
    return len(text) // _CHARS_PER_TOKEN


def counts(prompt: int, completion: int, window: int) -> dict[str, JsonValue]:
    """The placeholders that tell of tokens."""
    numbers = {"n": prompt, "prompt": prompt, "completion": completion, "limit": window}
    return {**numbers, "asked": prompt + completion}


def reply_to(profile: Profile, wire: Wire, draft: Draft) -> Answer | Refusal:
    """The reply, cut where the token limit or the window ends it."""
    cut = draft.allowed < draft.tokens
    name = _cut_reply(profile, draft) if cut else _whole_reply(draft)
    if name in profile.all_errors:
        return Refusal("output", name, counts(draft.prompt, draft.allowed, draft.window or 0))
    text = draft.partial if cut else draft.text
    reasoning = min(draft.thinking, draft.allowed)
    values: dict[str, JsonValue] = {
        **counts(draft.prompt, draft.allowed, draft.window or 0),
        "model": draft.asked.model,
        "tool": draft.asked.tool,
        "cached": draft.cached,
        "uncached": max(draft.prompt - draft.cached, 0),
        "reasoning": reasoning,
        "written": draft.allowed - reasoning,
        "total": draft.prompt + draft.allowed,
        "partial": draft.partial if cut else draft.text[: len(draft.text) // 2],
    }
    return reply_answer(wire, wire.replies[name], text, values)


def _whole_reply(draft: Draft) -> str:
    return "tool" if draft.reply == "ok" and draft.asked.tool is not None else draft.reply


def _cut_reply(profile: Profile, draft: Draft) -> str:
    """The name of a reply, or of the error given in its place."""
    params, limit = profile.params, draft.asked.limit
    if params.least_limit_error and limit is not None and limit < params.least_limit:
        return params.least_limit_error
    by_window = draft.allowed == draft.room and draft.allowed != limit
    if by_window and profile.context.full != "length":
        return profile.context.full
    if draft.asked.tool is not None:
        return "tool_length"
    return "length" if draft.partial else "length_empty"
