"""A row of the ledger: a pledge or an act, with all that its sources say; kept and exported so."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, TypeAlias

from extractor.records import (
    ActorType,
    Contract,
    EventType,
    Per,
    Qualifier,
    RecordType,
    ResourceKind,
    Scope,
)

Stage: TypeAlias = Literal[
    "rumoured",
    "under_negotiation",
    "planned",
    "announced",
    "agreed",
    "in_progress",
    "completed",
    "cancelled",
    "under_consideration",
    "proposed",
    "adopted",
    "in_force",
    "occurred",
    "ended",
]
"""The status of a record; `rumoured` for what is told with a hedge."""
WhyNot: TypeAlias = Literal[
    "no_commitment",
    "no_amount",
    "rumour",
    "under_negotiation",
    "only_planned",
    "cancelled",
    "rate",
    "each",
    "others_money",
    "umbrella",
    "within_umbrella",
    "maybe_repetition",
]
"""no_commitment: it is an act; no_amount: no number with a currency; only_planned:
intended, not promised; rate: per year or month; each:
per party or unit; others_money: raised from others, not given; umbrella: its parts add up to it and
are counted; within_umbrella: the whole is counted; maybe_repetition: it may be the same pledge as
an older row."""


class PartySeen(Contract):
    """A party, by all names that its sources use."""

    id: str | None
    """ISO code, id of the table of parties, or country and portfolio; null if not known."""
    name: str
    """In English where the table has it, else as an article writes it."""
    candidates: list[str]
    """Ids that the name may mean, if several."""
    country: str | None
    type: ActorType
    written: list[str]
    """As the articles write it."""


class FigureSeen(Contract):
    """An amount or count that sources tell."""

    value: Decimal
    value_max: Decimal | None
    """Upper bound of a range, else null."""
    unit: str
    """ISO 4217, or what is counted."""
    qualifier: Qualifier
    per: Per
    scope: Scope


class QuoteSeen(Contract):
    """A sentence of an article, in code points of the article as given."""

    start: int
    end: int
    quote: str


class SourceSeen(Contract):
    """What one article tells of it."""

    mention: str
    """Id of the mention."""
    record_id: str
    article_sha256: str
    publisher: str | None
    source_url: str | None
    published_at: str | None
    language: str
    wire: str | None
    """The story that the article is a copy of; null if of none that is here."""
    stage: Stage
    figure: FigureSeen | None
    words: str | None
    """The figure in the article's own words."""
    quotes: list[QuoteSeen]


class HistoryStep(Contract):
    """A stage of its life, as the first article tells it."""

    stage: Stage
    on: str | None
    """EDTF; null if neither the article nor its date tells."""
    basis: Literal["told", "published"]
    """Whether the article tells the day, or it is the day of the article."""
    mention: str
    article_sha256: str
    quote: str


class Disagreement(Contract):
    """Values of which only one can be right; none is averaged or overwritten."""

    field: Literal["amount", "quantity", "deadline", "status"]
    values: list[str]
    """Each with its own words."""
    mentions: list[list[str]]
    """For each value, the mentions that tell it."""


class PledgeRow(Contract):
    """A pledge or an act."""

    id: str
    kind: RecordType
    title: str
    """That of its oldest mention; for people."""
    givers: list[PartySeen]
    """Who gives; the authorities of an act."""
    receivers: list[PartySeen]
    """Who receives; whom an act concerns."""
    places: list[str]
    """ISO codes of the countries where it is used or applies."""
    resource_kind: ResourceKind | None
    event_type: EventType | None
    instrument: str | None
    jurisdictions: list[str]
    amount: FigureSeen | None
    """What most sources tell."""
    quantity: FigureSeen | None
    stage: Stage
    """Where it stands now."""
    told_on: str | None
    """When it was first told: ISO date, or a month or year."""
    deadline: str | None
    """EDTF."""
    history: list[HistoryStep]
    conflicts: list[Disagreement]
    part_of: str | None
    """Id of the row that contains it."""
    sources: list[SourceSeen]
    publishers: list[str]
    """Who told it of their own: all copies of a story count for who published it first."""
    countable: bool
    """Whether its amount may be summed with others."""
    why_not: list[WhyNot]

    @property
    def year(self) -> str | None:
        """The year in which it was first told."""
        return self.told_on[:4] if self.told_on else None
