"""The committed OpenAPI document is what the service does, whatever is sent.

Requests are made from the document: its examples, its borders, and what fits it or does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from hypothesis import settings
from schemathesis import Case
from starlette.types import ASGIApp

from extractor.api.app import create_app
from extractor.extraction import Extractor
from extractor.models.base import ModelRequest
from extractor.models.scripted import ScriptedModel
from extractor.settings import Settings
from tests.api.contract import DOCUMENT, bind, validate
from tests.articles import answer, pledge, wanted

_SETTINGS = Settings(strategy="document", retries=0, store=None)


def _pledge(request: ModelRequest) -> str:
    asked = wanted(request)
    found = pledge(who=["Nordlys Compute"], what="a data centre", money="m1")
    return answer([found] if "commitments" in asked else None, [] if "events" in asked else None)


def _app() -> ASGIApp:
    """A service whose model always finds the same pledge."""
    return create_app(_SETTINGS, extractor=Extractor(ScriptedModel(_pledge), settings=_SETTINGS))


contract = bind(_app())


@contract.parametrize()
@settings(max_examples=200, derandomize=True, deadline=None, database=None)
def test_whatever_is_sent_is_answered_as_declared(case: Case[Any]) -> None:
    validate(case)


def _examples() -> Iterator[tuple[str, dict[str, Any], object]]:
    """Every example of an answer, with its schema."""
    for path, operations in DOCUMENT["paths"].items():
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
    whole = {**schema, "components": DOCUMENT["components"]}
    jsonschema.Draft202012Validator(whole).validate(example)
