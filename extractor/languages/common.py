"""CommonNames: what is the same in every language, as `common.toml` has it."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from importlib import resources

from extractor.languages.part import Part


class CommonNames(Part):
    """Names that no language has for itself."""

    legal_forms: tuple[str, ...]
    """Regular expressions of legal forms behind the name of a company."""
    scales: tuple[str, ...]
    """Regular expressions of scale words in languages that have no folder."""
    groups: tuple[str, ...]
    """Groups of countries."""
    institutions: Mapping[str, str]
    """English name of a public body to the code of its country, empty if it is of several."""
    measures: Mapping[str, tuple[str, ...]]
    """Signs of units, for a language without words for them."""
    more_measures: Mapping[str, tuple[str, ...]]
    """The same, for a reader that is pointed at them."""


@functools.cache
def common_names() -> CommonNames:
    """The names that every language shares."""
    file = resources.files("extractor.languages").joinpath("common.toml")
    return CommonNames.model_validate(tomllib.loads(file.read_text("utf-8")))
