"""What a run is about: its conditions, the articles of its source, and where it stands."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Literal, TypeAlias

from extractor.errors import ExtractorError
from extractor.messages import clean_line
from extractor.results.store import Submission

ItemState: TypeAlias = Literal["pending", "leased", "done", "failed"]


@dataclass(frozen=True, slots=True)
class RunConditions:
    """All that makes two commands the same run."""

    model: str
    fingerprint: str
    """`Extractor.fingerprint`: whatever decides what the model says."""
    sources: tuple[str, ...]
    options: Mapping[str, str]
    """How the source is read, such as the names of columns."""

    @property
    def run_id(self) -> str:
        """The id of the run: the same conditions have the same."""
        return hashlib.sha256(self.json().encode()).hexdigest()[:16]

    def json(self) -> str:
        """The conditions as the store keeps them."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an article was not read: fit for a row, and for the way between processes."""

    kind: str
    """The name of the error's class."""
    text: str
    retryable: bool = False
    exit_code: int = ExtractorError.exit_code

    @classmethod
    def of(cls, error: Exception) -> Failure:
        """What an error says; of a defect only its type, for its words may hold the article."""
        kind = type(error).__name__
        if isinstance(error, ExtractorError):
            told = clean_line(f"{error.detail.rstrip('.')}. {error.advice}")
            return cls(kind, told, error.retryable, error.exit_code)
        return cls(kind, ExtractorError.hint)


@dataclass(frozen=True, slots=True)
class Listed:
    """An article at its place in a source, or why there is none."""

    file: str
    name: str
    article: Submission | None
    publisher: str | None = None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class WorkItem:
    """An article that was claimed: to be finished, failed or given back."""

    key: str
    attempt: int
    name: str
    owner: str
    article: Submission


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a run stands."""

    listing: bool
    """Whether its source is still being looked through."""
    places: int
    pending: int
    leased: int
    done: int
    failed: int
    partly: int
    """Those of the done of which a passage stayed unread."""
    kept: int
    """Those of the done that had been read before this run."""
    calls: int
    prompt_tokens: int
    output_tokens: int
    cost_usd: float | None
    """What was paid, in US dollars; None if a price is not known."""
    characters_left: int
    """How long the pending articles are together, in code points."""

    @property
    def items(self) -> int:
        """Distinct articles."""
        return self.pending + self.leased + self.done + self.failed

    @property
    def left(self) -> int:
        """Articles that wait, or are under way."""
        return self.pending + self.leased
