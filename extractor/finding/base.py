"""What a finder is: it reads a whole article once and spares the model most of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeAlias

from extractor.article import Article
from extractor.passages import MentionIndex
from extractor.records import RecordType

Candidates: TypeAlias = Mapping[RecordType, Mapping[int, float]]
"""By kind of record, the numbers of the sentences worth a question, in order, each with the
probability (0 to 1) that it holds a record of that kind."""


class Finder(Protocol):
    """Chooses sentences; safe to share between threads."""

    @property
    def name(self) -> str:
        """What provenance calls it; it changes whenever what the finder says may change."""

    def find(self, article: Article, mentions: MentionIndex) -> Candidates:
        """The sentences worth a question."""
