"""A sample of the corpus that a finder has not seen, as labels and articles for `extractor-eval`.

    python -m training.finder --without-fold 0 --out runs/finder.json
    python -m training.held_out runs/held-out

The same passages come out every time: those of the fold whose digests are the least.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

import click

from eval.labels.dataset import LabelledArticle
from training.corpora import DATA, FINDER_FILES, as_corpus, fold_of, passages_in

_FOLD: Final = 0


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--count", default=50, show_default=True, help="Passages.")
def main(folder: Path, count: int) -> None:
    """Write NAME.json and NAME.txt of the sample into FOLDER."""
    folder.mkdir(parents=True, exist_ok=True)
    for item in sample(count):
        name = item.name.replace("/", "-")
        (folder / f"{name}.txt").write_text(item.text, encoding="utf-8")
        labels = item.gold.model_dump_json(indent=1)
        (folder / f"{name}.json").write_text(labels + "\n", encoding="utf-8")
    click.echo(f"{count} passages in {folder}")


def sample(count: int) -> list[LabelledArticle]:
    """So many passages of the fold that is held out."""
    items = as_corpus(passages_in(DATA, FINDER_FILES), "held-out").items
    held_out = [item for item in items if fold_of(item.name) == _FOLD]
    return sorted(held_out, key=lambda item: hashlib.sha256(item.name.encode()).hexdigest())[:count]


if __name__ == "__main__":
    main()
