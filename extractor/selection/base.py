"""What a finder is: it reads a whole article once and spares the model most of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple, Protocol, TypeAlias

from extractor.article import Article
from extractor.records import EventType, RecordType, ResourceKind

Kind: TypeAlias = ResourceKind | EventType


class Likely(NamedTuple):
    """What a finder says of a sentence and one kind of record."""

    probability: float
    """That the sentence holds one, 0 to 1."""
    kinds: tuple[Kind, ...] = ()
    """Which resource or act it then is, likeliest first; empty if the finder cannot tell."""


Candidates: TypeAlias = Mapping[RecordType, Mapping[int, Likely]]
"""By kind of record, the numbers of the sentences worth a question, in order."""


def at_least(candidates: Candidates, least: float) -> Candidates:
    """Those with at least this probability."""
    return {
        kind: {number: likely for number, likely in chosen.items() if likely.probability >= least}
        for kind, chosen in candidates.items()
    }


class Finder(Protocol):
    """Chooses sentences; safe to share between threads."""

    @property
    def name(self) -> str:
        """What provenance calls it; it changes whenever what the finder says may change."""

    @property
    def tells_kinds(self) -> bool:
        """Whether it tells resources and acts, so that the model need not be asked."""

    def find(self, article: Article, numbers: Collection[int] | None = None) -> Candidates:
        """The sentences worth a question; of those with these numbers only, if any are given."""
