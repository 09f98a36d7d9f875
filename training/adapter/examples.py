"""Examples: the questions of the pipeline about the corpus, each with the answer of the labels.

A question is what the pipeline asks about one sentence; its answer is the records that cite this
sentence first. Sentences that only support a record, or hold optional ones only, are left out:
neither answer would be right. Of the sentences without a record those are taken that the finder
holds for likely, for it is those that the pipeline asks about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from eval.labels.dataset import Item
from eval.labels.gold import GoldCommitment, GoldEvent
from extractor.article import read_article
from extractor.article.folding import fold_text
from extractor.drafts import AnyDraft, DraftCommitment, DraftEvent, Offer
from extractor.mentions import find_mentions
from extractor.mentions.types import CountMention, MoneyMention
from extractor.models.base import Message
from extractor.passages import Passage, make_passage
from extractor.prompting import Prompt, render_answer
from extractor.records import Actor, DateValue, RecordType
from training.corpora import overlaps

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Example:
    """A conversation and the answer that ends it."""

    document: str
    record_type: RecordType
    messages: tuple[Message, ...]
    answer: str


def examples_of(
    item: Item,
    prompts: Sequence[Prompt],
    chances: Mapping[RecordType, NDArray[np.float64]],
    least: float,
) -> Iterator[Example]:
    """The examples of one document.

    Args:
        item: the document with its labels.
        prompts: what asks for each kind of record.
        chances: the finder's probability of every sentence, of a finder that has not seen it.
        least: from which a sentence without a record is taken.
    """
    article = read_article(
        item.text, language=item.gold.document.language, published_at=item.published_at
    )
    mentions = {
        sentence.id: find_mentions(sentence.text, article.rules, item.published_at)
        for sentence in article.sentences
    }
    for prompt in prompts:
        (record_type,) = prompt.record_types
        records: Sequence[GoldCommitment] | Sequence[GoldEvent] = (
            item.gold.commitments if record_type == "commitment" else item.gold.policy_events
        )
        for sentence in article.sentences:
            stated = [record for record in records if overlaps(record.evidence[0], sentence)]
            wanted = [record for record in stated if record.tier == "core"]
            touched = any(
                overlaps(quote, sentence) for record in records for quote in record.evidence
            )
            if not wanted and (touched or chances[record_type][sentence.id - 1] < least):
                continue
            passage = make_passage(article, mentions, [sentence.id], [record_type])
            drafts = [draft_of(record, passage) for record in wanted]
            if None in drafts:
                continue
            told = [draft for draft in drafts if draft is not None]
            yield Example(
                item.name,
                record_type,
                prompt.messages(passage),
                render_answer({record_type: told}, passage.offers, prompt.unasked),
            )


def draft_of(record: GoldCommitment | GoldEvent, passage: Passage) -> AnyDraft | None:
    """The draft that a model should write of a record; None for an act of nobody that is shown."""
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
        money=_figure(passage.offers.money, amount.raw, amount.value) if amount else None,
        count=_figure(passage.offers.counts, quantity.raw, quantity.value) if quantity else None,
        dates=shown.dates(
            [record.announced_on, record.start, record.deadline], bool(record.duration)
        ),
        status=record.status,
        announced_by=next(iter(shown.names(record.announced_by)), None),
        place=next((name for place in record.places if (name := shown.word(place.name))), None),
    )


class _Shown:
    """What the model is shown with a question, and so may answer with."""

    def __init__(self, passage: Passage) -> None:
        self._offers = passage.offers
        texts = [sentence.text for sentence in passage.sentences]
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


def _figure(
    offers: Sequence[Offer[MoneyMention]] | Sequence[Offer[CountMention]],
    raw: str,
    value: float | None,
) -> str | None:
    """The id of the offer that is meant by a label's figure: by its words, else by its value."""
    words = fold_text(raw).casefold()
    same = [offer.id for offer in offers if _meet(fold_text(offer.raw).casefold(), words)]
    equal = [offer.id for offer in offers if float(offer.mention.value or 0) == value]
    both = [name for name in same if name in equal]
    return next(iter([*both, *same, *equal]), None)


def _meet(one: str, other: str) -> bool:
    return one in other or other in one
