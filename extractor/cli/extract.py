"""`extractor extract`: articles from files or standard input to records."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import click

from extractor.errors import ArticleTooLarge, ExtractorError, InputError
from extractor.messages import clean_line, tell_defect, tell_error

if TYPE_CHECKING:
    from datetime import date

    from extractor.cli.progress import ArticleBar
    from extractor.cli.writers import OutputFormat, Writer
    from extractor.extraction import Extractor
    from extractor.records import Extraction
    from extractor.settings import Settings

    Opener: TypeAlias = Callable[[str | None, Settings], Extractor]
    Reader: TypeAlias = Callable[[str], Extraction]

_STDIN = "-"


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...|-")
@click.option(
    "--model", metavar="NAME", help="A catalogue name, the path of a .gguf file, or provider/name."
)
@click.option(
    "--published-at",
    metavar="YYYY-MM-DD",
    help='Publication date, against which words like "next year" are resolved.',
)
@click.option("--language", metavar="TAG", help="BCP 47 tag; found from the text if not given.")
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    help="Leave out what is less likely to be stated; it then costs no question either.",
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["table", "json", "ndjson"]),
    default="table",
    show_default=True,
    help="json: one object, or an array for several files; ndjson: one line per file, at once.",
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
    language: str | None,
    min_confidence: float | None,
    output_format: OutputFormat,
    output: str | None,
) -> None:
    """Print the commitments and policy events of articles.

    FILE is plain UTF-8 text, one article each; - reads one article from standard input. A file
    that cannot be read is reported on stderr and the others are still done.
    """
    from extractor.cli.progress import ArticleBar
    from extractor.cli.writers import open_writer
    from extractor.settings import load_settings

    settings = load_settings()
    if min_confidence is not None:
        settings = settings.model_copy(update={"min_confidence": min_confidence})
    day = _day(published_at)
    _keep_articles(files, output)
    # The context may carry another way to open a model, for programs that embed this command.
    opener: Opener = ctx.obj or _open
    with ExitStack() as stack:
        extractor = stack.enter_context(opener(model, settings))
        stream = stack.enter_context(click.open_file(output or "-", "w", encoding="utf-8"))
        writer = open_writer(output_format, stream, several=len(files) > 1)
        stack.callback(writer.finish)
        bar = stack.enter_context(ArticleBar(len(files)))

        def read(name: str) -> Extraction:
            return extractor.extract(
                _read_article(name, settings.max_characters),
                language=language,
                published_at=day,
                article_id=None if name == _STDIN else Path(name).stem,
                on_progress=bar.asked,
            )

        exit_codes = _read_all(files, read, writer, bar)
    ctx.exit(_worst(exit_codes))


def _read_all(files: Sequence[str], read: Reader, writer: Writer, bar: ArticleBar) -> list[int]:
    exit_codes = []
    for name in files:
        bar.reading(name)
        try:
            extraction = read(name)
        except ExtractorError as error:
            exit_codes.append(error.exit_code)
            with bar.done():
                click.echo(f"{clean_line(name)}: {tell_error(error)}", err=True)
        except Exception as error:
            exit_codes.append(ExtractorError.exit_code)
            with bar.done():
                told = f"{ExtractorError.hint} {tell_defect(error)}"
                click.echo(f"{clean_line(name)}: {told}", err=True)
        else:
            with bar.done():
                writer.write(name, extraction)
    return exit_codes


def _worst(exit_codes: Sequence[int]) -> int:
    defect = ExtractorError.exit_code
    return defect if defect in exit_codes else max(exit_codes, default=0)


def _open(model: str | None, settings: Settings) -> Extractor:
    from extractor.extraction import Extractor

    return Extractor(model, settings=settings)


def _day(text: str | None) -> date | None:
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
        if name != _STDIN and Path(name).exists() and Path(name).samefile(output):
            raise InputError(
                f"--output would overwrite the article {name}.", hint="Name another file."
            )


def _read_article(name: str, max_characters: int) -> str:
    from extractor.article import decode_article

    limit = 4 * max_characters  # the most bytes that so many characters take in UTF-8
    try:
        if name == _STDIN:
            data = sys.stdin.buffer.read(limit + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(limit + 1)
    except FileNotFoundError:
        raise InputError("There is no such file.", hint="Check the name.") from None
    except IsADirectoryError:
        hint = "Name the files in it, for example FOLDER/*.txt."
        raise InputError("This is a folder.", hint=hint) from None
    except OSError as error:
        raise InputError(f"The file cannot be read ({error.strerror}).") from None
    if len(data) > limit:
        raise ArticleTooLarge(f"The article has over {max_characters} characters.")
    return decode_article(data)
