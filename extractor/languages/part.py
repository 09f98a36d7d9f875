"""Part: the form of one file of a language, and one of which a language has no word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict

NEVER: Final = "(?!)"
"""The regular expression that matches nothing."""


class Part(BaseModel):
    """One file of a language: closed, so that a misspelt key is an error and not a missing word."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


_PartT = TypeVar("_PartT", bound=Part)


def nothing(form: type[_PartT], **known: object) -> _PartT:
    """The part with what is known, everything else that it must have empty."""
    unknown = {
        name: _empty(field.annotation)
        for name, field in form.model_fields.items()
        if field.is_required() and name not in known
    }
    return form.model_validate({**unknown, **known})


def _empty(kind: Any) -> object:
    origin = get_origin(kind)
    if origin is Literal:
        return get_args(kind)[0]
    if origin is Mapping:
        return {}
    if origin is tuple:
        return ()
    if isinstance(kind, type) and issubclass(kind, Part):
        return nothing(kind)
    # The numbers and truths of parts say how much the words before them mean: nothing here.
    return NEVER if kind is str else kind()
