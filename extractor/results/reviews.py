"""What people decided on the records of a reading, and what stands of it.

A reading never changes. What stands of a record is what the rows that are not undone make of it, in
their order: a row holds the record before and after it, so each can be told and taken back alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, get_args

from pydantic import ValidationError

from extractor.errors import InputError
from extractor.kinds import AnyRecord
from extractor.records import Commitment, Extraction, PolicyEvent

if TYPE_CHECKING:
    from sqlalchemy import Connection

ReviewVerdict: TypeAlias = Literal["right", "wrong", "unsure"]
REVIEW_VERDICTS: Final[tuple[ReviewVerdict, ...]] = get_args(ReviewVerdict)
Standing: TypeAlias = Literal["open", "right", "wrong", "later"]
WHOLE: Final = "whole"
"""What the row of a finished reading is of, in place of a record."""
LEFT_AS_REFUSED: Final = "left as refused"
ADDED_FROM_REFUSAL: Final = "added from refusal "


class NoSuchRecord(InputError):
    """The reading has no record of this id."""

    hint = "Load the page again."
    http_status = 404


@dataclass(frozen=True, slots=True)
class Review:
    """One step of one person; `before` and `after` are the record as it was and as it became."""

    id: int
    of: str
    """The record; `R1` and so on for what was refused, `whole` for the reading as a whole."""
    verdict: ReviewVerdict
    by: str
    at: str
    note: str
    before: AnyRecord | None
    after: AnyRecord | None
    is_undone: bool


@dataclass(frozen=True, slots=True)
class ReviewedRecord:
    """A record as it stands after all reviews."""

    record: AnyRecord
    original: AnyRecord | None
    """As the model's draft became it; None for one that a person added."""
    standing: Standing
    version: int
    """Grows with each step and each undoing."""
    history: tuple[Review, ...]
    """The steps that stand, in order."""

    @property
    def is_changed(self) -> bool:
        """Whether it says anything else than when it was read."""
        return self.original is not None and said(self.record) != said(self.original)


@dataclass(frozen=True, slots=True)
class ReviewedRecords:
    """The records of a reading with all that was decided on them."""

    read: Extraction
    """The reading as it was made."""
    records: tuple[ReviewedRecord, ...]
    """In the order of the lists, added ones last of their kind."""
    left: frozenset[int]
    """Refusals, from 1, that somebody left as they are."""
    rescued: dict[int, str]
    """Refusals, from 1, with the record that was made of each."""
    finished: Review | None
    steps: tuple[Review, ...]
    """All that stand, of all people, in order."""

    def find(self, record_id: str) -> ReviewedRecord:
        """The record of this id.

        Raises:
            NoSuchRecord: there is none.
        """
        for one in self.records:
            if one.record.id == record_id:
                return one
        raise NoSuchRecord("This reading has no such record.")

    @property
    def extraction(self) -> Extraction:
        """The reading as it stands, without the records that were rejected."""
        standing = [one.record for one in self.records if one.standing != "wrong"]
        return self.read.model_copy(update=_lists(standing))

    @property
    def shown(self) -> Extraction:
        """The reading as it stands, with the records that were rejected."""
        return self.read.model_copy(update=_lists([one.record for one in self.records]))


def said(record: AnyRecord) -> dict[str, object]:
    """What a record says, without what the checks and the finder say of it."""
    return record.model_dump(exclude={"verdicts", "doubts", "confidence"})


def mention_id(result_key: str, record_id: str) -> str:
    """The id of a record of a reading among those of all readings."""
    return hashlib.sha256(f"{result_key} {record_id}".encode()).hexdigest()[:16]


def reviews_of(rows: Connection, key: str, read: Extraction) -> list[Review]:
    """All reviews of the reading under this key, undone ones too, in order.

    Raises:
        InputError: one was kept by a version whose records are others.
    """
    from sqlalchemy import select

    from extractor.storage.tables import REVIEWS

    refusals = range(1, len(read.rejected) + 1)
    named = {mention_id(key, f"R{number}"): f"R{number}" for number in refusals}
    query = select(REVIEWS).where(REVIEWS.c.version == key).order_by(REVIEWS.c.id)
    found = []
    for row in rows.execute(query):
        before, after = record_of(row.before), record_of(row.after)
        record = after or before
        of = record.id if record else named.get(row.subject_id, WHOLE)
        found.append(
            Review(
                id=row.id,
                of=of,
                verdict=row.verdict,
                by=row.by,
                at=row.at,
                note=row.note or "",
                before=before,
                after=after,
                is_undone=row.undone_at is not None,
            )
        )
    return found


def record_of(content: str | None) -> AnyRecord | None:
    """A record as a row holds it; None for none.

    Raises:
        InputError: it was kept by a version whose records are others.
    """
    if content is None:
        return None
    # An act has a type of its own, which no commitment has.
    model: Any = PolicyEvent if '"event_type":' in content else Commitment
    try:
        record: AnyRecord = model.model_validate_json(content)
    except ValidationError:
        raise InputError("A review was kept by another version of the schema.") from None
    return record


def reviewed(read: Extraction, reviews: Iterable[Review]) -> ReviewedRecords:
    """What stands of a reading after these reviews of it."""
    found: list[AnyRecord] = [*read.commitments, *read.policy_events]
    subjects = {record.id: _Subject(record) for record in found}
    steps: list[Review] = []
    for review in reviews:
        subject = subjects.setdefault(review.of, _Subject())
        subject.version += 2 if review.is_undone else 1
        if not review.is_undone:
            subject.steps.append(review)
            steps.append(review)
    # Who decides on anything afterwards opens the reading again.
    last = steps[-1] if steps else None
    return ReviewedRecords(
        read=read,
        records=tuple(_in_order(subjects)),
        left=frozenset(int(step.of[1:]) for step in steps if step.note == LEFT_AS_REFUSED),
        rescued=dict(_rescued(steps)),
        finished=last if last and last.of == WHOLE else None,
        steps=tuple(steps),
    )


@dataclass(slots=True)
class _Subject:
    original: AnyRecord | None = None
    steps: list[Review] = field(default_factory=list)
    version: int = 0

    @property
    def record(self) -> AnyRecord | None:
        """As it stands; None if a person added it and took that back."""
        last = self.steps[-1] if self.steps else None
        return (last.after or last.before) if last else self.original

    @property
    def standing(self) -> Standing:
        if not self.steps:
            return "open"
        last = self.steps[-1]
        if last.verdict != "unsure":
            return last.verdict
        return "later" if last.before == last.after else "open"


def _in_order(subjects: dict[str, _Subject]) -> Iterator[ReviewedRecord]:
    found = [
        ReviewedRecord(record, one.original, one.standing, one.version, tuple(one.steps))
        for one in subjects.values()
        if (record := one.record) is not None
    ]
    # Commitments first, as in the lists; a sort keeps the order within each.
    found.sort(key=lambda one: isinstance(one.record, PolicyEvent))
    yield from found


def _rescued(steps: Sequence[Review]) -> Iterator[tuple[int, str]]:
    for step in steps:
        if step.note.startswith(ADDED_FROM_REFUSAL):
            yield int(step.note.removeprefix(ADDED_FROM_REFUSAL)), step.of


def _lists(records: Sequence[AnyRecord]) -> dict[str, object]:
    return {
        "commitments": [one for one in records if isinstance(one, Commitment)],
        "policy_events": [one for one in records if isinstance(one, PolicyEvent)],
    }
