"""Batches: texts packed into rows, and rows into batches of one shape.

So little is padded, and the network is compiled once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from extractor.records import Strategy
from training.adapter.tokens import Text

Numbers: TypeAlias = "np.ndarray[tuple[int, ...], np.dtype[np.int32]]"


class RowShape(NamedTuple):
    """How many rows a batch has, and the room in each of them."""

    rows: int
    tokens: int
    """Attention costs its square; a longer text is left out."""
    asked: int
    """Tokens to be told."""


BY_STRATEGY: Final[Mapping[Strategy, RowShape]] = {
    "passage": RowShape(rows=2, tokens=288, asked=104),
    "article": RowShape(rows=1, tokens=2304, asked=768),
}
"""One in a hundred questions about a sentence is longer."""
_OPEN_ROWS: Final = 8
"""Rows that wait for what fits into them."""


class Batch(NamedTuple):
    """Rows of tokens and what is to be told of them; zero where nothing stands."""

    tokens: Numbers
    text: Numbers
    """Which text of its row a token belongs to, from 1."""
    positions: Numbers
    """Place of a token in its text."""
    asked: Numbers
    """Places of each row after which a token is to be told."""
    wanted: Numbers
    """The tokens to be told there."""
    counts: Numbers
    """1 for each of them, 0 for padding."""


def batches_of(texts: Iterable[Text], shape: RowShape) -> Iterator[Batch]:
    """Batches of the texts, roughly in their order; a text that fits no row is left out."""
    held: list[list[Text]] = []
    for row in _packed(texts, shape):
        held.append(row)
        if len(held) == shape.rows:
            yield _batch(held, shape)
            held = []
    if held:
        yield _batch([*held, *[[]] * (shape.rows - len(held))], shape)


def fits(texts: Sequence[Text], shape: RowShape) -> bool:
    """Whether the texts have room in one row."""
    told = sum(len(text.tokens) - text.prompt for text in texts)
    return sum(len(text.tokens) for text in texts) <= shape.tokens and told <= shape.asked


def _packed(texts: Iterable[Text], shape: RowShape) -> Iterator[list[Text]]:
    """The texts in rows, each in the first one with room for it."""
    rows: list[list[Text]] = []
    for text in texts:
        if not fits([text], shape):
            continue
        with_room = next((row for row in rows if fits([*row, text], shape)), None)
        if with_room is None:
            rows.append(with_room := [])
        with_room.append(text)
        if len(rows) > _OPEN_ROWS:
            yield rows.pop(0)
    yield from rows


def _batch(rows: Sequence[Sequence[Text]], shape: RowShape) -> Batch:
    filled = (_row(texts, shape) for texts in rows)
    return Batch(*(np.stack(arrays) for arrays in zip(*filled, strict=True)))


def _row(texts: Sequence[Text], shape: RowShape) -> Batch:
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
    return Batch(
        tokens=_padded(tokens, shape.tokens),
        text=_padded(text_of, shape.tokens),
        positions=_padded(positions, shape.tokens),
        asked=_padded(asked, shape.asked),
        wanted=_padded([tokens[place + 1] for place in asked], shape.asked),
        counts=_padded([1] * len(asked), shape.asked),
    )


def _padded(numbers: Sequence[int], length: int) -> Numbers:
    return np.array([*numbers, *[0] * (length - len(numbers))], dtype=np.int32)
