"""The JSON Schemas that are published: of the result, of what a model fills, of a request."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from extractor.api.requests import ExtractRequest
from extractor.drafts import whole_schema
from extractor.models.base import JsonSchema
from extractor.records import Extraction

Published = Literal["record", "draft", "request"]
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


_MODELS: dict[Published, type[BaseModel]] = {
    "record": Extraction,
    "request": ExtractRequest,
}


def json_schema(which: Published) -> JsonSchema:
    """The schema of an extraction (record), of a model's answer (draft) or of a request."""
    if which == "draft":
        return {"$schema": _DIALECT, **whole_schema(["commitment", "policy_event"])}
    return {"$schema": _DIALECT, **_MODELS[which].model_json_schema(mode="serialization")}
