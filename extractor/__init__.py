"""Checked commitments and policy events from news articles in Vietnamese, French and English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extractor.version import VERSION as __version__

__all__ = ["Extraction", "Extractor", "ExtractorError", "__version__"]

if TYPE_CHECKING:
    from extractor.errors import ExtractorError
    from extractor.extraction import Extractor
    from extractor.records import Extraction

_HOMES = {
    "Extraction": "extractor.records",
    "Extractor": "extractor.extraction",
    "ExtractorError": "extractor.errors",
}


def __getattr__(name: str) -> object:
    # Loaded on first use: `extractor --help` must not pay for Pydantic and Babel.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
