"""Sharing: an article that several callers send at the same time is read, and paid for, once.

The reading belongs to all of them: it goes on as long as one of them waits, and ends with the last.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from anyio import CapacityLimiter, to_thread

from extractor.api.commons import Commons, passing
from extractor.asking.deadline import Deadline, JointDeadline
from extractor.errors import Abandoned, DeadlinePassed
from extractor.extraction import AsyncExtractor, Extractor, reading_threads
from extractor.pipeline import OnChecked
from extractor.records import Extraction, Source
from extractor.results.store import Answered, ResultStore, Submission, shortfall

_STEP_SECONDS: Final = 1.0
_STORE_THREADS: Final = 4

_Found: TypeAlias = tuple[Extraction, Literal["read", "kept", "shared"]]
"""What was read, and how it came about."""


@dataclass(frozen=True, slots=True)
class _Flight:
    """An article that is being read, and for whom."""

    reading: asyncio.Task[_Found]
    deadline: JointDeadline


class Sharing:
    """Extractions from the store, or made and kept; for one event loop."""

    def __init__(self, store: ResultStore | None, commons: Commons) -> None:
        self._store = store
        self._workers: Executor | None = None
        self._commons = commons
        self._store_threads = CapacityLimiter(_STORE_THREADS)
        self._flights: dict[str, _Flight] = {}

    async def answer(
        self,
        extractor: Extractor,
        submission: Submission,
        deadline: Deadline,
        on_checked: OnChecked | None = None,
    ) -> Answered:
        """The extraction of the article.

        `on_checked` as in `Extractor.extract`: only of an article that is read for this caller.

        Raises:
            ExtractorError: as for `Extractor.extract`.
        """
        key = submission.key(extractor.fingerprint)
        while True:
            flight = self._flights.get(key)
            leads = flight is None
            if flight is None:
                flight = self._start(key, extractor, submission, on_checked, deadline)
            else:
                flight.deadline.join(deadline)
            try:
                extraction, how = await _landed(flight, deadline)
            except (Abandoned, DeadlinePassed):
                # The end of the others' patience says nothing to those who came later.
                if leads:
                    raise
                deadline.check()
                continue
            finally:
                self._leave(key, flight, deadline)
            return Answered(_for(submission, extraction), how if leads else "shared")

    async def open(self) -> None:
        """Open the store; raises `ConfigurationError` if it cannot be used."""
        if self._store:
            await to_thread.run_sync(self._store.open)

    def close(self) -> None:
        """Release the store, and the threads that read."""
        if self._workers is not None:
            self._workers.shutdown(wait=False)
            self._workers = None
        if self._store:
            self._store.close()

    def _start(
        self,
        key: str,
        extractor: Extractor,
        submission: Submission,
        on_checked: OnChecked | None,
        deadline: Deadline,
    ) -> _Flight:
        joint = JointDeadline(deadline)
        reading = asyncio.create_task(self._read(key, extractor, submission, on_checked, joint))
        reading.add_done_callback(lambda done: done.cancelled() or done.exception())
        flight = self._flights[key] = _Flight(reading, joint)
        return flight

    def _leave(self, key: str, flight: _Flight, deadline: Deadline) -> None:
        flight.deadline.leave(deadline)
        if flight.reading.done() or flight.deadline.is_nobodys:
            flight.reading.cancel()
            if self._flights.get(key) is flight:
                del self._flights[key]

    async def _read(
        self,
        key: str,
        extractor: Extractor,
        submission: Submission,
        on_checked: OnChecked | None,
        deadline: Deadline,
    ) -> _Found:
        gate = f"article:{key}"
        async with passing(self._commons, gate, deadline) as turn:
            if turn.told is not None:
                return Extraction.model_validate_json(turn.told), "shared"
            # Looked up here and not before: what another process has just kept is then seen.
            kept = await self._kept(key)
            if kept is not None:
                return kept, "kept"
            extraction = await self._read_now(key, extractor, submission, on_checked, deadline)
            if self._commons.is_awaited(gate):
                turn.to_tell = extraction.model_dump_json()
            return extraction, "read"

    async def _read_now(
        self,
        key: str,
        extractor: Extractor,
        submission: Submission,
        on_checked: OnChecked | None,
        deadline: Deadline,
    ) -> Extraction:
        if self._workers is None:
            self._workers = reading_threads()
        extraction = await AsyncExtractor(extractor, workers=self._workers).extract(
            submission.text,
            title=submission.title,
            language=submission.language,
            published_at=submission.published_at,
            on_checked=on_checked,
            deadline=deadline,
        )
        if shortfall(extraction, extractor.model_name) is None:
            await self._keep(key, extraction)
        return extraction

    async def _kept(self, key: str) -> Extraction | None:
        if self._store is None:
            return None
        return await to_thread.run_sync(self._store.get, key, limiter=self._store_threads)

    async def _keep(self, key: str, extraction: Extraction) -> None:
        if self._store is not None:
            await to_thread.run_sync(self._store.put, key, extraction, limiter=self._store_threads)


async def _landed(flight: _Flight, deadline: Deadline) -> _Found:
    """What was read; a caller who shares it keeps its own time."""
    while not flight.reading.done():
        # The time of one who is alone is that of the reading, which knows best when to end.
        alone = flight.deadline.is_of_one
        step = _STEP_SECONDS if alone else deadline.remaining(_STEP_SECONDS)
        await asyncio.wait({flight.reading}, timeout=step)
    return flight.reading.result()


def _for(submission: Submission, extraction: Extraction) -> Extraction:
    own: dict[str, str | Source | None] = {
        "article_id": submission.article_id,
        "source_url": submission.source_url,
        "source": submission.source,
    }
    return extraction.model_copy(update={"article": extraction.article.model_copy(update=own)})
