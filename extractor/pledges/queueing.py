"""The queue: what a person should look at next, in records, rows and proposed merges of a store."""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args

from pydantic import ValidationError
from sqlalchemy import func, or_, select

from extractor.kinds import AnyRecord
from extractor.pledges.disagreeing import disagreements
from extractor.pledges.mentions import publisher_of
from extractor.pledges.proposals import proposed_merges
from extractor.pledges.rows import PledgeRow
from extractor.pledges.searching import LedgerQuery, LedgerSearch
from extractor.pledges.worth import ReviewSigns, ReviewWorth, worth_of
from extractor.records import Extraction
from extractor.results.reviews import mention_id
from extractor.storage.tables import ARTICLES, CATALOGUE, RESULTS, REVIEWS

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from extractor.storage import Store

QueueKind: TypeAlias = Literal["record", "row", "merge"]
"""record: of one article; row: of the ledger; merge: two rows that may be one."""
QUEUE_KINDS: Final[tuple[QueueKind, ...]] = get_args(QueueKind)
READINGS: Final = 300
_KEPT: Final = 1_000


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Of what the queue is; what is empty asks for nothing."""

    kind: QueueKind | None = None
    source: str = ""
    """A publisher, or the host of an article's address."""
    since: str = ""
    """The first day of publication."""
    until: str = ""


@dataclass(frozen=True, slots=True)
class QueueItem:
    """Something to look at."""

    kind: QueueKind
    key: str
    """Of the reading, or the id of the row."""
    other: str
    """The record of the reading, or the other row of a merge; empty for a row."""
    title: str
    sources: tuple[str, ...]
    on: str | None
    """When it was published, or first told."""
    worth: ReviewWorth


@dataclass(frozen=True, slots=True)
class _Reading:
    key: str
    article: str
    source: str
    on: str | None
    extraction: Extraction


class ReviewQueue:
    """The queue of a store; safe between threads.

    Args:
        store: an open store.
        threshold: the confidence below which records are not returned.
        search: in the ledger of the store.
    """

    def __init__(self, store: Store, threshold: float, search: LedgerSearch) -> None:
        self._store = store
        self._threshold = threshold
        self._search = search
        self._lock = threading.Lock()
        self._read: OrderedDict[str, Extraction | None] = OrderedDict()

    def items(self, wanted: QueueFilter) -> list[QueueItem]:
        """What is worth looking at, the greatest gain first.

        Records are those of the last readings, `READINGS` of them at most, that nobody has decided
        on; rows and merges are those that nobody has judged since they changed.
        """
        found: list[QueueItem] = []
        if wanted.kind in (None, "record"):
            found += self._records(wanted)
        if wanted.kind in (None, "row"):
            found += self._rows()
        if wanted.kind in (None, "merge"):
            found += self._merges()
        kept = [item for item in found if item.worth.gain > 0 and _fits(item, wanted)]
        return sorted(
            kept, key=lambda item: (-item.worth.gain, item.on or "", item.key, item.other)
        )

    # ---- records

    def _records(self, wanted: QueueFilter) -> Iterator[QueueItem]:
        with self._store.reading() as rows:
            readings = self._readings(rows, wanted)
            decided = _decided(rows, [reading.key for reading in readings])
            others = self._others(rows, readings)
        for reading in readings:
            extraction = reading.extraction
            records: list[AnyRecord] = [*extraction.commitments, *extraction.policy_events]
            for record in records:
                if mention_id(reading.key, record.id) in decided:
                    continue
                signs = ReviewSigns(
                    confidence=record.confidence,
                    threshold=self._threshold,
                    doubts=[doubt.rule for doubt in record.doubts],
                    models=disagreements(record, others[reading.article, reading.key]),
                )
                yield QueueItem(
                    kind="record",
                    key=reading.key,
                    other=record.id,
                    title=record.title,
                    sources=(reading.source,) if reading.source else (),
                    on=reading.on,
                    worth=worth_of(signs),
                )

    def _readings(self, rows: Connection, wanted: QueueFilter) -> list[_Reading]:
        # Who decides on anything afterwards opens a finished reading again.
        standing = REVIEWS.alias()
        last = (
            select(func.max(standing.c.id))
            .where(standing.c.version == RESULTS.c.key, standing.c.undone_at.is_(None))
            .correlate(RESULTS)
            .scalar_subquery()
        )
        finished = select(REVIEWS.c.id).where(
            REVIEWS.c.id == last, REVIEWS.c.subject_kind == "reading"
        )
        on = ARTICLES.c.published_at
        query = (
            select(RESULTS.c.key, RESULTS.c.article_sha256, ARTICLES.c.publisher, on)
            .add_columns(ARTICLES.c.source_url)
            .join(ARTICLES, ARTICLES.c.sha256 == RESULTS.c.article_sha256)
            .where(~finished.exists())
            .order_by(RESULTS.c.kept_at.desc(), RESULTS.c.key)
            .limit(READINGS)
        )
        if wanted.since:
            query = query.where(on >= wanted.since)
        if wanted.until:
            query = query.where(func.substr(on, 1, 10) <= wanted.until)
        if wanted.source:
            told = ARTICLES.c.publisher == wanted.source
            address = ARTICLES.c.source_url.contains(wanted.source, autoescape=True)
            query = query.where(or_(told, address))
        found = rows.execute(query).all()
        extractions = self._extractions(rows, [row.key for row in found])
        return [
            _Reading(
                row.key,
                row.article_sha256,
                row.publisher or publisher_of(row.source_url) or "",
                row.published_at,
                extraction,
            )
            for row in found
            if (extraction := extractions.get(row.key)) is not None
        ]

    def _others(
        self, rows: Connection, readings: Sequence[_Reading]
    ) -> defaultdict[tuple[str, str], list[Extraction]]:
        """By article and reading, the readings of it by other models."""
        articles = sorted({reading.article for reading in readings})
        query = select(RESULTS.c.key, RESULTS.c.article_sha256)
        query = query.where(RESULTS.c.article_sha256.in_(articles))
        of_article: defaultdict[str, list[str]] = defaultdict(list)
        for key, article in rows.execute(query):
            of_article[article].append(key)
        several = {article: keys for article, keys in of_article.items() if len(keys) > 1}
        read = self._extractions(rows, [key for keys in several.values() for key in keys])
        found: defaultdict[tuple[str, str], list[Extraction]] = defaultdict(list)
        for reading in readings:
            model = reading.extraction.provenance.model
            for key in several.get(reading.article, ()):
                other = read.get(key)
                if other is not None and other.provenance.model != model:
                    found[reading.article, reading.key].append(other)
        return found

    def _extractions(self, rows: Connection, keys: Iterable[str]) -> dict[str, Extraction]:
        """Readings by key; each is read once, for none ever changes."""
        wanted = list(dict.fromkeys(keys))
        with self._lock:
            known = {key: self._read[key] for key in wanted if key in self._read}
        missing = [key for key in wanted if key not in known]
        query = select(RESULTS.c.key, RESULTS.c.extraction).where(RESULTS.c.key.in_(missing))
        fresh = {key: _extraction(content) for key, content in rows.execute(query)}
        with self._lock:
            self._read.update(fresh)
            while len(self._read) > _KEPT:
                self._read.popitem(last=False)
        return {key: one for key, one in {**known, **fresh}.items() if one is not None}

    # ---- the ledger

    def _rows(self) -> Iterator[QueueItem]:
        rows = self._search.export(LedgerQuery(state="conflicts")).rows
        with self._store.reading() as connection:
            judged = _judged(connection, [row.id for row in rows])
        for row in rows:
            if row.id not in judged:
                conflicts = [(conflict.field, conflict.values) for conflict in row.conflicts]
                yield _item("row", row, "", ReviewSigns(conflicts=conflicts))

    def _merges(self) -> Iterator[QueueItem]:
        for pair in proposed_merges(self._store):
            if not pair.people:
                signs = ReviewSigns(likeness=0.5 if pair.score is None else pair.score)
                item = _item("merge", pair.one, pair.other.id, signs)
                both = dict.fromkeys((*item.sources, *pair.other.publishers))
                title = f"{pair.one.title} / {pair.other.title}"
                yield replace(item, title=title, sources=tuple(both))


def _item(kind: QueueKind, row: PledgeRow, other: str, signs: ReviewSigns) -> QueueItem:
    return QueueItem(
        kind=kind,
        key=row.id,
        other=other,
        title=row.title,
        sources=tuple(row.publishers),
        on=row.told_on,
        worth=worth_of(signs),
    )


def _fits(item: QueueItem, wanted: QueueFilter) -> bool:
    if wanted.source and wanted.source not in item.sources:
        return False
    day = (item.on or "")[:10]
    return (not wanted.since or day >= wanted.since) and (
        not wanted.until or bool(day) and day <= wanted.until
    )


def _extraction(content: str) -> Extraction | None:
    try:
        return Extraction.model_validate_json(content)
    except ValidationError:
        return None


def _decided(rows: Connection, keys: Sequence[str]) -> set[str]:
    """The mentions of these readings of which somebody said that they are right or wrong."""
    query = (
        select(REVIEWS.c.subject_id, REVIEWS.c.verdict)
        .where(REVIEWS.c.version.in_(keys), REVIEWS.c.undone_at.is_(None))
        .order_by(REVIEWS.c.id)
    )
    last = {subject: verdict for subject, verdict in rows.execute(query)}
    return {subject for subject, verdict in last.items() if verdict in ("right", "wrong")}


def _judged(rows: Connection, pledges: Sequence[str]) -> set[str]:
    """The rows that somebody judged after their last change."""
    last: dict[str, str] = {
        name: at
        for name, at in rows.execute(
            select(REVIEWS.c.subject_id, func.max(REVIEWS.c.at))
            .where(
                REVIEWS.c.subject_kind == "pledge",
                REVIEWS.c.subject_id.in_(pledges),
                REVIEWS.c.undone_at.is_(None),
            )
            .group_by(REVIEWS.c.subject_id)
        )
    }
    changed = select(CATALOGUE.c.pledge_id, CATALOGUE.c.changed_at)
    return {
        name
        for name, at in rows.execute(changed.where(CATALOGUE.c.pledge_id.in_(list(last))))
        if last[name] >= at
    }
