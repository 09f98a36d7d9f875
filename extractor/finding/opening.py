"""Which finder reads: the trained one where its embedding is installed, else the rules."""

from __future__ import annotations

from extractor.finding.base import Finder
from extractor.finding.embedding import open_embedding
from extractor.finding.rules import RuleFinder
from extractor.finding.trained import TrainedFinder, shipped_content
from extractor.settings import Settings


def open_finder(settings: Settings) -> Finder:
    """The finder of the settings; the rules wherever the embedding has no wheel."""
    embed = None if settings.finder == "rules" else open_embedding()
    return RuleFinder() if embed is None else TrainedFinder(shipped_content(), embed)
