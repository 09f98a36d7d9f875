"""`extractor-eval agreement`: how far two annotators of the same articles agree."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

if TYPE_CHECKING:
    from rich.table import Table

    from eval.judging.annotators import Agreement, TypeAgreement
    from eval.statistics.intervals import Interval

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_LABELS = click.Path(exists=True, path_type=Path)
_CATEGORIES = ("COR", "PAR", "INC", "MIS", "SPU")


@click.command()
@click.argument("first", type=_LABELS, metavar="LABELS_A")
@click.argument("second", type=_LABELS, metavar="LABELS_B")
@click.option("--articles", type=_FOLDER, help="Folder of the articles; found if not given.")
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
)
def agreement(
    first: Path, second: Path, articles: Path | None, output_format: Literal["table", "json"]
) -> None:
    """Score the labels of one annotator against those of another: the ceiling for every system.

    LABELS_A and LABELS_B, folders or files, are what two annotators gave the same articles. Which
    of them comes first makes no difference to a score.
    """
    from eval.judging.annotators import agreement_of, load_annotators
    from eval.scoring.rules import load_rules

    found = agreement_of(*load_annotators(first, second, articles), load_rules())
    if output_format == "json":
        _print_json(found)
    else:
        print_tables(found)


def _print_json(found: Agreement) -> None:
    from pydantic import TypeAdapter

    click.echo(TypeAdapter(type(found)).dump_json(found, indent=2).decode())


def print_tables(found: Agreement) -> None:
    """Print an agreement on the terminal."""
    from rich.console import Console

    console = Console(markup=False, emoji=False, highlight=False)
    console.print(
        f"Documents: {found.documents}, about {found.clusters} different events. Few documents "
        "make wide intervals, and those of a dozen documents are still too narrow."
    )
    for title, part in (("Commitments", found.commitment), ("Policy events", found.policy_event)):
        console.print()
        console.print(
            f"{title}: {part.labels[0]} labels in A, {part.labels[1]} in B, {part.pairs} pairs",
            style="bold cyan",
        )
        for table in _tables(part):
            console.print(table)


def _tables(part: TypeAgreement) -> Iterator[Table]:
    yield _table(
        ("Score", "F1", "95% interval"),
        (
            (name.removesuffix("_f1"), f"{score.point:.3f}", _bounds(score))
            for name, score in part.scores.items()
        ),
    )
    yield _table(
        ("Field", "F1", "Same", "Partly", "Different", "Only A", "Only B"),
        (
            (name, f"{of['f1']:.3f}", *(f"{of[key]:.0f}" for key in _CATEGORIES))
            for name, of in part.fields.items()
        ),
    )
    yield _table(
        ("Of the pairs", "Same", "Alpha", "95% interval", "Kappa", "95% interval"),
        (
            (name, f"{of.same} of {of.pairs}", *_coefficient(of.alpha), *_coefficient(of.kappa))
            for name, of in part.categories.items()
        ),
    )


def _coefficient(found: Interval | None) -> tuple[str, str]:
    # Without variation there is no chance to agree by, so nothing can go beyond it.
    return (f"{found.point:.3f}", _bounds(found)) if found else ("-", "all alike")


def _bounds(found: Interval) -> str:
    return f"{found.low:.3f} to {found.high:.3f}" if math.isfinite(found.low) else "unknown"


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="dim")
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place else "left", no_wrap=True)
    for row in rows:
        table.add_row(*row)
    return table
