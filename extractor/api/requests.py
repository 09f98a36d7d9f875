"""What the service is asked: the body of `POST /extract`."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LANGUAGE = r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*$"


def read_day(value: object) -> date:
    """The date written as YYYY-MM-DD; raises ValueError for anything else, without repeating it."""
    if type(value) is date:
        return value
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise ValueError("a date is written YYYY-MM-DD, for example 2026-03-31")


Day = Annotated[date, BeforeValidator(read_day)]


class ExtractRequest(BaseModel):
    """One article to read."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    text: str
    """The article as plain text; its characters are what the offsets of the answer count."""
    title: Annotated[str, Field(max_length=1000)] | None = None
    """The headline, if it is not in the text."""
    language: Annotated[str, Field(max_length=35, pattern=_LANGUAGE)] | None = None
    """BCP 47; found from the text if not given."""
    published_at: Day | None = None
    """Date against which relative dates ("next year") are resolved."""
    article_id: Annotated[str, Field(max_length=200)] | None = None
    """The caller's id, returned unchanged."""
    source_url: Annotated[str, Field(max_length=2048)] | None = None
    """Where the article came from: stored, never fetched."""
    model: Annotated[str, Field(max_length=200, pattern=r"^[\w.:@/-]+$")] | None = None
    """A name from `GET /models`, or provider/name for an API model; the default model if null."""
