"""`extractor batch`: many articles into a store, however often that is interrupted."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from extractor.errors import ExtractorError, require

if TYPE_CHECKING:
    from extractor.batch.crew import CrewPlan
    from extractor.batch.leading import RunEnd, RunEvent
    from extractor.batch.limits import RunLimits
    from extractor.batch.starting import RunSetup

_INTERRUPTED = 130
_COLUMNS = {
    "text": "text",
    "title": "title",
    "language": "language",
    "date": "published_at",
    "id": "article_id",
    "url": "source_url",
    "publisher": "publisher",
}


def _column_options(command: Any) -> Any:
    for option in reversed(_COLUMNS):
        command = click.option(
            f"--{option}-column",
            metavar="NAME",
            help=f"Column of tables with the {option}; found by its name if not given.",
        )(command)
    return command


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option(
    "--into",
    "address",
    default="sqlite:///tracker.db",
    show_default=True,
    metavar="STORE",
    help="A file, sqlite:///FILE or postgresql://…",
)
@click.option(
    "--model", metavar="NAME", help="A catalogue name, the path of a .gguf file, or provider/name."
)
@click.option("--retry-failed", is_flag=True, help="Ask again what failed, and nothing else twice.")
@click.option(
    "--estimate",
    is_flag=True,
    help="Read 20 articles drawn by lot, tell what the others will take, and stop.",
)
@click.option(
    "--max-cost",
    type=click.FloatRange(0, min_open=True),
    metavar="USD",
    help="Begin no article once the run has cost so much, however often it was started.",
)
@click.option(
    "--max-hours",
    type=click.FloatRange(0, min_open=True),
    metavar="HOURS",
    help="Begin no article after so many hours.",
)
@click.option(
    "--max-articles", type=click.IntRange(1), metavar="N", help="Begin N articles at most."
)
@click.option("--log", "log_file", type=click.Path(dir_okay=False), help="Append JSON lines to it.")
@click.option(
    "--workers",
    type=click.IntRange(1),
    metavar="N",
    help="Articles to read at a time: processes with a model each, or calls of a provider.",
)
@click.option(
    "--provider-batch",
    is_flag=True,
    help="Have the provider (openai/…, anthropic/…) read within a day, at half the price.",
)
@click.option(
    "--cancel-provider-batch",
    is_flag=True,
    help="End the batches that the provider has, and keep what it has answered.",
)
@click.option(
    "--engine",
    type=click.Choice(["local", "ray"]),
    default="local",
    show_default=True,
    help="local: processes of this machine; ray: actors of a Ray cluster.",
)
@click.option(
    "--address",
    "cluster",
    envvar="RAY_ADDRESS",
    metavar="ADDRESS",
    help="Ray cluster, auto or HOST:PORT; without it Ray is started on this machine.",
)
@_column_options
@click.pass_context
def batch(
    ctx: click.Context,
    /,
    sources: tuple[str, ...],
    address: str,
    model: str | None,
    retry_failed: bool,
    estimate: bool,
    max_cost: float | None,
    max_hours: float | None,
    max_articles: int | None,
    log_file: str | None,
    workers: int | None,
    provider_batch: bool,
    cancel_provider_batch: bool,
    engine: str,
    cluster: str | None,
    **columns: str | None,
) -> None:
    """Read many articles into a store; the same command goes on where it stopped.

    SOURCE is a file, a folder or a pattern: documents as `extractor extract` takes them, and tables
    with an article in each row (.jsonl, .csv, .parquet). An article that stands there twice is read
    once. What fails stays as a row with its cause; all others are read. Several processes and
    machines may run the same command at a time: they share the work.
    """
    for module in ("sqlalchemy", "alembic"):
        require(module, extra="store", wanted="extractor batch")
    from extractor.batch.columns import ColumnNames
    from extractor.batch.crew import plan_crew
    from extractor.batch.limits import RunLimits
    from extractor.batch.provider_batches.ledger import leave_to_others
    from extractor.batch.starting import set_up
    from extractor.batch.workers import open_extractor
    from extractor.settings import load_settings
    from extractor.storage import open_store

    in_batches = provider_batch or cancel_provider_batch
    if in_batches and (estimate or workers):
        raise click.UsageError(
            "--provider-batch goes with neither --estimate nor --workers: estimate first, without "
            "it, and halve the price."
        )
    if engine == "ray":
        require("ray", extra="ray", wanted="--engine ray")
        if estimate or in_batches:
            raise click.UsageError("Estimates and batches at a provider need --engine local.")
    settings = load_settings()
    names = ColumnNames(**{_COLUMNS[key.removesuffix("_column")]: v for key, v in columns.items()})
    limits = RunLimits(max_cost, max_hours, max_articles)
    with ExitStack() as stack:
        store = stack.enter_context(open_store(address))
        # The context may carry another way to open a model, for programs that embed this command.
        if in_batches:
            from extractor.batch.provider_batches.opening import open_batched
            from extractor.cli.provider_batch import run_in_batches

            setup = set_up(store, sources, names, model, settings, open_batched)
            end = run_in_batches(
                setup, limits, log_file, retry=retry_failed, cancel=cancel_provider_batch
            )
            _tell_end(setup, end, address, estimated=cancel_provider_batch)
            ctx.exit(0 if cancel_provider_batch and not end.failure else _exit_code(setup, end))
        setup = set_up(store, sources, names, model, settings, ctx.obj or open_extractor)
        leave_to_others(setup.work)
        plan = plan_crew(setup.conditions.model, settings, workers)
        if retry_failed:
            again = setup.work.retry_failed()
            click.echo(f"{again:,} articles are asked again.", err=True)
        if estimate:
            end = _estimate(setup, plan, limits, log_file)
        elif engine == "ray":
            from extractor.cli.ray_batch import run_on_cluster

            end = run_on_cluster(setup, cluster, workers, limits, log_file)
        else:
            end = _run(setup, plan, limits, log_file)
        _tell_end(setup, end, address, estimated=estimate)
    ctx.exit(_exit_code(setup, end))


def _run(
    setup: RunSetup,
    plan: CrewPlan,
    limits: RunLimits,
    log_file: str | None,
    *,
    drawn: bool = False,
) -> RunEnd:
    from extractor.batch.crew import Crew
    from extractor.batch.lines import LineLog
    from extractor.batch.pacing import ArticlePace
    from extractor.batch.running import LocalRun
    from extractor.cli.batch_view import BatchBar

    with ExitStack() as stack:
        bar = stack.enter_context(BatchBar())
        log = stack.enter_context(LineLog(log_file, setup.work.run_id)) if log_file else None

        def tell(event: RunEvent) -> None:
            bar.tell_event(event)
            if log is not None:
                log.tell(event)

        run = LocalRun(
            setup.work,
            Crew(setup.orders(plan.articles, plan.model_threads), plan.processes),
            pace=ArticlePace(plan.at_once),
            limits=limits,
            list_source=setup.list_source,
            # A sample is drawn from all: then the source is listed already.
            may_list=(lambda owner: False) if drawn else setup.register.open_for,
            order="drawn" if drawn else "line",
            on_event=tell,
        )
        end = run.run()
        if log is not None:
            log.tell_end(end)
    return end


def _estimate(setup: RunSetup, plan: CrewPlan, limits: RunLimits, log_file: str | None) -> RunEnd:
    """Read as many of the sample as were not read yet; they stay read."""
    from extractor.batch.estimating import SAMPLE, estimate_of
    from extractor.batch.leading import RunEnd
    from extractor.batch.register import standing_of
    from extractor.cli.batch_view import print_estimate

    setup.list_now()
    standing = standing_of(setup.work)
    wanted = SAMPLE - (standing.done - standing.kept)
    end = RunEnd("articles", standing)
    if wanted > 0 and standing.pending:
        most = min(wanted, limits.articles or wanted)
        end = _run(setup, plan, replace(limits, articles=most), log_file, drawn=True)
    print_estimate(estimate_of(setup.work, plan.at_once), plan.at_once)
    return end


def _tell_end(setup: RunSetup, end: RunEnd, address: str, *, estimated: bool) -> None:
    from extractor.batch.troubles import copies_of, troubles_of
    from extractor.cli.batch_view import print_summary
    from extractor.storage import told_place

    troubles = troubles_of(setup.work)
    print_summary(end, troubles, copies_of(setup.work), told_place(address), estimated=estimated)


def _exit_code(setup: RunSetup, end: RunEnd) -> int:
    """What stopped the run; else the worst of what befell its articles."""
    from extractor import errors
    from extractor.batch.troubles import troubles_of

    if end.failure is not None:
        return end.failure.exit_code
    if end.reason == "interrupted":
        return _INTERRUPTED
    failed = [each.kind for each in troubles_of(setup.work) if each.state == "failed"]
    codes = [getattr(errors, kind, ExtractorError).exit_code for kind in failed]
    return ExtractorError.exit_code if ExtractorError.exit_code in codes else max(codes, default=0)
