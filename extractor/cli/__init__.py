"""The command line."""

from __future__ import annotations

from extractor.cli.main import main

__all__ = ["main"]
