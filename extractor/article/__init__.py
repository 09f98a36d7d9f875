"""Article: from bytes to a body of numbered sentences that lead back to the original characters."""

from __future__ import annotations

from extractor.article.names import find_name, find_names
from extractor.article.reading import decode_article, read_article
from extractor.article.types import Article, Sentence

__all__ = ["Article", "Sentence", "decode_article", "find_name", "find_names", "read_article"]
