"""The fixture that a user's own project gates its labels with, in that project's own test run."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from eval.judging.annotators import labels_as_prediction
from eval.judging.baseline import pack
from eval.labels.dataset import load_corpus
from eval.runs.folder import RunFolder
from eval.runs.launching import Wanted, launch
from extractor.settings import Settings
from tests.eval.checkouts import ROOT
from tests.eval.runs import Watch

pytest_plugins = ["pytester"]
MODEL = Settings().model
NAME = "001_1c9e95e5bcef29b5"


@pytest.fixture
def project(pytester: pytest.Pytester) -> Path:
    """A project with labels, recordings, a baseline and one test."""
    labels, recordings = pytester.mkdir("labels"), pytester.mkdir("recordings")
    shutil.copy(ROOT / "gold" / f"{NAME}.json", labels)
    shutil.copy(ROOT / "seeds" / f"{NAME}.txt", labels)
    recorded = recordings / MODEL / "pipeline" / "labels"
    recorded.mkdir(parents=True)
    source = ROOT / "eval" / "recordings" / MODEL / "pipeline" / "seeds"
    for file in source.glob(f"{NAME}.*"):
        shutil.copy(file, recorded)
    folder = RunFolder(pytester.path / "run")
    wanted = Wanted([MODEL], [load_corpus(labels)], replay=recordings)
    launch(wanted, folder, Settings(), Watch())
    pack(folder).save(pytester.path / "baseline.json")
    pytester.makeconftest('pytest_plugins = ["extractor_eval"]\n')
    pytester.makepyfile(
        "def test_no_record_is_lost(replay_gate):\n"
        '    replay_gate(gold="labels", recordings="recordings", baseline="baseline.json")\n'
    )
    return pytester.path


def test_a_project_that_does_not_ask_for_it_has_no_fixture_of_ours(
    pytester: pytest.Pytester,
) -> None:
    result = pytester.runpytest("-p", "no:cacheprovider", "--fixtures")
    result.stdout.no_fnmatch_line("*replay_gate*")


def test_an_unchanged_project_passes(project: Path, pytester: pytest.Pytester) -> None:
    pytester.runpytest("-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_a_lost_record_fails_the_test_and_is_named(
    project: Path, pytester: pytest.Pytester
) -> None:
    baseline = project / "baseline.json"
    corpus = load_corpus(project / "labels")
    everything = labels_as_prediction(corpus.items[0]).model_dump_json()
    text = baseline.read_text(encoding="utf-8")
    # A baseline in which every label had been found.
    run = json.loads(text)
    run["results"][0]["extraction"] = json.loads(everything)
    baseline.write_text(json.dumps(run), encoding="utf-8")
    result = pytester.runpytest("-p", "no:cacheprovider")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*Gate (replay): BLOCK*", "*| lost | labels/001*"])
