"""`python -m eval`: the same as `extractor-eval`."""

from __future__ import annotations

from eval.cli import main

main(prog_name="python -m eval")
