"""Readings as the ledger goes by them: one of each article, as people have corrected it.

Of several readings of an article the one that was reviewed last goes before all others, else the
one that was kept last.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import ValidationError
from sqlalchemy import Select, Subquery, case, delete, func, insert, or_, select

from extractor.errors import InputError
from extractor.records import Extraction
from extractor.results.reviews import reviewed, reviews_of
from extractor.storage.tables import RESULTS, REVIEWS, TAKEN

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class KnownReading:
    """A reading that is kept of an article, and how far people have reviewed it."""

    key: str
    article: str
    """Digest of the text; the key itself where the row does not tell."""
    kept_at: str
    steps: int
    """Grows with each step of a review and with each undoing."""
    last_step: int
    """The last step that stands; 0 for none."""

    @property
    def rank(self) -> tuple[int, str, str]:
        """Greater for the one that is to be gone by."""
        return self.last_step, self.kept_at, self.key


class Readings:
    """The readings in a store, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._rows = connection

    def untaken(self) -> list[str]:
        """The keys of those that are not taken in, or reviewed since they were; oldest first."""
        steps = _steps()
        seen = func.coalesce(steps.c.steps, 0)
        query = (
            select(RESULTS.c.key)
            .outerjoin(TAKEN, TAKEN.c.result_key == RESULTS.c.key)
            .outerjoin(steps, steps.c.of == RESULTS.c.key)
            .where(or_(TAKEN.c.result_key.is_(None), TAKEN.c.reviews != seen))
            .order_by(RESULTS.c.kept_at, RESULTS.c.key)
        )
        return list(self._rows.scalars(query))

    def of_articles_of(self, keys: Collection[str]) -> Iterator[list[KnownReading]]:
        """All readings of each article that one of these keys is of, best first."""
        of = select(RESULTS.c.article_sha256).where(RESULTS.c.key.in_(keys))
        article, key = RESULTS.c.article_sha256, RESULTS.c.key
        found: dict[str, list[KnownReading]] = {}
        for row in self._rows.execute(_known().where(or_(key.in_(keys), article.in_(of)))):
            reading = KnownReading(*row)
            found.setdefault(reading.article, []).append(reading)
        for readings in found.values():
            yield sorted(readings, key=lambda one: one.rank, reverse=True)

    def extraction(self, reading: KnownReading) -> Extraction | None:
        """What it says, as people have corrected it; None if another version kept it."""
        wanted = select(RESULTS.c.extraction).where(RESULTS.c.key == reading.key)
        try:
            read = Extraction.model_validate_json(self._rows.scalars(wanted).one())
            if not reading.steps:
                return read
            return reviewed(read, reviews_of(self._rows, reading.key, read)).extraction
        except (ValidationError, InputError):
            return None

    def take(self, readings: Sequence[KnownReading], at: str) -> None:
        """Remember that these were taken in, with what was reviewed of them."""
        keys = [reading.key for reading in readings]
        self._rows.execute(delete(TAKEN).where(TAKEN.c.result_key.in_(keys)))
        self._rows.execute(insert(TAKEN), list(_taken(readings, at)))


def _taken(readings: Iterable[KnownReading], at: str) -> Iterator[dict[str, object]]:
    for reading in readings:
        yield {
            "result_key": reading.key,
            "article_sha256": reading.article,
            "taken_at": at,
            "reviews": reading.steps,
        }


def _steps() -> Subquery:
    """By reading, what was reviewed of it."""
    standing = case((REVIEWS.c.undone_at.is_(None), REVIEWS.c.id), else_=0)
    return (
        select(
            REVIEWS.c.version.label("of"),
            (func.count() + func.count(REVIEWS.c.undone_at)).label("steps"),
            func.max(standing).label("last"),
        )
        .where(REVIEWS.c.version.is_not(None))
        .group_by(REVIEWS.c.version)
        .subquery()
    )


def _known() -> Select[str, str, str, int, int]:
    steps = _steps()
    return select(
        RESULTS.c.key,
        func.coalesce(RESULTS.c.article_sha256, RESULTS.c.key).label("article"),
        RESULTS.c.kept_at,
        func.coalesce(steps.c.steps, 0),
        func.coalesce(steps.c.last, 0),
    ).outerjoin(steps, steps.c.of == RESULTS.c.key)
