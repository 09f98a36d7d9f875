"""What the OpenAPI document says about answers: the extraction in both forms, and the problems."""

from __future__ import annotations

from typing import Any, TypeAlias

from fastapi.openapi.models import Example

from extractor.api.correlation import HEADER
from extractor.api.documents import DOCUMENTS
from extractor.api.examples import EXTRACTION, REQUEST
from extractor.api.keys import OPEN_PATHS
from extractor.api.problems import PROBLEM_JSON, Problem, http_problem, problem_of
from extractor.api.representations import NDJSON, passage_line, to_ndjson
from extractor.api.requests import Options
from extractor.checking import Checked
from extractor.errors import (
    AccessRefused,
    ArticleError,
    ConfigurationError,
    DeadlinePassed,
    ForeignSite,
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
        "merged, and `extraction` with the rest. `restart` voids the passages before it: a "
        "fallback reads the article anew. A failure after the first line is a last line "
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

SCHEMA_RESPONSE: dict[str, JsonValue] = {
    "description": "A JSON Schema.",
    "content": {"application/json": {"schema": {"type": "object"}}},
}

_PROBLEMS: dict[int, tuple[str, Problem]] = {
    400: ("The body is not JSON in UTF-8.", http_problem(400)),
    401: (
        "The service knows no such key.",
        problem_of(AccessRefused("The request carries no key of this service.")),
    ),
    403: (
        "The service has no keys, and a page of another site asks.",
        problem_of(ForeignSite("A page of another site sends this request.")),
    ),
    413: ("The body or the article is too large.", http_problem(413)),
    415: ("The body is declared neither as JSON nor as a document.", http_problem(415)),
    422: (
        "A field, the article, the document or the name of the model cannot be used.",
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
_HEADERS_OF = {"401": ["WWW-Authenticate"], "429": ["Retry-After"], "503": ["Retry-After"]}
_HEADERS: dict[str, JsonValue] = {
    HEADER: {
        "description": "The id of the request: the caller's own if it is fit for a log.",
        "required": True,
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9_.:-]{1,128}$"},
    },
    "Retry-After": {
        "description": "Seconds after which to try again, where they are known.",
        "schema": {"type": "integer", "minimum": 0},
    },
    "WWW-Authenticate": {
        "description": "How to send a key.",
        "required": True,
        "schema": {"const": "Bearer"},
    },
}
_ID = "00000000-0000-4000-8000-000000000000"


def problem_responses(*statuses: int) -> Responses:
    """The declarations of these problem answers."""
    return {status: _problem_response(status) for status in statuses}


def complete(document: dict[str, Any]) -> None:
    """Add what the framework cannot know, or has dropped, to its OpenAPI document."""
    components = document.setdefault("components", {})
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    components.setdefault("schemas", {}).update({**problem.pop("$defs"), "Problem": problem})
    components["headers"] = _HEADERS
    components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    for path, operations in document["paths"].items():
        for operation in operations.values():
            if path not in OPEN_PATHS:
                # A service without keys takes requests without.
                operation["security"] = [{"key": []}, {}]
            for status, response in operation["responses"].items():
                names = [HEADER, *_HEADERS_OF.get(status, ())]
                response["headers"] = {
                    name: {"$ref": f"#/components/headers/{name}"} for name in names
                }
    extract = document["paths"]["/extract"]["post"]
    extract["parameters"] += _query_parameters()
    bodies = extract["requestBody"]["content"]
    # No type: whatever bytes there are, they may be such a document.
    bodies.update({name: {"schema": {"contentMediaType": name}} for name in DOCUMENTS})
    answers = extract["responses"]
    # The framework drops what is null from examples too, though the schema requires it.
    answers["200"]["content"]["application/json"]["example"] = EXTRACTION


def _query_parameters() -> list[dict[str, JsonValue]]:
    """The options as parameters, which can be left out but cannot be null."""
    schema = Options.model_json_schema()
    found: list[dict[str, JsonValue]] = []
    for name, field in schema["properties"].items():
        (kind,) = (each for each in field["anyOf"] if each != {"type": "null"})
        told = f"{field['description']} What the JSON says wins."
        found.append({"name": name, "in": "query", "description": told, "schema": kind})
    return found


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
