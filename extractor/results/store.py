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
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args

from pydantic import ValidationError

from extractor.errors import StoreFailed, StoreUnusable
from extractor.records import Extraction, Source
from extractor.storage import Store, open_store

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
    from sqlalchemy.dialects.sqlite import Insert as SqliteInsert

Shortfall: TypeAlias = Literal["passage_unread", "budget_spent", "fallback"]
SHORTFALLS: Final[tuple[Shortfall, ...]] = get_args(Shortfall)
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
        # Made once: to make a statement takes longer than SQLite takes to do it.
        self._keeping: SqliteInsert | PostgresInsert | None = None

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
        try:
            with self._store().reading() as rows:
                found = rows.scalar(_wanted(), {"key": key})
            return Extraction.model_validate_json(found) if found else None
        except (StoreFailed, ValidationError) as error:
            _log.warning("a kept result cannot be read: %s", type(error).__name__)
            return None

    def put(self, key: str, extraction: Extraction) -> None:
        """Keep the row in the place of one that is there; what cannot be written is only logged.

        Raises:
            ConfigurationError: the store cannot be opened.
        """
        from extractor.storage.tables import now_text

        store = self._store()
        if self._keeping is None:
            self._keeping = _keeping(store)
        row = {
            "key": key,
            "kept_at": now_text(),
            "extraction": extraction.model_dump_json(),
            "article_sha256": extraction.article.sha256,
        }
        try:
            with store.writing() as rows:
                rows.execute(self._keeping, row)
        except StoreFailed as error:
            _log.warning("a result cannot be kept: %s", type(error).__name__)

    def purge(self) -> PurgedResults:
        """Forget all that nobody has worked with; a run that has asked for it asks again.

        What people have reviewed stays, and what a row of the ledger rests on.

        Raises:
            ConfigurationError: the store cannot be opened.
            StoreFailed: it does not answer.
        """
        from sqlalchemy import delete, exists, func, or_, select, update

        from extractor.storage.tables import ITEMS, MENTIONS, RESULTS, REVIEWS, TAKEN

        needed = or_(
            exists().where(REVIEWS.c.version == RESULTS.c.key),
            exists().where(MENTIONS.c.result_key == RESULTS.c.key, MENTIONS.c.gone_at.is_(None)),
        )
        lost = ~exists().where(RESULTS.c.key == ITEMS.c.result_key)
        untold = ~exists().where(RESULTS.c.key == TAKEN.c.result_key)
        again = {"state": "pending", "result_key": None, "finished_at": None}
        store = self._store()
        with store.writing() as rows:
            gone = rows.execute(delete(RESULTS).where(~needed)).rowcount
            rows.execute(delete(TAKEN).where(untold))
            rows.execute(update(ITEMS).where(ITEMS.c.state == "done", lost).values(again))
            spared = int(rows.execute(select(func.count()).select_from(RESULTS)).scalar_one())
        store.compact()
        return PurgedResults(gone, spared)

    def close(self) -> None:
        """Release the store."""
        with self._lock:
            if self._opened is not None and self._opened is not self._address:
                self._opened.close()
            self._opened = None


@cache
def _wanted() -> Select[str]:
    """The statement that finds the row of a key."""
    from sqlalchemy import bindparam, select

    from extractor.storage.tables import RESULTS

    return select(RESULTS.c.extraction).where(RESULTS.c.key == bindparam("key"))


def _keeping(store: Store) -> SqliteInsert | PostgresInsert:
    """The statement that keeps a row in the place of one that is there."""
    from extractor.storage.tables import RESULTS

    keeping = store.insert(RESULTS)
    names = ("kept_at", "extraction", "article_sha256")
    new = {name: keeping.excluded[name] for name in names}
    return keeping.on_conflict_do_update(index_elements=["key"], set_=new)


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
