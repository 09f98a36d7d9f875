"""Every error of the service as application/problem+json (RFC 9457).

A problem never repeats the request: details come from the error tree or from the table below, and
validation messages are stripped of their input.
"""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Sequence
from uuid import uuid4

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from extractor.api.correlation import request_id
from extractor.errors import ExtractorError
from extractor.messages import tell_defect

PROBLEM_JSON = "application/problem+json"
_TYPE = "urn:problem-type:extractor:"
_FIELD_NAME = re.compile(r"[A-Za-z_]{1,40}", re.ASCII)
_log = logging.getLogger(__name__)

_HTTP_PROBLEMS: dict[int, tuple[str, str, str]] = {
    400: (
        "Unreadable body",
        "The body cannot be read as JSON in UTF-8.",
        "Send a JSON object in UTF-8.",
    ),
    404: ("Not found", "Nothing is served at this path.", "See /openapi.json for what is served."),
    405: (
        "Method not allowed",
        "This path does not take this method.",
        "See the Allow header, or /openapi.json.",
    ),
    413: (
        "Body too large",
        "The body is larger than this service reads.",
        "Split the text into articles, or raise EXTRACTOR_MAX_CHARACTERS on the service; of "
        "documents EXTRACTOR_MAX_DOCUMENT_BYTES.",
    ),
    415: (
        "Unsupported media type",
        "The body is declared neither as JSON nor as a document that is read.",
        "Send the header Content-Type: application/json, or text/html, application/pdf, "
        "text/plain: see /openapi.json.",
    ),
}
_OTHER_HTTP_PROBLEM = ("HTTP error", "The request was refused.", "See /openapi.json.")


class FieldProblem(BaseModel):
    """One field of the request that is not as it should be."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    field: str
    """Path of the field, `body.published_at`."""
    message: str
    """What is wrong with it; never its value."""


class Problem(BaseModel):
    """An error as RFC 9457 has it, with what to do about it."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    type: str
    """Stable URI of the kind of problem."""
    title: str
    """The kind of problem, in words."""
    status: int
    """The HTTP status."""
    detail: str
    """What is wrong this time."""
    instance: str
    """URI of this occurrence, as the log has it."""
    request_id: str
    """The id of the request, as in the header X-Request-ID."""
    hint: str
    """What to do now."""
    retryable: bool
    """Whether the same request may succeed later."""
    errors: list[FieldProblem]
    """The fields at fault, for a request that does not fit the schema."""


def install_problem_handlers(app: FastAPI) -> None:
    """Make every error of this application a problem document."""
    app.add_exception_handler(ExtractorError, _on_extractor_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_middleware(_DefectGuard)


def problem_of(error: ExtractorError, status: int | None = None) -> Problem:
    """The problem document of an error of the tree."""
    name = type(error).__name__
    return _problem(
        title=_words(name),
        status=status or error.http_status,
        detail=error.detail,
        hint=error.advice,
        retryable=error.retryable,
    )


def error_response(
    error: ExtractorError, headers: dict[str, str] | None = None, *, status: int | None = None
) -> Response:
    """The answer that carries an error of the tree, and when to come again."""
    told = dict(headers or {})
    if error.retry_after is not None:
        told["Retry-After"] = str(math.ceil(error.retry_after))
    return problem_response(problem_of(error, status), told)


def http_problem(status: int) -> Problem:
    """The problem document of a plain HTTP error."""
    title, detail, hint = _HTTP_PROBLEMS.get(status, _OTHER_HTTP_PROBLEM)
    return _problem(title=title, status=status, detail=detail, hint=hint)


def problem_of_defect(error: BaseException) -> Problem:
    """The problem document of a defect; where it is goes to the log, its message nowhere."""
    problem = _problem(
        title="Internal error",
        status=500,
        detail="The service failed; nothing is wrong with the request.",
        hint=ExtractorError.hint,
    )
    _log.error("%s %s %s", problem.request_id, problem.instance, tell_defect(error))
    return problem


def problem_response(problem: Problem, headers: dict[str, str] | None = None) -> Response:
    """The answer that carries a problem."""
    return Response(
        problem.model_dump_json(),
        status_code=problem.status,
        headers=headers,
        media_type=PROBLEM_JSON,
    )


def _problem(
    *,
    title: str,
    status: int,
    detail: str,
    hint: str,
    retryable: bool = False,
    errors: Sequence[FieldProblem] = (),
) -> Problem:
    return Problem(
        type=_TYPE + title.lower().replace(" ", "-"),
        title=title,
        status=status,
        detail=detail,
        instance=uuid4().urn,
        request_id=request_id(),
        hint=hint,
        retryable=retryable,
        errors=list(errors),
    )


def _words(class_name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", class_name).capitalize()


async def _on_extractor_error(_: Request, error: Exception) -> Response:
    if not isinstance(error, ExtractorError):
        raise error
    return error_response(error)


async def _on_invalid_request(_: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    return problem_response(
        _problem(
            title="Invalid request",
            status=422,
            detail="The request does not fit the schema.",
            hint="Correct the fields listed in errors; the schema is in /openapi.json.",
            errors=[
                FieldProblem(field=_path(fault["loc"]), message=fault["msg"])
                for fault in error.errors()
            ],
        )
    )


def _path(location: Sequence[object]) -> str:
    parts = [str(part) for part in location]
    if parts[0] != "body":
        return ".".join(parts)
    # A surplus key of the body is the caller's text: shown only if it can be nothing but a name.
    return ".".join(
        part if part.isdigit() or _FIELD_NAME.fullmatch(part) else "?" for part in parts
    )


async def _on_http_error(_: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return problem_response(http_problem(error.status_code), dict(error.headers or {}))


class _DefectGuard:
    """Answers a defect with a bare 500 and logs where it is, never its message.

    The server's own handling would log the exception with its message, which may hold the article.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Exception as error:
            if scope["type"] != "http":
                raise
            if started:
                problem_of_defect(error)
                raise ConnectionAbortedError("an answer was broken off by a defect") from None
            await problem_response(problem_of_defect(error))(scope, receive, send)
