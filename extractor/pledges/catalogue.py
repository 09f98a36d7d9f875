"""The catalogue: by what each pledge is found and summed, in columns made of its kept row.

It follows the ledger like any copy: whoever searches first after a change brings it up to date, and
what is not in it yet is made then. Nothing else depends on it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, insert, or_, select

from extractor.pledges.keeping import Keeping, chunks
from extractor.pledges.rows import PartySeen, PledgeRow
from extractor.pledges.sums import group_of
from extractor.pledges.wording import plain
from extractor.storage.tables import CATALOGUE, PLEDGES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from extractor.storage import Store

_AT_ONCE: Final = 500


class PledgeCatalogue:
    """The catalogue in a store; safe between threads and processes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._follows = -1

    def follow(self) -> int:
        """Bring it up to date; the number of the last change that it knows of."""
        with self._lock:
            with self._store.reading() as rows:
                last = Keeping(rows, "").last_change()
                stale = [] if last == self._follows else list(_stale(rows))
            for part in chunks(stale, _AT_ONCE):
                with self._store.writing() as rows:
                    _renew(rows, part)
            self._follows = last
            return last


def _stale(rows: Connection) -> Iterator[str]:
    """Pledges that are not in it as they are now, and those in it that are gone."""
    joined = PLEDGES.outerjoin(CATALOGUE, CATALOGUE.c.pledge_id == PLEDGES.c.id)
    known = CATALOGUE.c.pledge_id.is_not(None)
    old = or_(~known, CATALOGUE.c.changed_at != PLEDGES.c.changed_at)
    query = (
        select(PLEDGES.c.id)
        .select_from(joined)
        .where(or_(PLEDGES.c.gone_at.is_(None) & old, PLEDGES.c.gone_at.is_not(None) & known))
        .order_by(PLEDGES.c.id)
    )
    return iter(rows.scalars(query).all())


def _renew(rows: Connection, pledges: list[str]) -> None:
    rows.execute(delete(CATALOGUE).where(CATALOGUE.c.pledge_id.in_(pledges)))
    living = select(PLEDGES).where(PLEDGES.c.id.in_(pledges), PLEDGES.c.gone_at.is_(None))
    entries = [
        entry_of(PledgeRow.model_validate_json(kept.summary))
        | {"changed_at": kept.changed_at, "seen_on": kept.created_at[:10]}
        for kept in rows.execute(living)
    ]
    if entries:
        rows.execute(insert(CATALOGUE), entries)


def entry_of(row: PledgeRow) -> dict[str, object]:
    """The columns of a row, but for its times."""
    amount = row.amount
    high = amount and (amount.value if amount.value_max is None else amount.value_max)
    return {
        "pledge_id": row.id,
        "kind": row.kind,
        "stage": row.stage,
        "countable": row.countable,
        "why_not": _spaced(row.why_not),
        "year": row.year,
        "told_on": row.told_on,
        "currency": amount.unit if amount else None,
        "amount": float(amount.value) if amount else None,
        "low": _digits(amount.value if amount else None),
        "high": _digits(high or None),
        "is_rough": bool(amount and (amount.qualifier != "exact" or amount.value_max is not None)),
        "resource_kind": row.resource_kind,
        "languages": _spaced(sorted({source.language for source in row.sources})),
        "publishers": len(row.publishers),
        "has_conflicts": bool(row.conflicts),
        "giver_group": group_of(row, "giver"),
        "receiver_group": group_of(row, "receiver"),
        "place_group": group_of(row, "place"),
        "title": row.title,
        "givers": plain("\n".join(_names(row.givers))),
        "receivers": plain("\n".join(_names(row.receivers))),
        "words": searchable(row),
    }


def searchable(row: PledgeRow) -> str:
    """All that a search looks through, in small letters without marks."""
    told = [
        *(row.id, row.title, row.instrument or ""),
        *_names((*row.givers, *row.receivers)),
        *row.places,
        *row.jurisdictions,
        *row.publishers,
        *(source.words or "" for source in row.sources),
        *(quote.quote for source in row.sources for quote in source.quotes),
    ]
    return "\n".join(dict.fromkeys(" ".join(plain(one).split()) for one in told if one))


def _names(parties: Iterable[PartySeen]) -> Iterator[str]:
    for party in parties:
        yield from dict.fromkeys([party.name, *party.written, party.id or ""])


def _spaced(words: Iterable[str]) -> str:
    return "".join(f" {word} " for word in words)


def _digits(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
