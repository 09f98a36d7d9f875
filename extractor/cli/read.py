"""`extractor read`: how articles are read, without a model."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

import click

from extractor.cli.documents import articles_in, files_of
from extractor.cli.extract import (
    language_option,
    published_at_option,
    read_published_at,
    title_option,
)
from extractor.errors import ExtractorError
from extractor.messages import clean_line, tell_error

if TYPE_CHECKING:
    from extractor.reading import Reading


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...|FOLDER|-")
@published_at_option
@title_option
@language_option
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="json: one object, or an array for several.",
)
@click.pass_context
def read(
    ctx: click.Context,
    files: tuple[str, ...],
    published_at: str | None,
    title: str | None,
    language: str | None,
    output_format: Literal["table", "json"],
) -> None:
    """Show how articles are read before a model is asked: no model is needed.

    Sentences with their numbers, what is cut and why, the amounts, counts and dates that are found,
    and which sentences are worth a question. FILE is what `extractor extract` takes.
    """
    from extractor.reading import read as read_one
    from extractor.settings import load_settings

    settings = load_settings()
    day = read_published_at(published_at)
    found: list[tuple[str, Reading]] = []
    exit_code = 0
    names = files_of(files)
    for name in names:
        try:
            for article in articles_in(name, settings.max_characters):
                reading = read_one(
                    article.document,
                    title=title,
                    language=language,
                    published_at=day,
                    article_id=article.article_id,
                    settings=settings,
                )
                found.append((article.name, reading))
        except ExtractorError as error:
            exit_code = max(exit_code, error.exit_code)
            click.echo(f"{clean_line(name)}: {tell_error(error)}", err=True)
    if output_format == "table":
        _print(found)
    elif found or len(names) > 1:
        told = [reading.model_dump(mode="json") for _, reading in found]
        document = told if len(names) > 1 or len(told) > 1 else told[0]
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    ctx.exit(exit_code)


def _print(found: list[tuple[str, Reading]]) -> None:
    from rich.console import Console

    from extractor.cli.reading_view import ReadingView

    console = Console(markup=False, emoji=False, highlight=False)
    for name, reading in found:
        console.print(ReadingView(name, reading), end="")
