"""Reviews: what people decide on the records of a reading, one row for each step, and undone ones.

A reading never changes. What stands of a record is what the rows that are not undone make of it, in
their order: a row holds the record before and after it, so each can be told and taken back alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, get_args

from pydantic import ValidationError
from sqlalchemy import insert, select, update

from extractor.desk.library import Library, OpenReading
from extractor.errors import InputError
from extractor.kinds import AnyRecord, kind_of
from extractor.pledges.mentions import mention_id
from extractor.records import Commitment, Extraction, PolicyEvent
from extractor.storage.tables import RESULTS, REVIEWS, now_text

if TYPE_CHECKING:
    from sqlalchemy import Connection

ReviewVerdict: TypeAlias = Literal["right", "wrong", "unsure"]
Standing: TypeAlias = Literal["open", "right", "wrong", "later"]
STANDINGS: Final[tuple[Standing, ...]] = get_args(Standing)
_MENTION: Final = "mention"
_READING: Final = "reading"
_WHOLE: Final = "whole"
"""What the row of a finished reading is of, in place of a record."""


class ChangedMeanwhile(InputError):
    """Somebody else decided on the record since this page was made."""

    hint = "Look at it as it is now, then decide again: nothing was lost."
    http_status = 409


class NothingToUndo(InputError):
    """There is no step of this person that can be taken back."""

    hint = "Only your own steps are taken back, the last one first."
    http_status = 409


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
class ReviewedReading:
    """A reading with all that was decided on it."""

    opened: OpenReading
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
        return self.opened.extraction.model_copy(update=_lists(standing))

    @property
    def shown(self) -> Extraction:
        """The reading as it stands, with the records that were rejected."""
        return self.opened.extraction.model_copy(
            update=_lists([one.record for one in self.records])
        )


def said(record: AnyRecord) -> dict[str, object]:
    """What a record says, without what the checks and the finder say of it."""
    return record.model_dump(exclude={"verdicts", "doubts", "confidence"})


class Reviews:
    """The reviews in a store; safe between threads and processes."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def of(self, opened: OpenReading) -> ReviewedReading:
        """The reading with all that was decided on it."""
        with self._library.store.reading() as rows:
            return _folded(opened, _rows(rows, opened))

    def decide(
        self, opened: OpenReading, record_id: str, verdict: ReviewVerdict, by: str, version: int
    ) -> None:
        """Accept, reject or set aside a record as it stands.

        Raises:
            NoSuchRecord: the reading has none of this id.
            ChangedMeanwhile: somebody decided on it after this version.
        """
        notes = {"right": "accepted", "wrong": "rejected", "unsure": "set aside"}
        with self._library.store.writing() as rows:
            one = _current(rows, opened, record_id, version)
            kept = None if verdict == "wrong" else one.record
            _add(rows, opened, record_id, verdict, by, notes[verdict], one.record, kept)

    def change(
        self, opened: OpenReading, record: AnyRecord, what: str, by: str, version: int
    ) -> None:
        """Put a proved record in the place of the one of its id, which is then open again.

        Raises:
            NoSuchRecord: the reading has none of this id.
            ChangedMeanwhile: somebody decided on it after this version.
        """
        with self._library.store.writing() as rows:
            one = _current(rows, opened, record.id, version)
            _add(rows, opened, record.id, "unsure", by, f"changed {what}", one.record, record)

    def add(self, opened: OpenReading, record: AnyRecord, by: str, refusal: int | None) -> str:
        """Add a proved record, made of a refusal or not; its id, which was free."""
        note = "added" if refusal is None else f"added from refusal {refusal}"
        with self._library.store.writing() as rows:
            _lock(rows, opened)
            kind = kind_of(record)
            used = len(getattr(opened.extraction, kind.listed))
            for row in _rows(rows, opened):
                if row.of.startswith(kind.letter):
                    used = max(used, int(row.of.removeprefix(kind.letter)))
            named = record.model_copy(update={"id": f"{kind.letter}{used + 1}"})
            _add(rows, opened, named.id, "unsure", by, note, None, named)
        return named.id

    def leave(self, opened: OpenReading, refusal: int, by: str) -> None:
        """Say that a refusal, counted from 1, is right.

        Raises:
            NoSuchRecord: there is none of this number.
        """
        if not 1 <= refusal <= len(opened.extraction.rejected):
            raise NoSuchRecord("There is no such refusal.")
        with self._library.store.writing() as rows:
            _add(rows, opened, f"R{refusal}", "wrong", by, "left as refused", None, None)

    def finish(self, opened: OpenReading, by: str) -> None:
        """Say that all records are decided on and none is missing.

        Raises:
            ChangedMeanwhile: a record is not decided on.
        """
        with self._library.store.writing() as rows:
            _lock(rows, opened)
            reading = _folded(opened, _rows(rows, opened))
            undecided = [one for one in reading.records if one.standing in ("open", "later")]
            if undecided:
                raise ChangedMeanwhile(
                    f"{undecided[0].record.id} is not decided on.",
                    hint="Accept or reject every record first.",
                )
            _add(rows, opened, _WHOLE, "right", by, "finished", None, None)

    def undo(self, opened: OpenReading, by: str) -> Review:
        """Take back the last step of this person, and tell which it was.

        Raises:
            NothingToUndo: there is none, or somebody else went on from it.
        """
        with self._library.store.writing() as rows:
            _lock(rows, opened)
            steps = [row for row in _rows(rows, opened) if not row.is_undone]
            mine = [row for row in steps if row.by == by]
            if not mine:
                raise NothingToUndo("You have decided nothing here that could be taken back.")
            last = mine[-1]
            after = [row for row in steps if row.of == last.of and row.id > last.id]
            if after:
                raise NothingToUndo(
                    f"{after[-1].by} has gone on with {last.of} since you {last.note} it.",
                    hint="Change it again instead.",
                )
            rows.execute(
                update(REVIEWS).where(REVIEWS.c.id == last.id).values(undone_at=now_text())
            )
            return last


def _lock(rows: Connection, opened: OpenReading) -> None:
    """Let nobody else decide on this reading meanwhile; a writing SQLite file is locked anyway."""
    rows.execute(select(RESULTS.c.key).where(RESULTS.c.key == opened.key).with_for_update())


def _current(rows: Connection, opened: OpenReading, record_id: str, version: int) -> ReviewedRecord:
    _lock(rows, opened)
    one = _folded(opened, _rows(rows, opened)).find(record_id)
    if one.version != version:
        last = one.history[-1] if one.history else None
        told = f"{last.by} {last.note} it" if last else "a step was taken back"
        raise ChangedMeanwhile(f"{record_id} has changed since you saw it: {told}.")
    return one


def _add(
    rows: Connection,
    opened: OpenReading,
    of: str,
    verdict: ReviewVerdict,
    by: str,
    note: str,
    before: AnyRecord | None,
    after: AnyRecord | None,
) -> None:
    rows.execute(
        insert(REVIEWS).values(
            subject_kind=_READING if of == _WHOLE else _MENTION,
            subject_id=_subject(opened, of),
            verdict=verdict,
            by=by,
            at=now_text(),
            note=note,
            before=before.model_dump_json() if before else None,
            after=after.model_dump_json() if after else None,
            version=opened.key,
        )
    )


def _subject(opened: OpenReading, of: str) -> str:
    return opened.key if of == _WHOLE else mention_id(opened.key, of)


def _rows(rows: Connection, opened: OpenReading) -> list[Review]:
    """All reviews of the reading, undone ones too, in order."""
    refusals = range(1, len(opened.extraction.rejected) + 1)
    named = {mention_id(opened.key, f"R{number}"): f"R{number}" for number in refusals}
    query = select(REVIEWS).where(REVIEWS.c.version == opened.key).order_by(REVIEWS.c.id)
    found = []
    for row in rows.execute(query):
        before, after = record_of(row.before), record_of(row.after)
        record = after or before
        of = record.id if record else named.get(row.subject_id, _WHOLE)
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


def _folded(opened: OpenReading, reviews: Iterable[Review]) -> ReviewedReading:
    extraction = opened.extraction
    found: list[AnyRecord] = [*extraction.commitments, *extraction.policy_events]
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
    return ReviewedReading(
        opened=opened,
        records=tuple(_in_order(subjects)),
        left=frozenset(int(step.of[1:]) for step in steps if step.note == "left as refused"),
        rescued=dict(_rescued(steps)),
        finished=last if last and last.of == _WHOLE else None,
        steps=tuple(steps),
    )


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
        if step.note.startswith("added from refusal "):
            yield int(step.note.rpartition(" ")[2]), step.of


def _lists(records: Sequence[AnyRecord]) -> dict[str, object]:
    return {
        "commitments": [one for one in records if isinstance(one, Commitment)],
        "policy_events": [one for one in records if isinstance(one, PolicyEvent)],
    }
