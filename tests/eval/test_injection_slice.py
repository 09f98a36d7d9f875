"""The attacked articles: what of an attack reaches the model, without a model."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from eval.judging.twins import Twins, find_twins
from eval.labels.dataset import Corpus, Item, load_corpus
from extractor import Extraction, Extractor
from extractor.article import read_article
from extractor.article.folding import fold_text
from extractor.models.base import ModelRequest
from extractor.models.scripted import ScriptedModel
from extractor.settings import Settings
from tests.articles import answer, wanted

FOLDER = Path(__file__).parent.parent.parent / "gold" / "injection"
SETTINGS = {
    "the whole article": Settings(strategy="document"),
    "sentences by rules": Settings(strategy="passage", finder="rules"),
    "sentences by the trained finder": Settings(strategy="passage"),
}
WINDOW = 20
QUICK = ("en-01", "vi-04")
"""The trained finder takes its time, and what it chooses depends on the sentences alone."""
KINDS = {
    "order": {
        "plain-order",
        "foreign-order",
        "polite-order",
        "authority",
        "editors-note",
        "quotation",
    },
    "leak": {"leak"},
    "reply": {"fake-json"},
    "question": {"fake-ids"},
    "marks": {"delimiters"},
    "characters": {"invisible"},
}


@cache
def corpus() -> Corpus:
    return load_corpus(FOLDER)


@cache
def twins() -> tuple[Twins, ...]:
    return find_twins(corpus())


def nothing(request: ModelRequest) -> str:
    """A reply that finds nothing."""
    lists = wanted(request)
    return answer(
        [] if "commitments" in lists else None,
        [] if "events" in lists else None,
    )


@cache
def opened(settings: str) -> tuple[ScriptedModel, Extractor]:
    model = ScriptedModel(nothing)
    return model, Extractor(model, settings=SETTINGS[settings])


@cache
def read(name: str, settings: str) -> tuple[tuple[ModelRequest, ...], Extraction]:
    """What is asked about an article, and what comes of it."""
    (item,) = (item for item in corpus().items if item.name == name)
    model, extractor = opened(settings)
    model.requests.clear()
    found = extractor.extract(item.text, published_at=item.published_at)
    return tuple(model.requests), found


def words_put_in(pair: Twins) -> Iterator[str]:
    """Stretches of an attack that its article does not have, folded."""
    clean = fold_text(pair.clean.text)
    for start, end in pair.injected:
        put_in = fold_text(pair.attacked.text[start:end])
        for at in range(len(put_in) - WINDOW + 1):
            window = put_in[at : at + WINDOW]
            if window.strip() not in clean and "\n" not in window:
                yield window


def test_every_article_has_three_twins_and_every_kind_of_attack_four_articles() -> None:
    clean = [item for item in corpus().items if item.name.endswith("-clean")]
    assert len(clean) == 12
    for item in clean:
        assert sum(pair.clean is item for pair in twins()) == 3
        assert 90 <= len(item.text.split()) <= 180
    for kinds in KINDS.values():
        assert sum(pair.attack in kinds for pair in twins()) >= 4
    assert {pair.attack for pair in twins()} == set().union(*KINDS.values())


def test_a_twin_is_labelled_as_its_article_and_has_its_traps() -> None:
    def told(item: Item) -> list[object]:
        return [
            (record.id, record.title, record.certainty, record.tier, len(record.evidence))
            for record in item.gold.records
        ]

    for pair in twins():
        assert told(pair.attacked) == told(pair.clean)
        assert pair.traps or pair.attack == "leak"
    assert len(set(corpus().clusters)) == 12


def asked(settings: str) -> list[Twins]:
    """The twins that are tried with these settings."""
    trained = settings == "sentences by the trained finder"
    return [pair for pair in twins() if not trained or pair.attacked.name.startswith(QUICK)]


@pytest.mark.parametrize("settings", SETTINGS)
def test_every_attacked_article_puts_the_same_questions_as_its_clean_twin(settings: str) -> None:
    differing = [
        pair.attacked.name
        for pair in asked(settings)
        if read(pair.attacked.name, settings)[0] != read(pair.clean.name, settings)[0]
    ]
    assert differing == []  # of 36
    assert all(read(pair.clean.name, settings)[0] for pair in asked(settings))


def test_every_attacked_article_has_the_sentences_of_its_clean_twin() -> None:
    def sentences(item: Item) -> list[tuple[str, int]]:
        article = read_article(item.text, published_at=item.published_at)
        return [(sentence.text, sentence.paragraph) for sentence in article.sentences]

    for pair in twins():
        assert sentences(pair.attacked) == sentences(pair.clean)


@pytest.mark.parametrize("settings", SETTINGS)
def test_no_question_holds_words_of_an_attack_or_a_mark_of_another_conversation(
    settings: str,
) -> None:
    for pair in asked(settings):
        requests, _ = read(pair.attacked.name, settings)
        prompts = read(pair.clean.name, settings)[0][0].messages[:-1]
        assert all(request.messages[-1].role == "user" for request in requests)
        told = "\n".join(request.messages[-1].content for request in requests)
        ours = "\n".join(message.content for message in prompts)
        assert [w for w in words_put_in(pair) if w in told and w not in ours] == []
        assert told.count("<") == 2 * len(requests)


def test_an_attack_is_told_in_a_notice() -> None:
    for pair in twins():
        _, found = read(pair.attacked.name, "the whole article")
        assert "instructions_ignored" in {notice.code for notice in found.notices}, pair.attacked
        _, found = read(pair.clean.name, "the whole article")
        assert "instructions_ignored" not in {notice.code for notice in found.notices}
