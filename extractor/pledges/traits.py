"""What two mentions are compared by: typed values, read once for each mention."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias, get_args

from extractor.languages import Rules
from extractor.mentions.parties.names import find_countries
from extractor.pledges.dating import Days, days_of
from extractor.pledges.figures import Figure, count_figure, money_figures
from extractor.pledges.mentions import Mention
from extractor.pledges.parties import Party, PartyTable
from extractor.pledges.wording import Marks, Wording, currency_words, plain, read_wording
from extractor.records import (
    Actor,
    Commitment,
    CommitmentStatus,
    EventStatus,
    EventType,
    Language,
    PolicyEvent,
    ResourceKind,
)

_LANGUAGES: Final = get_args(Language)
Parties: TypeAlias = tuple[Party, ...]


@dataclass(frozen=True, slots=True)
class _Shared:
    mention: Mention
    language: Rules
    actors: Parties
    countries: frozenset[str]
    """Where it is used or applies, by its places, receivers or targets."""
    sites: frozenset[str]
    """Words of the names of its places, without those of countries."""
    wording: Wording
    """What its sentences say, names of countries and of its parties left out."""
    title: Wording
    """What its first sentence says, likewise."""
    told_on: Days | None
    """When it was announced, or the act happened."""
    published: Days | None
    ends: Days | None

    @property
    def marks(self) -> Marks:
        """Numbers in series: those of the first sentence where it has any of a series."""
        own = {series for series, _ in self.title.marks}
        return self.title.marks | {mark for mark in self.wording.marks if mark[0] not in own}


@dataclass(frozen=True, slots=True)
class CommitmentTraits(_Shared):
    """What is known of a commitment."""

    receivers: Parties
    speakers: Parties
    kind: ResourceKind
    status: CommitmentStatus
    money: tuple[Figure, ...]
    count: Figure | None
    starts: Days | None


@dataclass(frozen=True, slots=True)
class EventTraits(_Shared):
    """What is known of a policy event."""

    targets: Parties
    jurisdictions: frozenset[str]
    kind: EventType
    status: EventStatus
    instrument: Wording | None
    instrument_key: str


Traits: TypeAlias = CommitmentTraits | EventTraits


def traits_of(mention: Mention, parties: PartyTable) -> Traits:
    """The values of a mention that others are compared with."""
    return _Reader(mention, parties).traits()


class _Reader:
    def __init__(self, mention: Mention, parties: PartyTable) -> None:
        self._mention = mention
        self._table = parties
        self._language: Rules = mention.language if mention.language in _LANGUAGES else "en"

    def traits(self) -> Traits:
        record = self._mention.record
        return self._commitment(record) if isinstance(record, Commitment) else self._event(record)

    def _commitment(self, record: Commitment) -> CommitmentTraits:
        actors = tuple(self._party(actor) for actor in record.actors)
        receivers = tuple(self._party(actor) for actor in record.recipients)
        speakers = tuple(self._party(actor) for actor in record.announced_by)
        known = (*actors, *receivers, *speakers)
        return CommitmentTraits(
            mention=self._mention,
            language=self._language,
            actors=actors,
            countries=self._countries(receivers),
            sites=self._sites(),
            wording=self._wording(self._mention.text, known),
            title=self._wording(self._mention.quotes[0].quote, known),
            told_on=days_of(record.announced_on),
            published=days_of(self._mention.published_at),
            ends=days_of(record.deadline),
            receivers=receivers,
            speakers=speakers,
            kind=record.resource_kind,
            status=record.status,
            money=money_figures(record.amount),
            count=count_figure(record.quantity),
            starts=days_of(record.start),
        )

    def _event(self, record: PolicyEvent) -> EventTraits:
        actors = tuple(self._party(actor) for actor in record.actors)
        targets = tuple(self._party(actor) for actor in record.targets)
        known = (*actors, *targets)
        return EventTraits(
            mention=self._mention,
            language=self._language,
            actors=actors,
            countries=self._countries(targets),
            sites=self._sites(),
            wording=self._wording(self._mention.text, known),
            title=self._wording(self._mention.quotes[0].quote, known),
            told_on=days_of(record.date),
            published=days_of(self._mention.published_at),
            ends=days_of(record.deadline),
            targets=targets,
            jurisdictions=frozenset(code[:2] for code in record.jurisdictions),
            kind=record.event_type,
            status=record.status,
            instrument=self._wording(record.instrument, ()) if record.instrument else None,
            instrument_key=plain(record.instrument) if record.instrument else "",
        )

    def _party(self, actor: Actor) -> Party:
        return self._table.find(actor, self._language)

    def _countries(self, others: Parties) -> frozenset[str]:
        places = [place.country for place in self._mention.record.places]
        return frozenset(
            code for code in (*places, *(party.country for party in others)) if code is not None
        )

    def _sites(self) -> frozenset[str]:
        names = " , ".join(place.name for place in self._mention.record.places)
        return self._wording(names, ()).names

    def _wording(self, text: str, known: Parties) -> Wording:
        kept, end = [], 0
        for country in find_countries(text, self._language):
            kept.append(text[end : country.start])
            end = country.end
        found = read_wording(" ".join([*kept, text[end:]]), self._language)
        named = {word for party in known for word in party.names}
        return Wording(
            found.topics,
            found.bodies,
            found.acts,
            found.renews,
            found.names - named - currency_words(),
            _without_years(found.marks),
            found.words - {name[:5] for name in named},
        )


_MONTHS: Final = frozenset({"T", "Q"})


def _without_years(marks: Marks) -> Marks:
    # "USD 500" is money, "Q3" a time.
    return frozenset(
        (series, number)
        for series, number in marks
        if series not in _MONTHS and series.casefold() not in currency_words()
    )
