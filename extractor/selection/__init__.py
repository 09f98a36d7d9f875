"""Finding: which sentences are worth a question, and how likely each holds a record."""

from __future__ import annotations

from extractor.selection.base import Candidates, Finder, Kind, Likely, at_least
from extractor.selection.opening import finder_content, finder_name, open_finder

__all__ = [
    "Candidates",
    "Finder",
    "Kind",
    "Likely",
    "at_least",
    "finder_content",
    "finder_name",
    "open_finder",
]
