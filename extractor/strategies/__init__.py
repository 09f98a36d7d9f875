"""Strategies: how an article is put to a model, as passages, each with the prompt that asks."""

from __future__ import annotations

from collections.abc import Sequence

from extractor.article import Article
from extractor.prompting import Prompt
from extractor.prompting.passages import Passage
from extractor.selection import Candidates
from extractor.strategies.document import document_passages
from extractor.strategies.passage import sentence_passages

__all__ = ["plan"]


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
            document_passages(article, prompt.record_types)
            if candidates is None
            else sentence_passages(article, candidates, prompt.record_types)
        )
    ]
