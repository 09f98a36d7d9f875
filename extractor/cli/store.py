"""`extractor store`: the results that the service keeps."""

from __future__ import annotations

import click


@click.group()
def store() -> None:
    """Look after the results that the service keeps (EXTRACTOR_STORE)."""


@store.command()
def purge() -> None:
    """Forget all of them."""
    from extractor.results.store import ResultStore
    from extractor.settings import load_settings

    file = load_settings().store
    if file is None:
        click.echo("EXTRACTOR_STORE is empty: nothing is kept.")
        return
    kept = ResultStore(file)
    try:
        click.echo(f"{kept.purge()} results forgotten")
    finally:
        kept.close()
