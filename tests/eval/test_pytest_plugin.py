"""The fixture that a user's own project gates its labels with, in that project's own test run."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from eval.judging.annotators import labels_as_prediction
from eval.judging.baseline import snapshot
from eval.labels.dataset import load_corpus
from eval.runs.folder import RunFolder
from eval.runs.launching import Wanted, launch
from extractor.settings import Settings
from tests.eval.checkouts import ROOT, copy_recording
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
    recorded = ROOT / "eval" / "recordings" / MODEL / "pipeline" / "seeds.jsonl"
    copy_recording(recorded, recordings / MODEL / "pipeline" / "labels.jsonl", NAME)
    folder = RunFolder(pytester.path / "run")
    wanted = Wanted([MODEL], [load_corpus(labels)], replay=recordings)
    launch(wanted, folder, Settings(), Watch())
    snapshot(folder).save(pytester.path / "baseline.jsonl")
    pytester.makeconftest('pytest_plugins = ["extractor_eval"]\n')
    pytester.makepyfile(
        "def test_no_record_is_lost(replay_gate):\n"
        '    replay_gate(gold="labels", recordings="recordings", baseline="baseline.jsonl")\n'
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
    baseline = project / "baseline.jsonl"
    corpus = load_corpus(project / "labels")
    everything = labels_as_prediction(corpus.items[0]).model_dump_json()
    # A baseline in which every label had been found.
    record, result = baseline.read_text(encoding="utf-8").splitlines()
    found = {**json.loads(result), "extraction": json.loads(everything)}
    baseline.write_text(f"{record}\n{json.dumps(found)}\n", encoding="utf-8")
    ran = pytester.runpytest("-p", "no:cacheprovider")
    ran.assert_outcomes(failed=1)
    ran.stdout.fnmatch_lines(["*Gate (replay): BLOCK*", "*| lost | labels/001*"])
