"""Recorded choices of the finder: which sentences it gave to the model, kept beside the replies.

Its last digits depend on the processor, and its package has no wheel for every machine; a replay
must ask the same questions everywhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from eval.errors import RunError
from eval.files import write_whole
from eval.runs.recording import ReplayMiss
from extractor.article import Article
from extractor.records import RecordType
from extractor.selection import Candidates, Finder, Likely

_SHOWN: Final = 12


class Choices(BaseModel):
    """What a finder said of one document."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    finder: str
    sentences: str
    """Digest of the sentences."""
    candidates: dict[RecordType, dict[int, Likely]]


@dataclass(frozen=True, slots=True)
class RecordingFinder:
    """A `Finder` that keeps what another one says."""

    finder: Finder
    file: Path

    @property
    def name(self) -> str:
        return self.finder.name

    @property
    def tells_kinds(self) -> bool:
        return self.finder.tells_kinds

    def find(self, article: Article, numbers: Collection[int] | None = None) -> Candidates:
        found = self.finder.find(article)
        choices = Choices(
            finder=self.name,
            sentences=_digest(article),
            candidates={kind: dict(chosen) for kind, chosen in found.items()},
        )
        self.file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self.file, choices.model_dump_json() + "\n")
        return found


@dataclass(frozen=True, slots=True)
class ReplayingFinder:
    """A `Finder` that says what was recorded; `name` is that of the finder it stands for."""

    name: str
    file: Path
    tells_kinds: bool = True

    def find(self, article: Article, numbers: Collection[int] | None = None) -> Candidates:
        """What was recorded, of all sentences.

        Raises:
            ReplayMiss: nothing was, or for another finder or other sentences.
            RunError: the file is damaged.
        """
        try:
            choices = Choices.model_validate_json(self.file.read_bytes())
        except OSError:
            raise ReplayMiss(f"{self.file.stem}: nothing was recorded of the finder") from None
        except ValidationError:
            raise RunError(f"{self.file}: not a recording of a finder") from None
        if choices.finder != self.name:
            raise ReplayMiss(f"{self.file.stem}: the finder is another")
        if choices.sentences != _digest(article):
            raise ReplayMiss(f"{self.file.stem}: the sentences are others")
        return {kind: dict(chosen) for kind, chosen in choices.candidates.items()}


def _digest(article: Article) -> str:
    texts = "\n".join(sentence.text for sentence in article.sentences)
    return hashlib.sha256(texts.encode()).hexdigest()[:_SHOWN]
