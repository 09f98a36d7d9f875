"""The options that name corpora, the same for every command."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])
FOLDER: Final = click.Path(file_okay=False, path_type=Path)
LABELS: Final = click.Path(path_type=Path)
"""A folder of labels, or a file of labelled articles."""
RUN: Final = click.Path(path_type=Path)
"""A run folder, or a run packed into one file."""


def corpora_options(*, default: Sequence[str]) -> Callable[[_Command], _Command]:
    """--gold and --articles, in pairs."""
    articles = click.option(
        "--articles",
        multiple=True,
        type=FOLDER,
        metavar="DIR",
        help="Folder of NAME.txt; once for each --gold, or not at all: then they are looked for in "
        "the folder of the labels, and in `articles` or `seeds` beside it. Not used for labels "
        "that hold their articles.",
    )
    gold = click.option(
        "--gold",
        multiple=True,
        type=LABELS,
        default=default,
        show_default=bool(default),
        metavar="DIR",
        help="Folder of labels, NAME.json, or file of many with their articles; once for each "
        "corpus." + ("" if default else " Those of the run if not given."),
    )

    def add(command: _Command) -> _Command:
        return gold(articles(command))

    return add
