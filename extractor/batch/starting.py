"""Starting a run: its conditions from what was asked for, its ledger, and its source.

Every engine begins here; what differs is who claims the articles of `RunSetup.work` and reads them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from extractor.batch.columns import ColumnNames
from extractor.batch.items import RunConditions
from extractor.batch.listing import list_sources
from extractor.batch.register import Register
from extractor.batch.sources import check_sources
from extractor.batch.work import Work, begin_run
from extractor.batch.workers import ExtractorOpener, WorkerOrders
from extractor.settings import Settings
from extractor.storage import Store


@dataclass(frozen=True, slots=True)
class RunSetup:
    """A run that can be worked on."""

    work: Work
    register: Register
    conditions: RunConditions
    sources: tuple[str, ...]
    columns: ColumnNames
    asked: str | None
    """The model that was asked for; None for that of the settings."""
    settings: Settings
    opener: ExtractorOpener

    def list_source(self, owner: str, stopped: Callable[[], bool] = lambda: False) -> None:
        """Enter all articles of the source, for an owner that `Register.open_for` has let.

        Raises:
            StoreFailed: the store does not answer.
        """
        most = self.settings.max_characters
        list_sources(self.register, owner, self.sources, self.columns, most, stopped)

    def list_now(self) -> None:
        """Enter all articles of the source before anything is read, unless somebody else does.

        Raises:
            StoreFailed: the store does not answer.
        """
        owner = self.work.join()
        try:
            if self.register.open_for(owner):
                self.list_source(owner)
        finally:
            self.work.leave(owner)

    def orders(self, threads: int, model_threads: int | None = None) -> WorkerOrders:
        """What a process has to know that reads for this run on this machine.

        Args:
            threads: articles that it reads at a time.
            model_threads: what a model in the process may compute with; None for the settings'.
        """
        settings = self.settings
        if model_threads is not None:
            settings = settings.model_copy(update={"threads": model_threads})
        return WorkerOrders(
            address=self.work.store.address,
            run_id=self.work.run_id,
            model=self.conditions.model,
            asked=self.asked,
            settings=settings,
            opener=self.opener,
            threads=threads,
        )


def set_up(
    store: Store,
    sources: Sequence[str],
    columns: ColumnNames,
    model: str | None,
    settings: Settings,
    opener: ExtractorOpener,
) -> RunSetup:
    """The run over these sources with this model: a new one, or the one that goes on.

    Args:
        store: where it is kept.
        sources: files, folders and patterns.
        columns: where tables have what.
        model: as `Extractor` takes it.
        settings: the configuration.
        opener: opens the model, here for its fingerprint and in the processes that read.

    Raises:
        InputError: a source is not there.
        StoreFailed: the store does not answer.
        ExtractorError: the model cannot be opened.
    """
    check_sources(sources)
    with opener(model, settings) as extractor:
        name, fingerprint = extractor.model_name, extractor.fingerprint
    places = tuple(os.path.abspath(each) for each in sources)
    conditions = RunConditions(name, fingerprint, places, columns.chosen())
    work = begin_run(store, conditions)
    register = Register(work, fingerprint)
    return RunSetup(work, register, conditions, tuple(sources), columns, model, settings, opener)
