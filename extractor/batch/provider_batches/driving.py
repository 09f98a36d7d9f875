"""Driving a run through its provider's batches: submit, wait, collect, and ask again what is open.

Each step begins with what the ledger says and ends in it. There is one way on for all articles:
replay them before what was answered, and put what they still ask into the next batch.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from extractor.batch.items import Failure, WorkItem
from extractor.batch.leading import EndReason, RunEnd, RunEvent
from extractor.batch.limits import RunLimits, Spending
from extractor.batch.provider_batches.attending import beating, noted_interrupts
from extractor.batch.provider_batches.base import BatchFacts, ProviderBatches, ResultLine
from extractor.batch.provider_batches.ledger import BatchCounts, ProviderLedger, SentPart
from extractor.batch.provider_batches.parts import BatchPart, Hopper, Reserve
from extractor.batch.provider_batches.replaying import Replay, Replayer
from extractor.batch.register import standing_of
from extractor.batch.work import Work
from extractor.batch.workers import ArticleEnd
from extractor.errors import (
    ConfigurationError,
    ModelError,
    ModelNotFound,
    ModelReplyInvalid,
    ModelTimeout,
    ModelUnavailable,
    StoreFailed,
)
from extractor.models.hosted import Price
from extractor.models.remote.faults import read_fault

_CLAIMED: Final = 50
_FIRST_LOOK_SECONDS: Final = 1.0
_MOST_SILENCES: Final = 20
_LONGEST_PAUSE: Final = 300.0
_OF_THE_RUN: Final = frozenset({"key", "quota", "unknown_model", "unknown_provider"})
"""What every other request would meet too."""
_CROWDED: Final = "token_limit_exceeded"


@dataclass(frozen=True, slots=True)
class Patience:
    """How a run waits for its provider.

    `poll_seconds` pass between two looks, fewer at first. A batch that may have been made, but is
    not to be found, is taken for not made after `settle_seconds`. A batch has `part_requests` at
    most: small ones are collected sooner, and fit what an account may have under way.
    """

    poll_seconds: float = 30.0
    settle_seconds: float = 120.0
    part_requests: int = 10_000


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """Where the batches under way stand at their provider."""

    batches: int
    requests: int
    done: int


@dataclass(frozen=True, slots=True)
class BatchRunEnd:
    """How a run through batches ended, and what it leaves with the provider."""

    end: RunEnd
    counts: BatchCounts
    under_way: tuple[str, ...]
    """What the provider calls the batches that go on without us."""


class BatchRun:
    """Has the articles of a run answered in batches; the source must be listed.

    Args:
        work: the ledger of the run.
        provider: whose batches; the caller's to close.
        replayer: has articles take their path; the caller's to close.
        price: what a token costs in a batch; None if it is not known.
        limits: what the run may cost, how long it may wait, how many articles it may begin.
        patience: how it waits.
        cancel: end the batches that are under way, keep what they have answered, begin nothing.
        on_event: told of articles that end.
        on_progress: told where the batches stand, after each look at them.
    """

    def __init__(
        self,
        work: Work,
        provider: ProviderBatches,
        replayer: Replayer,
        price: Price | None,
        *,
        limits: RunLimits,
        patience: Patience | None = None,
        cancel: bool = False,
        on_event: Callable[[RunEvent], None] = lambda event: None,
        on_progress: Callable[[BatchProgress], None] = lambda progress: None,
    ) -> None:
        self._work, self._provider, self._replayer = work, provider, replayer
        self._price = price
        self._limits, self._spending = limits, Spending(limits)
        self._patience = patience or Patience()
        self._cancel = cancel
        self._tell, self._tell_progress = on_event, on_progress
        self._ledger = ProviderLedger(work, price)
        self._driver = ""
        self._reason: EndReason | None = None
        self._failure: Failure | None = None
        self._interrupted = threading.Event()
        self._most_requests = self._patience.part_requests
        self._fresh = True
        """Whether articles may be ready that were not looked at since."""
        self._crowded = self._over_budget = False
        self._looks = self._silences = self._rejections = 0
        self._not_before = 0.0
        self._done: dict[str, int] = {}
        self._cancelled: set[str] = set()

    def run(self) -> BatchRunEnd:
        """Go on until nothing is left, a limit is reached, or somebody interrupts.

        Interrupted (SIGINT or SIGTERM) it leaves the batches under way with the provider.

        Raises:
            ConfigurationError: another process works with the batches of this run, or a limit on
                costs is set and the price of the model is not known.
            StoreFailed: the store does not answer.
        """
        if self._limits.cost_usd is not None:
            self._spending.reached(0.0 if self._price else None)
        self._driver = self._work.join()
        try:
            self._take()
            with beating(self._work, self._driver), noted_interrupts(self._interrupted):
                self._go_on()
            self._ledger.release()
        finally:
            self._work.leave(self._driver)
        return self._ended()

    def _take(self) -> None:
        self._work.reclaim()
        if not self._ledger.take(self._driver):
            raise ConfigurationError(
                "Another process works with the batches of this run.",
                hint="Let it go on, or stop it; one that died elsewhere is missed after a minute.",
            )

    def _ended(self) -> BatchRunEnd:
        standing = standing_of(self._work)
        parts = self._ledger.under_way()
        limited = self._reason in ("cost", "hours", "articles")
        if limited and not (standing.left or standing.listing):
            self._reason = "complete"
        if self._reason == "complete":
            self._work.end()
        end = RunEnd(self._reason or "interrupted", standing, self._failure)
        under_way = tuple(part.provider_id or part.id for part in parts)
        return BatchRunEnd(end, self._ledger.counts(), under_way)

    def _go_on(self) -> None:
        while not self._interrupted.is_set():
            for part in self._ledger.under_way():
                self._look_at(part)
                if self._interrupted.is_set():
                    return
            if self._reason is None:
                self._plan()
            elif self._fresh:
                self._sweep(None)
            parts = self._ledger.under_way()
            self._say_progress(parts)
            if self._is_over(parts):
                return
            if self._fresh and not self._is_waiting:
                continue
            self._interrupted.wait(
                min(self._patience.poll_seconds, _FIRST_LOOK_SECONDS * 2.0**self._looks)
            )
            self._looks = min(self._looks + 1, _MOST_SILENCES)

    @property
    def _is_waiting(self) -> bool:
        """Whether nothing can be given to the provider now."""
        return self._crowded or self._over_budget or time.monotonic() < self._not_before

    def _is_over(self, parts: list[SentPart]) -> bool:
        if self._reason == "failure":
            return True
        if self._spending.reached(0.0 if self._price else None) == "hours":
            self._stop("hours")
            return True
        if parts or self._fresh:
            return False
        if self._cancel:
            self._stop("interrupted")
        elif self._over_budget:
            self._stop("cost")
        elif standing_of(self._work).left and self._spending.articles_left == 0:
            self._stop("articles")
        elif standing_of(self._work).left == 0:
            self._stop("complete")
        return self._reason is not None

    def _stop(self, reason: EndReason, failure: Failure | None = None) -> None:
        if self._reason is None:
            self._reason, self._failure = reason, failure

    # ---- what the provider has

    def _look_at(self, part: SentPart) -> None:
        try:
            if part.state == "submitted" and part.provider_id:
                self._follow(part, self._provider.look(part.provider_id))
            elif part.state == "creating":
                self._look_for(part)
            else:  # it was never asked to make it
                self._forget(part)
            self._silences = 0
        except ModelError as error:
            if isinstance(error, ModelNotFound) and part.state == "submitted":
                self._missed(part)
                return
            self._silences += 1
            self._failed(error, self._silences)

    def _look_for(self, part: SentPart) -> None:
        """Find a batch that was made, if it was, by a call whose answer nobody heard."""
        found = self._provider.find(part.intent, self._ledger.known())
        if isinstance(found, BatchFacts):
            self._ledger.submitted(part.id, found.id)
        elif found is None:
            settled = part.since + timedelta(seconds=self._patience.settle_seconds)
            if datetime.now(UTC) >= settled:
                self._forget(part)

    def _follow(self, part: SentPart, facts: BatchFacts) -> None:
        self._done[part.id] = facts.done
        if facts.state == "refused":
            self._refused(part, facts)
        elif facts.state == "ended":
            self._ledger.collect(part, facts, self._noted(self._provider.results(facts)))
            self._provider.tidy(part.upload)
            self._changed()
            if facts.canceled and not self._cancel:
                told = "A batch was cancelled at the provider. What it had answered is kept."
                self._stop("failure", Failure("BatchCancelled", told))
        elif self._cancel and facts.id not in self._cancelled:
            self._provider.cancel(facts.id)
            self._cancelled.add(facts.id)

    def _noted(self, lines: Iterable[ResultLine]) -> Iterator[ResultLine]:
        """The lines; what would befall every other request costs no article and ends the run."""
        for line in lines:
            if line.outcome == "failed":
                fault = read_fault(line.status, line.body)
                if fault.kind in _OF_THE_RUN:
                    error = fault.error(self._replayer.extractor.model_name)
                    self._stop("failure", Failure.of(error))
                    line = ResultLine(line.id, "canceled", line.status, line.body)
            yield line

    def _refused(self, part: SentPart, facts: BatchFacts) -> None:
        """The provider takes none of the requests; of too many at a time, fewer."""
        self._forget(part)
        self._provider.tidy(part.upload)
        others = len(self._ledger.under_way())
        if facts.code == _CROWDED and (others or part.requests > 1):
            self._crowded = bool(others)
            self._most_requests = max(1, part.requests // 2)
            return
        told = f"The provider refused a batch whole ({facts.code or 'no reason given'})."
        self._stop("failure", Failure("BatchRefused", told))

    def _missed(self, part: SentPart) -> None:
        """The provider no longer has the batch or its answers; only who says so gives it up."""
        if self._cancel:
            gone = BatchFacts(part.provider_id or part.id, "ended", canceled=True)
            self._ledger.collect(part, gone, ())
            self._changed()
            return
        told = (
            f"The provider has no batch {part.provider_id} any more, or not for this key. With the "
            "right key go on; --cancel-provider-batch gives up what it was asked, and the next "
            "start asks that again."
        )
        self._stop("failure", Failure("BatchGone", told))

    def _forget(self, part: SentPart) -> None:
        self._ledger.void(part.id)
        self._changed()

    def _changed(self) -> None:
        """There is something to do, and may be room for it."""
        self._fresh, self._crowded, self._over_budget = True, False, False
        self._looks = 0

    def _failed(self, error: ModelError, times: int) -> None:
        """A provider that is away for a moment is asked again; what will not pass ends the run."""
        if not error.retryable or times >= _MOST_SILENCES:
            self._stop("failure", Failure.of(error))
        pause = min(_LONGEST_PAUSE, self._patience.poll_seconds * 2.0 ** (times - 1))
        self._not_before = time.monotonic() + (error.retry_after or pause)

    # ---- what it is to be given

    def _plan(self) -> None:
        """Replay what is ready, begin what was not begun, and submit what they ask."""
        if self._cancel:
            self._sweep(None)
            return
        if self._is_waiting:
            return
        hopper = Hopper(self._new_part, self._submit)
        try:
            self._sweep(hopper)
            while not hopper.full and not self._interrupted.is_set() and self._may_begin():
                items = self._begin()
                if not items:
                    break
                for item in items:
                    self._take_on(item, hopper)
            if not self._interrupted.is_set():
                hopper.flush()
        finally:
            hopper.close()
        self._over_budget = hopper.over_budget
        self._fresh = self._fresh or hopper.failed

    def _sweep(self, hopper: Hopper | None) -> None:
        """Replay all held articles that wait for no answer; without a hopper nothing is asked."""
        self._fresh = False
        place = -1
        while not self._interrupted.is_set():
            items, place = self._ledger.ready(place, _CLAIMED)
            if not items:
                return
            for item in items:
                self._take_on(item, hopper)

    def _may_begin(self) -> bool:
        return self._spending.articles_left != 0

    def _begin(self) -> list[WorkItem]:
        most = _CLAIMED
        if (left := self._spending.articles_left) is not None:
            most = min(most, left)
        items = self._work.claim(self._ledger.owner, most)
        if items:
            self._ledger.hold(items)
            self._spending.begin(len(items))
        return items

    def _take_on(self, item: WorkItem, hopper: Hopper | None) -> None:
        began = time.monotonic()
        replay = self._replayer.replay(item.article, self._ledger.sent(item.key))
        if replay.wanted:
            if hopper is not None:
                hopper.add(item.key, replay.wanted)
            return
        self._end(item, replay, time.monotonic() - began)

    def _end(self, item: WorkItem, replay: Replay, seconds: float) -> None:
        if replay.extraction is not None:
            usage = replay.extraction.usage
            try:
                self._work.finish(item, replay.extraction)
            except StoreFailed:
                raise
            except Exception as error:  # a defect costs this article and no other
                self._end(item, Replay(failure=Failure.of(error), spent=usage), seconds)
                return
            end = ArticleEnd(item.key, "done", seconds, usage)
            self._tell(RunEvent("done", item, end))
        elif replay.failure is not None:
            self._work.fail(item, replay.failure, replay.spent)
            end = ArticleEnd(item.key, "failed", seconds, replay.spent, replay.failure)
            self._tell(RunEvent("failed", item, end))

    def _new_part(self) -> BatchPart:
        most = self._limits.cost_usd
        if most is not None:
            most -= self._ledger.spent() + self._ledger.reserved()
        reserve = Reserve(self._price, self._ledger.output_tokens())
        return BatchPart(self._provider, self._most_requests, most, reserve)

    def _submit(self, part: BatchPart) -> bool:
        """Give the part to the provider; False if nothing more should be given now."""
        sent = self._ledger.intend(
            self._driver, part.id, self._provider.name, part.requests, part.reserved
        )
        file = part.written()
        try:
            upload = self._provider.upload(sent.intent, file)
        except ModelError as error:
            self._forget(sent)
            return self._rejected(error)
        self._ledger.creating(part.id, upload)
        try:
            facts = self._provider.create(sent.intent, upload, file)
        except ModelError as error:
            if not _leaves_open(error):
                self._forget(sent)
            return self._rejected(error)
        self._ledger.submitted(part.id, facts.id)
        self._rejections = self._looks = 0
        return True

    def _rejected(self, error: ModelError) -> bool:
        self._rejections += 1
        self._failed(error, self._rejections)
        return False

    def _say_progress(self, parts: list[SentPart]) -> None:
        requests = sum(part.requests for part in parts)
        done = sum(self._done.get(part.id, 0) for part in parts)
        self._tell_progress(BatchProgress(len(parts), requests, done))
        self._tell(RunEvent("standing", standing=standing_of(self._work)))


def _leaves_open(error: ModelError) -> bool:
    """Whether the provider may have made the batch all the same."""
    return isinstance(error, ModelTimeout | ModelUnavailable | ModelReplyInvalid)
