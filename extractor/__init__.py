"""Checked commitments and policy events from news articles in Vietnamese, French and English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extractor.version import VERSION as __version__

__all__ = [
    "AsyncExtractor",
    "Commitment",
    "ConfigurationError",
    "DeadlinePassed",
    "Document",
    "Extraction",
    "Extractor",
    "ExtractorError",
    "InputError",
    "MissingExtra",
    "ModelError",
    "PolicyEvent",
    "Reading",
    "Settings",
    "StoreFailed",
    "WeightsError",
    "__version__",
    "read",
    "read_document",
    "read_documents",
]

if TYPE_CHECKING:
    from extractor.errors import (
        ConfigurationError,
        DeadlinePassed,
        ExtractorError,
        InputError,
        MissingExtra,
        ModelError,
        StoreFailed,
        WeightsError,
    )
    from extractor.extraction import AsyncExtractor, Extractor
    from extractor.formats import Document, read_document, read_documents
    from extractor.reading import Reading, read
    from extractor.records import Commitment, Extraction, PolicyEvent
    from extractor.settings import Settings

_HOMES = {
    "extractor.errors": (
        "ConfigurationError",
        "DeadlinePassed",
        "ExtractorError",
        "InputError",
        "MissingExtra",
        "ModelError",
        "StoreFailed",
        "WeightsError",
    ),
    "extractor.extraction": ("AsyncExtractor", "Extractor"),
    "extractor.formats": ("Document", "read_document", "read_documents"),
    "extractor.reading": ("Reading", "read"),
    "extractor.records": ("Commitment", "Extraction", "PolicyEvent"),
    "extractor.settings": ("Settings",),
}


def __getattr__(name: str) -> object:
    # Loaded on first use: `extractor --help` must not pay for Pydantic and Babel.
    for home, names in _HOMES.items():
        if name in names:
            from importlib import import_module

            return getattr(import_module(home), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__]
