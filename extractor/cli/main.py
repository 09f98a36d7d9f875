"""The command line; nothing heavy is imported before a command runs."""

from __future__ import annotations

import json
from typing import Literal

import click

from extractor import __version__
from extractor.cli.batch import batch
from extractor.cli.check import check
from extractor.cli.commands import Commands, write_utf8
from extractor.cli.desk import desk
from extractor.cli.extract import extract
from extractor.cli.ledger import ledger
from extractor.cli.models import models
from extractor.cli.read import read
from extractor.cli.serve import keys, serve, store
from extractor.cli.settings import settings
from extractor.errors import require

_EPILOG = """\b
Exit codes:
  0    everything was done
  1    a defect of the extractor
  2    wrong usage, settings, prompts, model name or output file
  3    an article, date or option that cannot be used
  4    the file of a model is missing, corrupt or could not be fetched
  5    the model or its provider failed
  6    the model answers, but wrongly (models check)
  130  interrupted
With several articles the worst decides: 1, else the highest.
"""


@click.group(cls=Commands, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="extractor %(version)s")
def main() -> None:
    """Read news articles into checked commitments and policy events.

    Articles are text, web pages, PDFs and more, in Vietnamese, French or English. Settings come
    from the environment (EXTRACTOR_MODEL, EXTRACTOR_MODELS_DIR and others).
    """
    write_utf8()


@main.command()
@click.option(
    "--which",
    type=click.Choice(["record", "draft", "request", "openapi"]),
    default="record",
    show_default=True,
    help="record: what an extraction returns; draft: what a model fills; "
    "request: the body of POST /extract; openapi: the whole service.",
)
def schema(which: Literal["record", "draft", "request", "openapi"]) -> None:
    """Print a JSON Schema, or the OpenAPI document of the service."""
    if which == "openapi":
        require("fastapi", extra="service", wanted="The document of the service")
        from extractor.api.app import create_app

        document = create_app().openapi()
    else:
        from extractor.api.schemas import json_schema

        document = json_schema(which)
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


main.add_command(batch)
main.add_command(desk)
main.add_command(extract)
main.add_command(keys)
main.add_command(ledger)
main.add_command(models)
models.add_command(check)
main.add_command(read)
main.add_command(serve)
main.add_command(settings)
main.add_command(store)
