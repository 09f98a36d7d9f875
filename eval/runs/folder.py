"""A run on disk: its record, and one file per result, each written whole or not at all.

A run that was killed goes on where it stopped, and may later be given more models, systems,
repeats or corpora. It is never continued under other conditions: that would be two runs in one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from eval.errors import RunError
from eval.files import as_name, write_whole
from eval.runs.results import Key, Result, RunRecord

_RECORD: Final = "run.json"
_RESULTS: Final = "results"


@dataclass(frozen=True, slots=True)
class RunFolder:
    """The folder of one run."""

    path: Path

    @property
    def record(self) -> RunRecord:
        """The conditions of the run.

        Raises:
            RunError: there is no run here, or not one that this version reads.
        """
        file = self.path / _RECORD
        try:
            return RunRecord.model_validate_json(file.read_bytes())
        except FileNotFoundError:
            raise RunError(f"{self.path} is no run: it has no {_RECORD}") from None
        except ValidationError as error:
            raise RunError(f"{file}: {_first_fault(error)}") from None

    def open(self, wanted: RunRecord) -> RunRecord:
        """Start a run, or continue the one that is here with what is new in the plan.

        Raises:
            RunError: the run here was made under other conditions; the message names them.
        """
        try:
            found = self.record
        except RunError:
            if (self.path / _RECORD).exists() or (self.path / _RESULTS).exists():
                raise
            merged = wanted
        else:
            merged = _continued(found, wanted, self.path)
        self.path.mkdir(parents=True, exist_ok=True)
        write_whole(self.path / _RECORD, merged.model_dump_json(indent=1) + "\n")
        return merged

    def find(self, key: Key) -> Result | None:
        """The stored result, if there is one.

        Raises:
            RunError: its file is damaged.
        """
        file = self._file(key)
        return _read(file) if file.is_file() else None

    def store(self, result: Result) -> None:
        """Keep a result, in place of an earlier one."""
        file = self._file(result.key)
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, result.model_dump_json(indent=1) + "\n")

    def results(self) -> Iterator[Result]:
        """All stored results, in the order of their names.

        Raises:
            RunError: a file is damaged.
        """
        for file in sorted((self.path / _RESULTS).rglob("*.json")):
            yield _read(file)

    def _file(self, key: Key) -> Path:
        names = (key.model, key.system, f"repeat-{key.repeat}", key.corpus)
        return (self.path / _RESULTS).joinpath(*map(as_name, names)) / f"{key.document}.json"


def _continued(found: RunRecord, wanted: RunRecord, path: Path) -> RunRecord:
    differences = [
        *_differing("model", found.models, wanted.models),
        *_differing("system", found.systems, wanted.systems),
        *_differing("setting", found.settings, wanted.settings),
    ]
    if found.schema_sha256 != wanted.schema_sha256:
        differences.append("schema")
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


def _differing(kind: str, found: object, wanted: object) -> Iterator[str]:
    if isinstance(found, dict) and isinstance(wanted, dict):
        both = found.keys() & wanted.keys()
        yield from (f"{kind} {name}" for name in sorted(both) if found[name] != wanted[name])


def _read(file: Path) -> Result:
    try:
        return Result.model_validate_json(file.read_bytes())
    except ValidationError as error:
        raise RunError(f"{file}: {_first_fault(error)}; delete it to make it anew") from None


def _first_fault(error: ValidationError) -> str:
    fault = error.errors(include_input=False, include_url=False)[0]
    return f"{'.'.join(map(str, fault['loc'])) or 'content'}: {fault['msg']}"
