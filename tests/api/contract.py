"""The committed OpenAPI document, and requests made from it: examples, borders, and more."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import schemathesis
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
from starlette.types import ASGIApp

from extractor.formats import media
from tests.formats.files import docx, mail, paragraph
from tests.formats.pdfs import Line, pdf

DOCUMENT: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "docs" / "openapi.json").read_text(encoding="utf-8")
)
_BEYOND_A_SCHEMA = ("article-error", "unknown-model")
_DOCUMENTS = {
    media.PDF: pdf([Line("The port pays.")]),
    media.DOCX: docx(paragraph("The port pays.")),
    media.MAIL: mail("The port pays."),
}
for _kind, _whole in _DOCUMENTS.items():
    schemathesis.openapi.media_type(_kind, st.just(_whole) | st.binary())


def bind(app: ASGIApp | None) -> schemathesis.BaseSchema:
    """The document, bound to this application; without one, requests say where they are sent."""
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
    contract = schemathesis.openapi.from_dict(DOCUMENT, config=config)
    contract.app = app
    contract.hook("filter_body")(_calls_nobody)
    contract.hook("filter_query")(_calls_nobody)
    return contract


def _calls_nobody(context: schemathesis.HookContext, part: object) -> bool:
    """Leave out provider/name, in a body or in a query: it would be called over the network."""
    return not (isinstance(part, dict) and "/" in str(part.get("model")))


def _what_fits_is_accepted(ctx: CheckContext, response: Response, case: Case[Any]) -> bool | None:
    """Schemathesis's own check, but for what no schema can say: prose, and the models there are."""
    if response.status_code == 422 and response.json()["type"].endswith(_BEYOND_A_SCHEMA):
        return None
    return positive_data_acceptance(ctx, response, case)


def validate(case: Case[Any], base_url: str | None = None) -> None:
    """Send the request; the answer must be as the document declares it."""
    case.call_and_validate(
        base_url=base_url,
        excluded_checks=[positive_data_acceptance],
        additional_checks=[_what_fits_is_accepted],
    )
