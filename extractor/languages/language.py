"""Language: all words that engines ask of one language, read from its folder when first asked."""

from __future__ import annotations

import functools
import tomllib
from importlib import resources
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict

LANGUAGES: Final[tuple[str, ...]] = ("vi", "fr", "en")
"""The folders, in the order in which tables of several languages are read."""

_PartT = TypeVar("_PartT", bound="Part")


class Part(BaseModel):
    """One file of a language: closed, so that a misspelt key is an error and not a missing word."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Language:
    """One language by its BCP 47 code; every part is read once, when it is first asked for."""

    def __init__(self, code: str) -> None:
        self.code = code

    def __repr__(self) -> str:
        return f"Language({self.code!r})"

    def _part(self, form: type[_PartT], file: str) -> _PartT:
        """Read a part; raises `ValidationError` if the file says what the part does not know."""
        folder = resources.files("extractor.languages").joinpath(self.code)
        content: dict[str, Any] = tomllib.loads(folder.joinpath(file).read_text("utf-8"))
        return form.model_validate(content)


@functools.cache
def find_language(code: str) -> Language | None:
    """The language of that code, None if it has no folder."""
    return Language(code) if code in LANGUAGES else None
