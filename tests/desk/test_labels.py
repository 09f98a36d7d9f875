"""Finished reviews become labels of the harness's own form, with where each comes from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from eval.cli import main
from eval.labels.dataset import load_corpus
from extractor.desk.correcting import corrected
from extractor.desk.corrections import Correction
from extractor.desk.reviews import Reviews
from extractor.results.store import PurgedResults, ResultStore
from extractor.storage import open_store
from extractor.storage.tables import RESULTS
from tests.desk.desks import ARTICLE, TestDesk, desk_in


def _reviewed(desk: TestDesk, *, finished: bool = True) -> str:
    """An article of which one record was changed, one rejected, and the rest accepted."""
    key = desk.put()
    library = desk.library()
    reviews, opened = Reviews(library), library.open(key)
    grant = reviews.of(opened).find("C3").record
    mended = corrected(grant, Correction("amount", sentence=5, reference="m1"), opened.article)
    reviews.change(opened, mended, "amount", "Anna", 0)
    reviews.decide(opened, "C3", "right", "Binh", 1)
    reviews.decide(opened, "C2", "wrong", "Anna", 0)
    for record in ("C1", "E1"):
        reviews.decide(opened, record, "right", "Anna", 0)
    if finished:
        reviews.finish(opened, "Binh")
    library.close()
    return key


def _export(desk: TestDesk, out: Path, *options: str) -> Result:
    store = f"sqlite:///{desk.settings.store}"
    arguments = ["labels", "export", "--store", store, "--out", str(out), *options]
    return CliRunner().invoke(main, arguments)


def test_a_finished_review_becomes_labels_that_the_harness_reads(tmp_path: Path) -> None:
    with desk_in(tmp_path) as desk:
        key = _reviewed(desk)
        told = _export(desk, tmp_path / "labels")
    assert told.exit_code == 0, told.output
    assert "2 as read, 1 changed, 0 added, 1 rejected" in told.output

    corpus = load_corpus(tmp_path / "labels")
    (item,) = corpus.items
    assert item.text == ARTICLE
    assert [record.id for record in item.gold.records] == ["C1", "C3", "E1"]
    assert item.gold.commitments[1].amount is not None
    assert item.gold.commitments[1].amount.value == 2_500_000
    assert [trap.quote for trap in item.gold.hard_negatives] == [
        "It plans to hire 120 engineers at the site."
    ]
    lines = [
        json.loads(line)
        for line in (tmp_path / "labels" / "lineage.jsonl").read_text().splitlines()
    ]
    changed = next(line for line in lines if line["record"] == "C3")
    assert (changed["made"], changed["by"]) == ("changed", ["Anna", "Binh"])
    assert len(changed["reviews"]) == 2
    assert changed["reading"] == key
    assert lines[-1]["standing"] == "finished"
    assert lines[-1]["by"] == ["Binh"]


def test_an_unfinished_review_is_no_label(tmp_path: Path) -> None:
    with desk_in(tmp_path) as desk:
        _reviewed(desk, finished=False)
        told = _export(desk, tmp_path / "labels")
    assert told.exit_code != 0
    assert "no finished review" in told.output
    assert not (tmp_path / "labels").exists()


def test_an_article_of_a_frozen_split_is_never_exported(tmp_path: Path) -> None:
    with desk_in(tmp_path) as desk:
        _reviewed(desk)
        _export(desk, tmp_path / "frozen")
        told = _export(desk, tmp_path / "labels", "--frozen", str(tmp_path / "frozen"))
        into = _export(desk, tmp_path / "frozen" / "more", "--frozen", str(tmp_path / "frozen"))
    assert "its article is of a frozen split" in told.output
    assert told.exit_code != 0
    assert "is a frozen split" in into.output


def test_the_frozen_splits_of_the_project_are_guarded_unless_others_are_named(
    tmp_path: Path,
) -> None:
    text = load_corpus(Path("gold/challenge")).items[0].text
    with desk_in(tmp_path) as desk:
        key = desk.put(text)
        library = desk.library()
        reviews, opened = Reviews(library), library.open(key)
        for one in reviews.of(opened).records:
            reviews.decide(opened, one.record.id, "wrong", "Anna", 0)
        reviews.finish(opened, "Anna")
        library.close()
        told = _export(desk, tmp_path / "labels")
    assert "its article is of a frozen split" in told.output


def test_labels_of_another_making_are_not_written_over(tmp_path: Path) -> None:
    out = tmp_path / "labels"
    out.mkdir()
    (out / "mine.json").write_text("{}")
    with desk_in(tmp_path) as desk:
        _reviewed(desk)
        told = _export(desk, out)
    assert told.exit_code != 0
    assert "labels that are none of reviews" in told.output


def test_a_review_outlives_a_purge(tmp_path: Path) -> None:
    with desk_in(tmp_path) as desk:
        _reviewed(desk)
        assert desk.settings.store is not None
        kept = ResultStore(desk.settings.store)
        assert kept.purge() == PurgedResults(gone=0, spared=1)
        kept.close()
        told = _export(desk, tmp_path / "labels")
    assert "no finished review" not in told.output


def test_a_review_whose_reading_is_lost_is_told_and_costs_no_other(tmp_path: Path) -> None:
    with desk_in(tmp_path) as desk:
        _reviewed(desk)
        assert desk.settings.store is not None
        with open_store(desk.settings.store) as store, store.writing() as rows:
            rows.execute(RESULTS.delete())
        told = _export(desk, tmp_path / "labels")
    assert "No such reading is kept" in told.output
    assert "no finished review" in told.output


@pytest.mark.parametrize("undone", [1, 2])
def test_a_step_taken_back_takes_the_labels_back(tmp_path: Path, undone: int) -> None:
    with desk_in(tmp_path) as desk:
        key = _reviewed(desk)
        library = desk.library()
        for _ in range(undone):
            Reviews(library).undo(library.open(key), "Binh")
        library.close()
        told = _export(desk, tmp_path / "labels")
    assert "no finished review" in told.output
