"""The conditions of a run, as its record states them."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from eval.labels.dataset import Corpus
from eval.runs.results import CorpusRecord, RunRecord, Session
from eval.scoring.rules import Rules
from eval.systems.base import System
from extractor.models.base import ModelClient
from extractor.records import Commitment, PolicyEvent
from extractor.settings import Settings
from extractor.version import VERSION

_PACKAGES: Final = (
    "babel",
    "instructor",
    "langextract",
    "litellm",
    "numpy",
    "openai",
    "py3langid",
    "pydantic",
    "scipy",
    "xllamacpp",
)
# What changes replies; paths, keys and limits of patience do not.
_SETTINGS: Final = (
    "strategy",
    "finder",
    "min_confidence",
    "context_tokens",
    "max_tokens",
    "max_calls",
    "max_characters",
    "temperature",
    "seed",
)


def run_record(
    models: Sequence[ModelClient],
    systems: Sequence[System],
    corpora: Sequence[Corpus],
    *,
    repeats: int,
    settings: Settings,
    rules: Rules,
) -> RunRecord:
    """The record of a run that is about to be started."""
    # Of what is scored: what else an extraction tells (notices, provenance) changes no result.
    schema = json.dumps(
        [Commitment.model_json_schema(), PolicyEvent.model_json_schema()], sort_keys=True
    )
    return RunRecord(
        models={model.name: model.digest for model in models},
        systems={system.name: system.fingerprint for system in systems},
        repeats=repeats,
        corpora={
            corpus.name: CorpusRecord(
                gold=str(corpus.gold_path),
                articles=str(corpus.article_path),
                documents=len(corpus.items),
                gold_sha256=corpus.gold_sha256,
            )
            for corpus in corpora
        },
        settings={name: getattr(settings, name) for name in _SETTINGS},
        schema_sha256=hashlib.sha256(schema.encode()).hexdigest(),
        rules_version=rules.version,
        rules_sha256=rules.sha256,
        sessions=(_session(),),
    )


def _session() -> Session:
    revision = _git("rev-parse", "HEAD")
    changed = uncommitted()
    return Session(
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        git_revision=revision,
        git_dirty=None if changed is None else bool(changed),
        python=sys.version.split()[0],
        platform=f"{platform.system()} {platform.machine()}",
        cpus=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1,
        packages=_versions(),
    )


def uncommitted() -> list[str] | None:
    """Files of this checkout that differ from its last commit; None outside one."""
    status = _git("status", "--porcelain")
    return None if status is None else [line[2:].strip() for line in status.splitlines()]


def _versions() -> Mapping[str, str]:
    found = {"commitment-extractor": VERSION}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _git(*arguments: str) -> str | None:
    git = shutil.which("git")
    if git is None:
        return None
    here = Path(__file__).parent
    done = subprocess.run([git, *arguments], cwd=here, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None
