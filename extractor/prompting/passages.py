"""A passage: the few sentences put to a model, with the mentions it may choose from by id."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from extractor.article import Article, Sentence
from extractor.article.clauses import starts_with_anaphor
from extractor.article.folding import fold_text
from extractor.drafts import Mention, Offer, Offers
from extractor.mentions import Mentions
from extractor.records import RecordType

_BESIDE = 1
"""Sentences before and after one whose figures and dates may belong to its records."""

MentionT = TypeVar("MentionT", bound=Mention)


@dataclass(frozen=True, slots=True)
class Passage:
    """Citable sentences and what is asked about them.

    `before` is the sentence before them, given as context where they refer back to it.
    `expected` says that a record is in them, as far as the finder can tell: a small model that was
    not taught is worse at telling, and an empty answer of it is then no answer.
    """

    title: str | None
    before: Sentence | None
    sentences: tuple[Sentence, ...]
    record_types: tuple[RecordType, ...]
    offers: Offers
    expected: bool = False
    around: tuple[Sentence, ...] = ()
    """All sentences that are shown, where more are than may be cited."""

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the citable sentences."""
        return tuple(sentence.id for sentence in self.sentences)

    @property
    def shown(self) -> tuple[Sentence, ...]:
        """The sentences that are shown, in order."""
        return self.around or self.sentences

    def near(self, number: int) -> tuple[int, ...]:
        """The citable sentence and those whose figures and dates may belong to its records."""
        shown = [sentence.id for sentence in self.shown]
        place = shown.index(number)
        leads = next(one.leads for one in self.sentences if one.id == number)
        beside = shown[max(0, place - _BESIDE) : place + _BESIDE + 1]
        return tuple(dict.fromkeys((*(lead for lead in leads if lead in shown), *beside)))

    def halves(self) -> tuple[Passage, Passage]:
        """The passage in two, each with its share of the offers; needs two sentences."""
        middle = len(self.sentences) // 2
        return self._part(0, middle), self._part(middle, len(self.sentences))

    def _part(self, start: int, end: int) -> Passage:
        sentences = self.sentences[start:end]
        if self.around:
            citable = tuple(sentence.id for sentence in sentences)
            offers = replace(self.offers, sentences=citable)
            return replace(self, sentences=sentences, offers=offers)
        before = self.sentences[start - 1] if start else self.before
        offers = self.offers.within([sentence.id for sentence in sentences])
        return replace(self, before=before, sentences=sentences, offers=offers)


def make_passage(
    article: Article,
    numbers: Sequence[int],
    record_types: Sequence[RecordType],
    *,
    expected: bool = False,
) -> Passage:
    """The passage of the sentences with these numbers (ascending)."""
    first = article.sentences[numbers[0] - 1]
    sentences = tuple(article.sentences[number - 1] for number in numbers)
    before = _before(article, first)
    return Passage(
        title=_title(article, first),
        before=before,
        sentences=sentences,
        record_types=tuple(record_types),
        offers=offer_mentions(
            [article.sentences[number - 1] for number in numbers], article.mentions
        ),
        expected=expected,
    )


def make_article_passage(
    article: Article,
    numbers: Sequence[int],
    around: Sequence[int],
    record_types: Sequence[RecordType],
) -> Passage:
    """What is asked about these sentences, with those around them in view (both ascending)."""
    shown = tuple(article.sentences[number - 1] for number in around)
    offers = offer_mentions(shown, article.mentions)
    return Passage(
        title=_title(article, shown[0]) if article.title else None,
        before=None,
        sentences=tuple(article.sentences[number - 1] for number in numbers),
        record_types=tuple(record_types),
        offers=replace(offers, sentences=tuple(numbers)),
        around=shown,
    )


def offer_mentions(sentences: Sequence[Sentence], mentions: Callable[[int], Mentions]) -> Offers:
    """Ids for the mentions of these sentences: m1, m2 … money; n1 … counts; d1 … dates."""

    def offer(
        prefix: str, pick: Callable[[Mentions], Sequence[MentionT]]
    ) -> tuple[Offer[MentionT], ...]:
        found = [(sentence, m) for sentence in sentences for m in pick(mentions(sentence.id))]
        return tuple(
            Offer(f"{prefix}{rank}", sentence.id, sentence.text[m.start : m.end], m)
            for rank, (sentence, m) in enumerate(found, start=1)
        )

    return Offers(
        sentences=tuple(sentence.id for sentence in sentences),
        money=offer("m", lambda found: found.money),
        counts=offer("n", lambda found: found.counts),
        dates=offer("d", lambda found: found.dates),
    )


def _before(article: Article, first: Sentence) -> Sentence | None:
    """What the first sentence needs to be understood: the line that leads to its list or table."""
    if first.leads:
        return article.sentences[first.leads[-1] - 1]
    refers_back = first.id > 2 and starts_with_anaphor(first.text, article.rules)
    return article.sentences[first.id - 2] if refers_back else None


def _title(article: Article, first: Sentence) -> str | None:
    if article.title:
        return " ".join(fold_text(article.title).split())
    return article.sentences[0].text if first.id > 1 else None
