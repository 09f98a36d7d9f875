"""Kept results: an article that was read once is not paid for again.

A result is kept under a digest of all that decides it: the article, and whatever
`Extractor.fingerprint` covers. Only whole results are kept, never failures or articles of which a
passage stayed unread.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from concurrent.futures import Future, wait
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal, TypeAlias, get_args

from pydantic import ValidationError

from extractor.asking.deadline import Deadline
from extractor.errors import Abandoned, DeadlinePassed, StoreFailed, StoreUnusable
from extractor.extraction import Extractor
from extractor.pipeline import OnChecked
from extractor.records import Extraction, Source
from extractor.storage import Store, open_store

Shortfall: TypeAlias = Literal["passage_unread", "budget_spent", "fallback"]
SHORTFALLS: Final[tuple[Shortfall, ...]] = get_args(Shortfall)
_STEP_SECONDS: Final = 1.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PurgedResults:
    """How many results were forgotten, and how many stay because somebody has worked with them."""

    gone: int
    spared: int


class ResultStore:
    """Extractions by key, one row each, in a store; safe between threads and processes."""

    def __init__(self, address: str | Path | Store) -> None:
        self._address = address
        self._lock = threading.Lock()
        self._opened: Store | None = None

    def open(self) -> None:
        """Open the store, or make it; the first use does so too.

        Raises:
            ConfigurationError: it cannot be opened, or is no store.
        """
        self._store()

    def _store(self) -> Store:
        with self._lock:
            if self._opened is None:
                self._opened = self._open()
            return self._opened

    def _open(self) -> Store:
        if isinstance(self._address, Store):
            return self._address
        try:
            return open_store(self._address)
        except StoreUnusable as error:
            raise StoreUnusable(
                f"The store of results cannot be used. {error.detail}",
                hint="Check EXTRACTOR_STORE, or set it empty to keep nothing.",
            ) from None

    def get(self, key: str) -> Extraction | None:
        """The row of the key; one that cannot be read counts as none.

        Raises:
            ConfigurationError: the store cannot be opened.
        """
        from sqlalchemy import select

        from extractor.storage.tables import RESULTS

        wanted = select(RESULTS.c.extraction).where(RESULTS.c.key == key)
        try:
            with self._store().reading() as rows:
                found = rows.scalar(wanted)
            return Extraction.model_validate_json(found) if found else None
        except (StoreFailed, ValidationError) as error:
            _log.warning("a kept result cannot be read: %s", type(error).__name__)
            return None

    def put(self, key: str, extraction: Extraction) -> None:
        """Keep the row in the place of one that is there; what cannot be written is only logged.

        Raises:
            ConfigurationError: the store cannot be opened.
        """
        from extractor.storage.tables import RESULTS, now_text

        store = self._store()
        row = {
            "kept_at": now_text(),
            "extraction": extraction.model_dump_json(),
            "article_sha256": extraction.article.sha256,
        }
        keeping = store.insert(RESULTS).values(key=key, **row)
        try:
            with store.writing() as rows:
                rows.execute(keeping.on_conflict_do_update(index_elements=["key"], set_=row))
        except StoreFailed as error:
            _log.warning("a result cannot be kept: %s", type(error).__name__)

    def purge(self) -> PurgedResults:
        """Forget all that nobody has worked with; a run that has asked for it asks again.

        What people have reviewed stays, and what a row of the ledger rests on.

        Raises:
            ConfigurationError: the store cannot be opened.
            StoreFailed: it does not answer.
        """
        from sqlalchemy import and_, delete, func, or_, select, update

        from extractor.storage.tables import ITEMS, MENTIONS, RESULTS, REVIEWS, TAKEN

        reviewed = select(REVIEWS.c.version).where(REVIEWS.c.version.is_not(None))
        told = select(MENTIONS.c.result_key).where(MENTIONS.c.gone_at.is_(None))
        needed = or_(RESULTS.c.key.in_(reviewed), RESULTS.c.key.in_(told))
        kept = select(RESULTS.c.key)
        again = {"state": "pending", "result_key": None, "finished_at": None}
        asked = and_(ITEMS.c.state == "done", ITEMS.c.result_key.not_in(kept))
        store = self._store()
        with store.writing() as rows:
            gone = rows.execute(delete(RESULTS).where(~needed)).rowcount
            rows.execute(delete(TAKEN).where(TAKEN.c.result_key.not_in(kept)))
            rows.execute(update(ITEMS).where(asked).values(again))
            spared = int(rows.execute(select(func.count()).select_from(RESULTS)).scalar_one())
        store.compact()
        return PurgedResults(gone, spared)

    def close(self) -> None:
        """Release the store."""
        with self._lock:
            if self._opened is not None and self._opened is not self._address:
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


def shortfall(extraction: Extraction, model: str) -> Shortfall | None:
    """Why an extraction is not all that this model says of the article, so that it is asked again.

    What a fallback read is not what the model says.
    """
    codes = {notice.code for notice in extraction.notices}
    if extraction.provenance.model != model:
        return "fallback"
    if "passage_unread" in codes:
        return "passage_unread"
    return "budget_spent" if "budget_spent" in codes else None


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
                return Answered(_for(submission, _landed(flight, deadline)), "shared")
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
        return Answered(_for(reading.submission, extraction), "kept" if kept else "read")

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
        if self._store and shortfall(extraction, extractor.model_name) is None:
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


def _for(submission: Submission, extraction: Extraction) -> Extraction:
    own: dict[str, str | Source | None] = {
        "article_id": submission.article_id,
        "source_url": submission.source_url,
        "source": submission.source,
    }
    return extraction.model_copy(update={"article": extraction.article.model_copy(update=own)})
