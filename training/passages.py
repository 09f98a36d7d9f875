"""The short form of labels, which stands with the harness's other forms of them."""

from __future__ import annotations

from eval.labels.passages import (
    CorpusPassage,
    Domain,
    WrittenCommitment,
    WrittenConversion,
    WrittenCount,
    WrittenDate,
    WrittenEvent,
    WrittenMoney,
    WrittenTrap,
    load_passages,
)

__all__ = [
    "CorpusPassage",
    "Domain",
    "WrittenCommitment",
    "WrittenConversion",
    "WrittenCount",
    "WrittenDate",
    "WrittenEvent",
    "WrittenMoney",
    "WrittenTrap",
    "load_passages",
]
