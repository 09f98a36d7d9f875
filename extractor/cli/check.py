"""`extractor models check`: whether a model can be used, and how."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Literal

import click

if TYPE_CHECKING:
    from extractor.probing import ModelCheck

_EXIT_WRONG = 6
_EXIT_FAILED = 5


@click.command()
@click.argument("name")
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
)
def check(name: str, output_format: Literal["table", "json"]) -> None:
    """Ask a model about two tiny articles; tell what it takes, how it reads and what that costs.

    Exit code 0: its records are right; 5: it did not answer; 6: it answered, and wrongly.
    """
    from extractor.probing import check_model
    from extractor.settings import load_settings

    found = check_model(
        name,
        load_settings(),
        on_question=lambda question: click.echo(f"Asking about {question} …", err=True),
    )
    if output_format == "json":
        document = found.model_dump(mode="json")
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        _print(found)
    if found.verdict != "right":
        sys.exit(_EXIT_FAILED if found.verdict == "failed" else _EXIT_WRONG)


def _print(found: ModelCheck) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    console = Console(markup=False, emoji=False, highlight=False)
    verdict = {
        "right": "answers, and rightly",
        "wrong": "answers, and wrongly",
        "failed": "does not answer",
    }[found.verdict]
    console.print(f"{found.model} {verdict}.")
    if found.error:
        again = " It may pass: try again." if found.retryable else ""
        console.print(f"{found.error}.{again}\nHint: {found.hint}")
    if found.articles:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="dim")
        table.add_column("Article", overflow="fold")
        table.add_column("Right", overflow="fold")
        table.add_column("Wrong", overflow="fold")
        for heading in ("Calls", "Seconds", "Tokens in", "out", "USD"):
            table.add_column(heading, justify="right", overflow="fold")
        for each in found.articles:
            table.add_row(
                each.name,
                ", ".join(each.right),
                ", ".join(each.wrong),
                str(each.calls),
                f"{each.seconds:.1f}",
                f"{each.prompt_tokens:,}",
                f"{each.output_tokens:,}",
                "?" if each.cost_usd is None else f"{each.cost_usd:.4f}",
            )
        console.print(table)
        for notice in dict.fromkeys(told for each in found.articles for told in each.notices):
            console.print(f"Note: {notice}")
    for label, value in {
        "strategy": found.strategy,
        "policy": found.policy,
        **found.takes,
        "refused": "; ".join(found.refused) or "nothing",
    }.items():
        console.print(f"{label + ':':<18}{value}")
    if found.settings:
        console.print("\nSettings to use:")
    for setting in found.settings:
        console.print(f"  {setting}")
