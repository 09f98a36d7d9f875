"""Extraction: the whole path from an article to checked records, in one readable method.

`Extractor` walks it in the caller's thread, `AsyncExtractor` in an event loop.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import time
from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from types import TracebackType
from typing import Final, Self

from extractor.article import Article, read_article
from extractor.asking.budget import CallLimits, Ledger
from extractor.asking.deadline import Deadline
from extractor.asking.progress import OnProgress
from extractor.asking.questions import Asked
from extractor.errors import ExtractorError, ModelError, WeightsError
from extractor.formats.document import Document
from extractor.languages import find_language
from extractor.languages.locales import UNKNOWN
from extractor.models import ModelClient, open_model
from extractor.models.waiting import Awaiting, Blocking, Waiting, finished
from extractor.pipeline import ModelPipeline, OnChecked, Plan
from extractor.records import (
    ArticleInfo,
    Extraction,
    Notice,
    Source,
    StageSeconds,
    TextSpan,
    Usage,
)
from extractor.selection import Finder
from extractor.settings import Settings, load_settings

_log = logging.getLogger(__name__)
_MOST_WORKERS: Final = 4


class Extractor:
    """Reads articles with one model, or with the next one where it fails; share it between threads.

    Args:
        model: a name (`extractor models list`, the path of a .gguf file, or `provider/name`), an
            opened client or reader, or None for the default of the settings.
        settings: the configuration; read from the environment if None.
        finder: what chooses the sentences to ask about, in place of that of the settings.
        fallbacks: the models that read the articles on which the one before them failed; None for
            those of the settings if the model is the default one, else for none.

    Raises:
        ExtractorError: a model cannot be opened or the prompts cannot be used.
    """

    def __init__(
        self,
        model: str | ModelClient | ModelPipeline | None = None,
        *,
        settings: Settings | None = None,
        finder: Finder | None = None,
        fallbacks: Sequence[str | ModelClient | ModelPipeline] | None = None,
    ) -> None:
        self.settings = settings or load_settings()
        if fallbacks is None:
            fallbacks = self.settings.fallbacks if model is None else ()
        models = [self.settings.model if model is None else model, *fallbacks]
        self._readers = [_reader(each, self.settings, finder) for each in models]

    @property
    def readers(self) -> tuple[ModelPipeline, ...]:
        """The models that may read an article, in order."""
        return tuple(self._readers)

    @property
    def model_name(self) -> str:
        """The name the model was asked for by."""
        return self._readers[0].name

    @cached_property
    def fingerprint(self) -> str:
        """Digest of all that decides what the model says of an article; the fallbacks do not."""
        return self._readers[0].fingerprint()

    def extract(
        self,
        text: str | Document,
        *,
        title: str | None = None,
        language: str | None = None,
        published_at: date | None = None,
        article_id: str | None = None,
        source_url: str | None = None,
        on_progress: OnProgress | None = None,
        on_checked: OnChecked | None = None,
        deadline: Deadline | None = None,
    ) -> Extraction:
        """The commitments and policy events of one article, each value proved by a sentence.

        Args:
            text: the article, plain text; or a document that was read (`read_document`), whose
                title, date and address are used where the caller gives none.
            title: its title, if the text does not start with it.
            language: BCP 47; detected if None.
            published_at: what relative dates ("next year") refer to; without it they stay open.
            article_id: the caller's own id, returned as given.
            source_url: stored, never fetched.
            on_progress: called with how far the questions are, before each of them.
            on_checked: called with what each passage yields, checked by itself, before everything
                is checked and merged together, and with the name of the model: when a fallback
                takes over, it begins anew, and what the model before it yielded is void.
            deadline: until when it may take; it can also be abandoned from another thread.

        Raises:
            InputError: the text is not a readable article.
            ModelError: the model failed and trying again did not help.
            WeightsError: the file of an embedded model cannot be used.
            DeadlinePassed: it did not end in time.
            Abandoned: nobody waits for it.
        """
        task = Task(
            Given(text, title, published_at, source_url),
            language,
            article_id,
            on_progress,
            on_checked,
            deadline or Deadline(),
        )
        return finished(self.walk(task, Blocking()))

    async def walk(self, task: Task, waiting: Waiting) -> Extraction:
        """The whole path, waiting as told.

        Raises:
            ExtractorError: as for `extract`.
        """
        started = time.perf_counter()
        first_plan = await waiting.compute(lambda: self._plan(task))
        article = first_plan.article
        read = time.perf_counter()

        ledger = Ledger(self._limits(), task.deadline, waiting)
        try:
            reader, plan, asked = await self._ask(first_plan, ledger, task)
        except ExtractorError as error:
            now = time.perf_counter()
            error.spent = _usage(ledger, (started, read, now, now))
            raise
        filled = time.perf_counter()

        checked = await waiting.compute(lambda: reader.check(plan, asked))
        done = time.perf_counter()

        return Extraction(
            article=describe(article, task.article_id, task.given),
            commitments=checked.commitments,
            policy_events=checked.policy_events,
            rejected=checked.rejected,
            notices=[*notices_of(article), *asked.notices, *_adaptations(reader.name, ledger)],
            provenance=reader.provenance(),
            usage=_usage(ledger, (started, read, filled, done)),
        )

    def _plan(self, task: Task) -> Plan:
        article = read_article(
            task.given.text,
            title=task.given.title,
            language=task.language,
            published_at=task.given.published_at,
            max_characters=self.settings.max_characters,
        )
        _read_all(article, task.deadline)
        return self._readers[0].plan(article)

    async def _ask(
        self, first_plan: Plan, ledger: Ledger, task: Task
    ) -> tuple[ModelPipeline, Plan, Asked]:
        """The answers of the first model that does not fail; all spend from one ledger."""
        plan = first_plan
        for reader, following in zip(self._readers, [*self._readers[1:], None], strict=True):
            try:
                asked = await reader.ask(plan, ledger, task.on_progress, task.on_checked)
                return reader, plan, asked
            except (ModelError, WeightsError) as error:
                if following is None:
                    raise
                _log.warning(
                    "%s failed (%s): %s reads this article",
                    reader.name,
                    type(error).__name__,
                    following.name,
                )
                plan = await ledger.waiting.compute(partial(following.plan, plan.article))
        raise AssertionError("the loop returns or raises")

    def close(self) -> None:
        """Release the models."""
        for reader in self._readers:
            reader.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _limits(self) -> CallLimits:
        settings = self.settings
        return CallLimits(
            max_calls=settings.max_calls,
            max_tokens=settings.max_tokens,
            retries=settings.retries,
            timeout_seconds=settings.timeout_seconds,
            temperature=settings.temperature,
            seed=settings.seed,
            max_article_tokens=settings.max_article_tokens,
            max_article_cost_usd=settings.max_article_cost_usd,
        )


class AsyncExtractor:
    """`Extractor` for an event loop, on the same path: a hosted model takes no thread to wait for.

    A cancelled extraction ends its call to the model. Articles are read and checked in a few
    threads of its own, so that the loop goes on meanwhile.

    Args:
        model: as for `Extractor`; or an `Extractor` that is open and stays the caller's to close.
        settings: as for `Extractor`.
        finder: as for `Extractor`.
        fallbacks: as for `Extractor`.
        workers: the threads that read and check, which stay the caller's; None for its own.

    Raises:
        ExtractorError: a model cannot be opened or the prompts cannot be used.
    """

    def __init__(
        self,
        model: str | ModelClient | ModelPipeline | Extractor | None = None,
        *,
        settings: Settings | None = None,
        finder: Finder | None = None,
        fallbacks: Sequence[str | ModelClient | ModelPipeline] | None = None,
        workers: Executor | None = None,
    ) -> None:
        self._owned: Extractor | None = None
        if isinstance(model, Extractor):
            self._extractor = model
        else:
            self._extractor = self._owned = Extractor(
                model, settings=settings, finder=finder, fallbacks=fallbacks
            )
        self._workers = workers or reading_threads()
        self._owns_workers = workers is None
        self._waiting = Awaiting(self._workers)

    @property
    def model_name(self) -> str:
        """The name the model was asked for by."""
        return self._extractor.model_name

    @property
    def fingerprint(self) -> str:
        """Digest of all that decides a result, the same as the blocking face tells."""
        return self._extractor.fingerprint

    async def extract(
        self,
        text: str | Document,
        *,
        title: str | None = None,
        language: str | None = None,
        published_at: date | None = None,
        article_id: str | None = None,
        source_url: str | None = None,
        on_progress: OnProgress | None = None,
        on_checked: OnChecked | None = None,
        deadline: Deadline | None = None,
    ) -> Extraction:
        """As `Extractor.extract`; the functions that are given are called in the event loop.

        Raises:
            InputError: the text is not a readable article.
            ModelError: the model failed and trying again did not help.
            WeightsError: the file of an embedded model cannot be used.
            DeadlinePassed: it did not end in time.
            Abandoned: nobody waits for it.
        """
        task = Task(
            Given(text, title, published_at, source_url),
            language,
            article_id,
            on_progress,
            on_checked,
            deadline or Deadline(),
        )
        try:
            return await self._extractor.walk(task, self._waiting)
        except asyncio.CancelledError:
            task.deadline.abandon()  # a thread that reads the article for nobody stops
            raise

    async def aclose(self) -> None:
        """Release the models and the threads, unless they are the caller's."""
        if self._owned is not None:
            for reader in self._owned.readers:
                await reader.aclose()
                reader.close()
        if self._owns_workers:
            self._workers.shutdown(wait=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()


def reading_threads() -> ThreadPoolExecutor:
    """Threads for work that keeps a processor busy; Python runs one at a time, so a few do."""
    most = min(_MOST_WORKERS, os.cpu_count() or 1)
    return ThreadPoolExecutor(most, thread_name_prefix="reading")


@dataclass(frozen=True, slots=True)
class Task:
    """One article to extract, and who is told of it; fields as in `Extractor.extract`."""

    given: Given
    language: str | None = None
    article_id: str | None = None
    on_progress: OnProgress | None = None
    on_checked: OnChecked | None = None
    deadline: Deadline = field(default_factory=Deadline)


class Given:
    """What is known of an article before it is read: of the caller, else of its document."""

    def __init__(
        self,
        text: str | Document,
        title: str | None,
        published_at: date | None,
        source_url: str | None,
    ) -> None:
        self.title, self.published_at, self.source_url = title, published_at, source_url
        self.source: Source | None = None
        if isinstance(text, str):
            self.text = text
            return
        self.text = text.text
        self.source = text.source(dated_by_caller=published_at is not None)
        self.title = text.title if title is None else title
        self.published_at = published_at or text.published_at
        self.source_url = text.url if source_url is None else source_url


def _reader(
    model: str | ModelClient | ModelPipeline, settings: Settings, finder: Finder | None
) -> ModelPipeline:
    if isinstance(model, ModelPipeline):
        return model
    client = open_model(model, settings) if isinstance(model, str) else model
    return ModelPipeline(client, settings, finder)


def _read_all(article: Article, deadline: Deadline) -> None:
    """Read the mentions of every sentence, as long as there is time."""
    for sentence in article.sentences:
        deadline.check()
        article.mentions(sentence.id)


def describe(article: Article, article_id: str | None, given: Given) -> ArticleInfo:
    """What was read, as a result tells it."""
    return ArticleInfo(
        article_id=article_id,
        title=given.title,
        source_url=given.source_url,
        sha256=hashlib.sha256(article.original.encode()).hexdigest(),
        characters=len(article.original),
        language=article.language,
        published_at=article.published_at.isoformat() if article.published_at else None,
        body_span=TextSpan(start=article.body_start, end=article.body_end),
        sentences=len(article.sentences),
        source=given.source,
    )


def notices_of(article: Article) -> list[Notice]:
    """What a caller should know of how the article was read, before any model is asked."""
    notices = []
    if find_language(article.rules) is None:
        read = "digits, codes of currencies and ISO dates"
        if article.rules != UNKNOWN:
            read = "figures, currencies and dates, as CLDR has them,"
        notices.append(
            Notice(
                code="unsupported_language",
                detail=f"No rules for {article.language!r}: only {read} are read. Expect misses.",
                sentences=[],
            )
        )
    if not article.sentences:
        notices.append(
            Notice(code="no_body", detail="Only page furniture was found.", sentences=[])
        )
    if article.asides:
        notices.append(
            Notice(
                code="instructions_ignored",
                detail=f"{article.asides} passages speak to a program, not to readers: not read.",
                sentences=[],
            )
        )
    relative = [
        sentence.id
        for sentence in article.sentences
        if any(date.basis == "from_reference" for date in article.mentions(sentence.id).dates)
    ]
    if relative and article.published_at is None:
        notices.append(
            Notice(
                code="no_reference_date",
                detail="Relative dates stay open: give published_at to resolve them.",
                sentences=relative,
            )
        )
    return notices


def _adaptations(model: str, ledger: Ledger) -> list[Notice]:
    if not ledger.adapted:
        return []
    detail = f"{model} does not take all of the request: {'; '.join(ledger.adapted)}."
    return [Notice(code="request_adapted", detail=detail, sentences=[])]


def _usage(ledger: Ledger, clock: tuple[float, float, float, float]) -> Usage:
    started, read, filled, done = clock
    return Usage(
        calls=ledger.calls,
        repairs=ledger.repairs,
        prompt_tokens=ledger.usage.prompt_tokens,
        cached_tokens=ledger.usage.cached_tokens,
        output_tokens=ledger.usage.output_tokens,
        cost_usd=ledger.usage.cost_usd,
        seconds=StageSeconds(
            read=round(read - started, 4),
            fill=round(filled - read, 4),
            check=round(done - filled, 4),
            total=round(done - started, 4),
        ),
    )
