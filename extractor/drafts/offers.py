"""Offers: mentions under short ids, for a model to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from extractor.mentions.types import CountMention, DateMention, MoneyMention

Mention = MoneyMention | CountMention | DateMention
MentionT_co = TypeVar("MentionT_co", bound=Mention, covariant=True)


@dataclass(frozen=True, slots=True)
class Offer(Generic[MentionT_co]):
    """A mention offered to the model under an id such as m1, n2 or d1."""

    id: str
    sentence: int
    raw: str
    mention: MentionT_co


@dataclass(frozen=True, slots=True)
class Offers:
    """All that one request offers: citable sentence numbers and the mentions they hold."""

    sentences: tuple[int, ...]
    money: tuple[Offer[MoneyMention], ...]
    counts: tuple[Offer[CountMention], ...]
    dates: tuple[Offer[DateMention], ...]

    @property
    def idle_fields(self) -> frozenset[str]:
        """The fields for which nothing is offered: asking for them would only cost tokens."""
        offered = {"money": self.money, "count": self.counts, "dates": self.dates}
        return frozenset(field for field, mentions in offered.items() if not mentions)

    @property
    def mentions(self) -> tuple[Offer[Mention], ...]:
        """Money, counts and dates on offer, in this order."""
        return (*self.money, *self.counts, *self.dates)

    def within(self, sentences: Sequence[int]) -> Offers:
        """What is left of the offers for some of the sentences, under the same ids."""
        return Offers(
            tuple(number for number in self.sentences if number in sentences),
            tuple(offer for offer in self.money if offer.sentence in sentences),
            tuple(offer for offer in self.counts if offer.sentence in sentences),
            tuple(offer for offer in self.dates if offer.sentence in sentences),
        )
