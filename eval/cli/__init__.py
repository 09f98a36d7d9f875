"""The command line of the harness: `extractor-eval`, also `python -m eval`."""

from __future__ import annotations

from eval.cli.main import main

__all__ = ["main"]
