"""Whether a page is read as its clean text: the same sentences, with the same values in them."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final, TypeAlias

from extractor import Extraction, Extractor, read_document
from extractor.article import Article, read_article
from extractor.article.folding import fold_text
from extractor.formats import media
from extractor.models.base import ModelRequest
from extractor.models.scripted import ScriptedModel
from extractor.settings import Settings
from tests.articles import answer, pledge
from tests.pages.measuring import Score, read_page, score
from tests.pages.sheet import Page

Told: TypeAlias = tuple[str, tuple[str, ...]]
"""A sentence, and the values that are read in it, without where they stand."""
_PLACES: Final = frozenset({"start", "end"})
_SENTENCE: Final = re.compile(r"\[(\d+)\] (.*)")
_OFFER: Final = re.compile(r"\b([mn]\d+) \"")
_FIRST_WORDS: Final = 3
_COMPARED: Final = ("actors", "amount", "quantity", "status", "certainty", "deadline", "duration")


@dataclass(frozen=True, slots=True)
class Pair:
    """A page and its clean text, each as the sentences that carry a value."""

    page: Page
    shared: int
    either: int
    only_page: tuple[Told, ...]
    only_clean: tuple[Told, ...]


def compare(page: Page) -> Pair:
    """The sentences of a page beside those of its clean text; the headline counts neither way."""
    found = read_page(page)
    clean = read_article(page.story.clean, title=page.story.title, published_at=page.published_at)
    ours, theirs = (Counter(_told(article, page.story.title)) for article in (found, clean))
    return Pair(
        page=page,
        shared=(ours & theirs).total(),
        either=(ours | theirs).total(),
        only_page=tuple((ours - theirs).elements()),
        only_clean=tuple((theirs - ours).elements()),
    )


def agreement(pairs: Sequence[Pair]) -> Score:
    """The share of sentences with a value, or of records, that both readings have alike."""
    return score(pairs, [pair.shared for pair in pairs], [pair.either for pair in pairs])


def _told(article: Article, title: str) -> Iterable[Told]:
    headline = fold_text(title)
    for sentence in article.sentences:
        values = tuple(sorted(_values(article, sentence.id)))
        if values and sentence.text != headline:
            yield sentence.text.lstrip("-\u2022* "), values


def _values(article: Article, number: int) -> Iterable[str]:
    mentions = article.mentions(number)
    for kind in fields(mentions):
        for mention in getattr(mentions, kind.name):
            yield f"{kind.name} {_without_places(mention)}"


def _without_places(mention: Any) -> str:
    named = [each.name for each in fields(mention) if each.name not in _PLACES]
    return " ".join(f"{name}={getattr(mention, name)}" for name in named)


def compare_records(page: Page) -> Pair:
    """The records that a page and its clean text give where one reader answers by one rule."""
    document = read_document(page.html.encode(), media_type=media.HTML)
    settings = Settings(strategy="document", policy="strong")
    with Extractor(ScriptedModel(_by_rule), settings=settings) as extractor:
        found = extractor.extract(document)
        clean = extractor.extract(
            page.story.clean, title=page.story.title, published_at=page.published_at
        )
    ours, theirs = (Counter(_records(each, page.story.title)) for each in (found, clean))
    return Pair(
        page=page,
        shared=(ours & theirs).total(),
        either=(ours | theirs).total(),
        only_page=tuple((ours - theirs).elements()),
        only_clean=tuple((theirs - ours).elements()),
    )


def _by_rule(request: ModelRequest) -> str:
    """Of every sentence with an amount or a count a commitment of its first words."""
    drafts: list[dict[str, object]] = []
    number, text = 0, ""
    for line in request.messages[-1].content.split("\n"):
        if sentence := _SENTENCE.match(line):
            number, text = int(sentence[1]), sentence[2]
        elif number and (offers := _OFFER.findall(line)):
            money = next((offer for offer in offers if offer[0] == "m"), None)
            count = next((offer for offer in offers if offer[0] == "n"), None)
            if money or count:
                who = " ".join(text.lstrip("-* ").split()[:_FIRST_WORDS])
                drafts.append(pledge(number, who=[who], money=money, count=count))
    return answer(drafts, [])


def _records(extraction: Extraction, title: str) -> Iterable[Told]:
    headline = fold_text(title)
    for record in extraction.commitments:
        quotes = [fold_text(each.quote).lstrip("-* ") for each in record.evidence]
        if quotes[0] != headline:
            values = record.model_dump(include=set(_COMPARED), mode="json")
            yield " ".join(quotes), (json.dumps(values, sort_keys=True),)
