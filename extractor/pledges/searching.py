"""Searching the ledger: filters, words, order and pages, and the sums of what is found."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, cast, get_args

from sqlalchemy import case, func, select

from extractor.pledges.catalogue import PledgeCatalogue
from extractor.pledges.exports import LedgerExport
from extractor.pledges.keeping import Keeping
from extractor.pledges.rows import PledgeRow, Stage, WhyNot
from extractor.pledges.sums import NOBODY, SumBy
from extractor.pledges.wording import plain
from extractor.records import RecordType
from extractor.storage.tables import CATALOGUE

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from extractor.storage import Store

PledgeOrder: TypeAlias = Literal["told", "amount", "giver", "title", "publishers", "changed"]
ORDERS: Final[tuple[PledgeOrder, ...]] = get_args(PledgeOrder)
PledgeState: TypeAlias = Literal["countable", "left_out", "conflicts", "maybe_repetition"]
PLEDGE_STATES: Final[tuple[PledgeState, ...]] = get_args(PledgeState)
"""countable: may be summed; left_out: may not; conflicts: its sources differ; maybe_repetition: it
may be the same as another row."""
PAGE: Final = 50
_MOST_WORDS: Final = 12
_PHRASE: Final = re.compile(r'"([^"]+)"|(\S+)')
_GROUPS: Final = {
    "giver": CATALOGUE.c.giver_group,
    "receiver": CATALOGUE.c.receiver_group,
    "recipient": CATALOGUE.c.receiver_group,
    "place": CATALOGUE.c.place_group,
    "year": func.coalesce(CATALOGUE.c.year, NOBODY),
    "kind": func.coalesce(CATALOGUE.c.resource_kind, NOBODY),
    "currency": func.coalesce(CATALOGUE.c.currency, NOBODY),
}
_STATES: Final[Mapping[PledgeState, ColumnElement[bool]]] = {
    "countable": CATALOGUE.c.countable.is_(True),
    "left_out": CATALOGUE.c.countable.is_(False),
    "conflicts": CATALOGUE.c.has_conflicts.is_(True),
    "maybe_repetition": CATALOGUE.c.why_not.contains(" maybe_repetition "),
}


@dataclass(frozen=True, slots=True)
class LedgerQuery:
    """What is looked for; what is empty asks for nothing."""

    text: str = ""
    """Words that all stand in it, accents or not; words in quotes stand together."""
    kind: RecordType | None = None
    giver: str = ""
    """A part of the name."""
    receiver: str = ""
    currency: str = ""
    year: str = ""
    stage: Stage | None = None
    language: str = ""
    state: PledgeState | None = None
    seen_from: str = ""
    """The first day on which it came into the ledger."""
    seen_to: str = ""
    order: PledgeOrder = "told"
    is_upwards: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class FoundPledges:
    """One page of what is found."""

    rows: tuple[PledgeRow, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class FoundSum:
    """What comes together in one group and currency."""

    group: str
    currency: str
    low: Decimal
    """With the lower bounds of ranges."""
    high: Decimal
    pledges: int
    approximate: int
    """How many of them are told with a qualifier or as a range."""


@dataclass(frozen=True, slots=True)
class FoundSums:
    """The sums of what is found, and how many rows are in none of them."""

    by: SumBy
    sums: tuple[FoundSum, ...]
    left_out: tuple[tuple[WhyNot, int], ...]
    """By reason, the commonest first; a row with several reasons stands under each."""


@dataclass(frozen=True, slots=True)
class LedgerChoices:
    """Values that occur, with how many rows have each, the commonest first."""

    years: tuple[tuple[str, int], ...] = ()
    currencies: tuple[tuple[str, int], ...] = ()
    stages: tuple[tuple[str, int], ...] = ()
    languages: tuple[tuple[str, int], ...] = ()


class LedgerSearch:
    """Searches in the ledger of a store; safe between threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._catalogue = PledgeCatalogue(store)
        self._choices: tuple[int, LedgerChoices] = (-1, LedgerChoices())

    def find(self, query: LedgerQuery) -> FoundPledges:
        """One page of the rows that are asked for."""
        self._catalogue.follow()
        wanted = select(CATALOGUE.c.pledge_id).where(*_conditions(query))
        with self._store.reading() as rows:
            # One pass finds all, in order, and says how many they are.
            names = list(rows.scalars(wanted.order_by(*_ordered(query))))
            pages = max(1, -(-len(names) // PAGE))
            page = min(max(query.page, 1), pages)
            shown = names[(page - 1) * PAGE : page * PAGE]
            kept = Keeping(rows, "").summaries(shown)
        found = tuple(PledgeRow.model_validate_json(kept[name]) for name in shown if name in kept)
        return FoundPledges(found, len(names), page, pages)

    def sums(self, query: LedgerQuery, by: SumBy) -> FoundSums:
        """The sums of all rows that are asked for, whatever their page."""
        self._catalogue.follow()
        table, group = CATALOGUE.c, _GROUPS[by]
        where = [*_conditions(query), table.kind == "commitment"]
        summed = (
            select(
                group,
                table.currency,
                # Digits, which no database adds up exactly.
                func.aggregate_strings(table.low, " "),
                func.aggregate_strings(table.high, " "),
                func.count(),
                func.sum(case((table.is_rough, 1), else_=0)),
            )
            .where(*where, table.countable, table.low.is_not(None))
            .group_by(group, table.currency)
        )
        left = select(table.why_not, func.count()).where(*where, ~table.countable)
        with self._store.reading() as rows:
            sums = [_sum(*row) for row in rows.execute(summed)]
            reasons = rows.execute(left.group_by(table.why_not)).all()
        sums.sort(key=lambda one: (one.group == NOBODY, one.group, one.currency))
        counts: Counter[str] = Counter()
        for several, count in reasons:
            counts.update(dict.fromkeys(several.split(), count))
        left_out = cast(list[tuple[WhyNot, int]], counts.most_common())
        return FoundSums(by, tuple(sums), tuple(left_out))

    def choices(self) -> LedgerChoices:
        """What can be chosen from; counted once after each change of the ledger."""
        last = self._catalogue.follow()
        if self._choices[0] != last:
            table = CATALOGUE.c
            with self._store.reading() as rows:

                def counted(column: ColumnElement[str]) -> tuple[tuple[str, int], ...]:
                    number = func.count()
                    query = select(column, number).where(column.is_not(None)).group_by(column)
                    told = rows.execute(query.order_by(number.desc(), column))
                    return tuple((str(value), int(count)) for value, count in told)

                choices = LedgerChoices(
                    years=tuple(sorted(counted(table.year), reverse=True)),
                    currencies=counted(table.currency),
                    stages=counted(table.stage),
                    languages=_apart(counted(table.languages)),
                )
            self._choices = (last, choices)
        return self._choices[1]

    def export(self, query: LedgerQuery) -> LedgerExport:
        """All rows that are asked for, as a whole export."""
        last = self._catalogue.follow()
        wanted = select(CATALOGUE.c.pledge_id).where(*_conditions(query))
        with self._store.reading() as rows:
            names = list(rows.scalars(wanted.order_by(CATALOGUE.c.pledge_id)))
            kept = Keeping(rows, "").summaries(names)
        found = tuple(PledgeRow.model_validate_json(kept[name]) for name in names if name in kept)
        return LedgerExport(found, {}, (), last)


def _conditions(query: LedgerQuery) -> Iterator[ColumnElement[bool]]:
    table = CATALOGUE.c
    equal = {
        table.kind: query.kind,
        table.currency: query.currency,
        table.year: query.year,
        table.stage: query.stage,
    }
    yield from (column == value for column, value in equal.items() if value)
    if query.state:
        yield _STATES[query.state]
    if query.language:
        yield table.languages.contains(f" {query.language} ", autoescape=True)
    if query.seen_from:
        yield table.seen_on >= query.seen_from
    if query.seen_to:
        yield table.seen_on <= query.seen_to
    for column, part in ((table.givers, query.giver), (table.receivers, query.receiver)):
        if name := " ".join(plain(part).split()):
            yield column.contains(name, autoescape=True)
    for words in _phrases(query.text):
        yield table.words.contains(words, autoescape=True)


def _phrases(text: str) -> list[str]:
    found = [" ".join(plain(quoted or word).split()) for quoted, word in _PHRASE.findall(text)]
    return found[:_MOST_WORDS]


def _ordered(query: LedgerQuery) -> Sequence[ColumnElement[Any]]:
    table = CATALOGUE.c
    columns: dict[PledgeOrder, list[ColumnElement[Any]]] = {
        "told": [table.told_on],
        # What is in two currencies has no order of its own.
        "amount": [table.currency, table.amount],
        "giver": [table.giver_group],
        "title": [table.title],
        "publishers": [table.publishers],
        "changed": [table.changed_at],
    }
    chosen = columns[query.order]
    told = [column.asc() if query.is_upwards else column.desc() for column in chosen]
    if query.order == "amount":
        told[0] = table.currency.asc()
    # What is not told stands last, whichever way.
    return [chosen[-1].is_(None), *told, table.pledge_id]


def _sum(group: str, currency: str, lows: str, highs: str, count: int, rough: int) -> FoundSum:
    return FoundSum(group, currency, _added(lows), _added(highs), count, int(rough))


def _added(digits: str) -> Decimal:
    return sum(map(Decimal, digits.split()), Decimal(0))


def _apart(counted: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int], ...]:
    """Languages one by one, of rows that are told in several."""
    found: dict[str, int] = {}
    for several, count in counted:
        for one in several.split():
            found[one] = found.get(one, 0) + count
    return tuple(sorted(found.items(), key=lambda item: (-item[1], item[0])))
