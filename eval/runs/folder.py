"""A run on disk: its record, and one file per result, each written whole or not at all.

A run that was killed goes on where it stopped, and may later be given more models, systems,
repeats or corpora. It is never continued under other conditions: that would be two runs in one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from eval.errors import RunError
from eval.files import as_name, write_whole
from eval.runs.migrations import JsonObject
from eval.runs.results import Key, Result, RunRecord, continued
from eval.runs.stored import as_object, as_record, as_result, parse

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
            return as_record(parse(file.read_bytes(), str(file)), str(file))
        except FileNotFoundError:
            raise RunError(f"{self.path} is no run: it has no {_RECORD}") from None

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
            merged = continued(found, wanted, self.path)
        self.save_record(merged)
        return merged

    def save_record(self, record: RunRecord) -> None:
        """Write the conditions, which make the folder a run."""
        self.path.mkdir(parents=True, exist_ok=True)
        _write(self.path / _RECORD, as_object(record))

    def find(self, key: Key) -> Result | None:
        """The stored result, if there is one.

        Raises:
            RunError: its file is damaged.
        """
        file = self._file(key)
        return _read(file)[1] if file.is_file() else None

    def store(self, result: Result) -> None:
        """Keep a result, in place of an earlier one."""
        self.keep(result.key, as_object(result))

    def keep(self, key: Key, stored: JsonObject) -> None:
        """Keep a result as it was stored elsewhere."""
        file = self._file(key)
        file.parent.mkdir(parents=True, exist_ok=True)
        _write(file, stored)

    def results(self) -> Iterator[Result]:
        """All stored results, in the order of their names.

        Raises:
            RunError: a file is damaged.
        """
        return (result for _, result in self.stored())

    def stored(self) -> Iterator[tuple[JsonObject, Result]]:
        """All results, as they are stored and as they are read.

        Raises:
            RunError: a file is damaged.
        """
        for file in sorted((self.path / _RESULTS).rglob("*.json")):
            yield _read(file)

    def _file(self, key: Key) -> Path:
        names = (key.model, key.system, f"repeat-{key.repeat}", key.corpus)
        return (self.path / _RESULTS).joinpath(*map(as_name, names)) / f"{key.document}.json"


def _write(file: Path, stored: JsonObject) -> None:
    write_whole(file, json.dumps(stored, ensure_ascii=False, indent=1) + "\n")


def _read(file: Path) -> tuple[JsonObject, Result]:
    try:
        stored = parse(file.read_bytes(), str(file))
        return stored, as_result(stored, str(file))
    except RunError as error:
        raise RunError(f"{error}; delete it to make it anew") from None
