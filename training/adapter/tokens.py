"""Tokens: examples as the engine that will read them cuts them.

The chat template and the vocabulary are asked of llama.cpp itself, so that what is learnt is what
is shown later.
"""

from __future__ import annotations

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


class Tokenizer:
    """Cuts conversations as the server of an embedded model does.

    `end` is the token with which its turns end.
    """

    def __init__(self, server_url: str, end: int) -> None:
        self._http = httpx.Client(base_url=server_url.removesuffix("/v1"), timeout=60)
        self._end = end

    def text(self, example: TrainingExample) -> Text:
        """The example in tokens, to the end of the model's turn."""
        turns = [{"role": turn.role, "content": turn.content} for turn in example.messages]
        shown = self._ask("/apply-template", {"messages": turns})["prompt"]
        prompt = self._cut(shown, add_special=True, parse_special=True)
        answer = self._cut(example.answer, add_special=False, parse_special=False)
        return Text((*prompt, *answer, self._end), len(prompt))

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def _cut(self, text: str, **special: bool) -> list[int]:
        return list(self._ask("/tokenize", {"content": text, **special})["tokens"])

    def _ask(self, route: str, body: dict[str, object]) -> dict[str, Any]:
        answer: dict[str, Any] = self._http.post(route, json=body).raise_for_status().json()
        return answer
