"""Part: the form of one file of a language."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """One file of a language: closed, so that a misspelt key is an error and not a missing word."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)
