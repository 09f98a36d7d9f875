"""Reviews of rows: whether a person finds one right, with all steps kept and any of them undone."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from sqlalchemy import insert, select, update

from extractor.errors import InputError
from extractor.pledges.keeping import Keeping
from extractor.pledges.rows import PledgeRow
from extractor.pledges.sampling import Precision, estimate
from extractor.results.reviews import ReviewVerdict
from extractor.storage.tables import REVIEWS, SAMPLED, SAMPLES, now_text

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

    from extractor.storage import Store

_PLEDGE = "pledge"


@dataclass(frozen=True, slots=True)
class RowReview:
    """What a person says of a row."""

    pledge: str
    verdict: ReviewVerdict
    by: str
    at: str
    note: str


@dataclass(frozen=True, slots=True)
class SampledRow:
    """A row of a sample, with what was said of it last."""

    id: str
    stratum: str
    weight: float
    row: PledgeRow | None
    """None if it is gone since it was drawn."""
    review: RowReview | None


@dataclass(frozen=True, slots=True)
class SampleState:
    """A sample, as far as it is reviewed."""

    id: str
    drawn_at: str
    rows: tuple[SampledRow, ...]
    precision: Precision | None
    """None before the first verdict that tells."""

    @property
    def next(self) -> SampledRow | None:
        """The first row that nobody has reviewed."""
        return next((each for each in self.rows if each.row and each.review is None), None)

    @property
    def reviewed(self) -> int:
        """How many have a verdict."""
        return sum(each.review is not None for each in self.rows)


def keep_review(
    store: Store, pledge: str, verdict: ReviewVerdict, note: str | None, person: str
) -> None:
    """Keep what a person says of a row; the last one of all people counts."""
    with store.writing() as connection:
        connection.execute(
            insert(REVIEWS).values(
                subject_kind=_PLEDGE,
                subject_id=pledge,
                verdict=verdict,
                by=person,
                at=now_text(),
                note=note,
            )
        )


def undo_review(store: Store, person: str, pledges: Collection[str]) -> str:
    """Take back what this person said last of any of these rows, and tell of which.

    Raises:
        InputError: nothing of this person's stands.
    """
    with store.writing() as connection:
        last = connection.execute(
            select(REVIEWS.c.id, REVIEWS.c.subject_id)
            .where(
                REVIEWS.c.subject_kind == _PLEDGE,
                REVIEWS.c.subject_id.in_(sorted(pledges)),
                REVIEWS.c.by == person,
                REVIEWS.c.undone_at.is_(None),
            )
            .order_by(REVIEWS.c.id.desc())
            .limit(1)
        ).first()
        if last is None:
            raise InputError(
                "You have said nothing of this that could be taken back.",
                hint="Only your own verdicts are taken back.",
            )
        connection.execute(
            update(REVIEWS).where(REVIEWS.c.id == last.id).values(undone_at=now_text())
        )
        return str(last.subject_id)


def row_reviews(store: Store, pledge: str) -> tuple[RowReview, ...]:
    """All that people say of a row, the last first."""
    with store.reading() as connection:
        return tuple(reversed(_standing(connection, [pledge])))


def samples(store: Store) -> list[SampleState]:
    """All samples that were drawn, the last first."""
    with store.reading() as connection:
        query = select(SAMPLES.c.id, SAMPLES.c.drawn_at).order_by(SAMPLES.c.drawn_at.desc())
        return [_state(connection, *found) for found in connection.execute(query).all()]


def sample_of(store: Store, name: str) -> SampleState:
    """A sample as far as it is reviewed.

    Raises:
        InputError: there is no such sample.
    """
    with store.reading() as connection:
        query = select(SAMPLES.c.id, SAMPLES.c.drawn_at).where(SAMPLES.c.id == name)
        found = connection.execute(query).first()
        if found is None:
            raise InputError("There is no such sample.", hint="Draw one in the queue.")
        return _state(connection, *found)


def _state(connection: Connection, name: str, drawn_at: str) -> SampleState:
    drawn = list(connection.execute(select(SAMPLED).where(SAMPLED.c.sample_id == name)))
    # By lot, so that whoever stops halfway has judged rows of all strata.
    drawn.sort(key=lambda one: hashlib.sha256(f"{name} {one.subject_id}".encode()).hexdigest())
    names = [one.subject_id for one in drawn]
    kept = Keeping(connection, "").summaries(names)
    last = {review.pledge: review for review in _standing(connection, names)}
    rows = tuple(
        SampledRow(
            id=one.subject_id,
            stratum=one.stratum,
            weight=one.weight,
            row=PledgeRow.model_validate_json(kept[one.subject_id])
            if one.subject_id in kept
            else None,
            review=last.get(one.subject_id),
        )
        for one in drawn
    )
    told = [(each.weight, each.review.verdict if each.review else None) for each in rows]
    tells = any(verdict in ("right", "wrong") for _, verdict in told)
    return SampleState(name, drawn_at, rows, estimate(told) if tells else None)


def _standing(connection: Connection, pledges: Collection[str]) -> list[RowReview]:
    """Reviews of these rows that nobody has undone, the last one last."""
    query = (
        select(REVIEWS)
        .where(
            REVIEWS.c.subject_kind == _PLEDGE,
            REVIEWS.c.subject_id.in_(sorted(pledges)),
            REVIEWS.c.undone_at.is_(None),
        )
        .order_by(REVIEWS.c.id)
    )
    return [
        RowReview(row.subject_id, cast(ReviewVerdict, row.verdict), row.by, row.at, row.note or "")
        for row in connection.execute(query)
    ]
