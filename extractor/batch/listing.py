"""Listing: entering what the sources hold in the ledger of a run, beside those who read already."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from extractor.batch.columns import ColumnNames
from extractor.batch.items import Failure, Listed
from extractor.batch.register import Entries, Register
from extractor.batch.sources import SourceFile, articles_of, files_of
from extractor.errors import InputError

SourceLister: TypeAlias = Callable[[str, Callable[[], bool]], None]
"""Lists the source for the owner of that id, until the function that it is given says to stop."""

_MOST_PLACES: Final = 200
_MOST_CHARACTERS: Final = 2_000_000
_MOST_SECONDS: Final = 1.0


def list_sources(
    register: Register,
    owner: str,
    names: Sequence[str],
    columns: ColumnNames,
    max_characters: int,
    stopped: Callable[[], bool] = lambda: False,
) -> None:
    """Enter all articles of the sources; files that were entered and have not changed are passed.

    Args:
        register: where they are entered.
        owner: for whom; see `Register.open_for`.
        names: the sources.
        columns: where tables have what.
        max_characters: the most that an article may have.
        stopped: asked before each article; once it is true nothing more is entered.

    Raises:
        StoreFailed: the store does not answer.
    """
    known = register.listed_files()
    waiting = _Waiting(register)
    for file in files_of(names):
        stamp, failure = _stamp(file)
        if stamp is not None and known.get(file.path) == stamp:
            continue
        waiting.entries.begun.append(file.path)
        listed = [failure] if failure else articles_of(file, columns, max_characters)
        for each in listed:
            if stopped():
                return
            waiting.add(each)
        if stamp is not None:
            waiting.entries.complete[file.path] = stamp
    waiting.enter()
    register.close_for(owner)


class Lister(threading.Thread):
    """The thread that lists the source while others read."""

    def __init__(self, list_source: SourceLister, owner: str) -> None:
        super().__init__(name="lister", daemon=True)
        self._list, self._owner = list_source, owner
        self._stopped = threading.Event()
        self.failure: Failure | None = None
        self.start()

    def run(self) -> None:
        """List until the end or `stop`; what goes wrong is kept as `failure`."""
        try:
            self._list(self._owner, self._stopped.is_set)
        except Exception as error:
            self.failure = Failure.of(error)

    def stop(self) -> None:
        """Have it end before the next article, and wait until it has."""
        self._stopped.set()
        self.join()


class _Waiting:
    """Places that are entered together: many transactions are slow, late ones keep readers idle."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._clear()

    def _clear(self) -> None:
        self.entries = Entries()
        self._characters = 0
        self._since = time.monotonic()

    def add(self, listed: Listed) -> None:
        self.entries.places.append(listed)
        self._characters += len(listed.article.text) if listed.article else 0
        if (
            len(self.entries.places) >= _MOST_PLACES
            or self._characters >= _MOST_CHARACTERS
            or time.monotonic() - self._since >= _MOST_SECONDS
        ):
            self.enter()

    def enter(self) -> None:
        self._register.enter(self.entries)
        self._clear()


def _stamp(file: SourceFile) -> tuple[str | None, Listed | None]:
    try:
        return file.stamp(), None
    except OSError as error:
        gone = Failure.of(InputError(f"The file cannot be read ({error.strerror})."))
        return None, Listed(file.path, file.name, None, failure=gone)
