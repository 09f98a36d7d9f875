"""`extractor-eval pack` and `unpack`: a run as one file that can be kept, and as a folder again."""

from __future__ import annotations

from pathlib import Path

import click

from eval.cli.corpora import RUN
from eval.systems.names import SYSTEMS


@click.command()
@click.argument("run", type=RUN, metavar="RUN")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
def pack(run: Path, file: Path) -> None:
    """Write a run into one file, NAME.jsonl.gz, that every command takes in place of the folder.

    A line for the conditions and one for each result. The same results are the same bytes.
    """
    from eval.runs.opening import open_run
    from eval.runs.opening import pack as write

    count = write(open_run(run), file)
    click.echo(f"{file}: {count} results, {file.stat().st_size / 1000:,.0f} kB")


@click.command()
@click.argument("file", type=RUN, metavar="FILE")
@click.argument("run", type=click.Path(file_okay=False, path_type=Path), metavar="RUN")
@click.option(
    "--system",
    "systems",
    multiple=True,
    type=click.Choice(SYSTEMS),
    help="Only results of this system: go on from them where those of others are to be made anew.",
)
def unpack(file: Path, run: Path, systems: tuple[str, ...]) -> None:
    """Write a packed run into a new run folder."""
    from eval.runs.opening import open_run
    from eval.runs.opening import unpack as write

    click.echo(f"{run}: {write(open_run(file), run, systems)} results")
