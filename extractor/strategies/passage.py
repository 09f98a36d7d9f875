"""The passage strategy: one short question for each candidate sentence; right for small models."""

from __future__ import annotations

from collections.abc import Sequence

from extractor.article import Article
from extractor.finder import candidates
from extractor.passages import MentionIndex, Passage, make_passage
from extractor.records import RecordType


def sentence_passages(
    article: Article, mentions: MentionIndex, record_types: Sequence[RecordType]
) -> list[Passage]:
    """One passage for each sentence that may hold a record, with the one before it as context."""
    return [
        make_passage(article, mentions, [sentence.id], [record_type])
        for record_type in record_types
        for sentence in candidates(article, mentions, record_type)
    ]
