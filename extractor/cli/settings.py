"""`extractor settings`: every setting with its variable, its default and what it means."""

from __future__ import annotations

import click


@click.command()
def settings() -> None:
    """Print every setting as a table in Markdown: variable, default, meaning."""
    click.echo("\n".join(table()))


def table() -> list[str]:
    """The lines of the table."""
    from extractor.settings import Settings

    lines = ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        alias = field.validation_alias
        variable = alias if isinstance(alias, str) else f"EXTRACTOR_{name.upper()}"
        meaning = " ".join((field.description or "").split())
        default = _told(field.get_default(call_default_factory=True))
        lines.append(f"| `{variable}` | {default} | {meaning} |")
    return lines


def _told(default: object) -> str:
    from pathlib import Path

    if default is None or default == ():
        return ""
    if isinstance(default, Path) and default.is_relative_to(Path.home()):
        return f"`~/{default.relative_to(Path.home())}`"
    return f"`{default}`"
