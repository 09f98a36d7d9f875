"""`extractor batch --provider-batch`: a provider reads the articles within a day, at half price."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, SpinnerColumn, TextColumn

from extractor.batch.provider_batches.driving import BatchProgress, BatchRun, BatchRunEnd
from extractor.batch.provider_batches.ledger import ProviderLedger
from extractor.batch.provider_batches.opening import open_batch_model
from extractor.cli.progress import Bar
from extractor.phrases import many

if TYPE_CHECKING:
    from extractor.batch.leading import RunEnd, RunEvent
    from extractor.batch.limits import RunLimits
    from extractor.batch.starting import RunSetup


class ProviderBar(Bar):
    """How many requests their provider has answered, and how many articles are done."""

    def __init__(self) -> None:
        super().__init__(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            total=None,
            description="looking at the source",
        )
        self._at_provider = BatchProgress(0, 0, 0)

    def tell_progress(self, progress: BatchProgress) -> None:
        """Show where the batches stand."""
        self._at_provider = progress

    def tell_event(self, event: RunEvent) -> None:
        """Show where the articles stand."""
        standing = event.standing
        if standing is None:
            return
        batches = self._at_provider
        told = f"{standing.done:,} done, {standing.failed:,} failed of {standing.items:,}"
        if batches.batches:
            told += (
                f"; {_batches(batches.batches)} at the provider: "
                f"{batches.done:,} of {many(batches.requests, 'request')} ended"
            )
        self._progress.update(
            self._task,
            description=told,
            completed=batches.done,
            total=batches.requests or None,
        )
        self.tell(told)


def run_in_batches(
    setup: RunSetup, limits: RunLimits, log_file: str | None, *, retry: bool, cancel: bool
) -> RunEnd:
    """Go on with the run through batches of its model's provider.

    Args:
        setup: the run.
        limits: what it may cost, how long it may wait, how many articles it may begin.
        log_file: where JSON lines are appended.
        retry: ask again what failed.
        cancel: end the batches that are under way, and begin nothing.

    Raises:
        ExtractorError: the provider cannot be asked in batches, or another process does so.
    """
    from extractor.batch.lines import LineLog

    opened = open_batch_model(setup.asked, setup.settings)
    with ExitStack() as stack:
        stack.callback(opened.provider.close)
        if retry:
            ProviderLedger(setup.work).forget_failed()
            setup.work.retry_failed()
        if not cancel:
            setup.list_now()
        bar = stack.enter_context(ProviderBar())
        log = stack.enter_context(LineLog(log_file, setup.work.run_id)) if log_file else None

        def tell(event: RunEvent) -> None:
            bar.tell_event(event)
            if log is not None:
                log.tell(event)

        run = BatchRun(
            setup.work,
            opened.provider,
            opened.replayer,
            opened.price,
            limits=limits,
            cancel=cancel,
            on_event=tell,
            on_progress=bar.tell_progress,
        )
        ended = run.run()
        if log is not None:
            log.tell_end(ended.end)
    _tell(ended, cancel)
    return ended.end


def _tell(ended: BatchRunEnd, cancel: bool) -> None:
    """What was given to the provider, and what it still has."""
    console = Console(markup=False, emoji=False, highlight=False)
    counts = ended.counts
    cost = "price not known" if counts.cost_usd is None else f"{counts.cost_usd:.4f} USD"
    console.print(
        f"{_batches(counts.batches)} with {many(counts.requests, 'request')}, "
        f"{counts.answered:,} answered, at half price: {cost}."
    )
    if cancel and not ended.under_way:
        console.print("No batch is under way any more.")
    elif ended.under_way:
        console.print(
            f"{_batches(len(ended.under_way))} still at the provider, which goes on: "
            f"{', '.join(ended.under_way)}.",
            soft_wrap=True,
        )
        console.print(
            "To collect what was answered, run the same command again within 29 days; to end "
            "them, add --cancel-provider-batch.",
            soft_wrap=True,
        )


def _batches(number: int) -> str:
    return f"{number:,} batch" if number == 1 else f"{number:,} batches"
