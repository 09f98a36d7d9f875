"""`extractor-eval run`: models x systems x repeats over labelled articles."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from eval.cli.corpora import corpora_options
from eval.systems.names import SYSTEMS

if TYPE_CHECKING:
    from eval.run_folder import RunFolder
    from eval.runner import Plan


@click.command()
@click.option(
    "--model",
    "models",
    multiple=True,
    required=True,
    metavar="NAME",
    help="A catalogue name, or provider/name; give it once for each model.",
)
@click.option(
    "--system",
    "systems",
    multiple=True,
    type=click.Choice(SYSTEMS),
    default=("pipeline",),
    show_default=True,
    help="pipeline: ours; single-shot: one instructor call with the record schema; "
    "langextract: the peer of that name.",
)
@corpora_options(default=("gold",))
@click.option(
    "--repeat", default=1, show_default=True, type=click.IntRange(1), help="Runs of each article."
)
@click.option(
    "--concurrency",
    default=1,
    show_default=True,
    type=click.IntRange(1),
    help="Articles at a time; embedded models read one at a time whatever this says.",
)
@click.option(
    "--record",
    type=click.Path(file_okay=False, path_type=Path),
    help="Also keep every raw reply here, so that the run can be repeated without the model.",
)
@click.option(
    "--replay",
    type=click.Path(file_okay=False, path_type=Path),
    help="Answer from what was recorded here: no model, key or network. An unknown request is an "
    "error.",
)
@click.option(
    "--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="The run folder."
)
def run(
    models: tuple[str, ...],
    systems: tuple[str, ...],
    gold: tuple[Path, ...],
    articles: tuple[Path, ...],
    repeat: int,
    concurrency: int,
    record: Path | None,
    replay: Path | None,
    out: Path,
) -> None:
    """Read labelled articles with models and systems, and keep every result in a run folder.

    A run that was stopped, however roughly, goes on where it stopped when the same command is
    given again; results are kept and only errors are tried anew. More models, systems, repeats and
    corpora may be added to the same folder.
    """
    from eval.cli.progress import RunBar
    from eval.cli.runs import score_runs
    from eval.dataset import load_corpora
    from eval.environment import run_record
    from eval.recording import Recordings, UnopenedModel
    from eval.report.tables import overview, print_tables, wide_console
    from eval.rules import load_rules
    from eval.run_folder import RunFolder
    from eval.runner import Plan
    from eval.runner import run as run_plan
    from eval.systems import open_system
    from extractor.models import open_model
    from extractor.settings import load_settings

    if record and replay:
        raise click.UsageError("--record asks a model and --replay asks none: give one of them")
    settings = load_settings()
    corpora = load_corpora(gold, articles)
    chosen = [open_system(name, settings) for name in dict.fromkeys(systems)]
    # Opened before anything runs: a missing file or key is told now, not after hours.
    clients = [
        UnopenedModel(name) if replay else open_model(name, settings)
        for name in dict.fromkeys(models)
    ]
    folder = RunFolder(out)
    folder.open(
        run_record(clients, chosen, corpora, repeats=repeat, settings=settings, rules=load_rules())
    )
    by_name = {client.name: client for client in clients}
    plan = Plan(tuple(by_name), chosen, corpora, repeat)
    client_for = None
    if record:
        client_for = Recordings(record).recorder
    if replay:
        client_for = Recordings(replay).replayer
    with RunBar() as bar:
        run_plan(
            plan,
            folder,
            by_name.__getitem__,
            bar,
            concurrency=concurrency,
            client_for=client_for,
        )
    scored = score_runs([out], gold, articles)
    for found in scored.comparisons:
        print_tables(overview(found), wide_console())
    _fail_without_results(folder, plan)


def _fail_without_results(folder: RunFolder, plan: Plan) -> None:
    """A run in which nothing worked must not look like one that worked."""
    from eval.errors import RunError

    results = [folder.find(job.key) for job in plan.jobs()]
    errors = [result for result in results if result is None or result.status == "error"]
    if len(errors) == len(results):
        told = errors[0].detail if errors and errors[0] else "nothing was run"
        raise RunError(f"all {len(results)} documents failed; the first: {told}")
