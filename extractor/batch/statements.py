"""What is said to the store for every article, built once: building costs more than running it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, Float, Integer, bindparam, func, select, update

from extractor.storage.tables import ARTICLES, ATTEMPTS, ITEMS, RESULTS

if TYPE_CHECKING:
    from sqlalchemy.sql.dml import ReturningUpdate

    from extractor.storage import Store

FREE: Final = {"owner": None, "lease_until": None}
"""What a row says that nobody holds."""


class RunStatements:
    """The statements of one run."""

    def __init__(self, store: Store, run_id: str, lease_seconds: float) -> None:
        ours = ITEMS.c.run_id == run_id
        until = store.clock() + lease_seconds
        self.claiming = {
            "line": _claiming(until, ours, ITEMS.c.attempts, ITEMS.c.position),
            "drawn": _claiming(until, ours, ITEMS.c.key),
        }
        self.beginning = ATTEMPTS.insert()
        self.texts = select(ARTICLES.c.sha256, ARTICLES.c.text).where(
            ARTICLES.c.sha256.in_(bindparam("digests", expanding=True))
        )
        self.finishing = (
            update(ITEMS)
            .where(ours, ITEMS.c.key == bindparam("of_key"), ITEMS.c.state != "done")
            .values(
                **FREE,
                state="done",
                error_kind=bindparam("short"),
                error_text=None,
                retryable=bindparam("again"),
                calls=ITEMS.c.calls + bindparam("more_calls"),
                prompt_tokens=ITEMS.c.prompt_tokens + bindparam("more_prompt"),
                output_tokens=ITEMS.c.output_tokens + bindparam("more_output"),
                cost_usd=func.coalesce(ITEMS.c.cost_usd, 0.0) + bindparam("more_cost", type_=Float),
                seconds=bindparam("took"),
                result_key=bindparam("kept_under"),
                finished_at=bindparam("now"),
            )
        )
        self.keeping = store.insert(RESULTS).on_conflict_do_nothing()
        self.ending = (
            update(ATTEMPTS)
            .where(
                ATTEMPTS.c.run_id == run_id,
                ATTEMPTS.c.key == bindparam("of_key"),
                ATTEMPTS.c.attempt == bindparam("of_attempt"),
            )
            .values(
                ended_at=bindparam("now"), outcome=bindparam("how"), error_kind=bindparam("kind")
            )
        )


def _claiming(
    until: ColumnElement[float], ours: ColumnElement[bool], *order: ColumnElement[Any]
) -> ReturningUpdate[Any]:
    free = (
        select(ITEMS.c.key)
        .where(ours, ITEMS.c.state == "pending")
        .order_by(*order)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True)
        # As a subquery PostgreSQL may ask it once a row, and lease more than were wanted.
        .cte("free")
    )
    return (
        update(ITEMS)
        .where(ours, ITEMS.c.key.in_(select(free.c.key)))
        .values(
            state="leased",
            owner=bindparam("new_owner"),
            lease_until=until,
            attempts=ITEMS.c.attempts + 1,
        )
        .returning(ITEMS)
    )
