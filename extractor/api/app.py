"""The application: routes, problems, the limit on bodies, and what lives as long as the service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import to_thread
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from extractor import __version__
from extractor.api.admission import Admission
from extractor.api.commons import Commons, OwnCommons
from extractor.api.correlation import RequestIds
from extractor.api.documentation import complete
from extractor.api.documents import is_large
from extractor.api.draining import Drain
from extractor.api.gates import Gates, rules_of
from extractor.api.keys import KeyGuard
from extractor.api.metrics import Metrics
from extractor.api.observing import Observer
from extractor.api.origins import OriginGuard
from extractor.api.pool import ExtractorPool
from extractor.api.problems import install_problem_handlers
from extractor.api.routes import build_routes
from extractor.api.sharing import Sharing
from extractor.api.warming import Warming
from extractor.asking.tracing import open_provider
from extractor.extraction import Extractor
from extractor.models.base import JsonValue
from extractor.results.store import ResultStore
from extractor.settings import Settings, load_settings

_BODY_BYTES_BESIDE_THE_TEXT = 64 * 1024


def create_app(
    settings: Settings | None = None,
    *,
    extractor: Extractor | None = None,
    pool: ExtractorPool | None = None,
    drain: Drain | None = None,
    warming: Warming | None = None,
    commons: Commons | None = None,
) -> FastAPI:
    """The service; `extractor` serves requests that name no model and stays the caller's to close.

    Who shares the models with it gives a `pool` instead, which it closes.
    `drain` is how whoever runs the service tells it to stop, `warming` what it loads before it is
    ready. `commons` is what it shares with other processes of the service. Without settings they
    come from the environment; raises `ConfigurationError` if they are wrong.
    """
    used = settings if settings is not None else load_settings()
    pool = pool or ExtractorPool(used, extractor)
    if commons is None:
        rules = rules_of(used.max_running, used.max_queued, used.max_per_key)
        commons = OwnCommons(Gates(rules))
    admission = Admission(commons, used.max_running, used.max_queued)
    metrics = Metrics(admission)
    draining = drain or Drain(used.drain_seconds)
    provider = open_provider(used.traces_endpoint) if used.traces_endpoint else None
    store = ResultStore(used.store) if used.store else None
    sharing = Sharing(store, commons)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await sharing.open()
        yield
        await pool.aclose()
        sharing.close()
        if provider is not None:
            await to_thread.run_sync(provider.shutdown)

    app = _Service(
        title="Commitment extractor",
        description="Checked commitments and policy events from news articles.",
        version=__version__,
        lifespan=lifespan,
        redirect_slashes=False,
        # The bundled pages load their scripts from a content network.
        docs_url=None,
        redoc_url=None,
        # Its logs would hold messages of exceptions, and with them articles.
        telemetry={
            "tracing": provider is not None,
            "tracer_provider": provider,
            "metrics": False,
            "logs": False,
            "operation_spans": False,
            "auto_configure": False,
        },
    )
    app.include_router(build_routes(pool, sharing, used, admission, draining, metrics, warming))
    # A code point takes at most four bytes in UTF-8.
    app.add_middleware(
        _BodyLimit,
        limit=4 * used.max_characters + _BODY_BYTES_BESIDE_THE_TEXT,
        of_documents=used.max_document_bytes,
    )
    install_problem_handlers(app)
    if not used.api_keys:
        app.add_middleware(OriginGuard)
    app.add_middleware(KeyGuard, entries=used.api_keys, most=used.max_per_key, commons=commons)
    app.add_middleware(Observer, metrics=metrics)
    app.add_middleware(RequestIds)  # the outermost: an answer to a defect has an id too
    return app


class _Service(FastAPI):
    def openapi(self) -> dict[str, JsonValue]:
        """The OpenAPI document, with what the framework does not know of."""
        if self.openapi_schema is None:
            complete(super().openapi())
        return super().openapi()


class _BodyLimit:
    """Refuses a body over the limit while it is read, whether or not its length is declared.

    The framework's own limit answers in plain text where the length is declared.
    """

    def __init__(self, app: ASGIApp, limit: int, of_documents: int) -> None:
        self._app = app
        self._limit = limit
        self._of_documents = of_documents

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        declared = headers.get(b"content-length", b"")
        large = is_large(headers.get(b"content-type", b"").decode("latin-1"))
        limit = self._of_documents if large else self._limit
        read = 0

        async def receive_within_limit() -> Message:
            nonlocal read
            if declared.isdigit() and int(declared) > limit:
                raise HTTPException(413)
            message = await receive()
            read += len(message.get("body", b""))
            if read > limit:
                raise HTTPException(413)
            return message

        await self._app(scope, receive_within_limit, send)
