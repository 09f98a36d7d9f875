"""The commands take a packed run wherever they take the folder of one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from eval.cli import main
from eval.judging.annotators import labels_as_prediction
from eval.judging.baseline import snapshot
from eval.labels.dataset import Corpus, load_corpus
from eval.labels.gold import GoldEvidence
from eval.runs.folder import RunFolder
from eval.runs.results import CorpusRecord
from eval.scoring.rules import load_rules
from tests.eval.predictions import pledge
from tests.eval.runs import (
    key_of,
    labels_of,
    record_of,
    result_of,
    write_article,
    write_labels,
)

NAMES = ("one", "two")
_WORDS = "Alderon will give Briar a pump."
LABEL = pledge(
    "L1",
    evidence=[GoldEvidence(start=0, end=len(_WORDS), quote=_WORDS)],
    amount=None,
    deadline=None,
)


@pytest.fixture(name="corpus")
def _corpus(tmp_path: Path) -> Corpus:
    folder = tmp_path / "texts"
    for name in NAMES:
        write_article(folder, name)
        write_labels(folder, labels_of(name, commitments=[LABEL]))
    return load_corpus(folder)


def run_of(corpus: Corpus, path: Path, models: Sequence[str]) -> Path:
    """A run of models that say what the labels say."""
    rules = load_rules()
    record = CorpusRecord(
        gold=str(corpus.gold_path),
        articles=str(corpus.article_path),
        documents=len(corpus.items),
        gold_sha256=corpus.gold_sha256,
    )
    folder = RunFolder(path)
    folder.open(
        record_of(
            models=dict.fromkeys(models),
            corpora={corpus.name: record},
            rules_version=rules.version,
            rules_sha256=rules.sha256,
        )
    )
    for model in models:
        for item in corpus.items:
            key = key_of(item.name, model=model, corpus=corpus.name)
            folder.store(result_of(key, extraction=labels_as_prediction(item)))
    return path


@pytest.fixture(name="run")
def _run(corpus: Corpus, tmp_path: Path) -> Path:
    return run_of(corpus, tmp_path / "run", ("good", "better"))


@pytest.fixture(name="file")
def _file(run: Path, tmp_path: Path) -> Path:
    file = tmp_path / "run.jsonl.gz"
    done = invoke("pack", run, file)
    assert done.exit_code == 0, done.output
    assert "4 results" in done.output
    return file


def invoke(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def test_packed_and_unpacked_it_is_the_same(run: Path, file: Path, tmp_path: Path) -> None:
    assert invoke("unpack", file, tmp_path / "again").output.strip().endswith("again: 4 results")
    assert invoke("pack", tmp_path / "again", tmp_path / "again.jsonl.gz").exit_code == 0
    assert (tmp_path / "again.jsonl.gz").read_bytes() == file.read_bytes()


@pytest.mark.parametrize("form", ["table", "markdown", "json"])
def test_it_is_compared_like_its_folder(run: Path, file: Path, form: str) -> None:
    told = [invoke("compare", path, "--format", form) for path in (run, file)]
    assert [one.exit_code for one in told] == [0, 0]
    assert told[0].output == told[1].output


def test_folders_and_files_are_compared_together(
    corpus: Corpus, file: Path, tmp_path: Path
) -> None:
    other = run_of(corpus, tmp_path / "other", ["third"])
    done = invoke("compare", file, other, "--format", "markdown")
    assert done.exit_code == 0, done.output
    assert all(f"{model} ·" in done.output for model in ("good", "better", "third"))
    twice = invoke("compare", file, tmp_path / "run")
    assert twice.exit_code == 3
    assert "same model, system and document" in twice.output


def test_its_page_is_that_of_its_folder(run: Path, file: Path, tmp_path: Path) -> None:
    pages = [tmp_path / f"{number}.html" for number in "12"]
    for path, page in zip((run, file), pages, strict=True):
        assert invoke("report", path, "--html", page).exit_code == 0
    assert pages[0].read_bytes() == pages[1].read_bytes()


def test_it_is_judged_like_its_folder(run: Path, file: Path, tmp_path: Path) -> None:
    baseline = tmp_path / "baseline.jsonl"
    snapshot(RunFolder(run)).save(baseline)
    for path in (run, file):
        done = invoke("gate", path, "--baseline", baseline)
        assert done.exit_code == 0, done.output
        assert "PASS" in done.output
    # A baseline may be packed as well.
    assert invoke("gate", run, "--baseline", file).exit_code == 0


def test_it_is_looked_for_attacks_like_its_folder(run: Path, file: Path) -> None:
    told = [invoke("injection", path) for path in (run, file)]
    assert [one.exit_code for one in told] == [3, 3]
    assert told[0].output == told[1].output


def test_the_results_of_one_contender_are_scored_as_predictions(
    corpus: Corpus, file: Path, tmp_path: Path
) -> None:
    score = ("score", "--gold", corpus.gold_path, "--predictions")
    several = invoke(*score, file)
    assert several.exit_code == 3
    assert "extractor-eval compare" in several.output
    one = run_of(corpus, tmp_path / "single", ["good"])
    packed = tmp_path / "single.jsonl.gz"
    assert invoke("pack", one, packed).exit_code == 0
    for path in (one, packed):
        done = invoke(*score, path)
        assert done.exit_code == 0, done.output


def test_what_is_no_run_is_told_in_a_line(run: Path, file: Path, tmp_path: Path) -> None:
    for words in (
        ("pack", tmp_path / "absent", tmp_path / "x.jsonl.gz"),
        ("pack", run, tmp_path / "x.zip"),
        ("unpack", tmp_path / "absent.jsonl.gz", tmp_path / "x"),
        ("unpack", file, run),
        ("unpack", file, tmp_path / "x", "--system", "pipeline"),
        ("compare", tmp_path / "absent.jsonl.gz"),
        ("gate", run, "--baseline", tmp_path / "absent.jsonl"),
    ):
        done = invoke(*words)
        assert done.exit_code == 3, done.output
        assert len(done.output.strip().splitlines()) == 1
    assert not (tmp_path / "x").exists()
