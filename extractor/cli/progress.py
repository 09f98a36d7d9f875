"""Progress on stderr: bars on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.text import Text

from extractor.asking.progress import Progress as AskingProgress
from extractor.kinds import AnyRecord
from extractor.messages import clean_line
from extractor.phrases import in_a_line

# An article may take minutes: rich's own 30 seconds would never see two of them.
_SPEED_PERIOD = 3600.0
_SECONDS_BETWEEN_LINES = 10.0


class Bar:
    """A bar on a terminal; elsewhere a line now and then."""

    def __init__(
        self, *columns: ProgressColumn, total: int | None, description: str, told: str = ""
    ) -> None:
        self.console = Console(stderr=True)
        self._told = time.monotonic()
        self._progress = Progress(
            *columns,
            console=self.console,
            speed_estimate_period=_SPEED_PERIOD,
            transient=True,
            disable=not self.console.is_terminal,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task = self._progress.add_task(description, total=total, told=told)
        # A first sample, so that the rate is known after the first step.
        self._progress.advance(self._task, 0)

    def tell(self, line: str) -> None:
        """Where there is no terminal to draw on, a line now and then."""
        now = time.monotonic()
        if not self.console.is_terminal and now - self._told >= _SECONDS_BETWEEN_LINES:
            self._told = now
            self.console.print(clean_line(line), markup=False, highlight=False)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()


class ArticleBar(Bar):
    """How far the articles and this one are, the time that is left, and records as they come."""

    def __init__(self, total: int) -> None:
        super().__init__(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.fields[told]}"),
            TimeRemainingColumn(elapsed_when_finished=True),
            total=total,
            description="articles",
            told=f"0 of {total}",
        )
        self._name = ""
        self._article = self._progress.add_task("", total=1.0, told="")

    def reading(self, name: str) -> None:
        """Say which article is being read."""
        self._name = name
        self._progress.reset(self._article, total=1.0, description=clean_line(name), told="")
        self._progress.advance(self._article, 0)

    def expect(self, more: int) -> None:
        """Say that a file holds so many more articles than one."""
        if more:
            total = self._progress.tasks[0].total
            self._progress.update(self._task, total=(total or 0) + more)

    def asked(self, now: AskingProgress) -> None:
        """Show how far the questions about the article are."""
        told = f"{now.answered} of {now.questions} questions answered"
        self._progress.update(self._article, completed=now.share, told=told)
        self.tell(f"{self._name}: {told}")

    def found(self, records: Iterable[AnyRecord]) -> None:
        """Show records at once, before those of the whole article are weighed together."""
        if self.console.is_terminal:
            for record in records:
                self.console.print(Text(f"found: {in_a_line(record)}", style="dim"), soft_wrap=True)

    @contextmanager
    def done(self) -> Iterator[None]:
        """Count one article, and take the bar away while its result is printed."""
        self._progress.advance(self._task)
        task = self._progress.tasks[0]
        told = f"{task.completed:.0f} of {task.total:.0f}, {PerMinute().render(task)}"
        self._progress.update(self._task, told=told)
        self._progress.stop()
        yield
        self._progress.start()


class DownloadBar(Bar):
    """How many bytes are here, the rate, and the time that is left; else a line now and then."""

    def __init__(self, name: str, total: int) -> None:
        self._name = name
        super().__init__(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            total=total,
            description=clean_line(name),
        )

    def show(self, done: int, total: int) -> None:
        """Show that so many bytes are here."""
        self._progress.update(self._task, completed=done, total=total)
        self.tell(f"{self._name}: {done / 1e6:,.0f} of {total / 1e6:,.0f} MB")


class PerMinute(ProgressColumn):
    """How many a minute."""

    def render(self, task: Task) -> Text:
        """The pace of the task; a question mark before its first step."""
        speed = task.finished_speed or task.speed
        return Text(f"{speed * 60:.1f}/min" if speed else "?/min")
