"""`extractor models`: the catalogue, and the files of the embedded models."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

import click

if TYPE_CHECKING:
    from extractor.models.catalogue import CatalogueModel
    from extractor.models.listing import ListedModel

_format = click.option(
    "--format",
    "output_format",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
)


@click.group()
def models() -> None:
    """List, describe and fetch the models of the catalogue."""


@models.command("list")
@_format
def list_command(output_format: Literal["table", "json"]) -> None:
    """List the models that can run on this machine without a provider."""
    from extractor.models.listing import list_models
    from extractor.settings import load_settings

    listed = list_models(load_settings())
    if output_format == "json":
        _print_json([model.model_dump(mode="json") for model in listed])
    else:
        _print_table(listed)


@models.command()
@click.argument("name")
@_format
def show(name: str, output_format: Literal["table", "json"]) -> None:
    """Tell all that the catalogue says about a model."""
    from extractor.models.catalogue import load_catalogue

    facts = load_catalogue().get(name).model_dump(mode="json")
    if output_format == "json":
        _print_json(facts)
        return
    for fact, value in facts.items():
        if value not in (None, ""):
            told = (
                ", ".join(f"{k}={v}" for k, v in value.items())
                if isinstance(value, dict)
                else value
            )
            click.echo(f"{fact + ':':<16}{told}")


@models.command()
@click.argument("name")
@click.option("--force", is_flag=True, help="Fetch the file again, even if it is there.")
@click.option(
    "--accept-licence", is_flag=True, help="Accept a licence that restricts the use of the model."
)
def pull(name: str, force: bool, accept_licence: bool) -> None:
    """Fetch the file of a model; an interrupted fetch goes on where it stopped."""
    from extractor.cli.progress import DownloadBar
    from extractor.models.catalogue import load_catalogue
    from extractor.models.weights import pull_weights
    from extractor.settings import load_settings

    settings = load_settings()
    model: CatalogueModel = load_catalogue().get(name)
    with DownloadBar(model.name, model.bytes) as bar:
        path = pull_weights(
            model,
            settings.models_dir,
            hub_url=settings.hub_url,
            progress=bar.show,
            force=force,
            accept_licence=accept_licence,
        )
    click.echo(path)


def _print_table(listed: list[ListedModel]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="dim")
    table.add_column("Name", no_wrap=True)
    table.add_column("Model", overflow="fold")
    table.add_column("Licence", overflow="fold")
    table.add_column("Strategy")
    table.add_column("Size", justify="right", no_wrap=True)
    table.add_column("Here", no_wrap=True)
    for model in listed:
        table.add_row(
            f"{model.name} *" if model.default else model.name,
            model.title,
            model.licence,
            model.strategy,
            f"{model.bytes / 1e6:,.0f} MB",
            "yes" if model.available else "no",
        )
    console = Console(markup=False, emoji=False, highlight=False)
    console.print(table)
    console.print("* the default. Here: whether its file is on this machine.")


def _print_json(document: object) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))
