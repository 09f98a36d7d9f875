"""`python -m tests.pages`: readers of pages beside each other, and pages beside their clean text.

`--half a` tells each error on the pages that the rules were made with.

readability is asked where it is installed: `pip install readability-lxml`.
"""

from __future__ import annotations

import argparse

from rich.console import Console
from rich.table import Table

from tests.pages.agreement import agreement, compare, compare_records
from tests.pages.measuring import leakage, likeness, measure, readers, recall
from tests.pages.pages import pages

_HALVES = {"a": "rules made with", "b": "kept back"}


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.pages")
    parser.add_argument("--half", choices=_HALVES, help="only these pages, with each error")
    asked = parser.parse_args()
    table = Table("pages", "reader", "must-have recall", "leakage", "F1 of words")
    console = Console(width=110)
    for half in [asked.half] if asked.half else _HALVES:
        chosen = [page for page in pages() if page.half == half]
        for name, reader in readers().items():
            rows = [measure(page, reader) for page in chosen]
            told = (str(figure(rows)) for figure in (recall, leakage, likeness))
            table.add_row(f"{len(rows)}, {_HALVES[half]}", name, *told)
            if asked.half and name == "ours":
                for row in rows:
                    for lost in row.lost:
                        console.print(f"{row.page.name} LOST {lost}", markup=False)
                    for leak in row.leaks:
                        console.print(f"{row.page.name} LEAK {leak}", markup=False)
    console.print(table)
    for half in [asked.half] if asked.half else _HALVES:
        chosen = [page for page in pages() if page.half == half]
        for what, pair_of in (("sentences with a value", compare), ("records", compare_records)):
            pairs = [pair_of(page) for page in chosen]
            count = sum(pair.either for pair in pairs)
            console.print(
                f"{_HALVES[half]}, page as clean text: {count} {what}, alike {agreement(pairs)}"
            )


if __name__ == "__main__":
    main()
