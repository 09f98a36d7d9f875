"""What the OpenAPI document says about answers: the extraction in both forms, and the problems."""

from __future__ import annotations

from http import HTTPStatus
from typing import TypeAlias

from fastapi.openapi.models import Example

from extractor.api.examples import EXTRACTION, REQUEST
from extractor.api.problems import PROBLEM_JSON, Problem
from extractor.api.representations import NDJSON, to_ndjson
from extractor.models.base import JsonValue
from extractor.records import Extraction

Responses: TypeAlias = dict[int | str, dict[str, JsonValue]]

REQUEST_EXAMPLES: dict[str, Example] = {"pledge": {"summary": "A pledge", "value": REQUEST}}

EXTRACTION_RESPONSE: dict[str, JsonValue] = {
    "description": "The extraction, as one object or as one line per record.",
    "content": {
        "application/json": {"example": EXTRACTION},
        NDJSON: {
            "schema": {"type": "string"},
            "example": to_ndjson(Extraction.model_validate(EXTRACTION)),
        },
    },
}

_PROBLEMS = {
    400: "The body is not JSON in UTF-8.",
    405: "The path does not take the method.",
    413: "The body or the article is too large.",
    415: "The body is not declared as JSON.",
    422: "A field, the article or the name of the model cannot be used.",
    500: "A defect, or wrong settings of the service.",
    502: "The model failed, or refuses the request or the key.",
    503: "The model is not there now: retry if the problem says so.",
    504: "The model did not answer in time.",
}


def problem_responses(*statuses: int) -> Responses:
    """The declarations of these problem answers."""
    return {status: _problem_response(status) for status in statuses}


def add_problem_schema(document: dict[str, JsonValue]) -> None:
    """Add the schema that the declared problems refer to."""
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {}) if isinstance(components, dict) else None
    if isinstance(schemas, dict):
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(problem.pop("$defs"))
        schemas["Problem"] = problem


def _problem_response(status: int) -> dict[str, JsonValue]:
    title = HTTPStatus(status).phrase.capitalize()
    example = Problem(
        type=f"urn:problem-type:extractor:{title.lower().replace(' ', '-')}",
        title=title,
        status=status,
        detail=_PROBLEMS[status],
        instance="urn:uuid:12345678-1234-5678-1234-567812345678",
        hint="Correct the request and send it again.",
        retryable=status in (503, 504),
        errors=[],
    )
    return {
        "description": _PROBLEMS[status],
        "content": {
            PROBLEM_JSON: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "example": example.model_dump(mode="json"),
            }
        },
    }
