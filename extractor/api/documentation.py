"""What the OpenAPI document says about answers: the extraction in both forms, and the problems."""

from __future__ import annotations

from typing import TypeAlias

from fastapi.openapi.models import Example

from extractor.api.examples import EXTRACTION, REQUEST
from extractor.api.keys import OPEN_PATHS
from extractor.api.problems import PROBLEM_JSON, Problem, http_problem, problem_of
from extractor.api.representations import NDJSON, passage_line, to_ndjson
from extractor.checking import Checked
from extractor.errors import (
    AccessRefused,
    ArticleError,
    ConfigurationError,
    DeadlinePassed,
    ModelRefusedKey,
    ServiceBusy,
    TooManyRequests,
)
from extractor.models.base import JsonValue
from extractor.records import Extraction

Responses: TypeAlias = dict[int | str, dict[str, JsonValue]]

REQUEST_EXAMPLES: dict[str, Example] = {"pledge": {"summary": "A pledge", "value": REQUEST}}

_EXTRACTION = Extraction.model_validate(EXTRACTION)
_CHECKED = Checked(_EXTRACTION.commitments, _EXTRACTION.policy_events, [])

EXTRACTION_RESPONSE: dict[str, JsonValue] = {
    "description": (
        "The extraction, as one object; or as lines: `passage` with its own records as each one "
        "finishes, then `commitment`, `policy_event`, `rejected` and `notice` after all were "
        "merged, and `extraction` with the rest. A failure after the first line is a last line "
        "`problem`."
    ),
    "content": {
        "application/json": {"example": EXTRACTION},
        NDJSON: {
            "schema": {"type": "string"},
            "example": passage_line(_CHECKED, 1) + to_ndjson(_EXTRACTION),
        },
    },
}

_PROBLEMS: dict[int, tuple[str, Problem]] = {
    400: ("The body is not JSON in UTF-8.", http_problem(400)),
    401: (
        "The service knows no such key.",
        problem_of(AccessRefused("The request carries no key of this service.")),
    ),
    413: ("The body or the article is too large.", http_problem(413)),
    415: ("The body is not declared as JSON.", http_problem(415)),
    422: (
        "A field, the article or the name of the model cannot be used.",
        problem_of(ArticleError("The article is empty.")),
    ),
    429: (
        "As many requests of this key are under way as may be.",
        problem_of(TooManyRequests("8 requests of this key are under way.", retry_after=1)),
    ),
    500: (
        "A defect, or wrong settings of the service.",
        problem_of(ConfigurationError("The prompts cannot be read.")),
    ),
    502: (
        "The model failed, or refuses the request or the key.",
        problem_of(ModelRefusedKey("The provider refused the key.")),
    ),
    503: (
        "The service is full, or the model is not there now: retry if the problem says so.",
        problem_of(ServiceBusy("256 articles are being read and 256 wait.", retry_after=1)),
    ),
    504: (
        "The extraction or the model did not end in time.",
        problem_of(DeadlinePassed("The extraction did not end within 30 s.")),
    ),
}
_ID = "00000000-0000-4000-8000-000000000000"


def problem_responses(*statuses: int) -> Responses:
    """The declarations of these problem answers."""
    return {status: _problem_response(status) for status in statuses}


def add_security(document: dict[str, JsonValue]) -> None:
    """Declare the key where one is needed; a service without keys takes requests without."""
    components = document.setdefault("components", {})
    paths = document["paths"]
    if not isinstance(components, dict) or not isinstance(paths, dict):
        raise TypeError("this is no OpenAPI document")
    components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    for path, item in paths.items():
        if path not in OPEN_PATHS and isinstance(item, dict):
            for operation in item.values():
                if isinstance(operation, dict):
                    operation["security"] = [{"key": []}, {}]


def add_problem_schema(document: dict[str, JsonValue]) -> None:
    """Add the schema that the declared problems refer to."""
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {}) if isinstance(components, dict) else None
    if isinstance(schemas, dict):
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(problem.pop("$defs"))
        schemas["Problem"] = problem


def _problem_response(status: int) -> dict[str, JsonValue]:
    description, problem = _PROBLEMS[status]
    return {
        "description": description,
        "content": {
            PROBLEM_JSON: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "example": {
                    **problem.model_dump(mode="json"),
                    "instance": f"urn:uuid:{_ID}",
                    "request_id": _ID,
                },
            }
        },
    }
