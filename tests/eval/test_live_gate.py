"""The live gate on what the default model really answered to other prompts.

The replies were recorded (`tests.eval.rewordings`), so no model is needed to judge them again.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.judging.baseline import Snapshot, snapshot
from eval.judging.gate import Verdict, judge, load_policy
from eval.labels.dataset import Corpus, load_corpus
from eval.report.gate import verdict_as_markdown
from eval.runs.folder import RunFolder
from eval.runs.launching import Wanted, launch
from eval.scoring.rules import load_rules
from extractor.settings import Settings
from tests.eval.rewordings import ROOT, write_passages, write_prompts
from tests.eval.runs import Watch

MODEL = "qwen2.5-coder-1.5b"
RECORDED = ROOT / "tests" / "eval" / "recordings"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return load_corpus(write_passages(tmp_path_factory.mktemp("live") / "challenge"))


@pytest.fixture(scope="module")
def baseline(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    folder = tmp_path_factory.mktemp("baseline")
    return answered(corpus, folder, ROOT / "eval" / "recordings", Settings())


def answered(corpus: Corpus, folder: Path, recordings: Path, settings: Settings) -> Snapshot:
    run = RunFolder(folder / "run")
    launch(Wanted([MODEL], [corpus], replay=recordings), run, settings, Watch())
    results = snapshot(run)
    assert not [result.detail for result in results.results if result.status == "error"]
    return results


def judged(name: str, corpus: Corpus, baseline: Snapshot, folder: Path) -> Verdict:
    settings = Settings(prompts_dir=write_prompts(name, folder / "prompts"))
    candidate = answered(corpus, folder, RECORDED / name, settings)
    return judge(candidate, baseline, [corpus], load_rules(), load_policy())


def test_a_harmful_prompt_is_blocked(corpus: Corpus, baseline: Snapshot, tmp_path: Path) -> None:
    verdict = judged("harmful", corpus, baseline, tmp_path)
    assert (verdict.outcome, verdict.exit_code) == ("BLOCK", 1), verdict_as_markdown(verdict)
    assert any(change.kind == "lost" for change in verdict.changes)
    assert not verdict.code_is_the_same


def test_a_harmless_rewording_is_not(corpus: Corpus, baseline: Snapshot, tmp_path: Path) -> None:
    verdict = judged("reworded", corpus, baseline, tmp_path)
    assert verdict.outcome in {"PASS", "INCONCLUSIVE"}, verdict_as_markdown(verdict)
