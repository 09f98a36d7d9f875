"""Corpora: articles with their labels, read and checked before anything is run or scored."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase
from itertools import chain
from pathlib import Path
from typing import Final, TypeVar

from pydantic_core import from_json

from eval.errors import DatasetError, GoldError
from eval.labels.collected import read_collected
from eval.labels.gold import GoldFile, faults_of, read_gold

# A passage that was written for one phenomenon tells it in its name: vi-04-each.
_PHENOMENON: Final = re.compile(r"[a-z]{2}-\d+-(?P<phenomenon>[a-z0-9-]+)")
# Where the articles of a folder of labels are looked for if nobody says: in the folder itself,
# else in a folder of one of these names beside it or beside a folder around it.
_ARTICLE_FOLDERS: Final = ("articles", "seeds")
_Given = TypeVar("_Given")
_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class LabelledArticle:
    """One labelled article."""

    name: str
    """The file names of text and labels without their endings, or the name in a file of many."""
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
    """The name of the folder of the articles, or of their file."""
    items: tuple[LabelledArticle, ...]
    gold_path: Path
    """The folder of the labels; their file if one was given."""
    article_path: Path
    """The folder of the articles; where the labels are if they hold their articles."""
    gold_sha256: str
    """Digest of all labels: scores against others are not comparable."""

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
    """The corpora of folders or files of labels, each with its folder of articles; if none, found.

    Raises:
        DatasetError: one holds no labels, there are more or fewer folders of articles than of
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
    """The corpus of one folder of labels, or of one file of them.

    A file holds the labels of one article, whose text is looked for in `articles`, or those of many
    articles, with their texts or without (`eval.labels.collected`).

    Raises:
        DatasetError: there are no labels.
        GoldError: labels cannot be used; the message tells of all that cannot.
    """
    files = [gold] if gold.is_file() and gold.suffix == ".json" else sorted(gold.glob("*.json"))
    if not files:
        raise DatasetError(f"no labels (*.json) in {gold}")
    faults: list[str] = []
    sources = chain.from_iterable(_each(_sources_of, files, faults))
    found = sorted(sources, key=lambda source: source.label_file)
    if not found and not faults:
        raise DatasetError(f"no labelled article in {gold}")
    apart = next((source.article_file for source in found if source.article is None), None)
    place = gold if apart is None else articles or _articles_of(gold, apart)
    items = _each(lambda source: _load_item(source, place), found, faults)
    faults += _names_taken(found)
    if faults:
        raise GoldError("\n".join(sorted(faults)))
    digests = (f"{one.label_file} {hashlib.sha256(one.labels).hexdigest()}\n" for one in found)
    digest = hashlib.sha256("".join(digests).encode()).hexdigest()
    name = place.resolve().stem if place.is_file() else place.resolve().name
    return Corpus(name, tuple(items), gold, place, digest)


@dataclass(frozen=True, slots=True)
class _Source:
    """One labelled article as it was found."""

    name: str
    where: str
    """What a fault is told with."""
    labels: bytes
    article: bytes | None
    """None if it has a file of its own."""

    @property
    def label_file(self) -> str:
        return f"{self.name}.json"

    @property
    def article_file(self) -> str:
        return f"{self.name}.txt"


def _each(
    read: Callable[[_Given], _Read], given: Iterable[_Given], faults: list[str]
) -> list[_Read]:
    """What comes of all that can be read; what cannot is added to the faults."""
    found = []
    for one in given:
        try:
            found.append(read(one))
        except GoldError as error:
            faults.append(str(error))
    return found


def _sources_of(file: Path) -> list[_Source]:
    try:
        data = file.read_bytes()
        content = from_json(data)
    except OSError as error:
        raise GoldError(f"{file.name}: {error.strerror}") from None
    except ValueError as error:
        raise GoldError(f"{file.name}: no JSON: {error}") from None
    if not isinstance(content, list):
        return [_Source(file.stem, file.name, data, None)]
    return [
        _Source(one.name, f"{file.name}: {one.name}", one.label_bytes, one.article_bytes)
        for one in read_collected(file.name, content)
    ]


def _load_item(source: _Source, articles: Path) -> LabelledArticle:
    gold = read_gold(source.where, source.labels)
    if gold.document.file != source.article_file:
        labelled = gold.document.file
        raise GoldError(f"{source.where}: labels {labelled}, not {source.article_file}")
    article = source.article
    if article is None:
        try:
            article = (articles / source.article_file).read_bytes()
        except OSError:
            message = f"{source.where}: no article {source.article_file} in {articles}"
            raise GoldError(message) from None
    faults = list(faults_of(gold, article))
    if faults:
        raise GoldError(f"{source.where}: " + "; ".join(faults))
    return LabelledArticle(source.name, article.decode(), gold)


def _names_taken(sources: Sequence[_Source]) -> Iterator[str]:
    first: dict[str, _Source] = {}
    for source in sources:
        if first.setdefault(source.name, source) is not source:
            yield f"{source.where}: {first[source.name].where} has this name too"


def _articles_of(gold: Path, article: str) -> Path:
    around = gold.resolve().parent if gold.is_file() else gold.resolve()
    places = [around, *(up / name for up in around.parents for name in _ARTICLE_FOLDERS)]
    for place in places:
        if (place / article).is_file():
            return Path(os.path.relpath(place))
    raise DatasetError(f"no article {article} in or beside {gold}: say where with --articles")
