"""The command line. Nothing heavy is imported before a command runs."""

from __future__ import annotations

import errno
import json
import sys
from io import TextIOWrapper
from typing import Literal

import click

from extractor import __version__
from extractor.cli.extract import extract
from extractor.cli.models import models
from extractor.cli.serve import serve
from extractor.errors import ExtractorError
from extractor.telling import tell_defect, tell_error

_INTERRUPTED = 130
_CANNOT_WRITE = 2

_EPILOG = """\b
Exit codes:
  0    everything was done
  1    a defect of the extractor
  2    wrong usage, settings, prompts, model name or output file
  3    an article, date or option that cannot be used
  4    the file of a model is missing, corrupt or could not be fetched
  5    the model or its provider failed
  130  interrupted
With several articles the worst decides: 1, else the highest.
"""


class _Commands(click.Group):
    def invoke(self, ctx: click.Context) -> None:
        """Run the command; every error ends as one line on stderr and an exit code."""
        try:
            super().invoke(ctx)
        except ExtractorError as error:
            click.echo(f"extractor: {tell_error(error)}", err=True)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            click.echo("extractor: interrupted", err=True)
            ctx.exit(_INTERRUPTED)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise
            click.echo(f"extractor: {error.strerror}: {error.filename or 'output'}", err=True)
            ctx.exit(_CANNOT_WRITE)
        except Exception as error:
            click.echo(f"extractor: {ExtractorError.hint} {tell_defect(error)}", err=True)
            ctx.exit(ExtractorError.exit_code)


@click.group(
    cls=_Commands, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, message="extractor %(version)s")
def main() -> None:
    """Read news articles into checked commitments and policy events.

    Articles are plain UTF-8 text in Vietnamese, French or English. Settings come from the
    environment (EXTRACTOR_MODEL, EXTRACTOR_MODELS_DIR and others).
    """
    for stream in (sys.stdout, sys.stderr):
        # JSON is UTF-8 whatever the locale, and an undecodable file name must not fail.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


@main.command()
@click.option(
    "--which",
    type=click.Choice(["record", "draft", "request"]),
    default="record",
    show_default=True,
    help="record: what an extraction returns; draft: what a model fills; "
    "request: the body of POST /extract.",
)
def schema(which: Literal["record", "draft", "request"]) -> None:
    """Print a JSON Schema."""
    from extractor.api.schemas import json_schema

    click.echo(json.dumps(json_schema(which), ensure_ascii=False, indent=2))


main.add_command(extract)
main.add_command(models)
main.add_command(serve)
