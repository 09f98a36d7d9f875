"""`extractor keys`: who may use the service."""

from __future__ import annotations

import click

from extractor.errors import InputError, require


@click.group()
def keys() -> None:
    """Make keys for callers of the service (EXTRACTOR_API_KEYS)."""


@keys.command()
@click.argument("name")
def new(name: str) -> None:
    """Make a key for the caller NAME; it is shown once, and only its digest is ever configured."""
    import re

    require("starlette", extra="service", wanted="extractor keys")
    from extractor.api.keys import entry_of, new_key

    if not re.fullmatch(r"[\w.-]{1,64}", name, re.ASCII):
        raise InputError(
            "This name cannot stand in a setting.",
            hint="Use up to 64 letters, digits, dots, hyphens and underscores.",
        )
    key = new_key()
    click.echo(f"key for the caller:            {key}")
    click.echo(f"entry for EXTRACTOR_API_KEYS:  {entry_of(name, key)}")
