"""Jobs: articles that are being read for the desk, each in a thread, told while it goes on."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Literal, TypeAlias

from extractor.api.draining import Drain
from extractor.api.pool import ExtractorPool
from extractor.asking.deadline import Deadline
from extractor.checking import Checked
from extractor.desk.library import Library
from extractor.errors import Abandoned, ExtractorError, InputError, ServiceBusy, TooManyRequests
from extractor.formats import read_document
from extractor.kinds import AnyRecord
from extractor.messages import tell_defect
from extractor.results.store import Submission
from extractor.settings import Settings

JobState: TypeAlias = Literal["waiting", "reading", "done", "failed", "cancelled"]
_AT_A_TIME: Final = 4
_MOST_EACH: Final = 4
_MOST: Final = 64
_KEPT_SECONDS: Final = 60 * 60.0
_DOCUMENT_SECONDS: Final = 30.0
_CLOSING_SECONDS: Final = 10.0
_log = logging.getLogger(__name__)


class UnknownJob(InputError):
    """No article is being read under this address."""

    hint = "The service may have been restarted: give it the article again."
    http_status = 404


@dataclass(frozen=True, slots=True)
class ArticleGiven:
    """What a person gave to read: text, or a file; and what they say of it."""

    text: str = ""
    file: bytes | None = None
    file_name: str = ""
    published_at: date | None = None
    model: str | None = None

    def submission(self, max_characters: int, seconds: float) -> Submission:
        """The article, read out of its document where it came in one.

        Raises:
            InputError: the document cannot be read.
            MissingExtra: the packages that read it are not installed.
        """
        if self.file is None:
            return Submission(self.text, published_at=self.published_at)
        document = read_document(
            self.file, name=self.file_name, max_characters=max_characters, seconds=seconds
        )
        return Submission(
            document.text,
            title=document.title,
            published_at=self.published_at or document.published_at,
            source_url=document.url,
            source=document.source(dated_by_caller=self.published_at is not None),
        )


@dataclass(frozen=True, slots=True)
class JobProgress:
    """How far a job is, at one moment."""

    id: str
    state: JobState
    answered: int = 0
    questions: int = 0
    records: tuple[AnyRecord, ...] = ()
    """What the passages yielded so far, each checked by itself."""
    key: str = ""
    """What the finished reading is kept under."""
    error: ExtractorError | None = None
    name: str = ""
    """Of the article."""
    model: str = ""
    seconds: float = 0.0

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.state in ("done", "failed", "cancelled")


@dataclass(slots=True)
class _Job:
    id: str
    owner: str
    given: ArticleGiven
    deadline: Deadline
    began: float
    told: JobProgress
    ended: float | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)
    reader: str = ""

    def tell(self, change: Callable[[JobProgress], JobProgress]) -> None:
        with self.lock:
            # Whoever cancelled it has been told so: what still comes is not.
            if not self.told.is_over:
                self.told = change(self.told)
                if self.told.is_over:
                    self.ended = time.monotonic()


class Jobs:
    """The articles that are being read; safe between threads.

    Args:
        pool: gives the extractors; it stays the caller's to close, after this.
        library: where articles and readings are kept.
        settings: the limits of articles and requests.
        drain: how the service is told to stop; None if it never is.
    """

    def __init__(
        self, pool: ExtractorPool, library: Library, settings: Settings, drain: Drain | None = None
    ) -> None:
        self._pool = pool
        self._library = library
        self._settings = settings
        self._drain = drain
        at_a_time = min(_AT_A_TIME, settings.max_running)
        self._threads = ThreadPoolExecutor(at_a_time, thread_name_prefix="desk")
        self._jobs: dict[str, _Job] = {}
        self._lock = threading.Lock()

    def start(self, owner: str, given: ArticleGiven) -> str:
        """Begin to read an article; the id of the job.

        Raises:
            ServiceBusy: as many are being read as may, or the service is stopping.
            TooManyRequests: this person has as many under way as one may.
        """
        if self._drain is not None and self._drain.has_begun:
            raise self._drain.refusal()
        now = time.monotonic()
        deadline = Deadline(self._settings.request_seconds)
        if self._drain is not None:
            self._drain.admit(deadline)
        job_id = secrets.token_urlsafe(12)
        name = given.file_name or " ".join(given.text.split())[:80]
        told = JobProgress(job_id, "waiting", name=name, model=given.model or "")
        job = _Job(job_id, owner, given, deadline, now, told)
        with self._lock:
            self._forget_old(now)
            open_jobs = [one for one in self._jobs.values() if not one.told.is_over]
            if len(open_jobs) >= _MOST:
                raise ServiceBusy("Too many articles are being read.", retry_after=5)
            if sum(one.owner == owner for one in open_jobs) >= _MOST_EACH:
                raise TooManyRequests(
                    f"You have {_MOST_EACH} articles under way: that is the most.", retry_after=5
                )
            self._jobs[job_id] = job
        self._threads.submit(self._run, job)
        return job_id

    def progress(self, owner: str, job_id: str) -> JobProgress:
        """How far a job of this person is.

        Raises:
            UnknownJob: there is none.
        """
        job = self._find(owner, job_id)
        with job.lock:
            end = job.ended or time.monotonic()
            return replace(job.told, seconds=end - job.began)

    def cancel(self, owner: str, job_id: str) -> None:
        """End a job before its next call of the model; it is cancelled at once.

        Raises:
            UnknownJob: there is none.
        """
        job = self._find(owner, job_id)
        job.deadline.abandon()
        job.tell(lambda told: replace(told, state="cancelled"))

    def again(self, owner: str, job_id: str) -> str:
        """Read the article of a job once more; the id of the new job.

        Raises:
            UnknownJob: there is none.
            ServiceBusy: as many are being read as may.
            TooManyRequests: this person has as many under way as one may.
        """
        return self.start(owner, self._find(owner, job_id).given)

    def close(self) -> None:
        """End all jobs before their next call of a model, and wait for them a while."""
        with self._lock:
            jobs = list(self._jobs.values())
        for job in jobs:
            job.deadline.abandon()
        self._threads.shutdown(wait=False, cancel_futures=True)
        ending = threading.Thread(target=self._threads.shutdown, daemon=True)
        ending.start()
        ending.join(_CLOSING_SECONDS)

    def _find(self, owner: str, job_id: str) -> _Job:
        with self._lock:
            job = self._jobs.get(job_id)
        if job is None or job.owner != owner:
            raise UnknownJob("No such article is being read.")
        return job

    def _forget_old(self, now: float) -> None:
        over = [one for one in self._jobs.values() if one.ended is not None]
        for job in over:
            if now - (job.ended or now) > _KEPT_SECONDS:
                del self._jobs[job.id]
        # Each may hold the whole document.
        for job in sorted(over, key=lambda one: one.ended or now)[: max(0, len(over) - _MOST)]:
            self._jobs.pop(job.id, None)

    def _run(self, job: _Job) -> None:
        try:
            key = self._read(job)
            job.tell(lambda told: replace(told, state="done", key=key))
        except Abandoned:
            job.tell(lambda told: replace(told, state="cancelled"))
        except ExtractorError as error:
            failure = error
            job.tell(lambda told: replace(told, state="failed", error=failure))
        except Exception as error:
            _log.error("an article could not be read: %s", tell_defect(error))
            defect = ExtractorError("The service has a defect: this article could not be read.")
            job.tell(lambda told: replace(told, state="failed", error=defect))

    def _read(self, job: _Job) -> str:
        deadline = job.deadline
        deadline.check()
        job.tell(lambda told: replace(told, state="reading"))
        extractor = self._pool.get(job.given.model)
        job.tell(lambda told: replace(told, model=extractor.model_name))
        submission = job.given.submission(
            self._settings.max_characters, deadline.remaining(_DOCUMENT_SECONDS)
        )
        key = submission.key(extractor.fingerprint)
        if self._library.find(key):
            return key
        extraction = extractor.extract(
            submission.text,
            title=submission.title,
            language=submission.language,
            published_at=submission.published_at,
            source_url=submission.source_url,
            on_progress=lambda now: job.tell(
                lambda told: replace(told, answered=now.answered, questions=now.questions)
            ),
            on_checked=lambda checked, model: self._checked(job, checked, model),
            deadline=deadline,
        )
        deadline.check()
        if submission.source is not None:
            article = extraction.article.model_copy(update={"source": submission.source})
            extraction = extraction.model_copy(update={"article": article})
        return self._library.keep(key, submission, extraction, extractor.model_name)

    def _checked(self, job: _Job, checked: Checked, model: str) -> None:
        # Another model begins the article anew.
        is_new = model != job.reader
        job.reader = model
        job.tell(
            lambda told: replace(
                told, records=(*(() if is_new else told.records), *checked.records), model=model
            )
        )
