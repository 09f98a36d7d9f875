"""A pytest fixture, so that a project can gate its own labels in its own test-suite.

    def test_no_record_is_lost(replay_gate):
        replay_gate(gold="labels", recordings="recordings", baseline="baseline.jsonl")

A project asks for it: `pytest_plugins = ["extractor_eval"]` in its conftest.py, or
`-p extractor_eval`. Nothing else is imported before it is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from eval.runs.results import Result
    from eval.runs.runner import Job


class ReplayGate(Protocol):
    """Replays recorded replies through the code as it is and fails if anything counted changed."""

    def __call__(
        self,
        *,
        gold: str | Path,
        recordings: str | Path,
        baseline: str | Path,
        articles: str | Path | None = None,
        model: str | None = None,
    ) -> None:
        """Pass, or fail the test with the verdict; without a model name, that of the settings."""


@pytest.fixture
def replay_gate(tmp_path: Path) -> ReplayGate:
    """The gate's replay tier on labels, recordings and a baseline of one's own."""

    def check(
        *,
        gold: str | Path,
        recordings: str | Path,
        baseline: str | Path,
        articles: str | Path | None = None,
        model: str | None = None,
    ) -> None:
        from eval.judging.baseline import load_baseline, snapshot
        from eval.judging.gate import judge
        from eval.labels.dataset import load_corpus
        from eval.report.gate import verdict_as_markdown
        from eval.runs.folder import RunFolder
        from eval.runs.launching import Wanted, launch
        from eval.scoring.rules import load_rules
        from extractor.settings import load_settings

        settings = load_settings()
        corpus = load_corpus(Path(gold), Path(articles) if articles else None)
        folder = RunFolder(tmp_path / "replay")
        wanted = Wanted([model or settings.model], [corpus], replay=Path(recordings))
        launch(wanted, folder, settings, _Silent())
        verdict = judge(snapshot(folder), load_baseline(Path(baseline)), [corpus], load_rules())
        if verdict.exit_code:
            pytest.fail(verdict_as_markdown(verdict), pytrace=False)

    return check


class _Silent:
    def planned(self, jobs: Sequence[Job], pending: Sequence[Job]) -> None:
        """Say nothing."""

    def done(self, job: Job, result: Result) -> None:
        """Say nothing."""
