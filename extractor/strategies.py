"""Strategies: how an article is put to a model, as passages, each with the prompt that asks."""

from __future__ import annotations

from collections.abc import Sequence

from extractor.article import Article
from extractor.prompting import Prompt
from extractor.prompting.passages import Passage, make_passage
from extractor.records import RecordType
from extractor.selection import Candidates

_MOST_CHARACTERS = 24_000
"""A longer body is asked in parts, so that the answer about each stays within its limit."""
_EXPECTED = 0.5
"""Probability from which a sentence must yield a record: the checks may still refuse it."""


def plan(
    prompts: Sequence[Prompt],
    article: Article,
    candidates: Candidates | None,
) -> list[tuple[Prompt, Passage]]:
    """All questions about the article, in the order that keeps each prompt's prefix cached.

    Without candidates the whole article is asked about.
    """
    return [
        (prompt, passage)
        for prompt in prompts
        for passage in (
            _document(article, prompt.record_types)
            if candidates is None
            else _sentences(article, candidates, prompt.record_types)
        )
    ]


def _document(article: Article, record_types: Sequence[RecordType]) -> list[Passage]:
    """The body as one passage, or as few as its length needs; right for large models."""
    parts: list[list[int]] = []
    length = _MOST_CHARACTERS
    for sentence in article.sentences:
        if length + len(sentence.text) > _MOST_CHARACTERS:
            parts.append([])
            length = 0
        parts[-1].append(sentence.id)
        length += len(sentence.text)
    return [make_passage(article, numbers, record_types) for numbers in parts]


def _sentences(
    article: Article, candidates: Candidates, record_types: Sequence[RecordType]
) -> list[Passage]:
    """One short passage for each sentence that may hold a record; right for small models."""
    return [
        make_passage(article, [number], [record_type], expected=likely.probability >= _EXPECTED)
        for record_type in record_types
        for number, likely in candidates[record_type].items()
    ]
