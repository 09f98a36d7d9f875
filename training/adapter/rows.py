"""Rows: texts packed one after another, all rows of one length, so that nothing is padded much."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from training.adapter.tokens import Text

Numbers: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.int32]]"
ROW_TOKENS: Final = 512
ASKED_TOKENS: Final = 224
"""Room in a row for what is to be told."""


class Row(NamedTuple):
    """Arrays of fixed length, zero where nothing stands."""

    tokens: Numbers
    text: Numbers
    """Which text a token belongs to, from 1."""
    positions: Numbers
    """Place of a token in its text."""
    asked: Numbers
    """Places of the row after which a token is to be told."""
    wanted: Numbers
    """The tokens to be told there."""
    counts: Numbers
    """1 for each of them, 0 for padding."""


def pack(texts: Iterable[Text]) -> Iterator[Row]:
    """Rows of the texts, in their order; a text that fits no row is left out."""
    held: list[Text] = []
    for text in texts:
        if not fits([text]):
            continue
        if not fits([*held, text]):
            yield _row(held)
            held = []
        held.append(text)
    if held:
        yield _row(held)


def fits(texts: Sequence[Text]) -> bool:
    """Whether the texts have room in one row."""
    told = sum(len(text.tokens) - text.prompt for text in texts)
    return sum(len(text.tokens) for text in texts) <= ROW_TOKENS and told <= ASKED_TOKENS


def _row(texts: Sequence[Text]) -> Row:
    tokens: list[int] = []
    text_of: list[int] = []
    positions: list[int] = []
    asked: list[int] = []
    for number, text in enumerate(texts, start=1):
        first = len(tokens)
        asked += range(first + text.prompt - 1, first + len(text.tokens) - 1)
        tokens += text.tokens
        text_of += [number] * len(text.tokens)
        positions += range(len(text.tokens))
    return Row(
        tokens=_padded(tokens, ROW_TOKENS),
        text=_padded(text_of, ROW_TOKENS),
        positions=_padded(positions, ROW_TOKENS),
        asked=_padded(asked, ASKED_TOKENS),
        wanted=_padded([tokens[place + 1] for place in asked], ASKED_TOKENS),
        counts=_padded([1] * len(asked), ASKED_TOKENS),
    )


def _padded(numbers: Sequence[int], length: int) -> Numbers:
    return np.array([*numbers, *[0] * (length - len(numbers))], dtype=np.int32)
