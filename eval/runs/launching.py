"""From names to a run: opens models and systems, writes the record, runs what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from eval.errors import RunError
from eval.labels.dataset import Corpus
from eval.runs.environment import run_record
from eval.runs.finding import RecordingFinder, ReplayingFinder
from eval.runs.opening import AnyRun
from eval.runs.recording import Recordings, UnopenedModel
from eval.runs.runner import ClientFor, FinderFor, RunPlan, Watcher, run
from eval.scoring.rules import load_rules
from eval.systems.opening import open_system
from extractor.models import open_model
from extractor.models.opening import digest_of
from extractor.selection import finder_name, open_finder
from extractor.settings import Settings


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be run."""

    models: Sequence[str]
    corpora: Sequence[Corpus]
    systems: Sequence[str] = ("pipeline",)
    repeats: int = 1
    concurrency: int = 1
    record: Path | None = None
    """Folder in which to keep raw replies."""
    reuse: bool = False
    """Whether to record anew only what was not recorded yet."""
    replay: Path | None = None
    """Folder of raw replies to answer from instead of a model."""


def launch(wanted: Wanted, folder: AnyRun, settings: Settings, watcher: Watcher) -> None:
    """Run what is wanted and not there yet.

    Raises:
        EvaluationError: a system, the folder or a recording cannot be used, or every document
            failed: that must not look like a run.
        ExtractorError: a model cannot be opened.
    """
    systems = [open_system(name, settings) for name in dict.fromkeys(wanted.systems)]
    if wanted.record and settings.threads is None:
        # Sums in another number of threads have other last digits, and replies turn on them.
        settings = settings.model_copy(update={"threads": 1})
    # Opened before anything runs: a missing file or key is told now, not after hours.
    clients = {
        name: UnopenedModel(name, digest_of(name, settings))
        if wanted.replay
        else open_model(name, settings)
        for name in dict.fromkeys(wanted.models)
    }
    folder.open(
        run_record(
            list(clients.values()),
            systems,
            wanted.corpora,
            repeats=wanted.repeats,
            settings=settings,
            rules=load_rules(),
        )
    )
    # One for both: what they keep of a corpus goes into one file.
    recordings = Recordings(wanted.replay or wanted.record or Path())
    plan = RunPlan(tuple(clients), systems, wanted.corpora, wanted.repeats)
    run(
        plan,
        folder,
        clients.__getitem__,
        watcher,
        concurrency=wanted.concurrency,
        client_for=_client_for(wanted, recordings),
        finder_for=_finder_for(wanted, recordings, settings),
    )
    _check_something_worked(plan, folder)


def _client_for(wanted: Wanted, recordings: Recordings) -> ClientFor | None:
    if wanted.replay:
        return recordings.replayer
    if wanted.record:
        return partial(recordings.recorder, reuse=wanted.reuse)
    return None


def _finder_for(wanted: Wanted, recordings: Recordings, settings: Settings) -> FinderFor | None:
    if wanted.replay and settings.finder != "rules":
        name = finder_name(settings)
        return lambda key: ReplayingFinder(name, recordings.file(key), key)
    if wanted.record:
        finder = open_finder(settings)
        return lambda key: RecordingFinder(finder, recordings.file(key), key)
    return None


def _check_something_worked(plan: RunPlan, folder: AnyRun) -> None:
    results = [folder.find(job.key) for job in plan.jobs()]
    failed = [result for result in results if result is None or result.status == "error"]
    if len(failed) == len(results):
        told = failed[0].detail if failed and failed[0] else "nothing was run"
        raise RunError(f"all {len(results)} documents failed; the first: {told}")
