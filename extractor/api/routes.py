"""What the service serves."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from typing import Annotated, Literal, TypeAlias

from anyio import to_thread
from fastapi import APIRouter, Body, Depends, Header, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from extractor.api.admission import Admission
from extractor.api.disconnects import while_waited_for
from extractor.api.documentation import (
    EXTRACTION_RESPONSE,
    REQUEST_EXAMPLES,
    SCHEMA_RESPONSE,
    problem_responses,
)
from extractor.api.documents import DocumentRoute, Incoming, of_json, options_of
from extractor.api.draining import Drain
from extractor.api.metrics import CONTENT_TYPE, Metrics
from extractor.api.observing import facts_of
from extractor.api.pool import ExtractorPool
from extractor.api.problems import error_response
from extractor.api.representations import prefers_ndjson
from extractor.api.requests import ExtractRequest, Options
from extractor.api.schemas import json_schema
from extractor.api.sharing import Sharing
from extractor.api.streaming import PassageFeed, streamed
from extractor.api.warming import Warming
from extractor.asking.deadline import Deadline
from extractor.errors import ExtractorError, ModelNotFound
from extractor.models.listing import ListedModel, list_models
from extractor.records import Extraction
from extractor.settings import Settings

_Seconds = Annotated[
    float,
    Header(
        default_factory=lambda: math.inf,  # None would declare a null, which no header can say
        alias="X-Request-Timeout",
        gt=0,
        description="Seconds that the answer may take; never more than the service allows.",
    ),
]


_Options = Annotated[Options, Depends(options_of)]
_Answer: TypeAlias = Callable[[Incoming, Request, float], Awaitable[Response]]


class Health(BaseModel):
    """A sign of life."""

    status: Literal["ok"] = "ok"


class Readiness(Health):
    """The service can extract with its default model."""

    model: str


def build_routes(
    pool: ExtractorPool,
    sharing: Sharing,
    settings: Settings,
    admission: Admission,
    drain: Drain,
    metrics: Metrics,
    warming: Warming | None,
) -> APIRouter:
    """The routes, served with the extractors of this pool and what has been kept."""
    router = APIRouter()

    _add_extract(router, _answerer(pool, sharing, settings, admission, drain))

    @router.get("/healthz", operation_id="healthz", responses=problem_responses(500))
    async def healthz() -> Health:
        """Whether the service is alive."""
        return Health()

    @router.get(
        "/readyz",
        operation_id="readyz",
        response_model=Readiness,
        responses=problem_responses(500, 503),
    )
    async def readyz() -> Readiness | Response:
        """Whether all is loaded and one more article would be taken; calls no provider."""
        try:
            if drain.has_begun:
                raise drain.refusal()
            if await admission.is_full():
                raise admission.refusal()
            if warming is not None and warming.trouble is not None:
                raise warming.trouble
            # Without a thread if it can be: all of them may be busy with documents.
            extractor = pool.opened()
            if extractor is None:
                extractor = await to_thread.run_sync(pool.get)
        except ExtractorError as error:
            return error_response(error, status=503)
        return Readiness(model=extractor.model_name)

    @router.get(
        "/metrics",
        operation_id="metrics",
        response_class=PlainTextResponse,
        responses=problem_responses(401, 429, 500),
    )
    async def metrics_text() -> Response:
        """Counts and times for Prometheus."""
        return Response(metrics.text(), media_type=CONTENT_TYPE)

    @router.get("/models", operation_id="models", responses=problem_responses(401, 429, 500))
    def models() -> list[ListedModel]:
        """The models that run in the service itself; API models are named provider/name."""
        return list_models(settings, pool.default_model)

    @router.get(
        "/schema", operation_id="schema", responses={200: SCHEMA_RESPONSE, **problem_responses(500)}
    )
    async def schema() -> JSONResponse:
        """The JSON Schema of an extraction."""
        return JSONResponse(json_schema("record"))

    return router


def _add_extract(router: APIRouter, answer: _Answer) -> None:
    """`POST /extract`, for JSON and for documents."""

    @router.post(
        "/extract",
        operation_id="extract",
        response_model=Extraction,
        dependencies=[Depends(_require_json)],
        responses={
            200: EXTRACTION_RESPONSE,
            **problem_responses(400, 401, 403, 413, 415, 422, 429, 500, 502, 503, 504),
        },
    )
    async def extract(
        article: Annotated[ExtractRequest, Body(openapi_examples=REQUEST_EXAMPLES)],
        request: Request,
        options: _Options,
        seconds: _Seconds,
    ) -> Response:
        """Read one article; `Accept: application/x-ndjson` asks for lines as passages finish."""
        return await answer(of_json(article, options), request, seconds)

    async def extract_document(request: Request, options: _Options, seconds: _Seconds) -> Response:
        declared = request.headers["content-type"]
        incoming = Incoming(options, document=await request.body(), media_type=declared)
        return await answer(incoming, request, seconds)

    # Asked first, it takes its own media types only: the other route takes or refuses the rest.
    router.routes.insert(
        0,
        DocumentRoute(
            "/extract",
            extract_document,
            methods=["POST"],
            response_model=None,
            include_in_schema=False,
        ),
    )


def _answerer(
    pool: ExtractorPool,
    sharing: Sharing,
    settings: Settings,
    admission: Admission,
    drain: Drain,
) -> _Answer:
    """What answers a request once it is known what it brought."""

    async def answer(incoming: Incoming, request: Request, seconds: float) -> Response:
        deadline = Deadline(min(seconds, settings.request_seconds))
        drain.admit(deadline)
        in_lines = prefers_ndjson(",".join(request.headers.getlist("accept")))
        feed = PassageFeed() if in_lines else None
        on_checked = feed.tell if feed else None
        facts = facts_of(request.scope)

        async def work() -> Extraction:
            model = incoming.options.model
            extractor = pool.opened(model)
            if extractor is None:
                extractor = await to_thread.run_sync(pool.get, model)
            submission = await incoming.submission(settings.max_characters, deadline)
            try:
                facts.answered = await sharing.answer(extractor, submission, deadline, on_checked)
            except ModelNotFound:
                await pool.forget(model)
                raise
            return facts.answered.extraction

        waiting = while_waited_for(request, deadline, admission.run(work))
        if feed is not None:
            return await streamed(feed, waiting)
        return Response((await waiting).model_dump_json(), media_type="application/json")

    return answer


async def _require_json(request: Request) -> None:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise HTTPException(415)
