"""Our own pipeline, as a user gets it."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import extractor
from eval.systems.base import GivenArticle, digest_of
from extractor.extraction import Extractor
from extractor.models.base import ModelClient
from extractor.prompting import load_prompts
from extractor.records import Extraction
from extractor.selection import Finder, finder_content
from extractor.settings import Settings


class Pipeline:
    """`Extractor` with these settings."""

    name = "pipeline"

    def __init__(self, settings: Settings, finder: Finder | None = None) -> None:
        self._settings = settings
        self._finder = finder

    @cached_property
    def fingerprint(self) -> str:
        """Digest of the product's code, prompts and trained finder."""
        prompts = load_prompts(self._settings.prompts_dir)
        stamps = [prompt.stamp.model_dump_json() for prompt in prompts.values()]
        return digest_of([Path(extractor.__file__).parent, finder_content(self._settings), *stamps])

    def with_finder(self, finder: Finder) -> Pipeline:
        """The pipeline with another finder."""
        return Pipeline(self._settings, finder)

    def extract(self, article: GivenArticle, client: ModelClient) -> Extraction:
        """The extraction of an article."""
        reader = Extractor(client, settings=self._settings, finder=self._finder)
        return reader.extract(
            article.text, published_at=article.published_at, article_id=article.name
        )
