"""Checking: what a model drafted becomes records that the article bears, in named stages.

`policy` says who judges; `stages` is the order; `proving` asks whether it is so, by the article;
`doubting` asks whether it looks like one, by words.
"""

from __future__ import annotations

from extractor.checking.policy import POLICIES, STRONG, TAUGHT, TOLD, Policy
from extractor.checking.stages import STAGES, Checked, Checks, check_drafts

__all__ = [
    "POLICIES",
    "STAGES",
    "STRONG",
    "TAUGHT",
    "TOLD",
    "Checked",
    "Checks",
    "Policy",
    "check_drafts",
]
