"""PrefixCache: what the plain network makes of the prefixes of texts, read once, kept in files.

An adapter that is turned on behind the article never changes how the article is read. So training
reads each article once, whatever the epochs, and goes only through questions and answers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import jax
import numpy as np

from training.adapter.batches import Packed, Prefix, padded
from training.adapter.network import KeyValueCache, read
from training.adapter.weights import ModelWeights

if TYPE_CHECKING:
    from numpy.typing import NDArray

_STEP: Final = 256
"""The network is compiled for lengths in steps of these."""


class PrefixCache:
    """Prefixes as one model reads them, in half precision, each in a file of the folder."""

    def __init__(self, weights: ModelWeights, folder: Path, room: Sequence[int]) -> None:
        self._weights = weights
        self._folder = folder
        self._room = room
        self._read: Any = jax.jit(partial(read, shape=weights.shape))
        layer = weights.base.layers[0]
        self._heads = (layer["attn_k"].shape[0] // weights.shape.head_size, weights.shape.head_size)
        folder.mkdir(parents=True, exist_ok=True)

    def of(self, packed: Packed) -> KeyValueCache:
        """What was read of the prefixes of a batch, in rows of one of the lengths with room."""
        lengths = [sum(map(len, row)) for row in packed.prefixes]
        length = next(room for room in self._room if room >= max(lengths))
        kept = np.zeros(
            (len(self._weights.base.layers), 2, len(lengths), length, *self._heads), np.float32
        )
        behind = np.zeros((len(lengths), length), np.int32)
        for row, prefixes in enumerate(packed.prefixes):
            start = 0
            for number, prefix in enumerate(prefixes, start=1):
                end = start + len(prefix)
                kept[:, :, row, start:end] = self._one(prefix)
                behind[row, start:end] = number
                start = end
        return KeyValueCache(tuple((keys, content) for keys, content in kept), behind)

    def _one(self, prefix: Prefix) -> NDArray[np.float16]:
        digest = hashlib.sha256(np.array(prefix, np.int32).tobytes()).hexdigest()[:20]
        file = self._folder / f"{digest}.npy"
        if file.exists():
            kept: NDArray[np.float16] = np.load(file)
            return kept
        tokens = padded(prefix, -(-len(prefix) // _STEP) * _STEP)
        found = np.asarray(self._read(self._weights.base, tokens))
        found = found[:, :, : len(prefix)].astype(np.float16)
        part = file.with_suffix(".part")
        with part.open("wb") as opened:
            np.save(opened, found)
        part.replace(file)
        return found
