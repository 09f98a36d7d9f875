"""`extractor-eval compare` and `report`: contenders of runs side by side, as tables or a page."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from eval.cli.corpora import RUN, corpora_options


@click.command()
@click.argument("runs", nargs=-1, required=True, type=RUN, metavar="RUN...")
@corpora_options(default=())
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["table", "markdown", "json"]),
    default="table",
    show_default=True,
    help="markdown: for a pull request.",
)
@click.option("--details", "detailed", is_flag=True, help="Also fields, errors and slices.")
def compare(
    runs: tuple[Path, ...],
    gold: tuple[Path, ...],
    articles: tuple[Path, ...],
    output_format: Literal["table", "markdown", "json"],
    detailed: bool,
) -> None:
    """Score stored results again, without any model, and say which contender is better.

    A winner is named only where the paired interval excludes zero and the adjusted p-value is at
    most 0.05; otherwise the contenders are not distinguishable at this sample size.
    """
    import json

    from eval.cli.runs import score_runs
    from eval.report.machine import comparisons_as_json
    from eval.report.tables import details, markdown_of, overview, print_tables, wide_console

    scored = score_runs(runs, gold, articles)
    if output_format == "json":
        click.echo(json.dumps(comparisons_as_json(scored.comparisons, scored.rules), indent=2))
        return
    tables = [table for found in scored.comparisons for table in overview(found)]
    if detailed:
        tables += [
            table
            for found in scored.comparisons
            for result in found.results
            for table in details(found, result)
        ]
    stamp = f"scorer {scored.rules.version} ({scored.rules.sha256[:12]})"
    if output_format == "markdown":
        click.echo(markdown_of(iter(tables)) + f"\n{stamp}")
        return
    console = wide_console()
    print_tables(iter(tables), console)
    console.print(stamp)


@click.command()
@click.argument("runs", nargs=-1, required=True, type=RUN, metavar="RUN...")
@corpora_options(default=())
@click.option(
    "--html",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The page; it opens offline and needs nothing beside it.",
)
@click.option(
    "--label-link",
    default="",
    metavar="TEMPLATE",
    help="Where labels are corrected, such as http://127.0.0.1:8000/labels/{document}#{id}; also "
    "{corpus}, {file}, {line}, {sha256}. Without it the label's file.",
)
def report(
    runs: tuple[Path, ...],
    gold: tuple[Path, ...],
    articles: tuple[Path, ...],
    html: Path,
    label_link: str,
) -> None:
    """Write the page: comparison, plots, slices, every label beside what each contender made of it.

    Records are filtered by field, class of mistake, contender and slice.
    """
    from eval.cli.runs import score_runs
    from eval.files import write_whole
    from eval.report.html import render_html
    from eval.report.label_places import LabelPlaces

    places = LabelPlaces(label_link, html.parent)
    scored = score_runs(runs, gold, articles)
    write_whole(html, render_html(scored.comparisons, scored.records, scored.rules, places))
    click.echo(f"{html}: {html.stat().st_size / 1e6:.1f} MB")
