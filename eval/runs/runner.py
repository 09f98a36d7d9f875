"""Runs systems over corpora: every result is kept as it comes, and none is made twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from eval.labels.dataset import Corpus, LabelledArticle
from eval.runs.opening import AnyRun
from eval.runs.results import Key, Result, Spent
from eval.systems.base import FindingSystem, GivenArticle, System, UnusableReply
from extractor.errors import ExtractorError
from extractor.messages import clean_line, tell_error
from extractor.models.base import ModelClient, ModelReply, ModelRequest
from extractor.selection import Finder


@dataclass(frozen=True, slots=True)
class Job:
    """One document to be read by one system with one model."""

    key: Key
    item: LabelledArticle
    system: System


ClientFor: TypeAlias = Callable[[ModelClient, Key], ModelClient]


FinderFor: TypeAlias = Callable[[Key], Finder]


class Watcher(Protocol):
    """Is told how a run goes on."""

    def planned(self, jobs: Sequence[Job], pending: Sequence[Job]) -> None:
        """Be told all jobs of the run, and those of them without a result yet."""

    def done(self, job: Job, result: Result) -> None:
        """Be told of a result that has just been stored."""


@dataclass(frozen=True, slots=True)
class RunPlan:
    """Models x systems x repeats over corpora, in the order in which they are run."""

    models: Sequence[str]
    systems: Sequence[System]
    corpora: Sequence[Corpus]
    repeats: int = 1

    def jobs(self) -> Iterator[Job]:
        """Everything to be done; one model and one prompt at a time, as caches like it."""
        for model in self.models:
            for corpus in self.corpora:
                for system in self.systems:
                    for repeat in range(1, self.repeats + 1):
                        for item in corpus.items:
                            key = Key(
                                model=model,
                                system=system.name,
                                repeat=repeat,
                                corpus=corpus.name,
                                document=item.name,
                            )
                            yield Job(key, item, system)


def run(
    plan: RunPlan,
    folder: AnyRun,
    open_client: Callable[[str], ModelClient],
    watcher: Watcher,
    *,
    concurrency: int = 1,
    client_for: ClientFor | None = None,
    finder_for: FinderFor | None = None,
) -> None:
    """Do what of the plan has no result yet, or only an error.

    `client_for` may put another client around a model's for a document, such as one that records:
    it is closed once the document has been read, but not after an error, for it is tried again;
    `finder_for` may put another finder in the place of a system's own.
    An interrupt lets the documents in flight be finished and kept.

    Raises:
        EvaluationError: the folder or a system cannot be used.
        ExtractorError: a model cannot be opened.
    """
    jobs = list(plan.jobs())
    pending = [job for job in jobs if _is_pending(job, folder.find(job.key))]
    watcher.planned(jobs, pending)
    for model in plan.models:
        mine = [job for job in pending if job.key.model == model]
        if mine:
            client = open_client(model)
            reader = _Reader(client, client_for, finder_for)
            try:
                _run_all(mine, reader, folder, watcher, concurrency)
            finally:
                client.close()


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads documents with one model."""

    client: ModelClient
    client_for: ClientFor | None
    finder_for: FinderFor | None

    def __call__(self, job: Job) -> Result:
        finder = self.finder_for(job.key) if self.finder_for else None
        if self.client_for is None:
            return read(job, self.client, finder)
        client = self.client_for(self.client, job.key)
        result = read(job, client, finder)
        if result.status != "error":
            client.close()
        return result


def _is_pending(job: Job, result: Result | None) -> bool:
    if result is None or result.status == "error":
        return True
    # An article that was edited since is another article.
    return result.article_sha256 != job.item.gold.document.sha256


def _run_all(
    jobs: Iterable[Job],
    reader: _Reader,
    folder: AnyRun,
    watcher: Watcher,
    concurrency: int,
) -> None:
    def done(job: Job, result: Result) -> None:
        folder.store(result)
        watcher.done(job, result)

    if concurrency == 1:
        # Here, where an interrupt stops an embedded model in the middle of a reply.
        for job in jobs:
            done(job, reader(job))
        return
    with ThreadPoolExecutor(concurrency, thread_name_prefix="run") as pool:
        waiting = {pool.submit(reader, job): job for job in jobs}
        try:
            while waiting:
                finished, _ = wait(waiting, return_when=FIRST_COMPLETED)
                for future in finished:
                    done(waiting.pop(future), future.result())
        except BaseException:
            for future in waiting:
                future.cancel()
            for future, job in waiting.items():
                if not future.cancelled():
                    done(job, future.result())
            raise


def read(job: Job, client: ModelClient, finder: Finder | None = None) -> Result:
    """The result of one job; what fails becomes part of it."""
    system = job.system
    if finder is not None and isinstance(system, FindingSystem):
        system = system.with_finder(finder)
    meter = Meter(client)
    article = GivenArticle(job.item.name, job.item.text, job.item.published_at)
    extraction = None
    try:
        extraction = system.extract(article, meter)
    except UnusableReply as error:
        status, detail = error.status, str(error)
    except ExtractorError as error:
        status, detail = "error", tell_error(error)
    else:
        status, detail = ("repaired" if extraction.usage.repairs else "ok"), ""
    return Result(
        key=job.key,
        article_sha256=job.item.gold.document.sha256,
        status=status,
        detail=clean_line(detail),
        spent=meter.spent,
        extraction=extraction,
    )


class Meter:
    """A `ModelClient` over another; failed calls count as calls and seconds."""

    def __init__(self, client: ModelClient) -> None:
        self.name = client.name
        self.digest = client.digest
        self._client = client
        self._started = time.perf_counter()
        self._lock = threading.Lock()
        self._spent = Spent(cost_usd=0.0)

    @property
    def spent(self) -> Spent:
        """What has been spent since the meter was made."""
        elapsed = time.perf_counter() - self._started
        return self._spent.model_copy(update={"seconds": round(elapsed, 4)})

    def complete(self, request: ModelRequest) -> ModelReply:
        """Make one attempt; raise what the client raises."""
        started = time.perf_counter()
        reply = None
        try:
            reply = self._client.complete(request)
            return reply
        finally:
            self._count(reply, time.perf_counter() - started)

    def close(self) -> None:
        """Nothing: the client outlives its meters."""

    def _count(self, reply: ModelReply | None, seconds: float) -> None:
        with self._lock:
            before = self._spent
            usage = reply.usage if reply else None
            cost = usage.cost_usd if usage else 0.0
            unknown = before.cost_usd is None or cost is None
            self._spent = Spent(
                calls=before.calls + 1,
                prompt_tokens=before.prompt_tokens + (usage.prompt_tokens if usage else 0),
                cached_tokens=before.cached_tokens + (usage.cached_tokens if usage else 0),
                output_tokens=before.output_tokens + (usage.output_tokens if usage else 0),
                cost_usd=None if unknown else (before.cost_usd or 0.0) + (cost or 0.0),
                model_seconds=round(before.model_seconds + seconds, 4),
            )
