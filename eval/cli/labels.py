"""`extractor-eval labels`: labels made of what people decided at the desk."""

from __future__ import annotations

from pathlib import Path

import click

from eval.cli.corpora import FOLDER, LABELS
from eval.errors import DatasetError
from extractor.errors import require

_FROZEN = (Path("gold/held-out"), Path("gold/challenge"))


@click.group()
def labels() -> None:
    """Make labels of reviews."""


@labels.command()
@click.option("--store", required=True, metavar="URL", help="The store of the desk.")
@click.option("--out", required=True, type=FOLDER, metavar="DIR", help="Where to write them.")
@click.option(
    "--frozen",
    multiple=True,
    type=LABELS,
    default=_FROZEN,
    show_default=True,
    metavar="DIR",
    help="Labels whose articles are never exported; once for each.",
)
def export(store: str, out: Path, frozen: tuple[Path, ...]) -> None:
    """Write the finished reviews of a store as labels, each article with where they come from.

    DIR then serves `--gold` of the other commands. Articles of frozen labels are left out.
    """
    require("sqlalchemy", extra="store", wanted="extractor-eval labels")
    from eval.labels.reviewed import LeftOut, frozen_articles, reviewed_labels, write_labels

    if any(out.resolve().is_relative_to(each.resolve()) for each in frozen):
        raise DatasetError(f"{out} is a frozen split: reviews are not mixed into it")
    digests = frozen_articles(frozen)
    found = []
    for one in reviewed_labels(store, digests):
        if isinstance(one, LeftOut):
            click.echo(f"{one.name}: left out: {one.why}", err=True)
        else:
            click.echo(f"{one.name}: {one.told}")
            found.append(one)
    if not found:
        raise DatasetError("no finished review to export: finish articles at the desk first")
    write_labels(found, out)
    click.echo(f"{len(found)} labelled articles in {out}")
