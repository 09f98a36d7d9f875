"""`extractor-eval report`: one self-contained HTML page of a run."""

from __future__ import annotations

from pathlib import Path

import click

from eval.cli.corpora import RUN, corpora_options


@click.command()
@click.argument("runs", nargs=-1, required=True, type=RUN, metavar="RUN...")
@corpora_options(default=())
@click.option(
    "--html",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The page; it opens offline and needs nothing beside it.",
)
def report(
    runs: tuple[Path, ...], gold: tuple[Path, ...], articles: tuple[Path, ...], html: Path
) -> None:
    """Write the page: comparison, plots, slices, and every article with every error named."""
    from eval.cli.runs import score_runs
    from eval.files import write_whole
    from eval.report.html import render_html

    scored = score_runs(runs, gold, articles)
    write_whole(html, render_html(scored.comparisons, scored.records, scored.rules))
    click.echo(f"{html}: {html.stat().st_size / 1e6:.1f} MB")
