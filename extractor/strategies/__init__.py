"""Strategies: how an article is put to a model, as passages, each with the prompt that asks."""

from __future__ import annotations

from extractor.article import Article
from extractor.passages import MentionIndex, Passage
from extractor.prompting import Prompt, Strategy
from extractor.strategies.document import document_passages
from extractor.strategies.passage import sentence_passages

__all__ = ["plan"]


def plan(
    strategy: Strategy, prompts: dict[str, Prompt], article: Article, mentions: MentionIndex
) -> list[tuple[Prompt, Passage]]:
    """All questions about the article, in the order that keeps each prompt's prefix cached."""
    chosen = [prompt for prompt in prompts.values() if prompt.strategy == strategy]
    passages = document_passages if strategy == "document" else sentence_passages
    return [
        (prompt, passage)
        for prompt in chosen
        for passage in passages(article, mentions, prompt.record_types)
    ]
