"""Labels of linking: which records of which articles tell of one pledge or act."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from eval.errors import DatasetError
from eval.labels.dataset import LabelledArticle
from eval.labels.passages import load_passages
from extractor.records import Number

ARTICLES: Final = "articles.jsonl"
PLEDGES: Final = "pledges.json"
Telling = tuple[str, str]
"""An article by name, and the id of a record in its labels."""


class _Labels(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, use_attribute_docstrings=True)


class ToldArticle(_Labels):
    """Where an article stood."""

    publisher: str
    published_at: str
    wire: str | None
    """The story that it is a copy of."""
    dev: bool
    """Whether rules may be made with it in view."""


class PledgeSum(_Labels):
    """What a pledge comes to."""

    value: Number
    currency: str


class LinkedGroup(_Labels):
    """All tellings of one pledge or act."""

    description: str
    tellings: Annotated[tuple[Telling, ...], Field(min_length=1)]
    sum: PledgeSum | None = None
    part_of: str | None = None
    countable: bool = False
    """Whether its sum may be added to those of others."""


class LinkedTwins(_Labels):
    """Two that must stay apart."""

    pair: tuple[str, str]
    why: str


class _LinkingFile(_Labels):
    articles: dict[str, ToldArticle]
    pledges: dict[str, LinkedGroup]
    acts: dict[str, LinkedGroup]
    twins: tuple[LinkedTwins, ...] = ()


@dataclass(frozen=True, slots=True)
class LinkingLabels:
    """Articles, and what in them is one."""

    items: tuple[LabelledArticle, ...]
    articles: dict[str, ToldArticle]
    groups: dict[str, LinkedGroup]
    """Pledges and acts by name."""
    twins: tuple[LinkedTwins, ...]
    sha256: str

    def group_of(self) -> dict[Telling, str]:
        """The name of the pledge or act that each telling is of."""
        return {telling: name for name, group in self.groups.items() for telling in group.tellings}

    def only(self, *, dev: bool) -> LinkingLabels:
        """The articles that rules may be made with, or the others, with what they tell."""
        chosen = {name for name, told in self.articles.items() if told.dev == dev}
        groups = {
            name: group.model_copy(update={"tellings": tellings})
            for name, group in self.groups.items()
            if (tellings := tuple(one for one in group.tellings if one[0] in chosen))
        }
        return LinkingLabels(
            tuple(item for item in self.items if item.name in chosen),
            {name: told for name, told in self.articles.items() if name in chosen},
            groups,
            tuple(twins for twins in self.twins if set(twins.pair) <= groups.keys()),
            self.sha256,
        )


def load_linking(folder: Path) -> LinkingLabels:
    """The labels of a folder.

    Raises:
        DatasetError: a file is missing or does not fit its form, or a telling is of no record.
        GoldError: labels of an article cannot be used.
    """
    try:
        content = (folder / PLEDGES).read_bytes()
        told = _LinkingFile.model_validate_json(content)
        passages = load_passages([folder / ARTICLES])
    except OSError as error:
        raise DatasetError(f"{error.filename}: {error.strerror}") from None
    except ValidationError as error:
        fault = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, fault["loc"]))
        raise DatasetError(f"{PLEDGES}: {where}: {fault['msg']}") from None
    items = tuple(
        LabelledArticle(each.id, each.article, each.gold("linking"))
        for each in passages
        if each.id in told.articles
    )
    groups = told.pledges | told.acts
    records = {(item.name, record.id) for item in items for record in item.gold.records}
    for name, group in groups.items():
        for telling in group.tellings:
            if telling not in records:
                raise DatasetError(f"{PLEDGES}: {name}: there is no record {' '.join(telling)}")
    digest = hashlib.sha256(content + (folder / ARTICLES).read_bytes()).hexdigest()
    return LinkingLabels(items, told.articles, groups, told.twins, digest)
