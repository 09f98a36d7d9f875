"""A run in one file: its record in the first line, then one result a line, in a fixed order.

Lines of JSON, through gzip if the name ends in .gz: `zcat FILE | jq` reads it, the same results
are the same bytes, and a changed result is one changed line. Results of one document stand
together: they quote the same sentences, so gzip halves the file once more. Written whole each time,
which takes some tenths of a second for a thousand results: less than a model takes for one.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from eval.errors import RunError
from eval.files import write_whole
from eval.runs.migrations import JsonObject
from eval.runs.results import Key, Result, RunRecord, continued
from eval.runs.stored import as_line, as_object, as_record, as_result, parse


class PackedRun:
    """The file of one run."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def record(self) -> RunRecord:
        """The conditions of the run.

        Raises:
            RunError: there is no run here, or not one that this version reads.
        """
        return as_record(self._content[0], f"{self.path}, line 1")

    def open(self, wanted: RunRecord) -> RunRecord:
        """Start a run, or continue the one that is here with what is new in the plan.

        Raises:
            RunError: the run here was made under other conditions; the message names them.
        """
        exists = self.path.exists()
        merged = continued(self.record, wanted, self.path) if exists else wanted
        self._save(as_object(merged), self._content[1] if exists else {})
        return merged

    def find(self, key: Key) -> Result | None:
        """The stored result, if there is one.

        Raises:
            RunError: the file is damaged.
        """
        stored = self._content[1].get(key)
        return as_result(stored, self._name(key)) if stored else None

    def store(self, result: Result) -> None:
        """Keep a result, in place of an earlier one."""
        record, results = self._content
        self._save(record, {**results, result.key: as_object(result)})

    def results(self) -> Iterator[Result]:
        """All stored results, in the order of their keys, like those of a folder.

        Raises:
            RunError: the file is damaged.
        """
        return (result for _, result in self.stored())

    def stored(self) -> Iterator[tuple[JsonObject, Result]]:
        """All results, as they are stored and as they are read.

        Raises:
            RunError: the file is damaged.
        """
        for key, stored in self._content[1].items():
            yield stored, as_result(stored, self._name(key))

    def _name(self, key: Key) -> str:
        return f"{self.path}, {key.corpus}/{key.document} of {key.model} · {key.system}"

    def _save(self, record: JsonObject, results: dict[Key, JsonObject]) -> None:
        write_packed(self.path, record, results.values())
        self._content = (record, _by_key(results))

    @cached_property
    def _content(self) -> tuple[JsonObject, dict[Key, JsonObject]]:
        """The record, and the results by key."""
        record, *others = self._lines()
        results: dict[Key, JsonObject] = {}
        for number, line in enumerate(others, start=2):
            where = f"{self.path}, line {number}"
            stored = parse(line, where)
            try:
                key = Key.model_validate(stored.get("key"))
            except ValueError:
                raise RunError(f"{where}: no result of a run") from None
            if key in results:
                raise RunError(f"{where}: a second result of {key.document}")
            results[key] = stored
        return parse(record, f"{self.path}, line 1"), _by_key(results)

    def _lines(self) -> list[bytes]:
        try:
            data = self.path.read_bytes()
            if self.path.suffix == ".gz":
                data = gzip.decompress(data)
        except FileNotFoundError:
            raise RunError(f"there is no run at {self.path}") from None
        except (EOFError, OSError, zlib.error):
            raise RunError(f"{self.path} is damaged or no gzip file") from None
        # Not splitlines: a quote may hold other ends of lines than this one.
        lines = data.split(b"\n")
        if lines.pop() or not lines:
            raise RunError(f"{self.path} is no whole run: its last line is cut")
        return lines


def write_packed(file: Path, record: JsonObject, results: Iterable[JsonObject]) -> None:
    """Write a run, in place of what is there."""
    lines = [record, *sorted(results, key=_order)]
    data = "".join(map(as_line, lines)).encode()
    file.parent.mkdir(parents=True, exist_ok=True)
    # Without the time of writing, which gzip would keep.
    write_whole(file, gzip.compress(data, mtime=0) if file.suffix == ".gz" else data)


def _by_key(results: Mapping[Key, JsonObject]) -> dict[Key, JsonObject]:
    return {key: results[key] for key in sorted(results, key=lambda key: tuple(dict(key).values()))}


def _order(stored: JsonObject) -> tuple[str, str, str, str, int]:
    key = Key.model_validate(stored["key"])
    return (key.corpus, key.document, key.model, key.system, key.repeat)
