"""Where extractions go: a table, a JSON document, one JSON line per article, or a page."""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING, Literal, Protocol

from extractor.models.base import JsonValue
from extractor.records import Extraction

if TYPE_CHECKING:
    from extractor.pages import Shown

OutputFormat = Literal["table", "json", "ndjson", "html"]


class Writer(Protocol):
    """Takes extractions as they finish; `finish` is called once, also after an interruption."""

    def write(self, name: str, extraction: Extraction, text: str) -> None:
        """Take the extraction of the article of that name and text."""

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
        case "html":
            return _PageWriter(stream)


class _TableWriter:
    def __init__(self, stream: IO[str]) -> None:
        from rich.console import Console

        self._console = Console(file=stream, markup=False, emoji=False, highlight=False)

    def write(self, name: str, extraction: Extraction, text: str) -> None:
        from extractor.cli.tables import ExtractionView

        self._console.print(ExtractionView(name, extraction), end="")

    def finish(self) -> None:
        """Everything is printed already."""


class _JsonWriter:
    def __init__(self, stream: IO[str], *, several: bool) -> None:
        self._stream = stream
        self._several = several
        self._done: list[JsonValue] = []

    def write(self, name: str, extraction: Extraction, text: str) -> None:
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

    def write(self, name: str, extraction: Extraction, text: str) -> None:
        self._stream.write(extraction.model_dump_json() + "\n")
        self._stream.flush()

    def finish(self) -> None:
        """Everything is printed already."""


class _PageWriter:
    def __init__(self, stream: IO[str]) -> None:
        # Before a model is asked: what the page needs may be missing.
        from extractor.pages import open_templates

        open_templates()
        self._stream = stream
        self._done: list[Shown] = []

    def write(self, name: str, extraction: Extraction, text: str) -> None:
        from extractor.pages import Shown

        self._done.append(Shown(name, text, extraction))

    def finish(self) -> None:
        from extractor.pages import render_extractions

        if self._done:
            self._stream.write(render_extractions(self._done))
