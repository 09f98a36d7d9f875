"""What a run leaves behind: a result per document, model, system and repeat, and its record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from eval.errors import RunError
from eval.systems.base import Status
from extractor.records import Extraction


class _Stored(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Spent(_Stored):
    """What one document cost; every call counts, also those without a usable reply."""

    calls: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = None
    """None if the price of a call is not known; 0 for embedded models."""
    seconds: float = 0.0
    """Wall time of the whole document, the model's included."""
    model_seconds: float = 0.0
    """Wall time inside model calls."""


class Key(_Stored):
    """Which result."""

    model: str
    system: str
    repeat: Annotated[int, Field(ge=1)]
    corpus: str
    document: str


class Result(_Stored):
    """What became of one document."""

    key: Key
    article_sha256: str
    status: Status
    detail: str
    """What went wrong, in one line; empty if nothing did."""
    spent: Spent
    extraction: Extraction | None
    """None exactly if the status is not a usable one: it then scores as nothing found."""


class Session(_Stored):
    """One time that a run was started or continued."""

    started: str
    """UTC, ISO 8601."""
    git_revision: str | None
    git_dirty: bool | None
    python: str
    platform: str
    cpus: int
    packages: Mapping[str, str]
    """Versions of the packages that can change a result."""


class CorpusRecord(_Stored):
    """A corpus as it was when the run was started."""

    gold: str
    """Folder of the labels, as it was given or found."""
    articles: str
    """Folder of the articles."""
    documents: int
    gold_sha256: str


class RunRecord(_Stored):
    """Under which conditions a run's results were made."""

    format: Literal[1] = 1
    models: Mapping[str, str | None]
    """By name, the sha256 of the weights; None for remote models."""
    systems: Mapping[str, str]
    """By name, a digest of the code, prompts and schema that make its results."""
    repeats: int
    corpora: Mapping[str, CorpusRecord]
    settings: Mapping[str, str | int | float | None]
    """Decoding parameters."""
    schema_sha256: str
    """Digest of the JSON Schema of an extraction."""
    rules_version: str
    rules_sha256: str
    """Digest of the scorer's table."""
    sessions: tuple[Session, ...]


def continued(found: RunRecord, wanted: RunRecord, path: Path) -> RunRecord:
    """The run that was found with what is new in the plan.

    The schema may be another: results of older ones are upgraded when they are read, and a system
    whose answers the schema decides has it in its digest.

    Raises:
        RunError: it was made under other conditions; the message names them.
    """
    differences = [
        *_differing("model", found.models, wanted.models),
        *_differing("system", found.systems, wanted.systems),
        *_differing("setting", found.settings, wanted.settings),
    ]
    if differences:
        raise RunError(
            f"{path} was made under other conditions ({', '.join(differences)} changed): "
            "give another --out, or go back to those conditions"
        )
    return wanted.model_copy(
        update={
            "models": {**found.models, **wanted.models},
            "systems": {**found.systems, **wanted.systems},
            "corpora": {**found.corpora, **wanted.corpora},
            "repeats": max(found.repeats, wanted.repeats),
            "sessions": (*found.sessions, *wanted.sessions),
        }
    )


def _differing(
    kind: str, found: Mapping[str, object], wanted: Mapping[str, object]
) -> Iterator[str]:
    both = found.keys() & wanted.keys()
    yield from (f"{kind} {name}" for name in sorted(both) if found[name] != wanted[name])
