"""The recordings of one corpus in one file: lines of JSON, each with the document it belongs to.

Documents stand in the order of their names: first what the finder chose of one, then the replies
in the order of the calls. Not compressed, so that a change of a prompt is a readable diff; a corpus
is some hundred kilobytes. The file is written whole after every change: a kill loses nothing, and
leaves neither half a line nor one twice. One process at a time may record into it.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

from eval.errors import RunError
from eval.files import write_whole

Kind: TypeAlias = Literal["finder", "reply"]
Stamp: TypeAlias = tuple[int, int, int]
_FINDER: Final = "finder"


@dataclass(frozen=True, slots=True, order=True)
class PlaceInFile:
    """To what lines belong; places are sorted as they stand in the file."""

    document: str
    repeat: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class LineInFile:
    """A line as it stands in the file."""

    number: int
    """From 1."""
    content: bytes


class CorpusFile:
    """The file of one corpus; documents that are read at the same time share it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._places: Mapping[PlaceInFile, Sequence[LineInFile]] = {}
        self._seen: Stamp | None = None

    def lines(self, place: PlaceInFile) -> Sequence[LineInFile]:
        """The lines of a place; none if nothing was recorded.

        Raises:
            RunError: the file is damaged.
        """
        with self._lock:
            return self._read().get(place, ())

    def replace(self, place: PlaceInFile, lines: Sequence[bytes]) -> None:
        """Write the lines of a place in place of those it had; those of all others stay.

        Raises:
            RunError: the file is damaged.
        """
        with self._lock:
            known = {key: [line.content for line in kept] for key, kept in self._read().items()}
            known.pop(place, None)
            changed = {**known, place: lines} if lines else known
            content = b"".join(line + b"\n" for _, kept in sorted(changed.items()) for line in kept)
            if content:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                write_whole(self.path, content)
            else:
                self.path.unlink(missing_ok=True)

    def _read(self) -> Mapping[PlaceInFile, Sequence[LineInFile]]:
        """All lines; read again only if the file is another than the last time."""
        try:
            now = _stamp(os.stat(self.path))
        except FileNotFoundError:
            return {}
        if now != self._seen:
            self._places = _by_place(self.path, self.path.read_bytes())
            self._seen = now
        return self._places


def _stamp(stat: os.stat_result) -> Stamp:
    return (stat.st_ino, stat.st_mtime_ns, stat.st_size)


def _by_place(file: Path, content: bytes) -> dict[PlaceInFile, list[LineInFile]]:
    places: dict[PlaceInFile, list[LineInFile]] = {}
    # Not splitlines: replies may hold other ends of lines than this one.
    lines = content.split(b"\n")
    for number, line in enumerate(lines if lines[-1] else lines[:-1], start=1):
        try:
            places.setdefault(_place(line), []).append(LineInFile(number, line))
        except (KeyError, TypeError, ValueError):
            raise RunError(f"{file}, line {number}: not a recorded reply") from None
    return places


def _place(line: bytes) -> PlaceInFile:
    stored = json.loads(line)
    kind: Kind = "finder" if _FINDER in stored else "reply"
    return PlaceInFile(str(stored["document"]), int(stored.get("repeat", 1)), kind)
