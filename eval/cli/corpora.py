"""The options that name corpora, the same for every command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])
_FOLDER: Final = click.Path(file_okay=False, path_type=Path)


def corpora_options(command: _Command) -> _Command:
    """--gold and --articles, in pairs."""
    with_articles = click.option(
        "--articles",
        multiple=True,
        type=_FOLDER,
        metavar="DIR",
        help="Folder of NAME.txt; once for each --gold, or not at all: then they are looked for in "
        "the folder of the labels, and in `articles` or `seeds` beside it.",
    )
    with_gold = click.option(
        "--gold",
        multiple=True,
        type=_FOLDER,
        default=("gold",),
        show_default=True,
        metavar="DIR",
        help="Folder of labels, NAME.json; once for each corpus.",
    )
    return with_gold(with_articles(command))
