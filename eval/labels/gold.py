"""Gold labels: the hand-made records of one article, checked against the article itself.

They hold the fields of the public contract, so predictions and labels are compared like for
like, and what only labels have: tiers, tolerated values, traps and adjudicated doubts.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from eval.errors import GoldError
from extractor.records import Certainty, CommitmentFields, EventFields, Place, TextSpan


class _Label(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class GoldEvidence(TextSpan):
    """A verbatim quote: `article[start:end] == quote`, in code points."""

    quote: str = Field(min_length=1)
    """A whole sentence, or the clause of it that names the resource or instrument."""


class GoldDocument(_Label):
    """Which article is labelled, and against which date."""

    file: str
    """Name of the article's text file."""
    language: Literal["vi", "fr", "en"]
    sha256: str
    """Digest of the article's UTF-8 bytes."""
    body_span: TextSpan
    """Nothing outside it is labelled."""
    reference_date: str | None
    """ISO 8601 date that relative dates refer to; null if the labels resolve none."""


class GoldRecord(_Label):
    """What both kinds of labels share."""

    id: str = Field(pattern=r"^[A-Za-z0-9_-]+$")
    title: str
    certainty: Certainty
    places: list[Place]
    part_of: str | None
    evidence: list[GoldEvidence] = Field(min_length=1)
    tier: Literal["core", "optional"]
    """optional: neither missing nor finding it counts as a mistake."""
    accept_also: dict[str, list[JsonValue]]
    """Tolerated second-best values by field; they count in the lenient score only."""
    cross_doc_key: str | None
    """The same key on the same pledge or act in another article."""
    annotator_note: str


class GoldCommitment(CommitmentFields, GoldRecord):
    """A labelled commitment; fields as in the public contract."""


class GoldEvent(EventFields, GoldRecord):
    """A labelled policy event; fields as in the public contract."""


class HardNegative(GoldEvidence):
    """A stretch that looks like a record and is none."""

    why: str
    trap_value: JsonValue
    """The value a careless reader would take from it; null if the whole statement is the trap."""


class LabelDoubt(_Label):
    """A case on which careful readers may differ, and what was decided."""

    about: str
    decision: str
    reason: str


class GoldFile(_Label):
    """All labels of one article."""

    guidelines_version: str
    annotator: str
    document: GoldDocument
    commitments: list[GoldCommitment]
    policy_events: list[GoldEvent]
    hard_negatives: list[HardNegative]
    ambiguous: list[LabelDoubt]

    @property
    def records(self) -> list[GoldRecord]:
        """Both kinds of labels."""
        return [*self.commitments, *self.policy_events]


def read_gold(where: str, labels: bytes) -> GoldFile:
    """The labels of one article, not yet checked against it; `where` is told with a fault.

    Raises:
        GoldError: they do not fit the format.
    """
    try:
        return GoldFile.model_validate_json(labels)
    except ValidationError as error:
        raise GoldError(f"{where}: {faults_told(error)}") from None


def faults_told(error: ValidationError) -> str:
    """Everything in which something does not fit its format, in one line."""
    return "; ".join(
        f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"
        for fault in error.errors(include_input=False, include_url=False)
    )


def faults_of(gold: GoldFile, data: bytes) -> Iterator[str]:
    """Everything in which labels do not fit the bytes of their article."""
    if hashlib.sha256(data).hexdigest() != gold.document.sha256:
        yield "the article has another sha256 than the one that was labelled"
        return
    text = data.decode()
    body = gold.document.body_span
    for record in gold.records:
        for number, item in enumerate(record.evidence, start=1):
            where = f"{record.id} evidence {number}"
            yield from _span_faults(where, item, text, body)
        yield from _value_faults(record)
    for number, trap in enumerate(gold.hard_negatives, start=1):
        # A trap may stand in the page furniture: that is often where traps are.
        whole = TextSpan(start=0, end=len(text))
        yield from _span_faults(f"hard negative {number}", trap, text, whole)
    yield from _id_faults(gold)


def _span_faults(where: str, item: GoldEvidence, text: str, bounds: TextSpan) -> Iterator[str]:
    if text[item.start : item.end] != item.quote:
        yield f"{where} is not what the article has at {item.start}:{item.end}"
    if not bounds.start <= item.start < item.end <= bounds.end:
        yield f"{where} lies outside the body"


def _value_faults(record: GoldRecord) -> Iterator[str]:
    quotes = " … ".join(item.quote for item in record.evidence)
    if isinstance(record, GoldCommitment):
        raws = [value.raw for value in (record.amount, record.quantity) if value]
        raws += [other.raw for other in (record.amount.converted if record.amount else [])]
        for raw in raws:
            if raw not in quotes:
                yield f"{record.id}: {raw!r} is in none of its quotes"
    if isinstance(record, GoldEvent) and record.instrument and record.instrument not in quotes:
        yield f"{record.id}: the instrument is in none of its quotes"


def _id_faults(gold: GoldFile) -> Iterator[str]:
    counted = Counter(record.id for record in gold.records)
    yield from (
        f"the id {name} is used {times} times" for name, times in counted.items() if times > 1
    )
    commitments = {record.id for record in gold.commitments}
    for record in gold.records:
        if record.part_of is not None and record.part_of not in counted:
            yield f"{record.id} is part of {record.part_of}, which is not there"
    for event in gold.policy_events:
        for name in event.related_commitments:
            if name not in commitments:
                yield f"{event.id} relates to {name}, which is not there"
