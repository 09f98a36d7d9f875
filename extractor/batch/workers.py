"""A process that reads: it opens a model, takes articles from a pipe and keeps what they hold.

It ends with the process that started it, whatever becomes of that one: no call of a model goes on
for nobody.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Final, Literal, TypeAlias

from extractor.batch.items import Failure, WorkItem
from extractor.batch.work import Work
from extractor.errors import (
    ConfigurationError,
    ExtractorError,
    ModelNotFound,
    ModelOverloaded,
    ModelQuotaSpent,
    ModelRateLimited,
    ModelRefusedKey,
    StoreFailed,
    WeightsError,
)
from extractor.extraction import Extractor
from extractor.records import Extraction, Usage
from extractor.settings import Settings
from extractor.storage import open_store

ExtractorOpener: TypeAlias = Callable[[str | None, Settings], Extractor]
"""Opens a model in a process of its own: a function of a module, which can be sent there."""

_OF_THE_RUN: Final = (
    ConfigurationError,
    WeightsError,
    ModelRefusedKey,
    ModelQuotaSpent,
    ModelNotFound,
)
"""What every other article would meet too."""
_OF_THE_MOMENT: Final = (ModelRateLimited, ModelOverloaded)
_TRIES: Final = 6
_FIRST_PAUSE: Final = 0.5


@dataclass(frozen=True, slots=True)
class WorkerOrders:
    """What a process that reads has to know."""

    address: str
    run_id: str
    model: str
    """Whose results are those of the run."""
    asked: str | None
    """What the opener is given: a name, or None for the model of the settings."""
    settings: Settings
    opener: ExtractorOpener
    threads: int
    """Articles that it reads at a time."""


@dataclass(frozen=True, slots=True)
class ArticleEnd:
    """What became of an article: `again` and `stop` leave it in line, and `stop` ends the run."""

    key: str
    outcome: Literal["done", "failed", "again", "stop"]
    seconds: float
    usage: Usage | None = None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class WorkerReady:
    """The model is open."""


@dataclass(frozen=True, slots=True)
class WorkerBroken:
    """The process cannot work, and neither could another one in its place."""

    failure: Failure


def open_extractor(model: str | None, settings: Settings) -> Extractor:
    """The extractor of a model by its name; None for that of the settings.

    Raises:
        ExtractorError: it cannot be opened.
    """
    return Extractor(model, settings=settings)


def read_articles(orders: WorkerOrders, pipe: Connection) -> None:
    """The whole life of the process: read what comes through the pipe until None does."""
    # Ctrl-C reaches all processes of a terminal: the one that started this decides what ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    told = _Told(pipe)
    try:
        store = open_store(orders.address)
        extractor = orders.opener(orders.asked, orders.settings)
    except ExtractorError as error:
        told.send(WorkerBroken(Failure.of(error)))
        return
    work = Work(store, orders.run_id, orders.model)
    with store, extractor, ThreadPoolExecutor(orders.threads) as readers:
        told.send(WorkerReady())
        while (item := _next(pipe)) is not None:
            readers.submit(_read, item, extractor, work, told)


def _next(pipe: Connection) -> WorkItem | None:
    try:
        item = pipe.recv()
    except (EOFError, OSError):
        # Whoever started this is gone, and its calls are to go with it, also in other threads.
        os._exit(1)
    return item if isinstance(item, WorkItem) else None


class _Told:
    """The way back, for several threads."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._lock = threading.Lock()

    def send(self, message: ArticleEnd | WorkerReady | WorkerBroken) -> None:
        try:
            with self._lock:
                self._pipe.send(message)
        except OSError:
            os._exit(1)


def _read(item: WorkItem, extractor: Extractor, work: Work, told: _Told) -> None:
    try:
        told.send(read_article(item, extractor, work))
    except Exception as error:  # nobody looks at what this thread raises
        told.send(WorkerBroken(Failure.of(error)))
        os._exit(1)


def read_article(item: WorkItem, extractor: Extractor, work: Work) -> ArticleEnd:
    """Read an article that was claimed, and keep what it holds or why it was not read.

    Raises:
        StoreFailed: the store does not answer, though it was given half a minute.
    """
    began = time.monotonic()

    def ended(
        outcome: Literal["done", "failed", "again", "stop"],
        usage: Usage | None = None,
        failure: Failure | None = None,
    ) -> ArticleEnd:
        return ArticleEnd(item.key, outcome, time.monotonic() - began, usage, failure)

    spent: Usage | None = None
    try:
        extraction = _extract(item, extractor)
        spent = extraction.usage
        _patiently(lambda: work.finish(item, extraction))
    except StoreFailed:
        raise
    except (*_OF_THE_RUN, *_OF_THE_MOMENT) as error:
        _keep_cost(item, error.spent, work)
        outcome: Literal["again", "stop"] = "again" if isinstance(error, _OF_THE_MOMENT) else "stop"
        return ended(outcome, error.spent, Failure.of(error))
    except Exception as error:  # a defect too costs this article and no other
        failure = Failure.of(error)
        spent = error.spent if isinstance(error, ExtractorError) else spent
        _patiently(lambda: work.fail(item, failure, spent))
        return ended("failed", spent, failure)
    return ended("done", usage=spent)


def _keep_cost(item: WorkItem, spent: Usage | None, work: Work) -> None:
    """What calls have cost before the one that failed."""
    if spent is not None and spent.prompt_tokens:
        _patiently(lambda: work.spend(item, spent))


def _extract(item: WorkItem, extractor: Extractor) -> Extraction:
    article = item.article
    return extractor.extract(
        article.text,
        title=article.title,
        language=article.language,
        published_at=article.published_at,
    )


def _patiently(keep: Callable[[], object]) -> None:
    """What was read is paid for: a store that is away for a moment must not lose it."""
    for attempt in range(_TRIES):
        try:
            keep()
        except StoreFailed:
            if attempt == _TRIES - 1:
                raise
            time.sleep(_FIRST_PAUSE * 2.0**attempt)
        else:
            return
