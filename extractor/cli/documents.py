"""What the arguments of `extractor extract` name: files, all files of folders, standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from extractor.errors import InputError

if TYPE_CHECKING:
    from extractor.formats import Document

STDIN = "-"
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Named:
    """An article, what to call it, and its id."""

    name: str
    article_id: str | None
    document: Document


def files_of(names: Sequence[str]) -> list[str]:
    """The files that are named, and in place of a folder all documents below it, by name.

    A folder that holds none stays, for whoever reads it to complain of.
    """
    found: list[str] = []
    for name in names:
        is_folder = name != STDIN and Path(name).is_dir()
        found += (list(_below(Path(name))) if is_folder else []) or [name]
    return found


def _below(folder: Path) -> Iterator[str]:
    """Files with the suffix of a format; neither hidden ones nor those behind links to folders."""
    from extractor.formats.media import SUFFIXES

    top = len(folder.parts)
    for place, folders, files in os.walk(folder):
        here = Path(place)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        if len(here.parts) - top >= _DEEPEST:
            folders.clear()
        for name in sorted(files):
            if not name.startswith(".") and Path(name).suffix.lower() in SUFFIXES:
                yield str(here / name)


def articles_in(name: str, max_characters: int) -> list[Named]:
    """The articles of a file: one, or the entries of a feed.

    Raises:
        InputError: it cannot be read, or is a folder; `max_characters` counts for each article.
        MissingExtra: the packages that read its format are not installed.
    """
    from extractor.formats import read_documents
    from extractor.formats.limits import BYTES

    if name == STDIN:
        data = sys.stdin.buffer.read(BYTES + 1)
        documents = list(read_documents(data, max_characters=max_characters))
    elif Path(name).is_dir():
        raise InputError(
            "This is a folder without documents.", hint="Name the files, for example FOLDER/*."
        )
    else:
        documents = list(read_documents(Path(name), max_characters=max_characters))
    identity = None if name == STDIN else Path(name).stem
    if len(documents) == 1:
        return [Named(name, identity, documents[0])]
    return [
        Named(f"{name}#{number}", f"{identity or 'entry'}-{number}", document)
        for number, document in enumerate(documents, start=1)
    ]
