"""What a run could not read, by cause, and which places of its source are copies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import and_, func, or_, select

from extractor.batch.work import Work
from extractor.storage.tables import ITEMS, PLACES

_MOST_COPIES: Final = 3


@dataclass(frozen=True, slots=True)
class Trouble:
    """Articles that share a cause: failed, or read in part."""

    state: str
    kind: str
    articles: int
    retryable: bool
    name: str
    """One of them."""
    text: str
    """What is wrong with that one, and what to do."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A place that holds the same article as one before it."""

    name: str
    first: str


def troubles_of(work: Work) -> list[Trouble]:
    """Failed and partly read articles by cause, most frequent first.

    Raises:
        StoreFailed: the store does not answer.
    """
    ours = ITEMS.c.run_id == work.run_id
    wrong = or_(
        ITEMS.c.state == "failed",
        and_(ITEMS.c.state == "done", ITEMS.c.error_kind.is_not(None)),
    )
    causes = (
        select(
            ITEMS.c.state,
            ITEMS.c.error_kind,
            ITEMS.c.retryable,
            func.count().label("articles"),
            func.min(ITEMS.c.position).label("first"),
        )
        .where(ours, wrong)
        .group_by(ITEMS.c.state, ITEMS.c.error_kind, ITEMS.c.retryable)
    )
    found = []
    with work.store.reading() as rows:
        for cause in rows.execute(causes).all():
            example = rows.execute(
                select(ITEMS.c.name, ITEMS.c.error_text).where(
                    ours,
                    ITEMS.c.position == cause.first,
                    ITEMS.c.state == cause.state,
                    ITEMS.c.error_kind == cause.error_kind,
                )
            ).first()
            name, text = (example.name, example.error_text) if example else ("", "")
            found.append(
                Trouble(
                    cause.state,
                    cause.error_kind,
                    cause.articles,
                    bool(cause.retryable),
                    name,
                    text or "",
                )
            )
    return sorted(found, key=lambda each: (-each.articles, each.kind))


def copies_of(work: Work) -> list[Copy]:
    """A few of the places whose article stands at a place before.

    Raises:
        StoreFailed: the store does not answer.
    """
    firsts = (
        select(PLACES.c.key, func.min(PLACES.c.position).label("first"))
        .where(PLACES.c.run_id == work.run_id)
        .group_by(PLACES.c.key)
        .having(func.count() > 1)
        .limit(_MOST_COPIES)
        .subquery()
    )
    first = PLACES.alias("first_place")
    wanted = (
        select(PLACES.c.name, first.c.name.label("first"))
        .join(firsts, PLACES.c.key == firsts.c.key)
        .join(first, and_(first.c.run_id == work.run_id, first.c.position == firsts.c.first))
        .where(PLACES.c.run_id == work.run_id, PLACES.c.position > firsts.c.first)
        .order_by(PLACES.c.position)
        .limit(_MOST_COPIES)
    )
    with work.store.reading() as rows:
        return [Copy(row.name, row.first) for row in rows.execute(wanted)]
