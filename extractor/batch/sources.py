"""What a SOURCE names: files, folders, globs; and the articles in each file, one after the other.

A document is read as everywhere else; of a table (JSON lines, CSV, Parquet) every row is an
article. Nothing is held in memory but the file or the row at hand.
"""

from __future__ import annotations

import csv
import glob
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Final

from extractor.batch.columns import ColumnNames, article_of, publisher_of
from extractor.batch.items import Failure, Listed
from extractor.errors import ArticleError, InputError, require
from extractor.formats import read_documents
from extractor.formats.document import Document
from extractor.formats.media import SUFFIXES
from extractor.results.store import Submission

_JSON_LINES: Final = frozenset({".jsonl", ".ndjson"})
_CSV: Final = frozenset({".csv", ".tsv"})
_PARQUET: Final = frozenset({".parquet", ".pq"})
_READ: Final = frozenset(SUFFIXES) | _JSON_LINES | _CSV | _PARQUET
_WILD: Final = frozenset("*?[")
_DELIMITERS: Final = ",;\t|"
_ROWS_AT_A_TIME: Final = 256
_LONGEST_CELL: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of a source, by the name under which it was found."""

    name: str

    @property
    def path(self) -> str:
        """What the ledger knows it by: the same from whatever folder a run is started."""
        return _storable(os.path.abspath(self.name))

    def stamp(self) -> str:
        """What changes if the file does.

        Raises:
            OSError: it is gone.
        """
        found = os.stat(self.name)
        return f"{found.st_size} {found.st_mtime_ns}"


def check_sources(names: Sequence[str]) -> None:
    """Make sure that each source is there.

    Raises:
        InputError: one is neither a file, nor a folder, nor a pattern.
    """
    for name in names:
        if not (os.path.exists(name) or _WILD & set(name)):
            raise InputError(f"There is no {name}.", hint="Check the name of the source.")


def files_of(names: Sequence[str]) -> Iterator[SourceFile]:
    """All files that are named, in the order of the names; those of folders by name."""
    for name in names:
        if os.path.isdir(name):
            yield from _below(name)
        elif os.path.exists(name):
            yield SourceFile(name)
        else:
            for found in sorted(glob.glob(name, recursive=True)):
                if os.path.isfile(found):
                    yield SourceFile(found)


def _below(folder: str) -> Iterator[SourceFile]:
    """Files that can be read; neither hidden ones nor those behind links to folders."""
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith(".") and Path(name).suffix.lower() in _READ:
                yield SourceFile(os.path.join(place, name))


def articles_of(file: SourceFile, columns: ColumnNames, max_characters: int) -> Iterator[Listed]:
    """The articles of a file, in its order; what cannot be read stands there with its reason."""
    for listed in _found(file, columns, max_characters):
        yield _checked(listed)


def _checked(listed: Listed) -> Listed:
    """As it is, if a store can keep it: NUL and halves of characters stand in no database."""
    article = listed.article
    words = [listed.publisher]
    if article is not None:
        words += [article.text, article.title, article.language]
        words += [article.article_id, article.source_url]
    listed = replace(listed, name=_storable(listed.name))
    if all(_storable(each) == each for each in words if each is not None):
        return listed
    broken = ArticleError(
        "It holds a character that is none (NUL, or half a character).", hint="Remove it."
    )
    return replace(listed, article=None, publisher=None, failure=Failure.of(broken))


def _storable(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "backslashreplace").decode("utf-8")


def _found(file: SourceFile, columns: ColumnNames, max_characters: int) -> Iterator[Listed]:
    suffix = Path(file.name).suffix.lower()
    try:
        if suffix in _JSON_LINES:
            yield from _rows(file, _json_lines(file.name), columns)
        elif suffix in _CSV:
            yield from _rows(file, _csv(file.name, columns), columns)
        elif suffix in _PARQUET:
            yield from _rows(file, _parquet(file.name, columns), columns)
        else:
            yield from _documents(file, max_characters)
    except Exception as error:  # of the file as a whole: it must not cost the others
        yield Listed(file.path, file.name, None, failure=_failure(error))


def _documents(file: SourceFile, max_characters: int) -> Iterator[Listed]:
    documents = list(read_documents(Path(file.name), max_characters=max_characters))
    stem = _storable(Path(file.name).stem)
    for number, document in enumerate(documents, start=1):
        alone = len(documents) == 1
        identity = stem if alone else f"{stem}-{number}"
        name = file.name if alone else f"{file.name}#{number}"
        yield Listed(file.path, name, _submission(document, identity))


def _submission(document: Document, article_id: str) -> Submission:
    return Submission(
        text=document.text,
        title=document.title,
        published_at=document.published_at,
        article_id=article_id,
        source_url=document.url,
        source=document.source(),
    )


def _rows(
    file: SourceFile,
    rows: Iterator[tuple[int, Mapping[str, object] | InputError]],
    columns: ColumnNames,
) -> Iterator[Listed]:
    stem = _storable(Path(file.name).stem)
    for number, row in rows:
        name = f"{file.name}:{number}"
        try:
            if isinstance(row, InputError):
                raise row
            found = columns.among(row)
            article = article_of(row, found)
            if article.article_id is None:
                article = replace(article, article_id=f"{stem}-{number}")
            yield Listed(file.path, name, article, publisher_of(row, found))
        except InputError as error:
            yield Listed(file.path, name, None, failure=Failure.of(error))


def _json_lines(name: str) -> Iterator[tuple[int, Mapping[str, object] | InputError]]:
    with open(name, "rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError:
                row = None
            broken = InputError("The line is no JSON object.", hint="Correct the line.")
            yield number, row if isinstance(row, dict) else broken


def _csv(
    name: str, columns: ColumnNames
) -> Iterator[tuple[int, Mapping[str, object] | InputError]]:
    csv.field_size_limit(_LONGEST_CELL)
    with open(name, encoding="utf-8-sig", newline="") as text:
        table = csv.DictReader(text, delimiter=_delimiter(text))
        columns.among(table.fieldnames or [])  # told once, and not for every row
        for number, row in enumerate(table, start=1):
            yield number, {key: value for key, value in row.items() if key is not None}


def _delimiter(text: IO[str]) -> str:
    heading = text.readline()
    text.seek(0)
    return max(_DELIMITERS, key=heading.count)


def _parquet(
    name: str, columns: ColumnNames
) -> Iterator[tuple[int, Mapping[str, object] | InputError]]:
    require("pyarrow", extra="parquet", wanted="Reading Parquet")
    import pyarrow.parquet as parquet

    with parquet.ParquetFile(name) as table:
        found = columns.among(table.schema_arrow.names)
        number = 0
        batches = table.iter_batches(_ROWS_AT_A_TIME, columns=list(found.values()))
        for batch in batches:
            for row in batch.to_pylist():
                number += 1
                yield number, row


def _failure(error: Exception) -> Failure:
    if isinstance(error, OSError):
        return Failure.of(InputError(f"The file cannot be read ({error.strerror})."))
    if isinstance(error, UnicodeDecodeError):
        return Failure.of(InputError("The file is not UTF-8.", hint="Save it as UTF-8."))
    return Failure.of(error)
