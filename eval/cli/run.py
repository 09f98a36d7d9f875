"""`extractor-eval run`: models x systems x repeats over labelled articles."""

from __future__ import annotations

from pathlib import Path

import click

from eval.cli.corpora import RUN, corpora_options
from eval.systems.names import SYSTEMS


@click.command()
@click.option(
    "--model",
    "models",
    multiple=True,
    required=True,
    metavar="NAME",
    help="A catalogue name, the path of a .gguf file, or provider/name; once for each model.",
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
    "--only",
    multiple=True,
    metavar="PATTERN",
    help="Only articles of such a name, as in *-clean; may be given more than once.",
)
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
    "--reuse", is_flag=True, help="With --record: ask the model only what was not recorded yet."
)
@click.option(
    "--replay",
    type=click.Path(file_okay=False, path_type=Path),
    help="Answer from what was recorded here: no model, key or network. An unknown request is an "
    "error.",
)
@click.option("--out", required=True, type=RUN, help="The run folder, or one file, NAME.jsonl.gz.")
def run(
    models: tuple[str, ...],
    systems: tuple[str, ...],
    gold: tuple[Path, ...],
    articles: tuple[Path, ...],
    only: tuple[str, ...],
    repeat: int,
    concurrency: int,
    record: Path | None,
    reuse: bool,
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
    from eval.labels.dataset import load_corpora, only_named
    from eval.report.tables import overview, print_tables, wide_console
    from eval.runs.launching import Wanted, launch
    from eval.runs.opening import open_run
    from extractor.settings import load_settings

    if record and replay:
        raise click.UsageError("--record asks a model and --replay asks none: give one of them")
    if reuse and not record:
        raise click.UsageError("--reuse needs --record and the folder of what was recorded")
    corpora = only_named(load_corpora(gold, articles), only)
    wanted = Wanted(models, corpora, systems, repeat, concurrency, record, reuse, replay)
    with RunBar() as bar:
        launch(wanted, open_run(out), load_settings(), bar)
    for found in score_runs([out], gold, articles).comparisons:
        print_tables(overview(found), wide_console())
