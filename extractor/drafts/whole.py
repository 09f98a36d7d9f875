"""The whole forms: what a strong model fills about a whole article.

A figure or date is the id of an offered mention or, where none was offered, the exact words of a
cited sentence: code reads them. The model judges (status, kind, roles, who is whose part), and
writes no number, offset or date of its own.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from extractor.records import (
    Certainty,
    CommitmentStatus,
    EventStatus,
    EventType,
    Per,
    ResourceKind,
    Scope,
)

CommitmentDateRole = Literal["announced_on", "start", "deadline", "duration"]
EventDateRole = Literal["date", "deadline"]


class WholeDraft(BaseModel):
    """Base of the whole forms; what a model adds is not read."""

    model_config = ConfigDict(extra="ignore", frozen=True, use_attribute_docstrings=True)


class CommitmentDate(WholeDraft):
    """A date of a commitment and what it is."""

    date: str
    role: CommitmentDateRole


class EventDate(WholeDraft):
    """A date of a policy event and what it is."""

    date: str
    role: EventDateRole


class WholeCommitment(WholeDraft):
    """One commitment, as a strong model writes it."""

    sentences: list[int]
    """numbers of the sentence that states it best, then of those that complete it"""
    what: str
    """the resource, in a few words of the article"""
    who: list[str]
    """who pays or delivers, names as written"""
    to: list[str] = []
    """who receives, names as written"""
    announced_by: list[str] = []
    """who announces it for the givers"""
    kind: ResourceKind
    money: str | None = None
    """id or exact words of the amount"""
    currency: str | None = None
    """ISO 4217, where the words leave it open"""
    per: Per = "once"
    scope: Scope = "total"
    count: str | None = None
    """id or exact words of the quantity"""
    unit: str | None = None
    """what is counted, English singular"""
    dates: list[CommitmentDate] = []
    status: CommitmentStatus
    certainty: Certainty = "asserted"
    mobilise: bool = False
    """whether the money is to be raised from others"""
    places: list[str] = []
    part_of: int | None = None
    """number of the commitment of the list, from 1, that contains it"""


class WholeEvent(WholeDraft):
    """One policy event, as a strong model writes it."""

    sentences: list[int]
    """numbers of the sentence that states it best, then of those that complete it"""
    what: str
    """the act, in a few words of the article"""
    who: list[str]
    """acting authorities, names as written"""
    targets: list[str] = []
    """who is addressed, regulated or hit"""
    type: EventType
    instrument: str | None = None
    """name of the law, plan or programme, as written"""
    dates: list[EventDate] = []
    status: EventStatus
    certainty: Certainty = "asserted"
    places: list[str] = []
    jurisdictions: list[str] = []
    """ISO 3166-1 alpha-2 codes, or EU, of the acting authorities"""
    commitments: list[int] = []
    """numbers of the commitments of the other list, from 1, made under the act"""
