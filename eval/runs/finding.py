"""Recorded choices of the finder: which sentences it gave to the model, kept beside the replies.

Its last digits depend on the processor, and its package has no wheel for every machine; a replay
must ask the same questions everywhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from eval.errors import RunError
from eval.runs.corpus_file import CorpusFile, PlaceInFile
from eval.runs.recording import ReplayMiss
from eval.runs.results import Key
from extractor.article import Article
from extractor.records import RecordType
from extractor.selection import Candidates, Finder, Likely

_SHOWN: Final = 12


class Choices(BaseModel):
    """What a finder said of one document."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    document: str
    repeat: int = 1
    finder: str
    sentences: str
    """Digest of the sentences."""
    candidates: dict[RecordType, dict[int, Likely]]


@dataclass(frozen=True, slots=True)
class RecordingFinder:
    """A `Finder` that keeps what another one says."""

    finder: Finder
    file: CorpusFile
    key: Key

    @property
    def name(self) -> str:
        return self.finder.name

    @property
    def tells_kinds(self) -> bool:
        return self.finder.tells_kinds

    def find(self, article: Article, numbers: Collection[int] | None = None) -> Candidates:
        found = self.finder.find(article)
        choices = Choices(
            document=self.key.document,
            repeat=self.key.repeat,
            finder=self.name,
            sentences=_digest(article),
            candidates={kind: dict(chosen) for kind, chosen in found.items()},
        )
        line = choices.model_dump_json(exclude_defaults=True).encode()
        self.file.replace(_place(self.key), [line])
        return found


@dataclass(frozen=True, slots=True)
class ReplayingFinder:
    """A `Finder` that says what was recorded; `name` is that of the finder it stands for."""

    name: str
    file: CorpusFile
    key: Key
    tells_kinds: bool = True

    def find(self, article: Article, numbers: Collection[int] | None = None) -> Candidates:
        """What was recorded, of all sentences.

        Raises:
            ReplayMiss: nothing was, or for another finder or other sentences.
            RunError: the file is damaged.
        """
        document = self.key.document
        choices = self._choices()
        if choices is None:
            raise ReplayMiss(f"{document}: nothing was recorded of the finder")
        if choices.finder != self.name:
            raise ReplayMiss(f"{document}: the finder is another")
        if choices.sentences != _digest(article):
            raise ReplayMiss(f"{document}: the sentences are others")
        return {kind: dict(chosen) for kind, chosen in choices.candidates.items()}

    def _choices(self) -> Choices | None:
        for line in self.file.lines(_place(self.key)):
            try:
                return Choices.model_validate_json(line.content)
            except ValidationError:
                where = f"{self.file.path}, line {line.number}"
                raise RunError(f"{where}: not a recording of a finder") from None
        return None


def _place(key: Key) -> PlaceInFile:
    return PlaceInFile(key.document, key.repeat, "finder")


def _digest(article: Article) -> str:
    texts = "\n".join(sentence.text for sentence in article.sentences)
    return hashlib.sha256(texts.encode()).hexdigest()[:_SHOWN]
