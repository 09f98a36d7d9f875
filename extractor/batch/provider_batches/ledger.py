"""The ledger of a run's batches: what was given to a provider, and what came of each request.

Nothing reaches a provider before it stands here as intended, so that a process that is killed at
any moment leaves either no batch or one that is looked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal

from sqlalchemy import and_, bindparam, case, delete, exists, func, or_, select, update

from extractor.batch.provider_batches.base import BatchFacts, Intent, ResultLine
from extractor.batch.provider_batches.parts import PlacedRequest
from extractor.batch.provider_batches.replaying import SentRequest
from extractor.batch.work import LEASE_SECONDS
from extractor.errors import ConfigurationError, ModelReplyInvalid, ModelUnavailable
from extractor.models.base import TokenUsage
from extractor.models.remote.completion import read_completion
from extractor.storage.tables import (
    ITEMS,
    OWNERS,
    PROVIDER_BATCHES,
    PROVIDER_REQUESTS,
    PROVIDER_RUNS,
    now_text,
)

if TYPE_CHECKING:
    from extractor.batch.items import WorkItem
    from extractor.batch.work import Work
    from extractor.models.hosted import Price

PartState = Literal["intended", "creating", "submitted"]
_HELD_SECONDS: Final = 3600.0
_KEPT_SECONDS: Final = 30 * 24 * 3600.0
"""So long both providers keep what they answered."""
_LINES: Final = 500
_FEWEST_KNOWN: Final = 20
_UNDER_WAY: Final[tuple[PartState, ...]] = ("intended", "creating", "submitted")


@dataclass(frozen=True, slots=True)
class SentPart:
    """A batch that has not been collected."""

    id: str
    state: PartState
    requests: int
    provider_id: str | None
    upload: str | None
    since: datetime
    run_id: str

    @property
    def intent(self) -> Intent:
        """What its provider is asked for it by."""
        return Intent(self.id, self.run_id, self.requests, self.since)


@dataclass(frozen=True, slots=True)
class BatchCounts:
    """What a run has given to its provider."""

    batches: int
    requests: int
    answered: int
    cost_usd: float | None
    """What the answers cost, in US dollars; None if the price is not known."""


class ProviderLedger:
    """The batches of one run; one process at a time works with them.

    Every method raises `StoreFailed` if the store does not answer, and has then done nothing.
    """

    def __init__(self, work: Work, price: Price | None = None) -> None:
        self.work = work
        self.owner = f"provider batches of {work.run_id}"
        """Who holds the articles, whatever process works with them."""
        self._store = work.store
        self._price = price
        self._batches = PROVIDER_BATCHES.c.run_id == work.run_id
        self._requests = PROVIDER_REQUESTS.c.run_id == work.run_id
        held = and_(ITEMS.c.run_id == work.run_id, ITEMS.c.state == "leased")
        self._held = and_(held, ITEMS.c.owner == self.owner)

    # ---- who works with them

    def take(self, driver: str) -> bool:
        """Whether this process is the one to work with the batches; it has joined the run."""
        alive = select(OWNERS.c.id).where(OWNERS.c.beat_at > self._store.clock() - LEASE_SECONDS)
        mine = PROVIDER_RUNS.c.run_id == self.work.run_id
        taken = PROVIDER_RUNS.c.driver
        free = or_(taken.is_(None), taken == driver, taken.not_in(alive))
        row = {"run_id": self.work.run_id, "driver": None}
        with self._store.writing() as rows:
            rows.execute(self._store.insert(PROVIDER_RUNS).values(row).on_conflict_do_nothing())
            taking = update(PROVIDER_RUNS).where(mine, free).values(driver=driver)
            return bool(rows.execute(taking).rowcount)

    def hold(self, items: Sequence[WorkItem]) -> None:
        """Keep articles that were claimed for the owner from being anybody's again soon."""
        keys = [item.key for item in items]
        until = self._store.clock() + _HELD_SECONDS
        with self._store.writing() as rows:
            rows.execute(
                update(ITEMS).where(self._held, ITEMS.c.key.in_(keys)).values(lease_until=until)
            )

    def ready(self, after: int, most: int) -> tuple[list[WorkItem], int]:
        """Held articles that wait for no answer, behind a place in the source; and the last place.

        Args:
            after: the place behind which they stand, -1 for all.
            most: at most so many articles.
        """
        waits = exists().where(
            PROVIDER_REQUESTS.c.run_id == ITEMS.c.run_id,
            PROVIDER_REQUESTS.c.key == ITEMS.c.key,
            PROVIDER_REQUESTS.c.state == "sent",
        )
        wanted = (
            select(ITEMS.c.key, ITEMS.c.position)
            .where(self._held, ITEMS.c.position > after, ~waits)
            .order_by(ITEMS.c.position)
            .limit(most)
        )
        with self._store.reading() as rows:
            found = rows.execute(wanted).all()
        if not found:
            return [], after
        items = self.work.held(self.owner, [row.key for row in found])
        return items, int(found[-1].position)

    def release(self) -> None:
        """Give back what is held and waits for no answer: what was answered is kept."""
        if not self.under_way():
            self.work.leave(self.owner)

    # ---- batches

    def under_way(self) -> list[SentPart]:
        """The batches that were not collected, oldest first."""
        wanted = (
            select(PROVIDER_BATCHES)
            .where(self._batches, PROVIDER_BATCHES.c.state.in_(_UNDER_WAY))
            .order_by(PROVIDER_BATCHES.c.intended_at)
        )
        with self._store.reading() as rows:
            found = rows.execute(wanted).all()
        return [
            SentPart(
                row.id,
                row.state,
                row.requests,
                row.provider_id,
                row.upload,
                datetime.fromisoformat(row.creating_at or row.intended_at).astimezone(UTC),
                row.run_id,
            )
            for row in found
        ]

    def known(self) -> frozenset[str]:
        """What providers call all batches of the store."""
        wanted = select(PROVIDER_BATCHES.c.provider_id).where(
            PROVIDER_BATCHES.c.provider_id.is_not(None)
        )
        with self._store.reading() as rows:
            return frozenset(str(each) for each in rows.scalars(wanted))

    def intend(
        self,
        driver: str,
        part: str,
        provider: str,
        requests: Sequence[PlacedRequest],
        reserved: float,
    ) -> SentPart:
        """Write down a batch that is to be made.

        Raises:
            ConfigurationError: another process works with the batches by now.
        """
        run_id, now = self.work.run_id, now_text()
        batch = {
            "id": part,
            "run_id": run_id,
            "provider": provider,
            "state": "intended",
            "requests": len(requests),
            "reserved_usd": reserved,
            "intended_at": now,
        }
        sent = [
            {
                "id": each.id,
                "batch_id": part,
                "run_id": run_id,
                "key": each.key,
                "question": each.wanted.question,
                "form": each.wanted.form,
                "state": "sent",
            }
            for each in requests
        ]
        until = self._store.clock() + _KEPT_SECONDS
        keys = sorted({each.key for each in requests})
        with self._store.writing() as rows:
            self._check_driver(rows.scalar(_driver_of(run_id)), driver)
            last = rows.scalar(select(func.max(PROVIDER_REQUESTS.c.number)).where(self._requests))
            rows.execute(PROVIDER_BATCHES.insert(), [batch])
            first = (last or 0) + 1
            numbered = [{**row, "number": first + place} for place, row in enumerate(sent)]
            rows.execute(PROVIDER_REQUESTS.insert(), numbered)
            for some in _chunks(keys):
                held = and_(self._held, ITEMS.c.key.in_(some))
                rows.execute(update(ITEMS).where(held).values(lease_until=until))
        since = datetime.fromisoformat(now)
        return SentPart(part, "intended", len(requests), None, None, since, run_id)

    def creating(self, part: str, upload: str | None) -> datetime:
        """Write down that the provider is now told to make the batch; since when."""
        now = now_text()
        self._change(part, state="creating", upload=upload, creating_at=now)
        return datetime.fromisoformat(now)

    def submitted(self, part: str, provider_id: str) -> None:
        """Write down that the provider has the batch."""
        self._change(part, state="submitted", provider_id=provider_id)

    def void(self, part: str) -> None:
        """Forget a batch that the provider has not got, or has refused whole."""
        with self._store.writing() as rows:
            rows.execute(delete(PROVIDER_REQUESTS).where(PROVIDER_REQUESTS.c.batch_id == part))
            rows.execute(delete(PROVIDER_BATCHES).where(PROVIDER_BATCHES.c.id == part))

    def collect(self, part: SentPart, facts: BatchFacts, lines: Iterable[ResultLine]) -> None:
        """Keep what came of the requests of a batch; what it does not tell of was not asked."""
        waiting: list[ResultLine] = []
        for line in lines:
            waiting.append(line)
            if len(waiting) == _LINES:
                self._keep(part.id, waiting)
                waiting = []
        self._keep(part.id, waiting)
        left = and_(PROVIDER_REQUESTS.c.batch_id == part.id, PROVIDER_REQUESTS.c.state == "sent")
        untold = "canceled" if facts.canceled else "expired"
        ended = {"state": "collected", "ended_at": now_text()}
        with self._store.writing() as rows:
            rows.execute(update(PROVIDER_REQUESTS).where(left).values(state=untold))
            batch = PROVIDER_BATCHES.c.id == part.id
            rows.execute(update(PROVIDER_BATCHES).where(batch).values(ended))

    def _keep(self, part: str, lines: Sequence[ResultLine]) -> None:
        if not lines:
            return
        keeping = (
            update(PROVIDER_REQUESTS)
            .where(
                PROVIDER_REQUESTS.c.id == bindparam("of_id"),
                PROVIDER_REQUESTS.c.batch_id == part,
                PROVIDER_REQUESTS.c.state == "sent",
            )
            .values(
                state=bindparam("is_now"),
                status=bindparam("with_status"),
                reply=bindparam("with_reply"),
                prompt_tokens=bindparam("read"),
                output_tokens=bindparam("written"),
                cost_usd=bindparam("cost"),
            )
        )
        with self._store.writing() as rows:
            rows.execute(keeping, [self._kept(line) for line in lines])

    def _kept(self, line: ResultLine) -> dict[str, Any]:
        usage = _usage(line.body) if line.outcome == "answered" else TokenUsage()
        return {
            "of_id": line.id,
            "is_now": line.outcome,
            "with_status": line.status,
            "with_reply": line.body,
            "read": usage.prompt_tokens,
            "written": usage.output_tokens,
            "cost": self._price.of(usage) if self._price else None,
        }

    def _change(self, part: str, **values: object) -> None:
        with self._store.writing() as rows:
            changing = update(PROVIDER_BATCHES).where(PROVIDER_BATCHES.c.id == part)
            rows.execute(changing.values(**values))

    def _check_driver(self, found: object, driver: str) -> None:
        if found != driver:
            raise ConfigurationError(
                "Another process works with the batches of this run by now.",
                hint="Let it go on, or stop it before you start another.",
            )

    # ---- requests

    def sent(self, key: str) -> list[SentRequest]:
        """What was sent about an article, in its order, and still counts."""
        counts = PROVIDER_REQUESTS.c.state.in_(["sent", "answered", "failed", "expired"])
        wanted = (
            select(PROVIDER_REQUESTS)
            .where(self._requests, PROVIDER_REQUESTS.c.key == key, counts)
            .order_by(PROVIDER_REQUESTS.c.number)
        )
        with self._store.reading() as rows:
            return [
                SentRequest(row.question, row.form, row.state, row.status or 0, row.reply or "")
                for row in rows.execute(wanted)
            ]

    def forget_failed(self) -> None:
        """Have articles that failed, or were read in part, asked everything again on a retry."""
        wrong = or_(
            ITEMS.c.state == "failed",
            and_(ITEMS.c.state == "done", ITEMS.c.error_kind == "passage_unread"),
        )
        keys = select(ITEMS.c.key).where(ITEMS.c.run_id == self.work.run_id, wrong)
        with self._store.writing() as rows:
            forgetting = update(PROVIDER_REQUESTS).where(
                self._requests,
                PROVIDER_REQUESTS.c.key.in_(keys),
                PROVIDER_REQUESTS.c.state != "sent",
            )
            rows.execute(forgetting.values(state="void"))

    # ---- money

    def spent(self) -> float:
        """What the run has cost, in US dollars: its answers, and articles asked otherwise."""
        asked = select(PROVIDER_REQUESTS.c.key).where(self._requests)
        others = select(func.sum(ITEMS.c.cost_usd)).where(
            ITEMS.c.run_id == self.work.run_id, ITEMS.c.key.not_in(asked)
        )
        with self._store.reading() as rows:
            answers = rows.scalar(
                select(func.sum(PROVIDER_REQUESTS.c.cost_usd)).where(self._requests)
            )
            return float(answers or 0.0) + float(rows.scalar(others) or 0.0)

    def reserved(self) -> float:
        """What is set aside for batches that are under way, in US dollars."""
        open_ones = and_(self._batches, PROVIDER_BATCHES.c.state.in_(_UNDER_WAY))
        with self._store.reading() as rows:
            wanted = select(func.sum(PROVIDER_BATCHES.c.reserved_usd)).where(open_ones)
            return float(rows.scalar(wanted) or 0.0)

    def output_tokens(self) -> float | None:
        """The tokens of a reply on average; None as long as too few are known."""
        answered = and_(self._requests, PROVIDER_REQUESTS.c.state == "answered")
        wanted = select(func.count(), func.avg(PROVIDER_REQUESTS.c.output_tokens)).where(answered)
        with self._store.reading() as rows:
            count, mean = rows.execute(wanted).one()
        return float(mean) if count >= _FEWEST_KNOWN else None

    def counts(self) -> BatchCounts:
        """What was given to the provider in all, and what it has answered."""
        answered = func.sum(case((PROVIDER_REQUESTS.c.state == "answered", 1), else_=0))
        cost = func.sum(PROVIDER_REQUESTS.c.cost_usd)
        of_requests = select(func.count(), answered, cost).where(self._requests)
        of_batches = select(func.count()).where(self._batches)
        with self._store.reading() as rows:
            requests, told, paid = rows.execute(of_requests).one()
            batches = rows.scalar(of_batches)
        return BatchCounts(
            int(batches or 0),
            int(requests),
            int(told or 0),
            float(paid or 0.0) if self._price else None,
        )


def leave_to_others(work: Work) -> None:
    """Make sure that articles may be asked otherwise than in batches.

    Raises:
        ConfigurationError: batches of the run are under way.
        StoreFailed: the store does not answer.
    """
    ledger = ProviderLedger(work)
    if parts := ledger.under_way():
        raise ConfigurationError(
            f"{len(parts)} batches of this run are under way at its provider.",
            hint="Add --provider-batch to go on with them, or --cancel-provider-batch to end them.",
        )
    work.leave(ledger.owner)


def _driver_of(run_id: str) -> Any:
    return select(PROVIDER_RUNS.c.driver).where(PROVIDER_RUNS.c.run_id == run_id)


def _chunks(keys: Sequence[str]) -> Iterable[Sequence[str]]:
    return (keys[start : start + _LINES] for start in range(0, len(keys), _LINES))


def _usage(body: str) -> TokenUsage:
    try:
        return read_completion(body).usage
    except (ModelReplyInvalid, ModelUnavailable):
        return TokenUsage()
