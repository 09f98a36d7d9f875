"""`extractor models`: the catalogue, and the files of the embedded models."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

import click

if TYPE_CHECKING:
    from extractor.listing import ListedModel
    from extractor.models.catalogue import CatalogueModel

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
    from extractor.configuration import load_settings
    from extractor.listing import list_models

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
    from extractor.configuration import load_settings
    from extractor.models.catalogue import load_catalogue
    from extractor.models.weights import pull_weights
    from extractor.progress import DownloadBar

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
    for column in ("Name", "Model", "Licence", "Strategy"):
        table.add_column(column, overflow="fold")
    table.add_column("Size", justify="right", no_wrap=True)
    table.add_column("On this machine")
    for model in listed:
        table.add_row(
            model.name + (" (default)" if model.default else ""),
            model.title,
            model.licence,
            model.strategy,
            f"{model.bytes / 1e6:,.0f} MB",
            "yes" if model.available else "no",
        )
    Console(markup=False, emoji=False, highlight=False).print(table)


def _print_json(document: object) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))
