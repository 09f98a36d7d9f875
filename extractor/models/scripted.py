"""A model that answers from a script: for tests, demonstrations and dry runs without weights."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import TypeAlias

from extractor.errors import ModelError, ModelReplyInvalid
from extractor.models.base import ModelReply, ModelRequest, TokenUsage

Answer: TypeAlias = str | ModelReply | ModelError
Script: TypeAlias = Iterable[Answer] | Callable[[ModelRequest], Answer]


class ScriptedModel:
    """A `ModelClient` whose answers are given: a list of them, or a function of the request.

    A string is a whole reply, a `ModelReply` is returned as it is (so a cut-off can be scripted),
    an error is raised. Every request is kept in `requests`. A list that runs out raises
    `ModelReplyInvalid`.
    """

    digest: str | None = None

    def __init__(self, script: Script, *, name: str = "scripted") -> None:
        self.name = name
        self.requests: list[ModelRequest] = []
        self._answer = script if callable(script) else _in_turn(script)
        self._lock = threading.Lock()

    def complete(self, request: ModelRequest) -> ModelReply:
        with self._lock:
            self.requests.append(request)
            answer = self._answer(request)
        if isinstance(answer, ModelError):
            raise answer
        if isinstance(answer, ModelReply):
            return answer
        prompt = sum(len(message.content.split()) for message in request.messages)
        usage = TokenUsage(prompt_tokens=prompt, output_tokens=len(answer.split()), cost_usd=0.0)
        return ModelReply(text=answer, finish="stop", usage=usage)

    def close(self) -> None:
        """Nothing to release."""


def _in_turn(answers: Iterable[Answer]) -> Callable[[ModelRequest], Answer]:
    remaining = iter(answers)

    def answer(_: ModelRequest) -> Answer:
        try:
            return next(remaining)
        except StopIteration:
            return ModelReplyInvalid("the script has no answer left")

    return answer
