"""Reading: how an article is read before a model is asked, as a public value.

Its sentences, what is cut and why, the figures and dates that the rules find, and which sentences
the finder thinks worth a question.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, TypeAlias

from pydantic import Field

from extractor.article import Article, Sentence, read_article
from extractor.article.cuts import CutReason, cuts_of
from extractor.article.types import Kind
from extractor.checking.figures import verbatim_of
from extractor.checking.values import to_count, to_money
from extractor.extraction import Given, describe, notices_of
from extractor.formats import Document
from extractor.mentions import CountMention, DateMention, MoneyMention
from extractor.mentions.types import DateRole
from extractor.records import (
    ArticleInfo,
    Contract,
    Conversion,
    DateBasis,
    DateModifier,
    Notice,
    Number,
    Per,
    Qualifier,
    RecordType,
    Scope,
    TextSpan,
)
from extractor.selection import open_finder
from extractor.settings import Settings, load_settings

Mention: TypeAlias = MoneyMention | CountMention | DateMention


class SentenceRead(TextSpan):
    """A sentence that can be cited."""

    id: int
    """Its number, from 1."""
    text: str
    """Exactly as the article has it."""
    kind: Kind
    """sentence; item of a list; header or row of a table."""
    heading: bool
    """Whether it is a title or heading."""
    completed_by: list[int]
    """Numbers of the sentences that complete it: what leads to a list, a table's caption."""


class MentionRead(TextSpan):
    """A stretch of a sentence that tells a value."""

    sentence: int
    """Number of the sentence."""
    raw: str
    """Exactly as the article has it."""


class MoneyRead(MentionRead):
    """An amount, as in `Money`."""

    value: Number | None
    value_max: Number | None
    currency: str | None
    qualifier: Qualifier
    per: Per
    scope: Scope
    converted: list[Conversion]


class CountRead(MentionRead):
    """A quantity, as in `Count`."""

    value: Number | None
    value_max: Number | None
    unit: str
    qualifier: Qualifier
    per: Per
    scope: Scope


class DateRead(MentionRead):
    """A date or duration."""

    edtf: str | None
    """As in `DateValue`."""
    basis: DateBasis
    modifier: DateModifier | None
    role: DateRole
    """What the words around it say: by then, since then, how long, or just when."""
    duration: str | None
    """ISO 8601, null for a date."""


class CutRead(TextSpan):
    """A stretch that is not read."""

    reason: CutReason
    text: str
    """Exactly as the article has it."""


class CandidateRead(Contract):
    """A sentence that is worth a question to a small model."""

    sentence: int
    record_type: RecordType
    probability: Annotated[float, Field(ge=0, le=1)]
    """That it holds such a record, as far as the finder can tell."""


class Reading(Contract):
    """How an article is read without a model; offsets are code points of the article."""

    article: ArticleInfo
    sentences: list[SentenceRead]
    money: list[MoneyRead]
    counts: list[CountRead]
    dates: list[DateRead]
    cut: list[CutRead]
    candidates: list[CandidateRead]
    finder: str | None
    """What chose the candidates; null if none was asked."""
    notices: list[Notice]


def read(
    text: str | Document,
    *,
    title: str | None = None,
    language: str | None = None,
    published_at: date | None = None,
    article_id: str | None = None,
    settings: Settings | None = None,
) -> Reading:
    """How `Extractor.extract` would read the article before it asks a model; arguments as there.

    Raises:
        InputError: the text is not a readable article.
        ConfigurationError: the settings cannot be used.
    """
    settings = settings or load_settings()
    given = Given(text, title, published_at, None)
    article = read_article(
        given.text,
        title=given.title,
        language=language,
        published_at=given.published_at,
        max_characters=settings.max_characters,
    )
    finder = None if settings.finder == "none" else open_finder(settings)
    candidates = finder.find(article) if finder else {}
    return Reading(
        article=describe(article, article_id, given),
        sentences=[_sentence(sentence, article) for sentence in article.sentences],
        money=[
            _money(s, m, article) for s in article.sentences for m in article.mentions(s.id).money
        ],
        counts=[
            _count(s, m, article) for s in article.sentences for m in article.mentions(s.id).counts
        ],
        dates=[
            _date(s, m, article) for s in article.sentences for m in article.mentions(s.id).dates
        ],
        cut=[
            CutRead(
                start=cut.start,
                end=cut.end,
                reason=cut.reason,
                text=article.original[cut.start : cut.end],
            )
            for cut in cuts_of(article)
        ],
        candidates=[
            CandidateRead(sentence=number, record_type=kind, probability=likely.probability)
            for kind, chosen in candidates.items()
            for number, likely in chosen.items()
        ],
        finder=finder.name if finder else None,
        notices=notices_of(article),
    )


def _sentence(sentence: Sentence, article: Article) -> SentenceRead:
    return SentenceRead(
        id=sentence.id,
        start=sentence.start,
        end=sentence.end,
        text=article.quote(sentence),
        kind=sentence.kind,
        heading=sentence.is_heading,
        completed_by=list(sentence.leads),
    )


def _place(sentence: Sentence, mention: Mention, article: Article) -> dict[str, int | str]:
    start, end = article.folding.span(
        sentence.folded_start + mention.start, sentence.folded_start + mention.end
    )
    return {
        "sentence": sentence.id,
        "start": start,
        "end": end,
        "raw": article.original[start:end],
    }


def _money(sentence: Sentence, mention: MoneyMention, article: Article) -> MoneyRead:
    told = to_money(mention, verbatim_of(sentence, article)).model_dump(exclude={"raw"})
    return MoneyRead.model_validate({**told, **_place(sentence, mention, article)})


def _count(sentence: Sentence, mention: CountMention, article: Article) -> CountRead:
    told = to_count(mention, verbatim_of(sentence, article)).model_dump(exclude={"raw"})
    return CountRead.model_validate({**told, **_place(sentence, mention, article)})


def _date(sentence: Sentence, mention: DateMention, article: Article) -> DateRead:
    return DateRead.model_validate(
        {
            "edtf": mention.edtf,
            "basis": mention.basis,
            "modifier": mention.modifier,
            "role": mention.role,
            "duration": mention.duration,
            **_place(sentence, mention, article),
        }
    )
