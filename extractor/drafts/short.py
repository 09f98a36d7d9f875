"""The short forms: what a small model fills about one sentence, figures and dates by id only."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from extractor.records import CommitmentStatus, EventStatus, EventType, ResourceKind


class ShortDraft(BaseModel):
    """Base of the short forms: closed; what is not offered, or not asked for, is left out."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class DraftCommitment(ShortDraft):
    """One commitment, as a small model writes it."""

    sentence: int = 0
    """number of the sentence that states it; may be left out where there is only one"""
    what: str = ""
    """the resource, in the words of the sentence; the clause of its figure if not asked for"""
    who: list[str]
    """who pays or delivers, names as written"""
    to: list[str]
    """who receives, names as written"""
    kind: ResourceKind | None = None
    """type of resource; the finder tells it if not asked for"""
    money: str | None = None
    """id of the amount"""
    count: str | None = None
    """id of the quantity"""
    dates: list[str] = []
    """ids of its dates"""
    status: CommitmentStatus | None = None
    """how far it is; told by cue words if not asked for"""
    announced_by: str | None
    """speaker, if not the giver"""
    place: str | None
    """where it is used or built"""


class DraftEvent(ShortDraft):
    """One policy event, as a small model writes it."""

    sentence: int = 0
    """number of the sentence that states it; may be left out where there is only one"""
    what: str = ""
    """the act, in the words of the sentence; the clause of its actor if not asked for"""
    who: list[str]
    """acting authorities, names as written"""
    targets: list[str]
    """who is addressed or regulated"""
    type: EventType | None = None
    """type of act; the finder tells it if not asked for"""
    instrument: str | None
    """name of the law, plan or programme"""
    dates: list[str] = []
    """ids of its dates"""
    status: EventStatus | None = None
    """how far it is; told by cue words if not asked for"""
