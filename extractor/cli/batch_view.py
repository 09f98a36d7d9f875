"""A run over many articles as a person sees it: a bar while it lasts, tables at its end."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from extractor.batch.estimating import Expected, RunEstimate
from extractor.batch.items import Standing
from extractor.batch.leading import EndReason, RunEnd, RunEvent
from extractor.batch.troubles import Copy, Trouble
from extractor.cli.progress import Bar, PerMinute
from extractor.messages import clean_line
from extractor.phrases import many, plain

_WHY: dict[EndReason, str] = {
    "complete": "Nothing is left to be read.",
    "interrupted": "Interrupted.",
    "failure": "The run was stopped, for every other article would have met the same:",
    "cost": "The limit on costs is reached.",
    "hours": "The limit on hours is reached.",
    "articles": "As many articles were read as asked for.",
}


class BatchBar(Bar):
    """Done, failed, rate, time that is left, money."""

    def __init__(self) -> None:
        super().__init__(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            PerMinute(),
            TimeRemainingColumn(elapsed_when_finished=True),
            total=None,
            description="looking at the source",
        )
        self._done = self._failed = self._left = self._ended = 0
        self._cost: float | None = 0.0
        self._listing = True
        self._told_line = ""

    def tell_event(self, event: RunEvent) -> None:
        """Show what has happened."""
        if event.kind == "standing" and event.standing is not None:
            self._stand(event.standing)
        elif event.kind in ("done", "failed"):
            self._count(event)
        elif event.kind == "stopping":
            self.console.print(
                "Ending what is under way; interrupt again to end at once.", highlight=False
            )
        self._show()

    def _stand(self, standing: Standing) -> None:
        self._done, self._failed, self._left = standing.done, standing.failed, standing.left
        self._cost, self._listing = standing.cost_usd, standing.listing

    def _count(self, event: RunEvent) -> None:
        self._ended += 1
        self._left -= 1
        if event.kind == "failed":
            self._failed += 1
            return
        self._done += 1
        usage = event.end.usage if event.end else None
        if usage and usage.cost_usd is not None and self._cost is not None:
            self._cost += usage.cost_usd

    def _show(self) -> None:
        of = f"{self._done + self._failed + self._left:,}" + ("+" if self._listing else "")
        told = f"{self._done:,} done, {self._failed:,} failed of {of}"
        if self._cost:
            told += f", {self._cost:.2f} USD"
        # What was done by earlier starts says nothing of the rate of this one.
        self._progress.update(
            self._task, description=told, completed=self._ended, total=self._ended + self._left
        )
        if told != self._told_line:
            before = self._told
            self.tell(told)
            if self._told != before:
                self._told_line = told


def print_summary(
    end: RunEnd, troubles: Sequence[Trouble], copies: Sequence[Copy], place: str, *, estimated: bool
) -> None:
    """Print how a run ended, what failed by cause, and how to go on."""
    standing = end.standing
    console = Console(markup=False, emoji=False, highlight=False)
    if not estimated or end.reason in ("interrupted", "failure"):
        console.print(_WHY[end.reason])
    if end.failure is not None:
        console.print(clean_line(f"{end.failure.kind}: {end.failure.text}"))
    for label, number, note in _counts(standing, copies):
        console.print(f"  {number:>9,}  {label}{note}", soft_wrap=True)
    if troubles:
        console.print(_trouble_table(troubles))
    cost = "price not known" if standing.cost_usd is None else f"{standing.cost_usd:.4f} USD"
    console.print(
        f"{many(standing.calls, 'call')}, {standing.prompt_tokens:,} prompt tokens, "
        f"{standing.output_tokens:,} output tokens, {cost}."
    )
    console.print(f"Results are in {place}.", soft_wrap=True)
    if standing.left or standing.listing:
        console.print("To go on, run the same command again.")
    if any(trouble.retryable or trouble.state == "failed" for trouble in troubles):
        console.print("To ask again what failed, add --retry-failed.")


def _counts(standing: Standing, copies: Sequence[Copy]) -> list[tuple[str, int, str]]:
    counted = [("done", standing.done, "")]
    if standing.kept:
        counted.append(("of these had been read before", standing.kept, ""))
    if standing.partly:
        counted.append(("of these in part", standing.partly, ""))
    counted.append(("failed", standing.failed, ""))
    left = " so far: not all of the source was looked through" if standing.listing else ""
    counted.append(("left", standing.left, left))
    if copies:
        pairs = "; ".join(f"{copy.name} = {copy.first}" for copy in copies)
        again = standing.places - standing.items
        counted.append(("places hold a copy of another", again, f": {clean_line(pairs)}"))
    return counted


def _trouble_table(troubles: Sequence[Trouble]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="dim")
    table.add_column("Articles", justify="right")
    table.add_column("Cause")
    table.add_column("May pass")
    table.add_column("One of them", overflow="fold")
    for trouble in troubles:
        table.add_row(
            f"{trouble.articles:,}",
            trouble.kind if trouble.state == "failed" else plain(trouble.kind),
            "yes" if trouble.retryable else "no",
            clean_line(f"{trouble.name}: {trouble.text}" if trouble.text else trouble.name),
        )
    return table


def print_estimate(estimate: RunEstimate | None, at_once: int) -> None:
    """Print what the rest of a run will take."""
    console = Console(markup=False, emoji=False, highlight=False)
    if estimate is None:
        console.print("No article of the sample was read, so nothing can be said of the others.")
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="dim")
    table.add_column(f"{estimate.articles:,} articles left")
    table.add_column("expected", justify="right")
    table.add_column("95 % interval", justify="right")
    rows: list[tuple[str, Expected | None, str]] = [
        ("prompt tokens", estimate.prompt_tokens, ",.0f"),
        ("output tokens", estimate.output_tokens, ",.0f"),
        ("USD", estimate.cost_usd, ",.2f"),
        (f"hours, {at_once} at a time", estimate.hours, ",.2f"),
    ]
    for label, expected, form in rows:
        if expected is None:
            table.add_row(label, "price not known", "")
            continue
        high = "?" if math.isinf(expected.high) else format(expected.high, form)
        table.add_row(label, format(expected.value, form), f"{expected.low:{form}} to {high}")
    console.print(table)
    console.print(f"From {many(estimate.sampled, 'article')} read, by their length.")
