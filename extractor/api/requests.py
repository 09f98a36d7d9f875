"""What the service is asked: the body of `POST /extract`, and what may stand in its query."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LANGUAGE = r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*$"


def read_day(value: object) -> date:
    """The date that is written as YYYY-MM-DD.

    Raises:
        ValueError: it is written otherwise; the value is not repeated.
    """
    if type(value) is date:
        return value
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise ValueError("a date is written YYYY-MM-DD, for example 2026-03-31")


Day = Annotated[date, BeforeValidator(read_day)]


class Options(BaseModel):
    """What a caller may say of an article, in the JSON or as query parameters."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    title: Annotated[str, Field(max_length=1000)] | None = None
    """The headline, if it is not in the text; else that of the document."""
    language: Annotated[str, Field(max_length=35, pattern=_LANGUAGE)] | None = None
    """BCP 47; found from the text if not given."""
    published_at: Day | None = None
    """Date against which relative dates ("next year") are resolved; else that of the document."""
    article_id: Annotated[str, Field(max_length=200)] | None = None
    """The caller's id, returned unchanged."""
    source_url: Annotated[str, Field(max_length=2048)] | None = None
    """Where the article came from: stored, never fetched."""
    model: Annotated[str, Field(max_length=200, pattern=r"^[\w.:@/-]+$")] | None = None
    """A name from `GET /models`, or provider/name for an API model; the default model if null."""


def _text_or_html(schema: dict[str, Any]) -> None:
    schema["required"] = [name for name in schema.get("required", ()) if name not in _EITHER]
    schema["oneOf"] = [{"required": [name]} for name in _EITHER]
    schema["properties"]["html"].pop("default")


_EITHER = ("text", "html")


class ExtractRequest(Options):
    """One article to read, as text or as a page."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_text_or_html)

    text: str
    """The article as plain text; its characters are what the offsets of the answer count."""
    html: str = ""
    """A page, in place of text; offsets count the text that is taken out of it."""

    @model_validator(mode="before")
    @classmethod
    def _either(cls, given: object) -> object:
        if isinstance(given, dict) and "html" in given:
            if "text" in given:
                raise ValueError("give either text or html")
            return {**given, "text": ""}
        return given
