"""`extractor-eval score`: predictions of any system against labels."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from eval.cli.corpora import FOLDER, LABELS, RUN


@click.command()
@click.option("--gold", required=True, type=LABELS, help="Folder or file of labels (see `run`).")
@click.option(
    "--articles", type=FOLDER, help="Folder of NAME.txt; looked for if not given (see `run`)."
)
@click.option(
    "--predictions",
    required=True,
    type=RUN,
    help="Folder of extractions, NAME.json; or a run, packed or not, of one model and system.",
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
)
def score(
    gold: Path, articles: Path | None, predictions: Path, output_format: Literal["table", "json"]
) -> None:
    """Score predictions, one extraction a file, whatever system made them.

    A labelled article without a prediction scores as one in which nothing was found.
    """
    import json

    from eval.judging.comparison import compare
    from eval.labels.dataset import load_corpus
    from eval.report.machine import score_as_json
    from eval.report.tables import details, overview, print_tables, wide_console
    from eval.runs.predictions import as_results, load_predictions
    from eval.scoring.rules import load_rules

    corpus = load_corpus(gold, articles)
    found = load_predictions(predictions, corpus.items)
    for item in corpus.items:
        if item.name not in found:
            click.echo(f"no prediction for {item.name}: scored as nothing found", err=True)
    rules = load_rules()
    (comparison,) = compare(as_results(corpus, found, predictions.name), [corpus], rules)
    (result,) = comparison.results
    if output_format == "json":
        click.echo(json.dumps(score_as_json(comparison, result, rules), indent=2))
        return
    console = wide_console()
    print_tables(overview(comparison), console)
    print_tables(details(comparison, result), console)
    console.print(f"scorer {rules.version} ({rules.sha256[:12]})")
