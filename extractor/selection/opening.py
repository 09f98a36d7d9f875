"""Which finder reads: the trained one where its embedding is installed, else the rules."""

from __future__ import annotations

from pathlib import Path

from extractor.errors import ConfigurationError
from extractor.selection.base import Finder
from extractor.selection.embedding import open_embedding
from extractor.selection.rules import RuleFinder
from extractor.selection.trained import TrainedFinder, shipped_content, trained_name
from extractor.settings import Settings


def open_finder(settings: Settings) -> Finder:
    """The finder of the settings; the rules wherever the embedding has no wheel.

    Raises:
        ConfigurationError: the file of the finder cannot be read, or is none.
    """
    embed = None if settings.finder == "rules" else open_embedding()
    return RuleFinder() if embed is None else TrainedFinder(finder_content(settings), embed)


def finder_name(settings: Settings) -> str:
    """The name of the finder of the settings, whether or not its embedding is installed."""
    return "rules" if settings.finder == "rules" else trained_name(finder_content(settings))


def finder_content(settings: Settings) -> bytes:
    """The file of the trained finder of the settings.

    Raises:
        ConfigurationError: it cannot be read.
    """
    file: Path | None = settings.finder_file
    if file is None:
        return shipped_content()
    try:
        return file.read_bytes()
    except OSError:
        raise ConfigurationError(
            "EXTRACTOR_FINDER_FILE names no readable file; make one with"
            " `python -m training.finder --out FILE`, or unset it for the finder that is shipped."
        ) from None
