"""Corrections: what a person chose in the article for a field, or for a record that is missing."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extractor.article import Article
from extractor.drafts import Offers
from extractor.errors import InputError
from extractor.prompting.passages import offer_mentions
from extractor.records import RecordType


class NotBorne(InputError):
    """No sentence bears what was chosen; the detail says what and why."""

    hint = "Choose another sentence, or other words of it."


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person chose for one field of a record."""

    field: str
    """A field of the record, or `title` or `evidence`."""
    sentence: int | None = None
    reference: str = ""
    """The id of an offered mention, or words of the sentence; empty to take the value away."""
    place: int | None = None
    """Of a list, the item concerned, from 0; None to add one."""
    is_removal: bool = False
    text: str = ""
    """A title, a choice from a closed list, codes, or the ids of other records."""
    judged: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """What words leave open: `currency`, `per`, `scope`, `unit`, `type`, `canonical`, `code`."""


@dataclass(frozen=True, slots=True)
class NewRecord:
    """What a person says of a record that was not found."""

    kind: RecordType
    sentence: int
    title: str
    actors: Sequence[str]
    """Words of the sentence."""
    label: str
    """The kind of resource, or the type of act."""
    status: str
    amount: str = ""
    """The id of an offered mention."""
    quantity: str = ""
    dates: Sequence[str] = ()


def offers_in(article: Article, number: int) -> Offers:
    """The figures and dates of a sentence, under the ids that a person chooses by."""
    return offer_mentions([article.sentences[number - 1]], article.mentions)
