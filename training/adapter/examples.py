"""Examples: the questions of the pipeline about the corpus, each with the answer of the labels.

A question is what the pipeline asks about one sentence; its answer is the records that cite this
sentence first. Sentences that only support a record, or hold optional ones only, are left out:
neither answer would be right. Of the sentences without a record those are taken that the finder
holds for likely, for it is those that the pipeline asks about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from eval.labels.dataset import LabelledArticle
from eval.labels.drafting import overlaps, rows_in_view, sentences_of, short_draft
from eval.labels.gold import GoldCommitment, GoldEvent
from extractor.article import Article, read_article
from extractor.drafts import write_rows
from extractor.models.base import Message
from extractor.prompting import Prompt, render_answer
from extractor.prompting.passages import make_passage
from extractor.records import RecordType
from extractor.strategies import passages_in_view
from training.corpora import place_of

if TYPE_CHECKING:
    from numpy.typing import NDArray


_EMPTY_SHARE: Final = 0.5
"""Of the sentences of an article without a record, those that are asked about."""


@dataclass(frozen=True, slots=True)
class TrainingExample:
    """A conversation and the answer that ends it."""

    document: str
    record_type: RecordType | None
    """None where it asks for both kinds."""
    messages: tuple[Message, ...]
    answer: str


def examples_in_passages(
    item: LabelledArticle,
    prompts: Sequence[Prompt],
    chances: Mapping[RecordType, NDArray[np.float64]],
    least: float,
) -> Iterator[TrainingExample]:
    """The questions about single sentences of one document.

    Args:
        item: the document with its labels.
        prompts: what asks for each kind of record.
        chances: for each kind a vector: the probability of every sentence, told by a finder that
            has not seen it.
        least: from which a sentence without a record is taken.
    """
    article = _read(item)
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
            passage = make_passage(article, [sentence.id], [record_type])
            drafts = [short_draft(record, passage) for record in wanted]
            if None in drafts:
                continue
            told = [draft for draft in drafts if draft is not None]
            yield TrainingExample(
                item.name,
                record_type,
                prompt.messages(passage),
                render_answer({record_type: told}, passage.offers, prompt.unasked),
            )


def examples_in_view(item: LabelledArticle, prompts: Sequence[Prompt]) -> Iterator[TrainingExample]:
    """The questions about a whole article, each with the rows of the sentences asked about.

    Of the sentences without a record half are asked about, none of optional records.
    """
    article = _read(item)
    records: tuple[GoldCommitment | GoldEvent, ...] = (
        *item.gold.commitments,
        *item.gold.policy_events,
    )
    core = [record for record in records if record.tier == "core"]
    stated = {number for record in core for number in sentences_of(record, article)[:1]}
    unsure = {
        number
        for record in records
        if record.tier != "core"
        for number in sentences_of(record, article)
    }
    asked = [
        sentence.id
        for sentence in article.sentences
        if sentence.id in stated
        or (sentence.id not in unsure and place_of(sentence.text) < _EMPTY_SHARE)
    ]
    for prompt in prompts:
        for passage in passages_in_view(article, asked, prompt.record_types):
            rows = rows_in_view(core, article, passage)
            answer = write_rows({number: list(drafts.values()) for number, drafts in rows.items()})
            yield TrainingExample(item.name, None, prompt.messages(passage), answer)


def _read(item: LabelledArticle) -> Article:
    language = item.gold.document.language
    return read_article(item.text, language=language, published_at=item.published_at)
