"""Views of the tracker: a search as its address tells it, and a pledge as its page shows it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol, TypeVar, get_args
from urllib.parse import urlencode

from extractor.pages.ledger_wording import told_figure
from extractor.phrases import plain
from extractor.pledges.rows import PledgeRow, SourceSeen, Stage
from extractor.pledges.searching import (
    ORDERS,
    PLEDGE_STATES,
    FoundPledges,
    LedgerChoices,
    LedgerQuery,
    PledgeOrder,
)
from extractor.records import RecordType

PLACE: Final = "/desk/tracker"
STATE_NAMES: Final = {
    "countable": "can be summed",
    "left_out": "left out of sums",
    "conflicts": "sources disagree",
    "maybe_repetition": "may be a repetition",
}
ORDER_NAMES: Final[Mapping[PledgeOrder, str]] = {
    "told": "first told",
    "amount": "amount",
    "giver": "giver",
    "title": "title",
    "publishers": "number of publishers",
    "changed": "last changed",
}
# These begin with the smallest; the others with the last and the largest.
_UPWARDS_FIRST: Final = frozenset({"giver", "title"})
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_LONGEST: Final = 300
_Choice = TypeVar("_Choice", bound=str)


class AddressAsked(Protocol):
    """What an address asks for."""

    def query(self, name: str) -> str:
        """A parameter of it; "" if it is not there."""


@dataclass(frozen=True, slots=True)
class ColumnHead:
    """The head of a column that the list can be in the order of."""

    told: str
    address: str
    sorts: str
    """`ascending` or `descending` where the list is in this order, else empty."""


@dataclass(frozen=True, slots=True)
class TrackerView:
    """A page of the list, with what else can be asked for."""

    query: LedgerQuery
    found: FoundPledges
    choices: LedgerChoices

    @property
    def said(self) -> str:
        """How many there are, in words."""
        many = "pledge or act" if self.found.total == 1 else "pledges and acts"
        of = f", page {self.found.page} of {self.found.pages}" if self.found.pages > 1 else ""
        return f"{self.found.total:,} {many}{of}"

    @property
    def is_filtered(self) -> bool:
        """Whether anything is asked for."""
        order, upwards = self.query.order, self.query.is_upwards
        return replace(self.query, page=1) != LedgerQuery(order=order, is_upwards=upwards)

    def head(self, order: PledgeOrder, told: str) -> ColumnHead:
        """A column by which the list is or can be put in order."""
        at = self.query.order == order
        first = order in _UPWARDS_FIRST
        upwards = not self.query.is_upwards if at else first
        there = replace(self.query, order=order, is_upwards=upwards, page=1)
        sorts = ("ascending" if self.query.is_upwards else "descending") if at else ""
        return ColumnHead(told, f"{PLACE}{parameters(there)}", sorts)

    def page(self, number: int) -> str:
        """The address of another page."""
        return f"{PLACE}{parameters(replace(self.query, page=number))}"

    @property
    def filters(self) -> str:
        """What is asked for, as the end of an address; without the page."""
        return parameters(replace(self.query, page=1))


def query_of(asked: AddressAsked) -> LedgerQuery:
    """The search that an address tells; what is none of the choices asks for nothing."""
    order = _one_of(asked.query("order"), ORDERS) or "told"
    number = asked.query("page")
    return LedgerQuery(
        text=asked.query("q").strip()[:_LONGEST],
        kind=_one_of(asked.query("kind"), get_args(RecordType)),
        giver=asked.query("giver").strip()[:_LONGEST],
        receiver=asked.query("recipient").strip()[:_LONGEST],
        currency=asked.query("currency")[:_LONGEST],
        year=asked.query("year")[:4],
        stage=_one_of(asked.query("status"), get_args(Stage)),
        language=asked.query("language")[:8],
        state=_one_of(asked.query("state"), PLEDGE_STATES),
        seen_from=_day(asked.query("seen_from")),
        seen_to=_day(asked.query("seen_to")),
        order=order,
        is_upwards=asked.query("way") == "up" if asked.query("way") else order in _UPWARDS_FIRST,
        page=int(number) if number.isascii() and number.isdecimal() and len(number) < 7 else 1,
    )


def parameters(query: LedgerQuery) -> str:
    """The end of an address that asks for this; what asks for nothing is left out."""
    upwards = query.order in _UPWARDS_FIRST
    told = {
        "q": query.text,
        "kind": query.kind,
        "giver": query.giver,
        "recipient": query.receiver,
        "currency": query.currency,
        "year": query.year,
        "status": query.stage,
        "language": query.language,
        "state": query.state,
        "seen_from": query.seen_from,
        "seen_to": query.seen_to,
        "order": query.order if query.order != "told" else "",
        "way": "" if query.is_upwards == upwards else ("up" if query.is_upwards else "down"),
        "page": query.page if query.page > 1 else "",
    }
    asked = urlencode({name: value for name, value in told.items() if value})
    return f"?{asked}" if asked else ""


def _one_of(told: str, choices: Sequence[_Choice]) -> _Choice | None:
    return next((one for one in choices if one == told), None)


def _day(told: str) -> str:
    return told if _DAY.fullmatch(told) else ""


@dataclass(frozen=True, slots=True)
class SourceShown:
    """One article that tells of a pledge, and where it can be read here."""

    seen: SourceSeen
    figure: str
    address: str
    """Of the reading in the desk; empty if it is kept no more."""


@dataclass(frozen=True, slots=True)
class PublisherShown:
    """The articles of one publisher."""

    name: str
    sources: tuple[SourceShown, ...]


def by_publisher(row: PledgeRow, readings: Mapping[str, str]) -> tuple[PublisherShown, ...]:
    """The sources of a pledge, by who published them; an unknown publisher by its article."""
    found: dict[str, list[SourceShown]] = {}
    for source in row.sources:
        key = readings.get(source.mention)
        address = f"/desk/articles/{key}?at={source.record_id}#a-{source.record_id}" if key else ""
        shown = SourceShown(source, told_figure(source.figure), address)
        name = source.publisher or f"article {source.article_sha256[:8]}"
        found.setdefault(name, []).append(shown)
    return tuple(PublisherShown(name, tuple(sources)) for name, sources in found.items())


def conflicts_in_words(row: PledgeRow) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Fields of which sources say different things: each value with who says it."""
    publisher = {
        source.mention: source.publisher or source.article_sha256[:8] for source in row.sources
    }
    return tuple(
        (
            plain(conflict.field),
            tuple(
                (value, ", ".join(dict.fromkeys(publisher.get(one, "?") for one in mentions)))
                for value, mentions in zip(conflict.values, conflict.mentions, strict=True)
            ),
        )
        for conflict in row.conflicts
    )
