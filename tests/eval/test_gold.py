"""Gold labels: every committed file fits its article, and a broken one says what is wrong."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eval.errors import GoldError
from eval.labels.dataset import load_corpus

ROOT = Path(__file__).parent.parent.parent
SEEDS = ROOT / "seeds"
LEAST = {".": 5, "annotators/a.json": 5, "annotators/b.json": 5, "challenge": 102, "injection": 48}
TEXT = "Alderon will give $40 million to Briar. The rest is about the weather.\n"
Faulty = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize("folder", LEAST)
def test_every_committed_label_fits_its_article(folder: str) -> None:
    corpus = load_corpus(ROOT / "gold" / folder)
    assert len(corpus.items) >= LEAST[folder]
    assert all(item.gold.document.file == f"{item.name}.txt" for item in corpus.items)


def test_every_seed_is_labelled_twice_and_adjudicated() -> None:
    seeds = {path.stem for path in SEEDS.glob("*.txt")}
    assert len(seeds) == 5
    for labels in (".", "annotators/a.json", "annotators/b.json"):
        assert {item.name for item in load_corpus(ROOT / "gold" / labels).items} == seeds


@pytest.mark.parametrize("language", ["vi", "fr", "en"])
@pytest.mark.parametrize(("corpus", "least"), [("challenge", 30), ("injection", 16)])
def test_a_file_of_many_holds_the_articles_of_its_language_in_the_order_of_their_names(
    corpus: str, least: int, language: str
) -> None:
    file = ROOT / "gold" / corpus / f"{language}.json"
    names = [article["name"] for article in json.loads(file.read_bytes())]
    assert names == sorted(names)
    assert len(names) >= least
    items = load_corpus(file).items
    assert [item.name for item in items] == names
    assert {item.gold.document.language for item in items} == {language}
    assert all(name.startswith(f"{language}-") for name in names)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda gold: gold["commitments"][0]["evidence"][0].update(quote="Alderon wil"), "has at"),
        (lambda gold: gold["commitments"][0]["evidence"][0].update(end=900), "outside the body"),
        (lambda gold: gold["commitments"][0].update(status="maybe"), "status"),
        (lambda gold: gold["commitments"].append(gold["commitments"][0]), "used 2 times"),
        (lambda gold: gold["commitments"][0].update(part_of="t-C9"), "t-C9, which is not there"),
        (lambda gold: gold["commitments"][0].update(mood="good"), "mood"),
        (lambda gold: gold["commitments"][0]["amount"].update(raw="$41 million"), "none of its"),
        (lambda gold: gold["document"].update(sha256="0" * 64), "another sha256"),
        (lambda gold: gold["document"].update(file="absent.txt"), "labels absent.txt, not t.txt"),
    ],
    ids=["quote", "offset", "enum", "duplicate id", "part_of", "field", "raw", "digest", "name"],
)
def test_a_fault_is_an_error_that_names_the_file_and_the_fault(
    spoil: Faulty, message: str, tmp_path: Path
) -> None:
    gold = _gold()
    spoil(gold)
    path = _written(gold, tmp_path)
    with pytest.raises(GoldError, match=message) as raised:
        load_corpus(path)
    assert str(raised.value).startswith("t.json: ")


def test_a_sound_label_loads_and_text_that_is_no_json_does_not(tmp_path: Path) -> None:
    path = _written(_gold(), tmp_path)
    assert [item.name for item in load_corpus(path).items] == ["t"]
    path.write_text("not json")
    with pytest.raises(GoldError, match=r"t\.json: no JSON: expected ident at line 1"):
        load_corpus(path)


def _written(gold: dict[str, Any], folder: Path) -> Path:
    (folder / "t.txt").write_text(TEXT, encoding="utf-8")
    path = folder / "t.json"
    path.write_text(json.dumps(gold), encoding="utf-8")
    return path


def _gold() -> dict[str, Any]:
    quote = "Alderon will give $40 million to Briar."
    party = {"name": "Alderon", "canonical": "Alderon", "type": "company", "country": None}
    return {
        "guidelines_version": "1",
        "annotator": "t",
        "document": {
            "file": "t.txt",
            "language": "en",
            "sha256": hashlib.sha256(TEXT.encode()).hexdigest(),
            "body_span": {"start": 0, "end": len(TEXT)},
            "reference_date": None,
        },
        "commitments": [
            {
                "id": "t-C1",
                "title": "Grant",
                "certainty": "asserted",
                "places": [],
                "part_of": None,
                "evidence": [{"quote": quote, "start": 0, "end": len(quote)}],
                "tier": "core",
                "accept_also": {},
                "cross_doc_key": None,
                "annotator_note": "",
                "actors": [party],
                "recipients": [],
                "announced_by": [],
                "resource_kind": "funding",
                "finance_role": "provide",
                "amount": {
                    "value": 40_000_000,
                    "value_max": None,
                    "currency": "USD",
                    "qualifier": "exact",
                    "per": "once",
                    "scope": "total",
                    "raw": "$40 million",
                    "converted": [],
                },
                "quantity": None,
                "status": "announced",
                "announced_on": None,
                "start": None,
                "deadline": None,
                "duration": None,
                "aggregation": None,
            }
        ],
        "policy_events": [],
        "hard_negatives": [],
        "ambiguous": [],
    }
