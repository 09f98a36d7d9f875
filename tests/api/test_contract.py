"""The committed OpenAPI document is what the service does, whatever is sent.

Requests are made from the document: its examples, its borders, and what fits it or does not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import schemathesis
from hypothesis import settings
from hypothesis import strategies as st
from schemathesis import Case, CheckContext, Response
from schemathesis.config import (
    AnalysisConfig,
    ChecksConfig,
    ConstantsConfig,
    NotAServerErrorConfig,
    PhasesConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
    StatefulPhaseConfig,
)
from schemathesis.specs.openapi.checks import positive_data_acceptance

from extractor.api.app import create_app
from extractor.extraction import Extractor
from extractor.formats import media
from extractor.models.base import ModelRequest
from extractor.models.scripted import ScriptedModel
from extractor.settings import Settings
from tests.articles import answer, pledge, wanted
from tests.formats.files import docx, mail, paragraph
from tests.formats.pdfs import Line, pdf

_DOCUMENT: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "docs" / "openapi.json").read_text(encoding="utf-8")
)
_SETTINGS = Settings(strategy="document", retries=0, store=None)
_BEYOND_A_SCHEMA = ("article-error", "unknown-model")


def _pledge(request: ModelRequest) -> str:
    asked = wanted(request)
    found = pledge(who=["Nordlys Compute"], what="a data centre", money="m1")
    return answer([found] if "commitments" in asked else None, [] if "events" in asked else None)


def _contract() -> schemathesis.BaseSchema:
    """The document, bound to a service whose model always finds the same pledge."""
    project = ProjectConfig(
        checks=ChecksConfig(
            # A limit too short to keep is answered with 504, as declared. 500 stays forbidden.
            not_a_server_error=NotAServerErrorConfig(expected_statuses=["2xx", "4xx", "504"])
        ),
        # Else a word written anywhere in the code would change what is sent.
        analysis=AnalysisConfig(constants=ConstantsConfig(enabled=False)),
        # No operation leads to another one.
        phases=PhasesConfig(stateful=StatefulPhaseConfig(enabled=False)),
    )
    config = SchemathesisConfig(seed=0, projects=ProjectsConfig(default=project))
    contract = schemathesis.openapi.from_dict(_DOCUMENT, config=config)
    extractor = Extractor(ScriptedModel(_pledge), settings=_SETTINGS)
    contract.app = create_app(_SETTINGS, extractor=extractor)
    return contract


_DOCUMENTS = {
    media.PDF: pdf([Line("The port pays.")]),
    media.DOCX: docx(paragraph("The port pays.")),
    media.MAIL: mail("The port pays."),
}
for _kind, _whole in _DOCUMENTS.items():
    schemathesis.openapi.media_type(_kind, st.just(_whole) | st.binary())

contract = _contract()


@contract.hook
def filter_body(context: schemathesis.HookContext, body: object) -> bool:
    """Leave out provider/name: it would be called over the network."""
    return not (isinstance(body, dict) and "/" in str(body.get("model")))


@contract.hook
def filter_query(context: schemathesis.HookContext, query: object) -> bool:
    """The same, where a document is the body and the model stands beside it."""
    return not (isinstance(query, dict) and "/" in str(query.get("model")))


def what_fits_is_accepted(ctx: CheckContext, response: Response, case: Case[Any]) -> bool | None:
    """Schemathesis's own check, but for what no schema can say: prose, and the models there are."""
    if response.status_code == 422 and response.json()["type"].endswith(_BEYOND_A_SCHEMA):
        return None
    return positive_data_acceptance(ctx, response, case)


@contract.parametrize()
@settings(max_examples=200, derandomize=True, deadline=None, database=None)
def test_whatever_is_sent_is_answered_as_declared(case: Case[Any]) -> None:
    case.call_and_validate(
        excluded_checks=[positive_data_acceptance], additional_checks=[what_fits_is_accepted]
    )


def _examples() -> Iterator[tuple[str, dict[str, Any], object]]:
    """Every example of an answer, with its schema."""
    for path, operations in _DOCUMENT["paths"].items():
        for method, operation in operations.items():
            for status, response in operation["responses"].items():
                for content in response["content"].values():
                    if "example" in content:
                        yield f"{method} {path} {status}", content["schema"], content["example"]


@pytest.mark.parametrize(
    ("schema", "example"), [pytest.param(*rest, id=where) for where, *rest in _examples()]
)
def test_every_example_of_an_answer_fits_its_schema(
    schema: dict[str, Any], example: object
) -> None:
    whole = {**schema, "components": _DOCUMENT["components"]}
    jsonschema.Draft202012Validator(whole).validate(example)
