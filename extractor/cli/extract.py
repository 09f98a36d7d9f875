"""`extractor extract`: articles from files or standard input to records."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import click

from extractor.cli.documents import STDIN, articles_in, files_of
from extractor.errors import ExtractorError, InputError
from extractor.messages import clean_line, tell_defect, tell_error

if TYPE_CHECKING:
    from datetime import date

    from extractor.cli.documents import Named
    from extractor.cli.progress import ArticleBar
    from extractor.cli.writers import OutputFormat, Writer
    from extractor.extraction import Extractor
    from extractor.records import Extraction
    from extractor.settings import Settings

    Opener: TypeAlias = Callable[[str | None, Settings], Extractor]
    Reader: TypeAlias = Callable[[Named], Extraction]


published_at_option = click.option(
    "--published-at",
    metavar="YYYY-MM-DD",
    help='Publication date, against which words like "next year" are resolved; in place of that of '
    "the document.",
)
title_option = click.option(
    "--title", metavar="WORDS", help="Headline, if the article does not begin with it."
)
language_option = click.option(
    "--language", metavar="TAG", help="BCP 47 tag; found from the text if not given."
)


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...|FOLDER|-")
@click.option(
    "--model", metavar="NAME", help="A catalogue name, the path of a .gguf file, or provider/name."
)
@published_at_option
@title_option
@language_option
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    help="Leave out what is less likely to be stated; it then costs no question either.",
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["table", "json", "ndjson", "html"]),
    default="table",
    show_default=True,
    help="json: one object, or an array for several; ndjson: one line per article, at once; "
    "html: one page of all, each record beside the words that prove it.",
)
@click.option(
    "--output", type=click.Path(dir_okay=False), help="Write to this file instead of to stdout."
)
@click.pass_context
def extract(
    ctx: click.Context,
    files: tuple[str, ...],
    model: str | None,
    published_at: str | None,
    title: str | None,
    language: str | None,
    min_confidence: float | None,
    output_format: OutputFormat,
    output: str | None,
) -> None:
    """Print the commitments and policy events of articles.

    FILE is text, Markdown, HTML, PDF, DOCX, a mail (.eml), a feed (.rss, .atom) or a folder of
    these; - reads standard input. Nothing is fetched. A file that cannot be read is reported on
    stderr and the others are still done.
    """
    from extractor.cli.progress import ArticleBar
    from extractor.cli.writers import open_writer
    from extractor.settings import load_settings

    settings = load_settings()
    if min_confidence is not None:
        settings = settings.model_copy(update={"min_confidence": min_confidence})
    day = read_published_at(published_at)
    names = files_of(files)
    _keep_articles(names, output)
    # The context may carry another way to open a model, for programs that embed this command.
    opener: Opener = ctx.obj or _open
    with ExitStack() as stack:
        extractor = stack.enter_context(opener(model, settings))
        stream = stack.enter_context(click.open_file(output or "-", "w", encoding="utf-8"))
        writer = open_writer(output_format, stream, several=len(names) > 1)
        stack.callback(writer.finish)
        bar = stack.enter_context(ArticleBar(len(names)))

        def read(article: Named) -> Extraction:
            return extractor.extract(
                article.document,
                title=title,
                language=language,
                published_at=day,
                article_id=article.article_id,
                on_progress=bar.asked,
                on_checked=lambda checked, _: bar.found(checked.records),
            )

        exit_codes = _read_all(names, read, writer, bar, settings.max_characters)
    ctx.exit(_worst(exit_codes))


def _read_all(
    names: Sequence[str], read: Reader, writer: Writer, bar: ArticleBar, max_characters: int
) -> list[int]:
    exit_codes: list[int] = []
    for name in names:
        bar.reading(name)
        with _told(name, bar, exit_codes):
            articles = articles_in(name, max_characters)
            bar.expect(len(articles) - 1)
            for article in articles:
                bar.reading(article.name)
                with _told(article.name, bar, exit_codes):
                    extraction = read(article)
                    with bar.done():
                        writer.write(article.name, extraction, article.document.text)
    return exit_codes


@contextmanager
def _told(name: str, bar: ArticleBar, exit_codes: list[int]) -> Iterator[None]:
    """Tell an error on stderr and go on."""
    try:
        yield
    except ExtractorError as error:
        exit_codes.append(error.exit_code)
        with bar.done():
            click.echo(f"{clean_line(name)}: {tell_error(error)}", err=True)
    except (OSError, click.ClickException):
        raise  # the output cannot be written
    except Exception as error:
        exit_codes.append(ExtractorError.exit_code)
        with bar.done():
            told = f"{ExtractorError.hint} {tell_defect(error)}"
            click.echo(f"{clean_line(name)}: {told}", err=True)


def _worst(exit_codes: Sequence[int]) -> int:
    defect = ExtractorError.exit_code
    return defect if defect in exit_codes else max(exit_codes, default=0)


def _open(model: str | None, settings: Settings) -> Extractor:
    from extractor.extraction import Extractor

    return Extractor(model, settings=settings)


def read_published_at(text: str | None) -> date | None:
    """The day that the option names, if it is given.

    Raises:
        InputError: it is no day.
    """
    from extractor.api.requests import read_day

    try:
        return None if text is None else read_day(text)
    except ValueError as error:
        raise InputError(
            f"--published-at is not a date: {error}.", hint="Correct the date."
        ) from None


def _keep_articles(files: Sequence[str], output: str | None) -> None:
    if output is None or not Path(output).exists():
        return
    for name in files:
        if name != STDIN and Path(name).exists() and Path(name).samefile(output):
            raise InputError(
                f"--output would overwrite the article {name}.", hint="Name another file."
            )
