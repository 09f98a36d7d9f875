"""Lists of models as a person reads them: tables that fit 80 columns and cut no name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from extractor.models.hosted import HostedModels
    from extractor.models.listing import ListedModel


def print_catalogue(models: Iterable[ListedModel]) -> None:
    """Print the models that run on this machine."""
    table = _table("Name", "Licence", "Strategy", "Size", "Here", numbers=("Size",))
    for model in models:
        table.add_row(
            f"{model.name} *" if model.default else model.name,
            model.licence,
            model.strategy,
            f"{model.bytes / 1e6:,.0f} MB",
            _yes(model.available),
        )
    console = _console()
    console.print(table)
    console.print("* the default. Here: whether its file is on this machine.")
    console.print("`extractor models show NAME` tells all of a model.")


def print_hosted(hosted: HostedModels, wanted: str | None) -> None:
    """Print the models of providers that were found, with their prices."""
    console = _console()
    if hosted.models:
        console.print(_prices(hosted))
        console.print("$: USD for a million tokens. Context, Reply: most tokens of each.")
        console.print("Schema: whether a JSON Schema can bind its replies.")
    else:
        console.print(f"No name has {wanted!r} in it; models that are not listed work too.")
    if wanted is None:
        console.print(
            f"{hosted.left_out:,} more are listed with a FILTER, such as --hosted bedrock."
        )
    console.print(f"Prices are those of {hosted.source}'s list, not asked from any provider.")


def _prices(hosted: HostedModels) -> Table:
    numbers = ("In $", "Out $", "Context", "Reply")
    table = _table("Name", *numbers, "Schema", "Thinks", numbers=numbers)
    for model in hosted.models:
        table.add_row(
            model.name,
            _price(model.input_usd),
            _price(model.output_usd),
            _tokens(model.context_tokens),
            _tokens(model.output_tokens),
            _yes(model.takes_schema),
            _yes(model.thinks),
        )
    return table


def _table(*columns: str, numbers: tuple[str, ...]) -> Table:
    table = Table(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        show_edge=False,
        collapse_padding=True,
        header_style="dim",
    )
    for column in columns:
        table.add_column(
            column,
            justify="right" if column in numbers else "left",
            overflow="fold",
            no_wrap=column not in ("Name", "Licence"),
        )
    return table


def _console() -> Console:
    return Console(markup=False, emoji=False, highlight=False)


def _price(usd: float | None) -> str:
    return "–" if usd is None else f"{usd:.4g}"


def _tokens(count: int | None) -> str:
    if count is None:
        return "–"
    return f"{count / 1e6:.3g}M" if count >= 999_500 else f"{count / 1e3:.0f}k"


def _yes(so: bool) -> str:
    return "yes" if so else "no"
