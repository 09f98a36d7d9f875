"""Cases for tests of linking: short articles, and which of their records tell of one pledge."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from eval.judging.annotators import labels_as_prediction
from eval.labels.dataset import LabelledArticle
from eval.labels.passages import CorpusPassage
from extractor.pledges.mentions import Mention, mentions_of
from extractor.records import Extraction

_FILE: Final = Path(__file__).with_name("told.jsonl")


@dataclass(frozen=True)
class Told:
    """One article with its extraction."""

    name: str
    text: str
    publisher: str
    extraction: Extraction
    keys: tuple[str, ...]
    """What each record tells of, in their order."""

    @property
    def mentions(self) -> list[Mention]:
        return list(mentions_of(self.name, self.extraction, publisher=self.publisher))


@cache
def told_articles() -> tuple[Told, ...]:
    """All articles of the file."""
    return tuple(told_from(json.loads(line)) for line in _FILE.read_text("utf-8").splitlines())


def told_from(content: dict[str, object]) -> Told:
    """An article as the lines of the file have it."""
    keys, publisher = content.pop("keys"), content.pop("publisher")
    assert isinstance(keys, list)
    passage = CorpusPassage.model_validate({"about": ["linking"], **content})
    item = LabelledArticle(passage.id, passage.article, passage.gold("linking"))
    extraction = labels_as_prediction(item)
    return Told(passage.id, passage.article, str(publisher), extraction, tuple(map(str, keys)))


def told_mentions() -> tuple[list[Mention], dict[str, str]]:
    """All mentions, and what each tells of."""
    mentions: list[Mention] = []
    key_of: dict[str, str] = {}
    for told in told_articles():
        own = told.mentions
        assert len(own) == len(told.keys), told.name
        mentions += own
        key_of |= {mention.id: key for mention, key in zip(own, told.keys, strict=True)}
    return mentions, key_of
