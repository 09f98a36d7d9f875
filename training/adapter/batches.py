"""Batches: texts packed into rows, and rows into batches of one shape.

So little is padded, and the network is compiled once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from training.adapter.tokens import Text

Numbers: TypeAlias = "np.ndarray[tuple[int, ...], np.dtype[np.int32]]"
ROWS: Final = 2
ROW_TOKENS: Final = 288
"""Attention costs its square; one in a hundred examples is longer, and left out."""
ROW_ASKED: Final = 104
"""Room in a row for what is to be told."""
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


def batches_of(texts: Iterable[Text]) -> Iterator[Batch]:
    """Batches of the texts, roughly in their order; a text that fits no row is left out."""
    held: list[list[Text]] = []
    for row in _packed(texts):
        held.append(row)
        if len(held) == ROWS:
            yield _batch(held)
            held = []
    if held:
        yield _batch([*held, *[[]] * (ROWS - len(held))])


def fits(texts: Sequence[Text]) -> bool:
    """Whether the texts have room in one row."""
    told = sum(len(text.tokens) - text.prompt for text in texts)
    return sum(len(text.tokens) for text in texts) <= ROW_TOKENS and told <= ROW_ASKED


def _packed(texts: Iterable[Text]) -> Iterator[list[Text]]:
    """The texts in rows, each in the first one with room for it."""
    rows: list[list[Text]] = []
    for text in texts:
        if not fits([text]):
            continue
        with_room = next((row for row in rows if fits([*row, text])), None)
        if with_room is None:
            rows.append(with_room := [])
        with_room.append(text)
        if len(rows) > _OPEN_ROWS:
            yield rows.pop(0)
    yield from rows


def _batch(rows: Sequence[Sequence[Text]]) -> Batch:
    return Batch(*(np.stack(arrays) for arrays in zip(*map(_row, rows), strict=True)))


def _row(texts: Sequence[Text]) -> Batch:
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
        tokens=_padded(tokens, ROW_TOKENS),
        text=_padded(text_of, ROW_TOKENS),
        positions=_padded(positions, ROW_TOKENS),
        asked=_padded(asked, ROW_ASKED),
        wanted=_padded([tokens[place + 1] for place in asked], ROW_ASKED),
        counts=_padded([1] * len(asked), ROW_ASKED),
    )


def _padded(numbers: Sequence[int], length: int) -> Numbers:
    return np.array([*numbers, *[0] * (length - len(numbers))], dtype=np.int32)
