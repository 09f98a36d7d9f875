"""Finding: which sentences are worth a question, and how likely each holds a record."""

from __future__ import annotations

from extractor.finding.base import Candidates, Finder, Kind, Likely, at_least
from extractor.finding.opening import open_finder

__all__ = ["Candidates", "Finder", "Kind", "Likely", "at_least", "open_finder"]
