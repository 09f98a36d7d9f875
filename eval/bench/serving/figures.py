"""A figure with its bar, and the table of them."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from rich.console import Console
from rich.table import Table

Bar: TypeAlias = tuple[Literal["<=", ">="], float]
_MEETS: Final = {">=": operator.ge, "<=": operator.le}


@dataclass(frozen=True, slots=True)
class Measurement:
    """What was measured; without a bar it only explains the others."""

    what: str
    value: float
    unit: str = ""
    bar: Bar | None = None

    @property
    def is_met(self) -> bool:
        """Whether the bar is met, or there is none."""
        return self.bar is None or bool(_MEETS[self.bar[0]](self.value, self.bar[1]))

    @property
    def verdict(self) -> str:
        """What stands beside the bar."""
        if self.bar is None:
            return ""
        return "met" if self.is_met else "MISSED"


def print_figures(title: str, figures: Sequence[Measurement], console: Console) -> bool:
    """Print the table; whether every bar is met."""
    table = Table("", "measured", "bar", "", title=title, title_justify="left")
    for figure in figures:
        bar = f"{figure.bar[0]} {figure.bar[1]:g}" if figure.bar else ""
        table.add_row(figure.what, f"{_number(figure.value)} {figure.unit}", bar, figure.verdict)
    console.print(table)
    return all(figure.is_met for figure in figures)


def written_figures(title: str, figures: Sequence[Measurement]) -> str:
    """The same in Markdown."""
    lines = [f"## {title}", "", "| | measured | bar | |", "|---|---|---|---|"]
    for figure in figures:
        bar = f"{figure.bar[0]} {figure.bar[1]:g}" if figure.bar else ""
        measured = f"{_number(figure.value)} {figure.unit}".strip()
        lines.append(f"| {figure.what} | {measured} | {bar} | {figure.verdict} |")
    return "\n".join((*lines, "", ""))


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
