"""Articles for tests: short texts read as real ones, with the drafts that a model might give."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date

from extractor.article import Article, read_article
from extractor.models.base import ModelRequest
from extractor.prompting.passages import Passage, make_passage
from extractor.records import RecordType


def passage_of(
    text: str,
    *record_types: RecordType,
    language: str = "en",
    published_at: date | None = None,
) -> tuple[Article, Passage]:
    """The whole text as one passage."""
    article = read_article(text, language=language, published_at=published_at)
    numbers = [s.id for s in article.sentences]
    return article, make_passage(article, numbers, record_types or ("commitment",))


def commitment(sentence: int = 1, **fields: object) -> dict[str, object]:
    """A draft commitment as a model would write it."""
    empty: dict[str, object] = {
        "sentence": sentence,
        "what": "a new plant",
        "who": [],
        "to": [],
        "kind": "funding",
        "money": None,
        "count": None,
        "dates": [],
        "status": "announced",
        "announced_by": None,
        "place": None,
    }
    return {**empty, **fields}


def event(sentence: int = 1, **fields: object) -> dict[str, object]:
    """A draft policy event as a model would write it."""
    empty: dict[str, object] = {
        "sentence": sentence,
        "what": "a new law",
        "who": [],
        "targets": [],
        "type": "law_or_regulation",
        "instrument": None,
        "dates": [],
        "status": "adopted",
    }
    return {**empty, **fields}


def pledge(*sentences: int, **fields: object) -> dict[str, object]:
    """A commitment as a strong model would write it of a whole article."""
    empty: dict[str, object] = {
        "sentences": list(sentences or (1,)),
        "what": "a new plant",
        "who": [],
        "to": [],
        "announced_by": [],
        "kind": "funding",
        "money": None,
        "currency": None,
        "per": "once",
        "scope": "total",
        "count": None,
        "unit": None,
        "dates": [],
        "status": "announced",
        "certainty": "asserted",
        "mobilise": False,
        "places": [],
        "part_of": None,
    }
    return {**empty, **fields}


def act(*sentences: int, **fields: object) -> dict[str, object]:
    """A policy event as a strong model would write it of a whole article."""
    empty: dict[str, object] = {
        "sentences": list(sentences or (1,)),
        "what": "a new law",
        "who": [],
        "targets": [],
        "type": "law_or_regulation",
        "instrument": None,
        "dates": [],
        "status": "adopted",
        "certainty": "asserted",
        "places": [],
        "jurisdictions": [],
        "commitments": [],
    }
    return {**empty, **fields}


def answer(
    commitments: Iterable[object] | None = None, events: Iterable[object] | None = None
) -> str:
    """A whole reply; lists left out are not asked for."""
    lists = {"commitments": commitments, "events": events}
    return json.dumps({key: list(items) for key, items in lists.items() if items is not None})


def wanted(request: ModelRequest) -> list[str]:
    """Which lists a request asks for."""
    properties = request.json_schema["properties"]
    assert isinstance(properties, dict)
    return list(properties)
