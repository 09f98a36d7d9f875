"""How far a run is: articles read, characters a minute, the time that is left."""

from __future__ import annotations

from collections.abc import Sequence

from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeRemainingColumn

from eval.runs.results import Result
from eval.runs.runner import Job
from eval.systems.base import USABLE
from extractor.cli.progress import Bar, PerMinute
from extractor.messages import clean_line


class RunBar(Bar):
    """Counts characters, not articles: a passage and a long article are not the same work."""

    def __init__(self) -> None:
        super().__init__(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f}%"),
            PerMinute(),
            TextColumn("characters"),
            TimeRemainingColumn(elapsed_when_finished=True),
            total=None,
            description="",
        )
        self._left = 0
        self._faults = 0

    def planned(self, jobs: Sequence[Job], pending: Sequence[Job]) -> None:
        """Say how much there is to do."""
        self._left = len(pending)
        kept = len(jobs) - len(pending)
        if kept:
            self.say(f"{kept} of {len(jobs)} results are there already and are kept")
        total = sum(len(job.item.text) for job in pending)
        self._progress.update(self._task, total=total, description=f"{self._left} articles left")

    def done(self, job: Job, result: Result) -> None:
        """Count one document; one without a usable reply is told at once."""
        self._left -= 1
        key = result.key
        where = f"{key.model} · {key.system} · {key.document}"
        if result.status not in USABLE:
            self._faults += 1
            self.say(f"{where}: {result.status}: {result.detail}")
        self._progress.update(
            self._task,
            advance=len(job.item.text),
            description=f"{key.model} · {key.system} · {self._left} articles left",
        )
        left = self._progress.tasks[0].time_remaining
        eta = f", about {left / 60:.0f} min" if left else ""
        self.tell(f"{where} done; {self._left} articles left{eta}")

    def say(self, line: str) -> None:
        """Print a line now."""
        self.console.print(clean_line(line), markup=False, highlight=False)
