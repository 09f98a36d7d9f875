"""Drafting: what a model should write of a label, in the form that it is asked to fill.

The training of adapters learns from these drafts, and the ceiling of the pipeline is measured with
them: what they cannot say, no model can.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from eval.labels.gold import GoldCommitment, GoldEvent, GoldEvidence
from extractor.article import Article, Sentence
from extractor.article.folding import fold_text
from extractor.drafts import (
    AnyDraft,
    CommitmentDate,
    DraftCommitment,
    DraftEvent,
    EventDate,
    Offer,
    Offers,
    WholeCommitment,
    WholeEvent,
)
from extractor.mentions.types import CountMention, MoneyMention
from extractor.prompting.passages import Passage
from extractor.records import Actor, Count, DateValue, Money

_TITLE_WORDS = 8


def overlaps(quote: GoldEvidence, sentence: Sentence) -> bool:
    """Whether a label quotes words of a sentence."""
    return quote.start < sentence.end and sentence.start < quote.end


def sentences_of(record: GoldCommitment | GoldEvent, article: Article) -> list[int]:
    """The numbers of the sentences that a label quotes, in the order of its quotes."""
    numbers = [s.id for quote in record.evidence for s in article.sentences if overlaps(quote, s)]
    return list(dict.fromkeys(numbers))


def short_draft(
    record: GoldCommitment | GoldEvent, passage: Passage
) -> DraftCommitment | DraftEvent | None:
    """The draft about one sentence; None for an act of nobody that is shown."""
    shown = _Shown(passage)
    who = shown.names(record.actors)
    if isinstance(record, GoldEvent):
        if not who:
            return None
        return DraftEvent(
            what="",
            who=who,
            targets=shown.names(record.targets),
            type=record.event_type,
            instrument=shown.word(record.instrument),
            dates=shown.dates([record.date, record.deadline]),
            status=record.status,
        )
    amount, quantity = record.amount, record.quantity
    return DraftCommitment(
        what="",
        who=who,
        to=shown.names(record.recipients),
        kind=record.resource_kind,
        money=_figure(passage.offers.money, amount) if amount else None,
        count=_figure(passage.offers.counts, quantity) if quantity else None,
        dates=shown.dates(
            [record.announced_on, record.start, record.deadline], bool(record.duration)
        ),
        status=record.status,
        announced_by=next(iter(shown.names(record.announced_by)), None),
        place=next((name for place in record.places if (name := shown.word(place.name))), None),
    )


def rows_in_view(
    records: Sequence[GoldCommitment | GoldEvent], article: Article, passage: Passage
) -> dict[int, dict[str, DraftCommitment | DraftEvent]]:
    """What each sentence that is asked about states, by the id of its label.

    A record belongs to the sentence that its label quotes first.
    """
    rows: dict[int, dict[str, DraftCommitment | DraftEvent]] = {n: {} for n in passage.numbers}
    for record in records:
        number = next(iter(sentences_of(record, article)), 0)
        if number in rows:
            near = replace(passage, offers=passage.offers.within(passage.near(number)))
            if (draft := short_draft(record, near)) is not None:
                rows[number][record.id] = draft.model_copy(update={"sentence": number})
    return rows


def whole_draft(
    record: GoldCommitment | GoldEvent,
    article: Article,
    offers: Offers,
    places: Mapping[str, int],
) -> AnyDraft | None:
    """The draft about a whole article; None where no sentence of the body is quoted.

    `places` are the numbers, from 1, of the labelled commitments in their list of the reply.
    """
    numbers = [number for number in sentences_of(record, article) if number in offers.sentences]
    if not numbers:
        return None
    own = offers.within(numbers)
    first = article.sentences[numbers[0] - 1].text
    what = " ".join(first.split()[:_TITLE_WORDS])
    if isinstance(record, GoldEvent):
        return WholeEvent(
            sentences=numbers,
            what=record.instrument or what,
            who=_names(record.actors),
            targets=_names(record.targets),
            type=record.event_type,
            instrument=record.instrument,
            dates=[
                EventDate(date=_date(own, value, article), role=role)
                for role, value in (("date", record.date), ("deadline", record.deadline))
                if value
            ],
            status=record.status,
            certainty=record.certainty,
            places=[place.name for place in record.places],
            jurisdictions=record.jurisdictions,
            commitments=[places[name] for name in record.related_commitments if name in places],
        )
    amount, quantity = record.amount, record.quantity
    figure = amount or quantity
    return WholeCommitment(
        sentences=numbers,
        what=what,
        who=_names(record.actors),
        to=_names(record.recipients),
        announced_by=_names(record.announced_by),
        kind=record.resource_kind,
        money=_figure(own.money, amount) or amount.raw if amount else None,
        currency=amount.currency if amount else None,
        per=figure.per if figure else "once",
        scope=figure.scope if figure else "total",
        count=_figure(own.counts, quantity) or quantity.raw if quantity else None,
        unit=quantity.unit.replace("_", " ") if quantity else None,
        dates=_commitment_dates(record, own, article),
        status=record.status,
        certainty=record.certainty,
        mobilise=record.finance_role == "mobilise",
        places=[place.name for place in record.places],
        part_of=places.get(record.part_of) if record.part_of else None,
    )


def _commitment_dates(
    record: GoldCommitment, offers: Offers, article: Article
) -> list[CommitmentDate]:
    dates = [
        CommitmentDate(date=_date(offers, value, article), role=role)
        for role, value in (
            ("announced_on", record.announced_on),
            ("start", record.start),
            ("deadline", record.deadline),
        )
        if value
    ]
    lasting = [offer.id for offer in offers.dates if offer.mention.duration == record.duration]
    if record.duration and lasting and lasting[0] not in [date.date for date in dates]:
        dates.append(CommitmentDate(date=lasting[0], role="duration"))
    return dates


def _date(offers: Offers, value: DateValue, article: Article) -> str:
    """The id of the offer in whose words the date is; its words if there is none."""
    words = fold_text(value.text).casefold()
    met = [offer for offer in offers.dates if _meet(fold_text(offer.raw).casefold(), words)]
    equal = [offer for offer in met if offer.mention.edtf == value.edtf]
    return next((offer.id for offer in equal), value.text)


class _Shown:
    """What the model is shown with a question, and so may answer with."""

    def __init__(self, passage: Passage) -> None:
        self._offers = passage.offers
        texts = [sentence.text for sentence in passage.shown]
        texts += [passage.before.text] if passage.before else []
        texts += [passage.title] if passage.title else []
        self._text = "\n".join(texts)

    def word(self, words: str | None) -> str | None:
        """The words as they are shown, None if they are not."""
        folded = fold_text(words) if words else ""
        return folded if folded and folded in self._text else None

    def names(self, parties: Sequence[Actor]) -> list[str]:
        """The names of the parties that are shown."""
        return [name for party in parties if (name := self.word(party.name))]

    def dates(self, values: Sequence[DateValue | None], lasting: bool = False) -> list[str]:
        """The ids of the dates in whose words these are, and of durations if it is lasting."""
        words = [fold_text(value.text).casefold() for value in values if value]
        return [
            offer.id
            for offer in self._offers.dates
            if (lasting and offer.mention.duration)
            or any(_meet(fold_text(offer.raw).casefold(), told) for told in words)
        ]


def _names(parties: Iterable[Actor]) -> list[str]:
    return [party.name for party in parties]


def _figure(
    offers: Sequence[Offer[MoneyMention]] | Sequence[Offer[CountMention]], label: Money | Count
) -> str | None:
    """The id of the offer that is meant by a label's figure: by its words, else by its value."""
    words = fold_text(label.raw).casefold()
    same = [offer.id for offer in offers if _meet(fold_text(offer.raw).casefold(), words)]
    equal = [offer.id for offer in offers if float(offer.mention.value or 0) == label.value]
    both = [name for name in same if name in equal]
    return next(iter([*both, *same, *equal]), None)


def _meet(one: str, other: str) -> bool:
    return one in other or other in one
