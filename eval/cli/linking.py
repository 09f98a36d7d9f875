"""`extractor-eval linking`: how well records of many articles are linked, beside other systems."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.judging.linking import LinkingScore
    from eval.labels.linking import LinkingLabels

_OURS = ("ledger", "ledger without vectors")
_SYSTEMS = (*_OURS, "exact match", "splink")
_SHOWN = (
    ("B³ P", "b_cubed_precision"),
    ("B³ R", "b_cubed_recall"),
    ("B³ F1", "b_cubed_f1"),
    ("pair P", "pair_precision"),
    ("pair R", "pair_recall"),
    ("pair F1", "pair_f1"),
)


@click.command()
@click.option(
    "--gold",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default="gold/linking",
    show_default=True,
    help="A folder with articles.jsonl and pledges.json.",
)
@click.option("--system", "systems", multiple=True, type=click.Choice(_SYSTEMS), help="Only these.")
@click.option(
    "--part",
    type=click.Choice(["all", "dev", "test"]),
    default="all",
    show_default=True,
    help="dev: articles that rules were made with in view; test: all others.",
)
@click.option("--format", "output_format", type=click.Choice(["table", "json"]), default="table")
@click.option(
    "--at-least",
    nargs=2,
    type=float,
    metavar="F1 PRECISION",
    help="Fail if a ledger is below this B-cubed F1 or pairwise precision, or counts a sum twice.",
)
@click.pass_context
def linking(
    ctx: click.Context,
    gold: Path,
    systems: tuple[str, ...],
    part: str,
    output_format: str,
    at_least: tuple[float, float] | None,
) -> None:
    """Link the records of labelled articles, and score the groups.

    The records come from a perfect model through the product's own path, so that linking is judged
    by itself. Intervals are those of a bootstrap over pledges. Exit code 1: below --at-least, or
    no ledger could be measured against it.
    """
    from eval.errors import SystemUnavailable
    from eval.judging.linkers import LINKERS
    from eval.judging.linking import score_linking, told_mentions
    from eval.labels.linking import load_linking
    from eval.scoring.rules import load_rules
    from extractor.settings import load_settings

    labels = load_linking(gold)
    if part != "all":
        labels = labels.only(dev=part == "dev")
    told = told_mentions(labels, load_settings(), load_rules())
    scores: list[LinkingScore] = []
    for name in systems or _SYSTEMS:
        try:
            found = LINKERS[name](told.mentions)
        except SystemUnavailable as error:
            click.echo(f"{name} is left out: {error}", err=True)
            continue
        scores.append(score_linking(name, labels, told, found.groups, found.countable))
    if output_format == "json":
        click.echo(json.dumps([_as_json(score) for score in scores], ensure_ascii=False, indent=2))
    else:
        _print(labels, len(told.telling_of), len(told.lost), scores)
    ctx.exit(int(at_least is not None and _is_below(scores, at_least)))


def _is_below(scores: Sequence[LinkingScore], at_least: tuple[float, float]) -> bool:
    ours = [score for score in scores if score.system in _OURS]
    return not ours or any(_is_one_below(score, at_least) for score in ours)


def _is_one_below(score: LinkingScore, at_least: tuple[float, float]) -> bool:
    f1, precision = score.metrics["b_cubed_f1"].point, score.metrics["pair_precision"].point
    twice = score.sums is not None and score.sums.twice > 0
    return f1 < at_least[0] or precision < at_least[1] or twice


def _as_json(score: LinkingScore) -> dict[str, object]:
    metrics = {
        name: {"point": each.point, "low": each.low, "high": each.high}
        for name, each in score.metrics.items()
    }
    sums = score.sums and {
        "counted": score.sums.counted,
        "twice": score.sums.twice,
        "wrongly": score.sums.wrongly,
        "missed": score.sums.missed,
    }
    joined = [list(twins) for twins in score.joined_twins]
    return {
        "system": score.system,
        "groups": score.groups,
        "metrics": metrics,
        "joined_twins": joined,
        "sums": sums,
    }


def _print(labels: LinkingLabels, mentions: int, lost: int, scores: Sequence[LinkingScore]) -> None:
    from rich import box
    from rich.table import Table

    from eval.report.tables import wide_console

    console = wide_console()
    console.print(
        f"{len(labels.items)} articles, {len(labels.groups)} pledges and acts, {mentions} records"
        f" ({lost} lost before linking), {len(labels.twins)} twins"
    )
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="dim")
    for column in ("System", "Groups", *(shown for shown, _ in _SHOWN), "Twins", "Sums twice"):
        table.add_column(column, justify="left" if column == "System" else "right")
    for score in scores:
        cells = [_interval(score, metric) for _, metric in _SHOWN]
        twice = "–" if score.sums is None else f"{score.sums.twice} of {score.sums.counted}"
        table.add_row(score.system, str(score.groups), *cells, str(len(score.joined_twins)), twice)
    console.print(table)


def _interval(score: LinkingScore, metric: str) -> str:
    found = score.metrics[metric]
    return f"{found.point:.3f} ({found.low:.2f}-{found.high:.2f})"
