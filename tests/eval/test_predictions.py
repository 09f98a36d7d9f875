"""Predictions are read as extractions of their articles, or refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.errors import PredictionError
from eval.judging.annotators import labels_as_prediction
from eval.labels.dataset import Corpus, LabelledArticle
from eval.runs.predictions import load_predictions
from extractor.records import Extraction
from tests.eval.runs import write_corpus


@pytest.fixture(name="corpus")
def _corpus(tmp_path: Path) -> Corpus:
    return write_corpus(tmp_path / "texts", "one", "two")


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    folder = tmp_path / "predictions"
    folder.mkdir()
    return folder


def write(folder: Path, item: LabelledArticle) -> Extraction:
    extraction = labels_as_prediction(item)
    (folder / f"{item.name}.json").write_text(extraction.model_dump_json(), encoding="utf-8")
    return extraction


def fault_of(folder: Path, corpus: Corpus) -> str:
    with pytest.raises(PredictionError) as raised:
        load_predictions(folder, corpus.items)
    assert raised.value.exit_code == 3
    return str(raised.value)


def test_predictions_are_found_by_the_names_of_their_articles(folder: Path, corpus: Corpus) -> None:
    expected = {item.name: write(folder, item) for item in corpus.items}
    (folder / "other.json").write_text("of no article")
    (folder / "notes.txt").write_text("no prediction")
    assert load_predictions(folder, corpus.items) == expected


def test_an_article_without_a_prediction_is_left_out(folder: Path, corpus: Corpus) -> None:
    two = write(folder, corpus.items[1])
    assert load_predictions(folder, corpus.items) == {"two": two}


@pytest.mark.parametrize("place", ["empty", "missing", "others"])
def test_a_folder_without_any_prediction_is_an_error_that_names_it(
    folder: Path, corpus: Corpus, place: str
) -> None:
    (folder / "empty").mkdir()
    (folder / "others").mkdir()
    (folder / "others" / "three.json").write_text("{}")
    told = fault_of(folder / place, corpus)
    assert told == (f"{folder / place} holds no prediction (NAME.json) for any labelled article")


@pytest.mark.parametrize("data", [b"", b"no json", b"\xff\xfe\x00", b'{"article": {'])
def test_a_file_that_is_no_json_is_no_extraction(folder: Path, corpus: Corpus, data: bytes) -> None:
    write(folder, corpus.items[0])
    (folder / "two.json").write_bytes(data)
    assert fault_of(folder, corpus).startswith("two.json is no extraction: Invalid JSON")


def test_json_that_is_no_extraction_tells_where_it_is_wrong_and_how_often(
    folder: Path, corpus: Corpus
) -> None:
    write(folder, corpus.items[0])
    file = folder / "one.json"
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole.replace('"commitments":[', '"pledges":['), encoding="utf-8")
    told = fault_of(folder, corpus)
    assert told == "one.json is no extraction: commitments: Field required (and 1 more faults)"
    file.write_text(whole.replace('"characters":', '"characters":1.5,"length":'), encoding="utf-8")
    assert fault_of(folder, corpus).startswith("one.json is no extraction: article.characters: ")
    file.write_text("[]")
    told = fault_of(folder, corpus)
    assert told.startswith("one.json is no extraction: Input should be an object")
    assert "more" not in told


def test_the_extraction_of_another_text_is_refused(folder: Path, corpus: Corpus) -> None:
    write(folder, corpus.items[0])
    (folder / "two.json").write_bytes((folder / "one.json").read_bytes())
    told = fault_of(folder, corpus)
    assert told == "two.json is the extraction of another text (its sha256 differs)"


def test_every_faulty_file_is_told_and_none_tells_what_it_holds(
    folder: Path, corpus: Corpus
) -> None:
    (folder / "one.json").write_text('{"secret": "plugh"}')
    (folder / "two.json").write_text("plugh")
    told = fault_of(folder, corpus)
    assert [line.split()[0] for line in told.splitlines()] == ["one.json", "two.json"]
    assert "plugh" not in told
