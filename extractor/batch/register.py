"""Entering the articles of a source in the ledger of a run, and counting what stands there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, delete, exists, func, or_, select, update

from extractor.batch.items import Listed, Standing
from extractor.batch.work import LEASE_SECONDS
from extractor.results.store import Submission
from extractor.storage.tables import (
    ARTICLES,
    FILES,
    ITEMS,
    OWNERS,
    PLACES,
    RESULTS,
    RUNS,
    now_text,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from extractor.batch.work import Work
    from extractor.storage import Store


@dataclass(slots=True)
class Entries:
    """Some places of a source, in its order, that are entered together."""

    places: list[Listed] = field(default_factory=list)
    begun: list[str] = field(default_factory=list)
    """Files that begin here: what was listed of them before is void."""
    complete: dict[str, str] = field(default_factory=dict)
    """Files that end here, with the stamps that tell whether they have changed since."""


class Register:
    """What a source holds, as the ledger of a run has it.

    Every method raises `StoreFailed` if the store does not answer, and has then done nothing.
    """

    def __init__(self, work: Work, fingerprint: str) -> None:
        self._store = work.store
        self._run_id = work.run_id
        self._fingerprint = fingerprint
        self._next: int | None = None

    def open_for(self, owner: str) -> bool:
        """Whether this owner is the one to list the source now; others wait until it is gone."""
        alive = select(OWNERS.c.id).where(OWNERS.c.beat_at > self._store.clock() - LEASE_SECONDS)
        free = or_(RUNS.c.lister.is_(None), RUNS.c.lister == owner, RUNS.c.lister.not_in(alive))
        taken = {"lister": owner, "state": "listing", "ended_at": None}
        with self._store.writing() as rows:
            taking = update(RUNS).where(RUNS.c.id == self._run_id, free).values(taken)
            return bool(rows.execute(taking).rowcount)

    def listed_files(self) -> dict[str, str]:
        """The files of which all places are entered, with their stamps."""
        wanted = select(FILES.c.name, FILES.c.stamp).where(FILES.c.run_id == self._run_id)
        with self._store.reading() as rows:
            return {row.name: row.stamp for row in rows.execute(wanted)}

    def enter(self, entries: Entries) -> None:
        """Enter the places, and the articles among them that are new."""
        if self._next is None:
            self._next = self._first_free_position()
        places = list(enumerate(entries.places, start=self._next))
        keys = [_key(listed, self._fingerprint) for listed in entries.places]
        ours = {"run_id": self._run_id}
        with self._store.writing() as rows:
            self._forget(rows, entries.begun)
            articles = [_text_row(each.article, each) for each in entries.places if each.article]
            items = [
                {**ours, "key": key, "position": position, **_item_row(listed)}
                for key, (position, listed) in zip(keys, places, strict=True)
            ]
            _insert_new(self._store, rows, articles, items)
            if places:
                named = [
                    {**ours, "position": at, "key": key, "name": each.name, "file": each.file}
                    for key, (at, each) in zip(keys, places, strict=True)
                ]
                rows.execute(PLACES.insert(), named)
                self._take_over_results(rows, set(keys))
            if entries.complete:
                stamped = [{"name": name, "stamp": s} for name, s in entries.complete.items()]
                rows.execute(FILES.insert(), [{**ours, **each} for each in stamped])
        self._next += len(places)

    def close_for(self, owner: str) -> None:
        """Say that the source is listed to its end; what it no longer names is not read."""
        named = exists().where(PLACES.c.run_id == ITEMS.c.run_id, PLACES.c.key == ITEMS.c.key)
        stale = and_(
            ITEMS.c.run_id == self._run_id, ITEMS.c.state.in_(["pending", "failed"]), ~named
        )
        mine = and_(RUNS.c.id == self._run_id, RUNS.c.lister == owner)
        with self._store.writing() as rows:
            rows.execute(delete(ITEMS).where(stale))
            rows.execute(update(RUNS).where(mine).values(state="running", lister=None))

    def _first_free_position(self) -> int:
        last = select(func.max(PLACES.c.position)).where(PLACES.c.run_id == self._run_id)
        with self._store.reading() as rows:
            found = rows.scalar(last)
        return 0 if found is None else int(found) + 1

    def _forget(self, rows: Connection, files: Sequence[str]) -> None:
        for table, name in ((PLACES, PLACES.c.file), (FILES, FILES.c.name)):
            if files:
                rows.execute(delete(table).where(table.c.run_id == self._run_id, name.in_(files)))

    def _take_over_results(self, rows: Connection, keys: set[str]) -> None:
        """Done is what was read before, by whomever."""
        known = select(RESULTS.c.key).where(RESULTS.c.key.in_(keys))
        waiting = and_(ITEMS.c.run_id == self._run_id, ITEMS.c.state == "pending")
        done = {"state": "done", "result_key": ITEMS.c.key, "finished_at": now_text()}
        rows.execute(update(ITEMS).where(waiting, ITEMS.c.key.in_(known)).values(done))


def standing_of(work: Work) -> Standing:
    """How many articles of the run are done, under way and left, and what they cost.

    Raises:
        StoreFailed: the store does not answer.
    """
    ours = ITEMS.c.run_id == work.run_id
    counting = select(
        ITEMS.c.state,
        func.count().label("items"),
        func.sum(ITEMS.c.calls).label("calls"),
        func.sum(ITEMS.c.prompt_tokens).label("prompt_tokens"),
        func.sum(ITEMS.c.output_tokens).label("output_tokens"),
        func.sum(ITEMS.c.cost_usd).label("cost_usd"),
        func.sum(ITEMS.c.characters).label("characters"),
        _how_many(and_(ITEMS.c.calls > 0, ITEMS.c.cost_usd.is_(None))).label("unpriced"),
        _how_many(and_(ITEMS.c.state == "done", ITEMS.c.error_kind.is_not(None))).label("partly"),
        _how_many(and_(ITEMS.c.state == "done", ITEMS.c.attempts == 0)).label("kept"),
    )
    with work.store.reading() as rows:
        state = rows.scalar(select(RUNS.c.state).where(RUNS.c.id == work.run_id))
        placed = select(func.count()).select_from(PLACES).where(PLACES.c.run_id == work.run_id)
        places = rows.execute(placed).scalar_one()
        found = rows.execute(counting.where(ours).group_by(ITEMS.c.state)).all()
    by_state = {row.state: row for row in found}

    def total(column: str) -> int:
        return sum(int(row._mapping[column] or 0) for row in found)

    def items(of: str) -> int:
        return int(by_state[of].items) if of in by_state else 0

    cost = sum(float(row.cost_usd or 0.0) for row in found)
    return Standing(
        listing=state == "listing",
        places=int(places),
        pending=items("pending"),
        leased=items("leased"),
        done=items("done"),
        failed=items("failed"),
        partly=total("partly"),
        kept=total("kept"),
        calls=total("calls"),
        prompt_tokens=total("prompt_tokens"),
        output_tokens=total("output_tokens"),
        cost_usd=None if total("unpriced") else cost,
        characters_left=int(by_state["pending"].characters) if "pending" in by_state else 0,
    )


def _how_many(condition: Any) -> Any:
    return func.sum(case((condition, 1), else_=0))


def _insert_new(
    store: Store, rows: Connection, articles: list[dict[str, Any]], items: list[dict[str, Any]]
) -> None:
    for table, new in ((ARTICLES, articles), (ITEMS, items)):
        if new:
            rows.execute(store.insert(table).on_conflict_do_nothing(), new)


def _key(listed: Listed, fingerprint: str) -> str:
    """A document that cannot be read has only its name to be known by."""
    if listed.article is not None:
        return listed.article.key(fingerprint)
    return hashlib.sha256(json.dumps([fingerprint, "unread", listed.name]).encode()).hexdigest()


def _text_row(article: Submission, listed: Listed) -> dict[str, Any]:
    return {
        "sha256": _digest(article.text),
        "text": article.text,
        "title": article.title,
        "language": article.language,
        "published_at": _day(article),
        "source_url": article.source_url,
        "publisher": listed.publisher,
        "kept_at": now_text(),
    }


def _item_row(listed: Listed) -> dict[str, Any]:
    article, failure = listed.article, listed.failure
    given: Mapping[str, object] = {}
    if article is not None:
        given = {
            "title": article.title,
            "language": article.language,
            "published_at": _day(article),
            "source_url": article.source_url,
            "source": article.source.model_dump() if article.source else None,
        }
    return {
        "article_id": article.article_id if article else None,
        "name": listed.name,
        "article_sha256": _digest(article.text) if article else None,
        "given": json.dumps({key: value for key, value in given.items() if value is not None}),
        "characters": len(article.text) if article else 0,
        "state": "failed" if failure else "pending",
        "error_kind": failure.kind if failure else None,
        "error_text": failure.text if failure else None,
        "retryable": failure.retryable if failure else None,
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _day(article: Submission) -> str | None:
    return article.published_at.isoformat() if article.published_at else None
