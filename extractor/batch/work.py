"""The ledger of a run: who reads which article now, and what became of it.

One row an article, in the store. Whoever reads holds a lease on the row and renews it; a lease that
ends, or whose process is gone, is anybody's. A result and its row are one transaction, so a process
may be killed at any moment: what is finished is kept once, what was under way is read again.
Engines differ in who claims and who reads; they all go through this module.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    delete,
    func,
    or_,
    select,
    update,
)

from extractor.batch.items import Failure, RunConditions, WorkItem
from extractor.batch.processes import here, is_alive, own_process
from extractor.batch.statements import FREE, RunStatements
from extractor.records import Extraction, Source, Usage
from extractor.results.store import SHORTFALLS, Submission, shortfall
from extractor.storage.tables import (
    ATTEMPTS,
    FILES,
    ITEMS,
    OWNERS,
    PLACES,
    RESULTS,
    RUNS,
    now_text,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from extractor.storage import Store

Order: TypeAlias = Literal["line", "drawn"]
"""`line`: as the source has them; `drawn`: by key, a digest, which is as good as by lot."""
AttemptOutcome: TypeAlias = Literal["done", "failed", "returned", "lost", "died"]
"""`lost`: with the owner of the lease; `died`: the process that read it did, and its owner saw."""

LEASE_SECONDS: Final = 60.0
BEAT_SECONDS: Final = 5.0
_MOST_DEATHS: Final = 5
_MOST_LOSSES: Final = 20
"""Where a whole machine goes with the process nobody sees what it died of."""
_KILLER: Final = Failure(
    "ProcessDied",
    "One process after the other died while it read this. Read it alone to see why.",
)


def begin_run(store: Store, conditions: RunConditions) -> Work:
    """The run of these conditions: a new one, or the one that there is.

    Raises:
        StoreFailed: the store does not answer.
    """
    row = {
        "id": conditions.run_id,
        "conditions": conditions.json(),
        "fingerprint": conditions.fingerprint,
        "model": conditions.model,
        "source": " ".join(conditions.sources),
        "state": "listing",
        "began_at": now_text(),
    }
    with store.writing() as rows:
        rows.execute(store.insert(RUNS).values(row).on_conflict_do_nothing())
    return Work(store, conditions.run_id, conditions.model)


class Work:
    """The ledger of one run; share it between threads, and open one in each process.

    Every method raises `StoreFailed` if the store does not answer, and has then done nothing.
    """

    def __init__(self, store: Store, run_id: str, model: str) -> None:
        self.store = store
        self.run_id = run_id
        self.model = model
        self._said = RunStatements(store, run_id, LEASE_SECONDS)

    # ---- who works on it

    def join(self) -> str:
        """Enter this process among those that work on the run; its id as an owner of leases."""
        owner = uuid.uuid4().hex
        pid, started = own_process()
        row = {"id": owner, "run_id": self.run_id, "host": here(), "pid": pid, "started": started}
        with self.store.writing() as rows:
            rows.execute(OWNERS.insert().values(**row, beat_at=self.store.clock()))
        return owner

    def beat(self, owner: str) -> None:
        """Say that the owner lives: its leases last `LEASE_SECONDS` from now."""
        clock = self.store.clock()
        held = and_(ITEMS.c.owner == owner, ITEMS.c.state == "leased")
        with self.store.writing() as rows:
            rows.execute(update(OWNERS).where(OWNERS.c.id == owner).values(beat_at=clock))
            rows.execute(update(ITEMS).where(held).values(lease_until=clock + LEASE_SECONDS))

    def leave(self, owner: str) -> None:
        """Say that the owner works no more; what it still holds is anybody's."""
        with self.store.writing() as rows:
            self._release(rows, ITEMS.c.owner == owner, "returned")
            rows.execute(delete(OWNERS).where(OWNERS.c.id == owner))

    def reclaim(self, *, died: bool = False) -> int:
        """Take back the articles of owners that are gone; how many these were.

        Those of this machine are known to be gone at once, others once their lease has ended.

        Args:
            died: whether those of this machine went while the one that started them lives.
        """
        neighbours = and_(OWNERS.c.run_id == self.run_id, OWNERS.c.host == here())
        wanted = select(OWNERS.c.id, OWNERS.c.pid, OWNERS.c.started).where(neighbours)
        with self.store.reading() as rows:
            gone = [row.id for row in rows.execute(wanted) if not is_alive(row.pid, row.started)]
        ended = ITEMS.c.lease_until < self.store.clock()
        with self.store.writing() as rows:
            how: AttemptOutcome = "died" if died else "lost"
            freed = self._release(rows, ITEMS.c.owner.in_(gone), how)
            freed += self._release(rows, ended, "lost")
            rows.execute(delete(OWNERS).where(OWNERS.c.id.in_(gone)))
        return freed

    # ---- articles

    def claim(self, owner: str, most: int, order: Order = "line") -> list[WorkItem]:
        """Lease the next articles, `most` at most: those that were never tried come first."""
        with self.store.writing() as rows:
            claiming = self._said.claiming[order]
            leased = rows.execute(claiming, {"new_owner": owner, "most": most}).all()
            if not leased:
                return []
            began = {"run_id": self.run_id, "owner": owner, "began_at": now_text()}
            attempts = [{"key": row.key, "attempt": row.attempts, **began} for row in leased]
            rows.execute(self._said.beginning, attempts)
            digests = list({row.article_sha256 for row in leased})
            found = rows.execute(self._said.texts, {"digests": digests})
            texts = {row.sha256: row.text for row in found}
        by_lot = order == "drawn"
        leased = sorted(leased, key=lambda row: row.key if by_lot else (row.attempts, row.position))
        return [
            WorkItem(row.key, row.attempts, row.name, owner, _article(row, texts)) for row in leased
        ]

    def held(self, owner: str, keys: Sequence[str]) -> list[WorkItem]:
        """The articles of these keys that the owner has leased, in the order of the source."""
        leased = and_(self._ours(), ITEMS.c.state == "leased", ITEMS.c.owner == owner)
        wanted = select(ITEMS).where(leased, ITEMS.c.key.in_(keys)).order_by(ITEMS.c.position)
        with self.store.reading() as rows:
            found = rows.execute(wanted).all()
            digests = list({row.article_sha256 for row in found})
            known = rows.execute(self._said.texts, {"digests": digests})
            texts = {row.sha256: row.text for row in known}
        return [
            WorkItem(row.key, row.attempts, row.name, owner, _article(row, texts)) for row in found
        ]

    def finish(self, item: WorkItem, extraction: Extraction) -> bool:
        """Keep what was read of an article; False if somebody else had finished it before.

        A reading that is not whole, or of another model than the one asked, is kept for this run
        alone: nobody who asks for the article later is given it.
        """
        short = shortfall(extraction, self.model)
        key = f"{item.key}~{short}" if short else item.key
        usage, now = extraction.usage, now_text()
        done = {
            "of_key": item.key,
            "short": short,
            "again": short == "passage_unread",
            "more_calls": usage.calls,
            "more_prompt": usage.prompt_tokens,
            "more_output": usage.output_tokens,
            "more_cost": usage.cost_usd,
            "took": usage.seconds.total,
            "kept_under": key,
            "now": now,
        }
        result = {
            "key": key,
            "kept_at": now,
            "extraction": extraction.model_dump_json(),
            "article_sha256": extraction.article.sha256,
        }
        with self.store.writing() as rows:
            if not rows.execute(self._said.finishing, done).rowcount:
                return False
            if item.attempt > 1:
                worse = [f"{item.key}~{each}" for each in SHORTFALLS]
                rows.execute(delete(RESULTS).where(RESULTS.c.key.in_(worse)))
            rows.execute(self._said.keeping, result)
            self._end_attempts(rows, [(item.key, item.attempt)], "done", short)
        return True

    def fail(self, item: WorkItem, failure: Failure, spent: Usage | None = None) -> None:
        """Keep why an article was not read, and what that cost, unless somebody else has it now."""
        failed = {**FREE, "state": "failed", **_told(failure), "finished_at": now_text()}
        if spent is not None:
            failed |= _more(spent)
        with self.store.writing() as rows:
            rows.execute(update(ITEMS).where(self._ours(), _held(item)).values(failed))
            self._end_attempts(rows, [(item.key, item.attempt)], "failed", failure.kind)

    def spend(self, item: WorkItem, spent: Usage) -> None:
        """Keep what an article has cost that will be given back, unless somebody else has it."""
        with self.store.writing() as rows:
            rows.execute(update(ITEMS).where(self._ours(), _held(item)).values(_more(spent)))

    def give_back(self, items: Sequence[WorkItem], *, died: bool = False) -> None:
        """End the leases of articles that were not read; `died`: the process that read them has.

        An article that takes one process after the other with it has failed.
        """
        if items:
            held = or_(*(_held(item) for item in items))
            with self.store.writing() as rows:
                self._release(rows, held, "died" if died else "returned")

    def retry_failed(self) -> int:
        """Put in line what failed, or has a passage that stayed unread; how many these are.

        A document that could not be read is looked at again when the source is listed.
        """
        again = or_(
            ITEMS.c.state == "failed",
            and_(ITEMS.c.state == "done", ITEMS.c.error_kind == "passage_unread"),
        )
        broken = and_(self._ours(), ITEMS.c.state == "failed", ITEMS.c.article_sha256.is_(None))
        files = (
            select(PLACES.c.file)
            .join(ITEMS, and_(ITEMS.c.run_id == PLACES.c.run_id, ITEMS.c.key == PLACES.c.key))
            .where(broken)
        )
        listed = and_(FILES.c.run_id == self.run_id, FILES.c.name.in_(files))
        pending = {**FREE, "state": "pending", **_NOTHING_TOLD}
        with self.store.writing() as rows:
            rows.execute(delete(FILES).where(listed))
            looked_at = rows.execute(select(func.count()).where(broken)).scalar_one()
            readable = and_(self._ours(), again, ITEMS.c.article_sha256.is_not(None))
            asked = rows.execute(update(ITEMS).where(readable).values(pending)).rowcount
        return int(looked_at) + asked

    def end(self) -> None:
        """Say that nothing is left to be read."""
        ended = {"state": "ended", "ended_at": now_text()}
        with self.store.writing() as rows:
            rows.execute(update(RUNS).where(RUNS.c.id == self.run_id).values(ended))

    def _release(
        self, rows: Connection, which: ColumnElement[bool], outcome: AttemptOutcome
    ) -> int:
        leased = select(ITEMS.c.key, ITEMS.c.attempts).where(
            self._ours(), ITEMS.c.state == "leased", which
        )
        freed = [(row.key, row.attempts) for row in rows.execute(leased.with_for_update())]
        if not freed:
            return 0
        self._end_attempts(rows, freed, outcome, None)
        keys = [key for key, _ in freed]
        ours = and_(self._ours(), ITEMS.c.key.in_(keys))
        rows.execute(update(ITEMS).where(ours).values({**FREE, "state": "pending"}))
        if outcome in ("died", "lost"):
            deaths = func.sum(case((ATTEMPTS.c.outcome == "died", 1), else_=0))
            killers = (
                select(ATTEMPTS.c.key)
                .where(ATTEMPTS.c.run_id == self.run_id, ATTEMPTS.c.key.in_(keys))
                .where(ATTEMPTS.c.outcome.in_(["died", "lost"]))
                .group_by(ATTEMPTS.c.key)
                .having(or_(deaths >= _MOST_DEATHS, func.count() >= _MOST_LOSSES))
            )
            failed = {"state": "failed", **_told(_KILLER), "finished_at": now_text()}
            rows.execute(update(ITEMS).where(ours, ITEMS.c.key.in_(killers)).values(failed))
        return len(freed)

    def _end_attempts(
        self,
        rows: Connection,
        which: Sequence[tuple[str, int]],
        outcome: AttemptOutcome,
        kind: str | None,
    ) -> None:
        ended = {"now": now_text(), "how": outcome, "kind": kind}
        each = [{"of_key": key, "of_attempt": number, **ended} for key, number in which]
        rows.execute(self._said.ending, each)

    def _ours(self) -> ColumnElement[bool]:
        return ITEMS.c.run_id == self.run_id


_NOTHING_TOLD: Final = {"error_kind": None, "error_text": None, "retryable": None}


def _told(failure: Failure) -> dict[str, Any]:
    return {
        "error_kind": failure.kind,
        "error_text": failure.text,
        "retryable": failure.retryable,
    }


def _more(usage: Usage) -> dict[str, Any]:
    return {
        "calls": ITEMS.c.calls + usage.calls,
        "prompt_tokens": ITEMS.c.prompt_tokens + usage.prompt_tokens,
        "output_tokens": ITEMS.c.output_tokens + usage.output_tokens,
        "cost_usd": func.coalesce(ITEMS.c.cost_usd, 0.0) + usage.cost_usd,
    }


def _held(item: WorkItem) -> ColumnElement[bool]:
    """The article, if this lease of it still stands."""
    return and_(
        ITEMS.c.key == item.key,
        ITEMS.c.state == "leased",
        ITEMS.c.owner == item.owner,
        ITEMS.c.attempts == item.attempt,
    )


def _article(row: Row[Any], texts: Mapping[str, str]) -> Submission:
    """What is to be read, as `listing` entered it."""
    given = json.loads(row.given)
    day, source = given.get("published_at"), given.get("source")
    return Submission(
        text=texts[row.article_sha256],
        title=given.get("title"),
        language=given.get("language"),
        published_at=date.fromisoformat(day) if day else None,
        article_id=row.article_id,
        source_url=given.get("source_url"),
        source=Source.model_validate(source) if source else None,
    )
