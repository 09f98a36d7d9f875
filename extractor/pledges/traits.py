"""What two mentions are compared by: typed values, read once for each mention."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, TypeAlias, get_args

from extractor.languages import Rules
from extractor.mentions.parties.country_words import capital_codes
from extractor.mentions.parties.names import find_countries
from extractor.pledges.dating import Days, days_of
from extractor.pledges.figures import Figure, count_figure, money_figures
from extractor.pledges.matching import is_nameless
from extractor.pledges.mentions import Mention
from extractor.pledges.parties import KnownParty, PartyTable
from extractor.pledges.placing import countries_named, country_beside, places_meant
from extractor.pledges.wording import Marks, Wording, currency_words, plain, read_wording
from extractor.records import (
    Actor,
    Commitment,
    CommitmentStatus,
    DateValue,
    EventStatus,
    EventType,
    Language,
    PolicyEvent,
    ResourceKind,
)

_WORD: Final = re.compile(r"[^\W_]+")
_LANGUAGES: Final = get_args(Language)
Parties: TypeAlias = tuple[KnownParty, ...]


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
    named: frozenset[str]
    """All proper names in its sentences, those of its parties among them."""
    said: frozenset[str]
    """The countries that its first sentence names, without those of its givers."""
    beside: frozenset[str]
    """The countries that its first sentence names in any form, without those of its givers."""
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

    @property
    def is_vague(self) -> bool:
        """Whether it tells no figure: who reads it must know already which pledge is meant."""
        return not self.money and self.count is None


@dataclass(frozen=True, slots=True)
class EventTraits(_Shared):
    """What is known of a policy event."""

    targets: Parties
    jurisdictions: frozenset[str]
    """ISO codes of countries."""
    regions: frozenset[str]
    """ISO 3166-2 codes of the regions and cities among the authorities."""
    kind: EventType
    status: EventStatus
    instrument: Wording | None
    instrument_key: str

    @property
    def is_vague(self) -> bool:
        """Whether it names no instrument."""
        return self.instrument is None


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
        actors = self._givers(record)
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
            named=self._named(),
            said=places_meant(self._first_sentence(), self._language, actors),
            beside=countries_named(self._first_sentence(), self._language, actors),
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
            named=self._named(),
            said=places_meant(self._first_sentence(), self._language, actors),
            beside=countries_named(self._first_sentence(), self._language, actors),
            told_on=days_of(record.date),
            published=days_of(self._mention.published_at),
            ends=self._end(record.deadline),
            targets=targets,
            jurisdictions=frozenset(code[:2] for code in record.jurisdictions),
            regions=frozenset(code for code in record.jurisdictions if len(code) > 2),
            kind=record.event_type,
            status=record.status,
            instrument=self._wording(record.instrument, (), is_name=True)
            if record.instrument
            else None,
            instrument_key=plain(record.instrument) if record.instrument else "",
        )

    def _end(self, deadline: DateValue | None) -> Days | None:
        """When an act applies; "from January" may be read as the January that is over."""
        days, published = days_of(deadline), days_of(self._mention.published_at)
        if deadline is None or days is None or published is None:
            return days
        over = deadline.basis == "from_reference" and days.last < published.first
        return None if over else days

    def _givers(self, record: Commitment) -> Parties:
        told = tuple(self._party(actor) for actor in record.actors)
        publisher = self._mention.publisher
        if publisher is None or not all(is_nameless(party) for party in told):
            return told
        # In a communique of its own, a bank is "the Bank".
        named = Actor(name=publisher, canonical=publisher, type="company", country=None)
        itself = self._party(named)
        return (*told, itself) if itself.id else told

    def _party(self, actor: Actor) -> KnownParty:
        return self._table.find(actor, self._language)

    def _countries(self, others: Parties) -> frozenset[str]:
        places = [place.country for place in self._mention.record.places]
        told = (*places, *(party.country for party in others))
        found = frozenset(code for code in told if code is not None)
        sentences = [quote.quote for quote in self._mention.quotes]
        beside = (
            country_beside(place.name, sentences, self._language)
            for place in self._mention.record.places
        )
        return found or frozenset(code for code in beside if code is not None)

    def _named(self) -> frozenset[str]:
        return self._wording(self._mention.text, ()).names

    def _first_sentence(self) -> str:
        return self._told(self._mention.quotes[0].quote)

    def _sites(self) -> frozenset[str]:
        found: set[str] = set()
        for place in self._mention.record.places:
            names = self._wording(place.name, (), is_name=True).names
            # "Hà Nội" is "Hanoi" elsewhere.
            found |= {*names, "".join(_WORD.findall(plain(place.name)))} if names else set()
            # "Le Caire" is "Cairo".
            if capital := capital_codes().get(place.name):
                found.add(f"capital of {capital}")
            found |= set(self._table.known_as(place.name))
        return frozenset(found)

    def _told(self, text: str) -> str:
        """The text without its sums: "dollars australiens" are no word of Australia."""
        record = self._mention.record
        if isinstance(record, Commitment) and record.amount:
            for raw in (record.amount.raw, *(each.raw for each in record.amount.converted)):
                text = text.replace(raw, " ") if raw else text
        return text

    def _wording(self, text: str, known: Parties, *, is_name: bool = False) -> Wording:
        kept, end = [], 0
        text = self._told(text)
        for country in find_countries(text, self._language):
            kept.append(text[end : country.start])
            end = country.end
        found = read_wording(" ".join([*kept, text[end:]]), self._language, is_name=is_name)
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
