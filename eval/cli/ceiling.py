"""`extractor-eval ceiling`: what a perfect model would score, and what the pipeline loses of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import click

from eval.cli.corpora import corpora_options

if TYPE_CHECKING:
    from rich.console import Console

    from eval.judging.ceiling import Ceiling
    from extractor.records import RecordType, Strategy

_METRICS: Final = ("detection_f1", "slot_f1", "strict_f1")


@click.command()
@corpora_options(default=("gold",))
@click.option(
    "--strategy",
    type=click.Choice(["document", "passage", "article"]),
    default="document",
    show_default=True,
    help="How an article is put to the model.",
)
@click.option(
    "--policy",
    type=click.Choice(["strong", "taught", "told"]),
    default="strong",
    show_default=True,
    help="Who judges what a record is.",
)
@click.option("--losses", is_flag=True, help="Also list everything that was lost, with its stage.")
@click.option(
    "--at-least",
    nargs=3,
    type=float,
    metavar="DETECTION SLOT STRICT",
    help="Fail below these F1 scores, of either kind of record.",
)
@click.pass_context
def ceiling(
    ctx: click.Context,
    gold: tuple[Path, ...],
    articles: tuple[Path, ...],
    strategy: Strategy,
    policy: Literal["strong", "taught", "told"],
    losses: bool,
    at_least: tuple[float, float, float] | None,
) -> None:
    """Put the labels as the replies of a perfect model, and score what the pipeline makes of them.

    What is lost here, no model can win. Exit code 1: a score is below --at-least.
    """
    from rich.console import Console

    from eval.judging.ceiling import ceiling_of
    from eval.labels.dataset import load_corpora
    from eval.scoring.rules import RECORD_TYPES, load_rules
    from extractor.settings import load_settings

    settings = load_settings()
    console = Console(markup=False, emoji=False, highlight=False)
    below = False
    for corpus in load_corpora(gold, articles):
        found = ceiling_of(corpus, strategy, policy, settings, load_rules())
        console.print(
            f"{found.corpus}, {len(corpus.items)} articles · {strategy}, {policy} · "
            f"{found.reply_characters:,} characters of replies",
            style="bold cyan",
        )
        for record_type in RECORD_TYPES:
            scores = found.scores.micro(record_type)
            told = ", ".join(f"{name[:-3]} F1 {scores[name]:.3f}" for name in _METRICS)
            console.print(
                f"  {record_type.replace('_', ' ')}s: {told}; {_stages(found, record_type)}"
            )
            for metric, least in zip(_METRICS, at_least or (), strict=False):
                below = below or scores[metric] < least
        if losses:
            _print_losses(found, console)
    if below:
        console.print(f"below {' '.join(map(str, at_least or ()))}", style="bold red")
    ctx.exit(int(below))


def _stages(found: Ceiling, record_type: RecordType) -> str:
    counts = found.stages(record_type)
    told = [
        f"{stage} {count} {'records' if whole else 'fields'}"
        for (stage, whole), count in sorted(counts.items())
    ]
    return f"lost: {', '.join(told) or 'nothing'}"


def _print_losses(found: Ceiling, console: Console) -> None:
    for loss in found.losses:
        console.print(
            f"    {loss.stage:<9} {loss.document} {loss.label} {loss.field}: {loss.detail}",
            soft_wrap=True,
        )
