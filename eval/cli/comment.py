"""`extractor-eval comment`: what a change did to a run, for its pull request."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from eval.cli.corpora import RUN, corpora_options

_FILE: Final = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("run", type=RUN, metavar="RUN")
@click.option(
    "--baseline",
    type=_FILE,
    default=Path("eval/baseline.jsonl"),
    show_default=True,
    help="What the run is compared with.",
)
@click.option(
    "--against",
    type=RUN,
    metavar="RUN",
    help="Compare with this run instead: a run keeps its seconds, a baseline does not.",
)
@click.option("--output", type=_FILE, help="Write to this file instead of to stdout.")
@corpora_options(default=())
def comment(
    run: Path,
    baseline: Path,
    against: Path | None,
    output: Path | None,
    gold: tuple[Path, ...],
    articles: tuple[Path, ...],
) -> None:
    """Write the comment of a pull request as Markdown.

    It says regression, noise or better, with the scores and their intervals, the ratio of cost and
    time, and the five records that got worst, quoted. It fails nothing: that is the gate's work.
    Its first line is a mark by which a workflow finds the comment that it posted before.
    """
    from eval.cli.runs import load_gold_of
    from eval.files import write_whole
    from eval.judging.baseline import load_baseline
    from eval.judging.comparison import compare
    from eval.judging.pull_request import run_change
    from eval.report.comment import comment_of
    from eval.runs.opening import open_run
    from eval.scoring.rules import load_rules

    now = open_run(run)
    if against is None:
        known = load_baseline(baseline)
        record, results = known.record, known.results
    else:
        old = open_run(against)
        record, results = old.record, tuple(old.results())
    corpora = load_gold_of([record, now.record], gold, articles)
    rules = load_rules()
    before = compare(results, corpora, rules, repeats=record.repeats)
    after = compare(now.results(), corpora, rules, repeats=now.record.repeats)
    stamp = f"Scorer {rules.version} ({rules.sha256[:12]})."
    written = comment_of(run_change(before, after), stamp=stamp)
    if output is None:
        click.echo(written, nl=False)
    else:
        write_whole(output, written)
