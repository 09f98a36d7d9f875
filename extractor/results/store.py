"""Kept results: an article that was read once is not paid for again.

A result is kept under a digest of all that decides it: the article, and whatever
`Extractor.fingerprint` covers. Only whole results are kept, never failures or articles of which a
passage stayed unread.
"""

from __future__ import annotations

import hashlib
import json
import logging
import sqlite3
import threading
from concurrent.futures import Future, wait
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal

from pydantic import ValidationError

from extractor.asking.deadline import Deadline
from extractor.errors import Abandoned, ConfigurationError, DeadlinePassed
from extractor.extraction import Extractor
from extractor.pipeline import OnChecked
from extractor.records import Extraction, Source

_UNREAD: Final = frozenset({"passage_unread", "budget_spent"})
_BUSY_SECONDS: Final = 30.0
_STEP_SECONDS: Final = 1.0
_log = logging.getLogger(__name__)
_TABLE: Final = """
CREATE TABLE IF NOT EXISTS results (
    key TEXT PRIMARY KEY,
    kept_at TEXT NOT NULL DEFAULT (datetime('now')),
    extraction TEXT NOT NULL
) WITHOUT ROWID
"""


class ResultStore:
    """Extractions by key, one row each, in a SQLite file; safe between threads and processes."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._opened: sqlite3.Connection | None = None

    def open(self) -> None:
        """Open the file, or make it; the first use does so too.

        Raises:
            ConfigurationError: it cannot be opened, or is no store.
        """
        with self._lock:
            self._rows()

    def _rows(self) -> sqlite3.Connection:
        if self._opened is None:
            try:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                rows = sqlite3.connect(self._file, timeout=_BUSY_SECONDS, check_same_thread=False)
                rows.execute("PRAGMA journal_mode = WAL")
                rows.execute("PRAGMA synchronous = NORMAL")
                with rows:
                    rows.execute(_TABLE)
            except (OSError, sqlite3.Error):
                raise ConfigurationError(
                    "The store of results cannot be opened.",
                    hint="Check EXTRACTOR_STORE, or set it empty to keep nothing.",
                ) from None
            self._opened = rows
        return self._opened

    def get(self, key: str) -> Extraction | None:
        """The row of the key; one that cannot be read counts as none.

        Raises:
            ConfigurationError: the store cannot be opened.
        """
        try:
            with self._lock:
                found = (
                    self._rows()
                    .execute("SELECT extraction FROM results WHERE key = ?", (key,))
                    .fetchone()
                )
            return Extraction.model_validate_json(found[0]) if found else None
        except (sqlite3.Error, ValidationError) as error:
            _log.warning("a kept result cannot be read: %s", type(error).__name__)
            return None

    def put(self, key: str, extraction: Extraction) -> None:
        """Keep the row in the place of one that is there; what cannot be written is only logged.

        Raises:
            ConfigurationError: the store cannot be opened.
        """
        try:
            with self._lock, self._rows() as rows:
                rows.execute(
                    "INSERT OR REPLACE INTO results (key, extraction) VALUES (?, ?)",
                    (key, extraction.model_dump_json()),
                )
        except sqlite3.Error as error:
            _log.warning("a result cannot be kept: %s", type(error).__name__)

    def purge(self) -> int:
        """Forget everything; how many rows that were.

        Raises:
            ConfigurationError: the store cannot be opened.
        """
        with self._lock:
            with self._rows() as rows:
                gone = rows.execute("DELETE FROM results").rowcount
            rows.execute("VACUUM")
        return gone

    def close(self) -> None:
        """Release the file."""
        with self._lock:
            if self._opened is not None:
                self._opened.close()
                self._opened = None


@dataclass(frozen=True, slots=True)
class Submission:
    """One article as a caller sends it; fields as in `Extractor.extract`."""

    text: str
    title: str | None = None
    language: str | None = None
    published_at: date | None = None
    article_id: str | None = None
    source_url: str | None = None
    source: Source | None = None
    """The document that the text was taken from; does not decide what is read in it."""

    def key(self, fingerprint: str) -> str:
        """What the result is kept under; ids and addresses of the caller do not decide it."""
        day = self.published_at.isoformat() if self.published_at else None
        decides = [fingerprint, self.text, self.title, self.language, day]
        return hashlib.sha256(json.dumps(decides).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Answered:
    """An extraction, and how it came about: read now, kept from before, or shared with another."""

    extraction: Extraction
    how: Literal["read", "kept", "shared"]


@dataclass(frozen=True, slots=True)
class _Reading:
    """What one caller wants read, and with what."""

    extractor: Extractor
    submission: Submission
    deadline: Deadline
    on_checked: OnChecked | None


class Answering:
    """Extractions from the store, or made and kept; callers of the same article share one."""

    def __init__(self, store: ResultStore | None = None) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._flights: dict[str, Future[Extraction]] = {}

    def answer(
        self,
        extractor: Extractor,
        submission: Submission,
        deadline: Deadline,
        on_checked: OnChecked | None = None,
    ) -> Answered:
        """The extraction of the article; raises what `Extractor.extract` raises.

        `on_checked` as in `Extractor.extract`: only of an article that is read for this caller.
        """
        key = submission.key(extractor.fingerprint)
        while True:
            with self._lock:
                flight = self._flights.get(key)
                leads = flight is None
                if flight is None:
                    flight = self._flights[key] = Future()
            if leads:
                reading = _Reading(extractor, submission, deadline, on_checked)
                return self._lead(key, flight, reading)
            try:
                return Answered(for_caller(submission, _landed(flight, deadline)), "shared")
            except _LeaderLeft:
                continue

    def _lead(self, key: str, flight: Future[Extraction], reading: _Reading) -> Answered:
        try:
            # Looked up here and not before: what a flight before this one kept is then seen.
            kept = self._store.get(key) if self._store else None
            extraction = kept or self._read(key, reading)
        except (Abandoned, DeadlinePassed):
            # The end of this caller's patience says nothing to those who wait beside it.
            self._land(key)
            flight.set_exception(_LeaderLeft())
            raise
        except BaseException as error:
            self._land(key)
            flight.set_exception(error)
            raise
        self._land(key)
        flight.set_result(extraction)
        return Answered(for_caller(reading.submission, extraction), "kept" if kept else "read")

    def _read(self, key: str, reading: _Reading) -> Extraction:
        submission, extractor = reading.submission, reading.extractor
        extraction = extractor.extract(
            submission.text,
            title=submission.title,
            language=submission.language,
            published_at=submission.published_at,
            on_checked=reading.on_checked,
            deadline=reading.deadline,
        )
        if self._store and is_kept(extraction, extractor.model_name):
            self._store.put(key, extraction)
        return extraction

    def _land(self, key: str) -> None:
        with self._lock:
            del self._flights[key]

    def open(self) -> None:
        """Open the store; raises `ConfigurationError` if it cannot be used."""
        if self._store:
            self._store.open()

    def close(self) -> None:
        """Release the store."""
        if self._store:
            self._store.close()


class _LeaderLeft(Exception):
    """The caller who had the article read gave up; another one of those who wait goes on."""


def _landed(flight: Future[Extraction], deadline: Deadline) -> Extraction:
    while not flight.done():
        # Short steps, because a caller who leaves is only seen in `remaining`.
        wait([flight], timeout=deadline.remaining(_STEP_SECONDS))
    return flight.result()


def is_kept(extraction: Extraction, model: str) -> bool:
    """Whether it is whole, and what the model says whose result is kept.

    What a fallback read is not what this model says: it is asked again next time.
    """
    whole = _UNREAD.isdisjoint(notice.code for notice in extraction.notices)
    return whole and extraction.provenance.model == model


def for_caller(submission: Submission, extraction: Extraction) -> Extraction:
    """The extraction with what is the caller's own."""
    own: dict[str, str | Source | None] = {
        "article_id": submission.article_id,
        "source_url": submission.source_url,
        "source": submission.source,
    }
    return extraction.model_copy(update={"article": extraction.article.model_copy(update=own)})
