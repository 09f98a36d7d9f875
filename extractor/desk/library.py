"""The library: articles and what was read in them, in the store, and articles read again."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import ValidationError
from sqlalchemy import Select, Subquery, func, select

from extractor.article import Article
from extractor.errors import InputError
from extractor.pages import read_again
from extractor.pledges.searching import LedgerSearch
from extractor.records import Extraction
from extractor.results.store import Submission, shortfall
from extractor.storage import Store, open_store
from extractor.storage.tables import ARTICLES, RESULTS, REVIEWS, now_text

_KEPT_OPEN: Final = 32
_LISTED: Final = 100


class NotInLibrary(InputError):
    """The store holds no such reading, or not the text that it was made of."""

    hint = "Go back to the list of articles, or read the article again."
    http_status = 404


@dataclass(frozen=True, slots=True)
class OpenReading:
    """One reading of an article, with the article as it was read."""

    key: str
    """What the store keeps it under."""
    extraction: Extraction
    article: Article

    @property
    def name(self) -> str:
        """A short name for an article without a title or heading."""
        return f"Article {self.extraction.article.sha256[:8]}"


@dataclass(frozen=True, slots=True)
class ListedReading:
    """A line of the list of readings."""

    key: str
    title: str
    language: str
    published_at: str | None
    publisher: str | None
    kept_at: str
    model: str
    records: int
    refused: int
    reviews: int
    """How many decisions stand."""
    finished: bool


class Library:
    """What is kept of articles and readings; safe between threads.

    Args:
        address: that of the store; it is opened when it is first used.
    """

    def __init__(self, address: str | Path) -> None:
        self._address = address
        self._lock = threading.Lock()
        self._store: Store | None = None
        self._search: LedgerSearch | None = None
        self._open: OrderedDict[str, OpenReading] = OrderedDict()

    @property
    def store(self) -> Store:
        """The open store.

        Raises:
            ConfigurationError: it cannot be opened.
        """
        with self._lock:
            if self._store is None:
                self._store = open_store(self._address)
            return self._store

    @property
    def search(self) -> LedgerSearch:
        """The search in the ledger of the store."""
        store = self.store
        with self._lock:
            if self._search is None:
                self._search = LedgerSearch(store)
            return self._search

    def close(self) -> None:
        """Release the store."""
        with self._lock:
            if self._store is not None:
                self._store.close()
            self._store = self._search = None

    def find(self, key: str) -> bool:
        """Whether this reading is kept, with its article."""
        with self.store.reading() as rows:
            return rows.execute(_joined(key)).first() is not None

    def keep(self, key: str, submission: Submission, extraction: Extraction, model: str) -> str:
        """Keep the article and what was read of it; the key that the reading is kept under.

        A reading that left something out, or of another model than was asked for, is nobody else's
        answer: it is kept apart.
        """
        short = shortfall(extraction, model)
        kept_under = f"{key}~{short}" if short else key
        now = now_text()
        text_row = {
            "sha256": hashlib.sha256(submission.text.encode()).hexdigest(),
            "text": submission.text,
            "title": submission.title,
            "language": submission.language,
            "published_at": extraction.article.published_at,
            "source_url": submission.source_url,
            "publisher": None,
            "kept_at": now,
        }
        row = {
            "kept_at": now,
            "extraction": extraction.model_dump_json(),
            "article_sha256": text_row["sha256"],
        }
        insert = self.store.insert
        reading = insert(RESULTS).values(key=kept_under, **row)
        # What was reviewed stays as it was: a second reading under the same key says the same.
        with self.store.writing() as rows:
            rows.execute(insert(ARTICLES).values(**text_row).on_conflict_do_nothing())
            rows.execute(reading.on_conflict_do_nothing())
        return kept_under

    def open(self, key: str) -> OpenReading:
        """The reading under this key, its article read again; the last ones are kept open.

        Raises:
            NotInLibrary: there is none, or it cannot be read any more.
        """
        with self._lock:
            if (known := self._open.get(key)) is not None:
                self._open.move_to_end(key)
                return known
        with self.store.reading() as rows:
            found = rows.execute(_joined(key)).first()
        if found is None:
            raise NotInLibrary("No such reading is kept.")
        try:
            extraction = Extraction.model_validate_json(found.extraction)
        except ValidationError:
            raise NotInLibrary("This reading was kept by another version.") from None
        opened = OpenReading(key, extraction, read_again(found.text, extraction))
        with self._lock:
            self._open[key] = opened
            while len(self._open) > _KEPT_OPEN:
                self._open.popitem(last=False)
        return opened

    def finished(self) -> list[str]:
        """The keys of the readings whose review is finished, the last finished one last."""
        standing = _standing()
        query = (
            select(REVIEWS.c.version)
            .join(standing, standing.c.last == REVIEWS.c.id)
            .where(REVIEWS.c.subject_kind == "reading")
            .order_by(REVIEWS.c.id)
        )
        with self.store.reading() as rows:
            return list(rows.scalars(query))

    def listed(self) -> list[ListedReading]:
        """The last readings, newest first."""
        standing = _standing()
        last = REVIEWS.alias()
        query = (
            select(
                RESULTS.c.key,
                RESULTS.c.kept_at,
                RESULTS.c.extraction,
                ARTICLES.c.title,
                ARTICLES.c.publisher,
                func.substr(ARTICLES.c.text, 1, 200).label("beginning"),
                standing.c.steps,
                last.c.subject_kind.label("ended"),
            )
            .join(ARTICLES, ARTICLES.c.sha256 == RESULTS.c.article_sha256)
            .outerjoin(standing, standing.c.of == RESULTS.c.key)
            .outerjoin(last, last.c.id == standing.c.last)
            .order_by(RESULTS.c.kept_at.desc(), RESULTS.c.key)
            .limit(_LISTED)
        )
        with self.store.reading() as rows:
            found = rows.execute(query).all()
        listed = []
        for row in found:
            try:
                extraction = Extraction.model_validate_json(row.extraction)
            except ValidationError:
                continue
            known = extraction.article
            first_line = str(row.beginning).strip().partition("\n")[0]
            listed.append(
                ListedReading(
                    key=row.key,
                    title=known.title or row.title or first_line,
                    language=known.language,
                    published_at=known.published_at,
                    publisher=row.publisher,
                    kept_at=row.kept_at,
                    model=extraction.provenance.model,
                    records=len(extraction.commitments) + len(extraction.policy_events),
                    refused=len(extraction.rejected),
                    reviews=int(row.steps or 0),
                    finished=row.ended == "reading",
                )
            )
        return listed


def _standing() -> Subquery:
    """By reading, how many steps stand and which is the last."""
    return (
        select(
            REVIEWS.c.version.label("of"),
            func.count().label("steps"),
            func.max(REVIEWS.c.id).label("last"),
        )
        .where(REVIEWS.c.undone_at.is_(None))
        .group_by(REVIEWS.c.version)
        .subquery()
    )


def _joined(key: str) -> Select[tuple[str, str]]:
    return (
        select(RESULTS.c.extraction, ARTICLES.c.text)
        .join(ARTICLES, ARTICLES.c.sha256 == RESULTS.c.article_sha256)
        .where(RESULTS.c.key == key)
    )
