"""The labels as replies of a perfect model: what the pipeline keeps, and where the rest is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from eval.cli import main
from eval.judging.ceiling import Ceiling, LabelFinder, ceiling_of
from eval.labels.dataset import Corpus, load_corpus
from eval.labels.drafting import whole_draft
from eval.scoring.rules import RECORD_TYPES, load_rules
from extractor.article import read_article
from extractor.drafts import read_answer
from extractor.prompting import render_whole_answer
from extractor.prompting.passages import offer_mentions
from extractor.settings import Settings
from tests.eval.runs import some_of, write_pairs

_ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def seeds() -> Corpus:
    return load_corpus(_ROOT / "gold")


@pytest.fixture(scope="module")
def perfect(seeds: Corpus) -> Ceiling:
    return ceiling_of(seeds, "document", "strong", Settings(), load_rules())


def test_a_perfect_strong_model_loses_next_to_nothing(perfect: Ceiling) -> None:
    for record_type in RECORD_TYPES:
        scores = perfect.scores.micro(record_type)
        assert scores["detection_f1"] >= 0.99
        assert scores["slot_f1"] >= 0.97
        assert scores["strict_f1"] >= 0.90


def test_a_perfect_taught_model_loses_little_in_rows(seeds: Corpus) -> None:
    rows = ceiling_of(seeds, "article", "taught", Settings(), load_rules())
    for record_type in RECORD_TYPES:
        scores = rows.scores.micro(record_type)
        assert scores["detection_f1"] >= 0.97
        assert scores["slot_f1"] >= 0.93


def test_under_lists_of_words_even_a_perfect_model_loses(seeds: Corpus, perfect: Ceiling) -> None:
    told = ceiling_of(seeds, "document", "told", Settings(), load_rules())
    for record_type in RECORD_TYPES:
        slots = [found.scores.micro(record_type)["slot_f1"] for found in (told, perfect)]
        assert slots[0] < slots[1]
    assert "proof" in {loss.stage for loss in told.losses}


def test_every_loss_names_its_article_its_label_and_its_stage(perfect: Ceiling) -> None:
    labels = {
        record.id for item in load_corpus(_ROOT / "gold").items for record in item.gold.records
    }
    assert perfect.losses
    assert {loss.label for loss in perfect.losses} <= labels
    assert all(loss.detail for loss in perfect.losses)


def test_what_a_label_says_survives_the_reply_that_says_it(seeds: Corpus) -> None:
    for item in seeds.items:
        article = read_article(item.text, published_at=item.published_at)
        offers = offer_mentions(article.sentences, article.mentions)
        drafts = [whole_draft(label, article, offers, {}) for label in item.gold.commitments]
        told = [draft for draft in drafts if draft is not None]
        reply = render_whole_answer({"commitment": told})
        found = read_answer(reply, "whole", ["commitment"], offers)
        assert [one.draft for one in found.items] == told


def test_a_finder_of_labels_is_sure_of_the_sentences_that_state_a_record(seeds: Corpus) -> None:
    item = seeds.items[0]
    article = read_article(item.text, published_at=item.published_at)
    chosen = LabelFinder(item).find(article)
    assert chosen["commitment"]
    assert {likely.probability for likely in chosen["commitment"].values()} == {1.0}


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["ceiling", *arguments])


def test_the_command_tells_scores_and_stages_and_fails_below_a_bar(tmp_path: Path) -> None:
    write_pairs(tmp_path, some_of(_ROOT / "gold" / "challenge", "en-01-money-notation"))
    passed = _run("--gold", str(tmp_path), "--losses", "--at-least", "0.5", "0.5", "0.5")
    assert passed.exit_code == 0, passed.output
    assert "commitments: detection F1" in passed.output
    gold = json.loads((tmp_path / "en-01-money-notation.json").read_text(encoding="utf-8"))
    gold["commitments"][0]["places"] = [{"name": "Atlantis", "country": None, "subdivision": None}]
    (tmp_path / "en-01-money-notation.json").write_text(json.dumps(gold), encoding="utf-8")
    failed = _run("--gold", str(tmp_path), "--losses", "--at-least", "1", "1", "1")
    assert failed.exit_code == 1
    assert "proof" in failed.output
    assert "places" in failed.output
