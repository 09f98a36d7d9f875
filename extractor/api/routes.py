"""What the service serves."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Literal

from anyio import to_thread
from fastapi import APIRouter, Body, Depends, Header, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from extractor.api.admission import Admission
from extractor.api.documentation import (
    EXTRACTION_RESPONSE,
    REQUEST_EXAMPLES,
    problem_responses,
)
from extractor.api.leaving import while_waited_for
from extractor.api.pool import ExtractorPool
from extractor.api.problems import problem_of, problem_response
from extractor.api.representations import NDJSON, prefers_ndjson, to_ndjson
from extractor.api.requests import ExtractRequest
from extractor.api.schemas import json_schema
from extractor.deadline import Deadline
from extractor.errors import ExtractorError
from extractor.models.listing import ListedModel, list_models
from extractor.records import Extraction
from extractor.settings import Settings
from extractor.storing import Answering, Submission

_Seconds = Annotated[
    float | None,
    Header(
        alias="X-Request-Timeout",
        gt=0,
        description="Seconds that the answer may take; never more than the service allows.",
    ),
]


class Health(BaseModel):
    """A sign of life."""

    status: Literal["ok"] = "ok"


class Readiness(Health):
    """The service can extract with its default model."""

    model: str


def build_routes(pool: ExtractorPool, answering: Answering, settings: Settings) -> APIRouter:
    """The routes, served with the extractors of this pool and what has been kept."""
    router = APIRouter()
    admission = Admission(settings.max_running, settings.max_queued)

    @router.post(
        "/extract",
        operation_id="extract",
        response_model=Extraction,
        dependencies=[Depends(_require_json)],
        responses={
            200: EXTRACTION_RESPONSE,
            **problem_responses(400, 413, 415, 422, 500, 502, 503, 504),
        },
    )
    async def extract(
        article: Annotated[ExtractRequest, Body(openapi_examples=REQUEST_EXAMPLES)],
        request: Request,
        seconds: _Seconds = None,
    ) -> Response:
        """Read one article; `Accept: application/x-ndjson` asks for one line per record."""
        most = settings.request_seconds
        deadline = Deadline(most if seconds is None else min(seconds, most))
        work = admission.run(partial(_extract, pool, answering, article, deadline))
        extraction = await while_waited_for(request, deadline, work)
        if prefers_ndjson(",".join(request.headers.getlist("accept"))):
            return Response(to_ndjson(extraction), media_type=NDJSON)
        return Response(extraction.model_dump_json(), media_type="application/json")

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
        """Whether the default model can be opened and one more article taken; calls no provider."""
        if admission.is_full:
            return problem_response(problem_of(admission.refusal()))
        try:
            extractor = await to_thread.run_sync(pool.get)
        except ExtractorError as error:
            return problem_response(problem_of(error, status=503))
        return Readiness(model=extractor.model_name)

    @router.get("/models", operation_id="models", responses=problem_responses(500))
    def models() -> list[ListedModel]:
        """The models that run in the service itself; API models are named provider/name."""
        return list_models(settings, pool.default_model)

    @router.get("/schema", operation_id="schema", responses=problem_responses(500))
    async def schema() -> JSONResponse:
        """The JSON Schema of an extraction."""
        return JSONResponse(json_schema("record"))

    return router


def _extract(
    pool: ExtractorPool, answering: Answering, article: ExtractRequest, deadline: Deadline
) -> Extraction:
    submission = Submission(**article.model_dump(exclude={"model"}))
    return answering.answer(pool.get(article.model), submission, deadline)


def _require_json(request: Request) -> None:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise HTTPException(415)
