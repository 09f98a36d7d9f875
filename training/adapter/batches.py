"""Batches: texts packed into rows, and rows into batches of one shape.

So little is padded, and the network is compiled once. What of a text is read without the adapter
stands in no row: it is read once, and texts that begin alike share it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from extractor.records import Strategy
from training.adapter.tokens import Text

Numbers: TypeAlias = "np.ndarray[tuple[int, ...], np.dtype[np.int32]]"

Prefix: TypeAlias = tuple[int, ...]
"""Tokens that are read without the adapter."""


class RowShape(NamedTuple):
    """How many rows a batch has, and the room in each of them."""

    rows: int
    tokens: int
    """Attention costs its square; a longer text is left out."""
    asked: int
    """Tokens to be told."""
    read: tuple[int, ...] = (0,)
    """Tokens that were read without the adapter: the least room that is enough is taken."""


BY_STRATEGY: Final[Mapping[Strategy, RowShape]] = {
    "passage": RowShape(rows=2, tokens=288, asked=104),
    "article": RowShape(rows=1, tokens=384, asked=192, read=(768, 1024)),
}
"""One in a hundred questions about a sentence is longer."""
_OPEN_ROWS: Final = 8
"""Rows that wait for what fits into them."""


class Batch(NamedTuple):
    """Rows of tokens and what is to be told of them; zero where nothing stands."""

    tokens: Numbers
    text: Numbers
    """Which text of its row a token belongs to, from 1."""
    behind: Numbers
    """Which prefix of its row the text stands behind, from 1."""
    positions: Numbers
    """Place of a token in its text."""
    asked: Numbers
    """Places of each row after which a token is to be told."""
    wanted: Numbers
    """The tokens to be told there."""
    counts: Numbers
    """1 for each of them, 0 for padding."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A batch and the prefixes of its texts, of each row in their order."""

    batch: Batch
    prefixes: tuple[tuple[Prefix, ...], ...]


def batches_of(texts: Iterable[Text], shape: RowShape) -> Iterator[Packed]:
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
    own = sum(len(text.tokens) - text.read for text in texts)
    read = sum(map(len, _prefixes(texts)))
    return own <= shape.tokens and told <= shape.asked and read <= shape.read[-1]


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


def _prefixes(texts: Iterable[Text]) -> tuple[Prefix, ...]:
    """What is read before the texts, each once."""
    return tuple(dict.fromkeys(text.tokens[: text.read] for text in texts if text.read))


def _batch(rows: Sequence[Sequence[Text]], shape: RowShape) -> Packed:
    filled = (_row(texts, shape) for texts in rows)
    batch = Batch(*(np.stack(arrays) for arrays in zip(*filled, strict=True)))
    return Packed(batch, tuple(map(_prefixes, rows)))


def _row(texts: Sequence[Text], shape: RowShape) -> Batch:
    prefixes = _prefixes(texts)
    tokens: list[int] = []
    text_of: list[int] = []
    behind: list[int] = []
    positions: list[int] = []
    asked: list[int] = []
    for number, text in enumerate(texts, start=1):
        own, read = text.tokens[text.read :], text.read
        first = len(tokens)
        asked += range(first + text.prompt - read - 1, first + len(own) - 1)
        tokens += own
        text_of += [number] * len(own)
        behind += [prefixes.index(text.tokens[:read]) + 1 if read else 0] * len(own)
        positions += range(read, len(text.tokens))
    return Batch(
        tokens=padded(tokens, shape.tokens),
        text=padded(text_of, shape.tokens),
        behind=padded(behind, shape.tokens),
        positions=padded(positions, shape.tokens),
        asked=padded(asked, shape.asked),
        wanted=padded([tokens[place + 1] for place in asked], shape.asked),
        counts=padded([1] * len(asked), shape.asked),
    )


def padded(numbers: Sequence[int], length: int) -> Numbers:
    """The numbers as a vector of `length` tokens, with zeros behind them."""
    return np.array([*numbers, *[0] * (length - len(numbers))], dtype=np.int32)
