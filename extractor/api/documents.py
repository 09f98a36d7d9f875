"""Documents as bodies: which are taken, and how one becomes an article with its options."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import ValidationError
from starlette.routing import Match
from starlette.types import Scope

from extractor.api.requests import ExtractRequest, Options
from extractor.asking.deadline import Deadline
from extractor.formats import media, read_document
from extractor.results.store import Submission

DOCUMENTS: Final = (media.TEXT, media.MARKDOWN, media.HTML, media.PDF, media.DOCX, media.MAIL)
_OTHER_NAMES: Final = {"application/xhtml+xml", "application/x-pdf", "text/x-markdown"}
_LARGE: Final = {*DOCUMENTS, *_OTHER_NAMES} - {media.TEXT, media.MARKDOWN}
_SECONDS: Final = 30.0
_THREADS: Final = 40
"""That wait for documents to be read; the service's other threads are not theirs to take."""
_limiter: Final = RunVar[CapacityLimiter]("documents")


def is_large(content_type: str) -> bool:
    """Whether a body of this type is far larger than the text in it."""
    return _essence(content_type) in _LARGE


def is_document(content_type: str) -> bool:
    """Whether a body of this type is a document, and not the JSON that this service takes."""
    return _essence(content_type) in {*DOCUMENTS, *_OTHER_NAMES}


def _essence(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


class DocumentRoute(APIRoute):
    """A route that takes bodies which are documents, beside one of the same path for the others."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether the path is this one and the body is declared to be a document."""
        match, child = super().matches(scope)
        declared = dict(scope["headers"]).get(b"content-type", b"").decode("latin-1")
        return (match if is_document(declared) else Match.NONE), child


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a request brought: text, or a document and what it is declared to be."""

    options: Options
    text: str = ""
    document: bytes | None = None
    media_type: str = media.TEXT

    async def submission(self, max_characters: int, deadline: Deadline) -> Submission:
        """The article, read out of its document; what the caller says of it wins.

        Raises:
            InputError: the document cannot be read.
            MissingExtra: the packages that read it are not installed.
        """
        options = self.options.model_dump(include=_TOLD)
        if self.document is None:
            return Submission(self.text, **options)
        read = partial(
            read_document,
            self.document,
            media_type=self.media_type,
            max_characters=max_characters,
            seconds=deadline.remaining(_SECONDS),
        )
        document = await to_thread.run_sync(read, limiter=_own_threads())
        own = {
            "title": document.title,
            "published_at": document.published_at,
            "source_url": document.url,
        }
        told = {name: value for name, value in options.items() if value is not None}
        source = document.source(dated_by_caller="published_at" in told)
        return Submission(document.text, source=source, **{**own, **told})


def _own_threads() -> CapacityLimiter:
    """One limiter for an event loop."""
    try:
        return _limiter.get()
    except LookupError:
        _limiter.set(limiter := CapacityLimiter(_THREADS))
        return limiter


_TOLD: Final = {"title", "language", "published_at", "article_id", "source_url"}


def of_json(article: ExtractRequest, query: Options) -> Incoming:
    """What was sent as JSON, with the options of the query where the body gives none."""
    options = Options.model_validate(
        {
            name: getattr(query, name) if getattr(article, name) is None else getattr(article, name)
            for name in Options.model_fields
        }
    )
    if "html" in article.model_fields_set:
        page = article.html.encode("utf-8", "replace")
        return Incoming(options, document=page, media_type=f"{media.HTML}; charset=utf-8")
    return Incoming(options, text=article.text)


async def options_of(request: Request) -> Options:
    """The options among the query parameters; raises what the framework does if one is wrong.

    Like all that a request depends on it is a coroutine, or the framework would take a thread.
    """
    query = request.query_params
    given = {name: query[name] for name in Options.model_fields if name in query}
    try:
        return Options.model_validate(given)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False, include_context=False)
    raise RequestValidationError([{**fault, "loc": ("query", *fault["loc"])} for fault in faults])
