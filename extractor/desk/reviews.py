"""Reviews: what people decide on the records of a reading, kept step by step.

What stands of a reading after them is told by `extractor.results.reviews`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import insert, select, update

from extractor.desk.library import Library, OpenReading
from extractor.errors import InputError
from extractor.kinds import AnyRecord, kind_of
from extractor.results.reviews import (
    ADDED_FROM_REFUSAL,
    LEFT_AS_REFUSED,
    WHOLE,
    NoSuchRecord,
    Review,
    ReviewedRecord,
    ReviewedRecords,
    ReviewVerdict,
    mention_id,
    reviewed,
    reviews_of,
)
from extractor.storage.tables import RESULTS, REVIEWS, now_text

if TYPE_CHECKING:
    from sqlalchemy import Connection

_MENTION: Final = "mention"
_READING: Final = "reading"


class ChangedMeanwhile(InputError):
    """Somebody else decided on the record since this page was made."""

    hint = "Look at it as it is now, then decide again: nothing was lost."
    http_status = 409


class NothingToUndo(InputError):
    """There is no step of this person that can be taken back."""

    hint = "Only your own steps are taken back, the last one first."
    http_status = 409


@dataclass(frozen=True, slots=True)
class ReviewedReading(ReviewedRecords):
    """A reading that is open, with all that was decided on it."""

    opened: OpenReading


class Reviews:
    """The reviews in a store; safe between threads and processes."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def of(self, opened: OpenReading) -> ReviewedReading:
        """The reading with all that was decided on it."""
        with self._library.store.reading() as rows:
            return _reviewed(rows, opened)

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
        note = "added" if refusal is None else f"{ADDED_FROM_REFUSAL}{refusal}"
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
            _add(rows, opened, f"R{refusal}", "wrong", by, LEFT_AS_REFUSED, None, None)

    def finish(self, opened: OpenReading, by: str) -> None:
        """Say that all records are decided on and none is missing.

        Raises:
            ChangedMeanwhile: a record is not decided on.
        """
        with self._library.store.writing() as rows:
            _lock(rows, opened)
            reading = _reviewed(rows, opened)
            undecided = [one for one in reading.records if one.standing in ("open", "later")]
            if undecided:
                raise ChangedMeanwhile(
                    f"{undecided[0].record.id} is not decided on.",
                    hint="Accept or reject every record first.",
                )
            _add(rows, opened, WHOLE, "right", by, "finished", None, None)

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
    one = _reviewed(rows, opened).find(record_id)
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
            subject_kind=_READING if of == WHOLE else _MENTION,
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
    return opened.key if of == WHOLE else mention_id(opened.key, of)


def _reviewed(rows: Connection, opened: OpenReading) -> ReviewedReading:
    found = reviewed(opened.extraction, _rows(rows, opened))
    return ReviewedReading(
        found.read,
        found.records,
        found.left,
        found.rescued,
        found.finished,
        found.steps,
        opened,
    )


def _rows(rows: Connection, opened: OpenReading) -> list[Review]:
    return reviews_of(rows, opened.key, opened.extraction)
