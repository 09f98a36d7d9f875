"""Tokens: examples as the engine that will read them cuts them.

The chat template and the vocabulary are asked of llama.cpp itself, so that what is learnt is what
is shown later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from training.adapter.examples import TrainingExample


@dataclass(frozen=True, slots=True)
class Text:
    """An example in tokens."""

    tokens: tuple[int, ...]
    prompt: int
    """How many of them are shown; the others are to be told."""
    read: int = 0
    """How many of them are read without the adapter, which is on from the next one."""


class Tokenizer:
    """Cuts conversations as the server of an embedded model does.

    `end` is the token with which its turns end, `on_from` what turns the adapter on: nothing if it
    is on from the start.
    """

    def __init__(self, server_url: str, end: int, on_from: str = "") -> None:
        self._http = httpx.Client(base_url=server_url.removesuffix("/v1"), timeout=60)
        self._end = end
        self.invocation = tuple(self._cut(on_from, add_special=False)) if on_from else ()

    def text(self, example: TrainingExample) -> Text:
        """The example in tokens, to the end of the model's turn."""
        turns = [{"role": turn.role, "content": turn.content} for turn in example.messages]
        shown = self._ask("/apply-template", {"messages": turns})["prompt"]
        prompt = self._cut(shown, add_special=True, parse_special=True)
        answer = self._cut(example.answer, add_special=False, parse_special=False)
        return Text((*prompt, *answer, self._end), len(prompt), self._read(prompt))

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def _read(self, prompt: Sequence[int]) -> int:
        """Where llama.cpp turns the adapter on: a token before the last invocation."""
        if not self.invocation:
            return 0
        length = len(self.invocation)
        places = range(len(prompt) - length, 0, -1)
        found = (at for at in places if tuple(prompt[at : at + length]) == self.invocation)
        return next(found) - 1

    def _cut(self, text: str, **special: bool) -> list[int]:
        return list(self._ask("/tokenize", {"content": text, **special})["tokens"])

    def _ask(self, route: str, body: dict[str, object]) -> dict[str, Any]:
        answer: dict[str, Any] = self._http.post(route, json=body).raise_for_status().json()
        return answer
