"""Where extractions go: a table, a JSON document, or one JSON line per article."""

from __future__ import annotations

import json
from typing import IO, Literal, Protocol

from extractor.models.base import JsonValue
from extractor.records import Extraction

OutputFormat = Literal["table", "json", "ndjson"]


class Writer(Protocol):
    """Takes extractions as they finish; `finish` is called once, also after an interruption."""

    def write(self, name: str, extraction: Extraction) -> None:
        """Take the extraction of the article of that name."""

    def finish(self) -> None:
        """Print what is still held back."""


def open_writer(output_format: OutputFormat, stream: IO[str], *, several: bool) -> Writer:
    """The writer of a format; `several` says whether JSON is an array even for one result."""
    match output_format:
        case "table":
            return _TableWriter(stream)
        case "json":
            return _JsonWriter(stream, several=several)
        case "ndjson":
            return _LineWriter(stream)


class _TableWriter:
    def __init__(self, stream: IO[str]) -> None:
        from rich.console import Console

        self._console = Console(file=stream, markup=False, emoji=False, highlight=False)

    def write(self, name: str, extraction: Extraction) -> None:
        from extractor.cli.tables import ExtractionView

        self._console.print(ExtractionView(name, extraction), end="")

    def finish(self) -> None:
        """Everything is printed already."""


class _JsonWriter:
    def __init__(self, stream: IO[str], *, several: bool) -> None:
        self._stream = stream
        self._several = several
        self._done: list[JsonValue] = []

    def write(self, name: str, extraction: Extraction) -> None:
        self._done.append(extraction.model_dump(mode="json"))

    def finish(self) -> None:
        if self._several or self._done:
            several = self._several or len(self._done) > 1
            document = self._done if several else self._done[0]
            json.dump(document, self._stream, ensure_ascii=False, indent=2)
            self._stream.write("\n")


class _LineWriter:
    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, name: str, extraction: Extraction) -> None:
        self._stream.write(extraction.model_dump_json() + "\n")
        self._stream.flush()

    def finish(self) -> None:
        """Everything is printed already."""
