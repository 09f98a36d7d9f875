"""`extractor models`: the catalogue, and the files of the embedded models."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

import click

if TYPE_CHECKING:
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
@click.argument("wanted", metavar="[FILTER]", required=False)
@click.option("--hosted", is_flag=True, help="List models of providers, with their prices.")
@_format
def list_command(wanted: str | None, hosted: bool, output_format: Literal["table", "json"]) -> None:
    """List the models that can run on this machine without a provider, or those of providers.

    FILTER is a part of the name. Without it --hosted lists a readable choice: models of some
    providers that take a JSON Schema, without dated snapshots. It asks nobody: prices are those
    of the list that comes with litellm. Any GGUF file runs too: its path is its name.
    """
    if hosted:
        _list_hosted(wanted, output_format)
    else:
        _list_catalogue(wanted, output_format)


def _list_catalogue(wanted: str | None, output_format: Literal["table", "json"]) -> None:
    from extractor.cli.listings import print_catalogue
    from extractor.models.listing import list_models
    from extractor.settings import load_settings

    listed = list_models(load_settings())
    if wanted is not None:
        listed = [model for model in listed if wanted.lower() in model.name.lower()]
    if output_format == "json":
        _print_json([model.model_dump(mode="json") for model in listed])
    else:
        print_catalogue(listed)


def _list_hosted(wanted: str | None, output_format: Literal["table", "json"]) -> None:
    from extractor.cli.listings import print_hosted
    from extractor.models.hosted import list_hosted

    found = list_hosted(wanted)
    if output_format == "json":
        _print_json([model.model_dump(mode="json") for model in found.models])
    else:
        print_hosted(found, wanted)


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


def _print_json(document: object) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))
