"""Corpora: articles with their labels, read and checked before anything is run or scored."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from eval.errors import DatasetError, GoldError
from eval.labels.gold import GoldFile, load_gold

# A passage that was written for one phenomenon tells it in its file's name: vi-04-each.txt.
_PHENOMENON: Final = re.compile(r"[a-z]{2}-\d+-(?P<phenomenon>[a-z0-9-]+)")
# Where the articles of a folder of labels are looked for if nobody says: in the folder itself,
# else in a folder of one of these names beside it or beside a folder around it.
_ARTICLE_FOLDERS: Final = ("articles", "seeds")


@dataclass(frozen=True, slots=True)
class Item:
    """One labelled article."""

    name: str
    """The file names of text and labels without their endings."""
    text: str
    gold: GoldFile

    @property
    def published_at(self) -> date | None:
        """The day that relative dates refer to; what a caller would give as publication date."""
        day = self.gold.document.reference_date
        return date.fromisoformat(day) if day else None

    @property
    def phenomenon(self) -> str | None:
        """What the passage was written to try, if its name tells."""
        match = _PHENOMENON.fullmatch(self.name)
        return match["phenomenon"] if match else None


@dataclass(frozen=True, slots=True)
class Corpus:
    """Labelled articles that are scored together."""

    name: str
    """The name of the folder of the articles."""
    items: tuple[Item, ...]
    gold_folder: Path
    article_folder: Path
    gold_sha256: str
    """Digest of all label files: scores against other labels are not comparable."""

    @property
    def clusters(self) -> tuple[str, ...]:
        """A name per item; articles that tell of one event share it, for they are one draw."""
        cluster = {item.name: item.name for item in self.items}
        first_with: dict[str, str] = {}
        for item in self.items:
            for record in item.gold.records:
                if record.cross_doc_key:
                    other = first_with.setdefault(record.cross_doc_key, item.name)
                    old, new = cluster[item.name], cluster[other]
                    cluster = {name: new if old == own else own for name, own in cluster.items()}
        return tuple(cluster[item.name] for item in self.items)

    @property
    def phenomena(self) -> Mapping[str, tuple[str, ...]]:
        """The names of the items that try each phenomenon."""
        found: dict[str, list[str]] = {}
        for item in self.items:
            if item.phenomenon:
                found.setdefault(item.phenomenon, []).append(item.name)
        return {phenomenon: tuple(names) for phenomenon, names in sorted(found.items())}


def load_corpora(gold: Sequence[Path], articles: Sequence[Path]) -> tuple[Corpus, ...]:
    """The corpora of folders of labels, each with its folder of articles; without any, found.

    Raises:
        DatasetError: a folder holds no labels, there are more or fewer folders of articles than of
            labels, or two corpora share a name.
        GoldError: a file of labels cannot be used.
    """
    if articles and len(articles) != len(gold):
        raise DatasetError(
            f"{len(articles)} folders of articles for {len(gold)} folders of labels: "
            "give as many --articles as --gold, in the same order, or none"
        )
    places: Sequence[Path | None] = articles or [None] * len(gold)
    corpora = tuple(load_corpus(*folders) for folders in zip(gold, places, strict=True))
    names = [corpus.name for corpus in corpora]
    if len(set(names)) < len(names):
        raise DatasetError(f"two corpora have one name: {', '.join(names)}")
    return corpora


def only_named(corpora: Sequence[Corpus], patterns: Sequence[str]) -> tuple[Corpus, ...]:
    """The corpora with the articles of names that fit a pattern; whole without patterns.

    Raises:
        DatasetError: no article of a corpus fits.
    """
    if not patterns:
        return tuple(corpora)
    found = []
    for corpus in corpora:
        items = tuple(
            item for item in corpus.items if any(fnmatchcase(item.name, p) for p in patterns)
        )
        if not items:
            raise DatasetError(f"no article of {corpus.name} fits {' or '.join(patterns)}")
        found.append(replace(corpus, items=items))
    return tuple(found)


def load_corpus(gold: Path, articles: Path | None = None) -> Corpus:
    """The corpus of one folder of labels.

    Raises:
        DatasetError: the folder holds no labels.
        GoldError: a file of labels cannot be used; the message tells of all of them.
    """
    files = sorted(gold.glob("*.json")) if gold.is_dir() else []
    if not files:
        raise DatasetError(f"no labels (*.json) in {gold}")
    folder = articles or _articles_of(gold, files[0].with_suffix(".txt").name)
    items, faults = [], []
    for file in files:
        try:
            items.append(_load_item(file, folder))
        except GoldError as error:
            faults.append(str(error))
    if faults:
        raise GoldError("\n".join(faults))
    digests = (f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}\n" for file in files)
    digest = hashlib.sha256("".join(digests).encode()).hexdigest()
    return Corpus(folder.resolve().name, tuple(items), gold, folder, digest)


def _load_item(file: Path, articles: Path) -> Item:
    labels = load_gold(file, articles)
    if labels.document.file != f"{file.stem}.txt":
        raise GoldError(f"{file.name}: labels {labels.document.file}, not {file.stem}.txt")
    return Item(file.stem, (articles / labels.document.file).read_bytes().decode(), labels)


def _articles_of(gold: Path, article: str) -> Path:
    around = gold.resolve()
    places = [around, *(up / name for up in around.parents for name in _ARTICLE_FOLDERS)]
    for place in places:
        if (place / article).is_file():
            return Path(os.path.relpath(place))
    raise DatasetError(f"no article {article} in or beside {gold}: say where with --articles")
