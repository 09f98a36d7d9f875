"""Prompts: loaded from files, rendered with worked examples, stamped with a hash.

A prompt is a system text and earlier turns; the earlier turns are worked examples that pass through
the same rendering as a real passage, so the form shown and the form asked for cannot drift apart.
All of that comes first and never changes between calls, so a model's prefix cache holds it; the
passage comes last.
"""

from __future__ import annotations

from extractor.prompting.loading import Prompt, load_prompts
from extractor.prompting.rendering import (
    as_data,
    render_answer,
    render_passage,
    render_whole_answer,
)

__all__ = [
    "Prompt",
    "as_data",
    "load_prompts",
    "render_answer",
    "render_passage",
    "render_whole_answer",
]
