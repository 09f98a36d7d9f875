"""The document strategy: the whole body in one question; right for large models."""

from __future__ import annotations

from collections.abc import Sequence

from extractor.article import Article
from extractor.prompting.passages import Passage, make_passage
from extractor.records import RecordType

_MOST_CHARACTERS = 24_000
"""A longer body is asked in parts, so that the answer about each stays within its limit."""


def document_passages(article: Article, record_types: Sequence[RecordType]) -> list[Passage]:
    """The body as one passage, or as few as its length needs."""
    parts: list[list[int]] = []
    length = _MOST_CHARACTERS
    for sentence in article.sentences:
        if length + len(sentence.text) > _MOST_CHARACTERS:
            parts.append([])
            length = 0
        parts[-1].append(sentence.id)
        length += len(sentence.text)
    return [make_passage(article, numbers, record_types) for numbers in parts]
