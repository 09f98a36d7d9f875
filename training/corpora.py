"""Labelled passages as corpora of the harness."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from eval.labels.dataset import Corpus, LabelledArticle
from eval.labels.passages import CorpusPassage, load_passages

DATA: Final = Path(__file__).parent / "data"
ARTICLES: Final = Path(__file__).parent / "articles"
"""Whole articles, each after a build of `builds.jsonl`."""
SECOND: Final = Path(__file__).parent / "second"
"""Passages of either that were labelled a second time, by somebody else."""
FINDER_FILES: Final = "??.jsonl"
"""The passages that the finder is trained on, beside the articles. The other files were written for
the adapter: they gain nothing (see docs/lab-notes.md)."""
FOLDS: Final = 5
"""Parts of the corpus of which one at a time is tested on."""


def passages_in(folder: Path, files: str = "*.jsonl") -> tuple[CorpusPassage, ...]:
    """All passages of a folder, or of some of its files.

    Raises:
        DatasetError: a line is no passage.
    """
    return load_passages(_found(folder, files))


def files_sha256(files: str = "*.jsonl", folder: Path = DATA) -> str:
    """Digest of a corpus, or of some of its files."""
    return hashlib.sha256(b"".join(file.read_bytes() for file in _found(folder, files))).hexdigest()


def _found(folder: Path, files: str) -> list[Path]:
    """Languages by their codes; of each, what was written for the adapter comes last."""
    return sorted(folder.glob(files), key=lambda file: file.stem)


def as_corpus(passages: Sequence[CorpusPassage], name: str) -> Corpus:
    """The passages with their labels.

    Raises:
        DatasetError: a label does not fit its passage.
    """
    items = tuple(
        LabelledArticle(passage.id, passage.article, passage.gold(name))
        for passage in sorted(passages, key=lambda passage: passage.id)
    )
    digest = hashlib.sha256("".join(item.gold.model_dump_json() for item in items).encode())
    return Corpus(name, items, DATA, DATA, digest.hexdigest())


def place_of(text: str) -> float:
    """Where a document, or a sentence, stands between 0 and 1: the same in every run."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[8:12]) / 2**32


def fold_of(passage: str) -> int:
    """The fold of a passage, the same in every run."""
    return hashlib.sha256(passage.encode()).digest()[0] % FOLDS
