"""The passage strategy: one short question for each candidate sentence; right for small models."""

from __future__ import annotations

from collections.abc import Sequence

from extractor.article import Article
from extractor.prompting.passages import Passage, make_passage
from extractor.records import RecordType
from extractor.selection import Candidates

_EXPECTED = 0.5
"""Probability from which a sentence must yield a record: the checks may still refuse it."""


def sentence_passages(
    article: Article,
    candidates: Candidates,
    record_types: Sequence[RecordType],
) -> list[Passage]:
    """One passage for each sentence that may hold a record, with the one before it as context."""
    return [
        make_passage(article, [number], [record_type], expected=likely.probability >= _EXPECTED)
        for record_type in record_types
        for number, likely in candidates[record_type].items()
    ]
