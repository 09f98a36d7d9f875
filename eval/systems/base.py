"""A system: one way to make an extraction of an article with a model."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal, Protocol, TypeAlias, runtime_checkable

from eval.errors import EvaluationError
from extractor.models.base import ModelClient
from extractor.records import Extraction
from extractor.selection import Finder

Status: TypeAlias = Literal[
    "ok", "repaired", "invalid_json", "schema_error", "refused", "truncated", "error"
]
# The model answered, and would answer the same again: only `error` is worth another try.
USABLE: Final[tuple[Status, ...]] = ("ok", "repaired")


@dataclass(frozen=True, slots=True)
class GivenArticle:
    """What a system is given: never a label."""

    name: str
    text: str
    published_at: date | None


Article: TypeAlias = GivenArticle
"""Its name in `langextract.py`, under whose digest the answers in `eval/compared` are kept."""


class UnusableReply(EvaluationError):
    """The model answered, but the answer is no extraction; asking again would not help."""

    def __init__(self, status: Status, detail: str) -> None:
        super().__init__(detail)
        self.status = status


class System(Protocol):
    """Makes extractions; whatever the model is, it is reached through the client given."""

    @property
    def name(self) -> str:
        """What runs and reports call the system."""

    @property
    def fingerprint(self) -> str:
        """A digest of everything but the model that decides what comes out."""

    def extract(self, article: GivenArticle, client: ModelClient) -> Extraction:
        """The extraction of an article.

        Raises:
            UnusableReply: the model's answer is no extraction.
            ExtractorError: the model failed.
        """


@runtime_checkable
class FindingSystem(System, Protocol):
    """A system that chooses sentences with a finder."""

    def with_finder(self, finder: Finder) -> System:
        """The same system with another finder in the place of its own."""


def digest_of(parts: Sequence[bytes | str | Path]) -> str:
    """One digest of texts, files and all Python, TOML, YAML and Markdown files of folders."""
    whole = hashlib.sha256()
    for part in parts:
        for data in _contents(part):
            whole.update(hashlib.sha256(data).digest())
    return whole.hexdigest()


def _contents(part: bytes | str | Path) -> Sequence[bytes]:
    if isinstance(part, Path):
        suffixes = {".py", ".toml", ".yaml", ".md"}
        files = [part] if part.is_file() else sorted(part.rglob("*"))
        return [file.read_bytes() for file in files if file.suffix in suffixes]
    return [part if isinstance(part, bytes) else part.encode()]
