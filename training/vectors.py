"""Sentence vectors kept in a file, so that a second training embeds only what is new."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from extractor.selection.embedding import Embed, Vectors


class KeptVectors:
    """An `Embed` that asks another one only for texts that it has not seen."""

    def __init__(self, embed: Embed, file: Path) -> None:
        self._embed = embed
        self._file = file
        self._known: dict[str, Vectors] = {}
        if file.exists():
            with np.load(file) as kept:
                self._known = dict(zip(kept["texts"].tolist(), kept["vectors"], strict=True))

    def __call__(self, texts: Sequence[str]) -> Vectors:
        digests = [hashlib.sha256(text.encode()).hexdigest()[:20] for text in texts]
        missing = {
            digest: text
            for digest, text in zip(digests, texts, strict=True)
            if digest not in self._known
        }
        if missing:
            self._known.update(zip(missing, self._embed(list(missing.values())), strict=True))
        return np.array([self._known[digest] for digest in digests])

    def keep(self) -> None:
        """Write the file."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        vectors = np.array(list(self._known.values()))
        np.savez_compressed(self._file, texts=np.array(list(self._known)), vectors=vectors)
