"""A catalogue for tests: a model, and the same with an adapter."""

from __future__ import annotations

from typing import Final

PLAIN_AND_TUNED: Final = f"""
[[models]]
name = "plain"
title = "Plain"
licence = "MIT"
file = "plain.gguf"
bytes = 9
sha256 = "{"0" * 64}"
context_tokens = 512
strategy = "passage"

[[models]]
name = "tuned"
base = "plain"
adapter = {{ file = "tuned.gguf", sha256 = "{"1" * 64}" }}
"""
