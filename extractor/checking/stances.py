"""Stances: what cue words near a record's own words say of it: status, hedge, denial.

A cue counts where it stands in the clause of the record's figure, name or title, else in the whole
sentence. These are rules of thumb: they fill what a model was not asked, and raise doubts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractor.article import Article, find_name
from extractor.article.clauses import Span, certainty_of, cues_near, negation_in
from extractor.checking.figures import counts_in, moneys_in
from extractor.kinds import OCCASIONS, AnyRecord, kind_of
from extractor.languages.cues import Cue, cue_spans
from extractor.records import Certainty, PolicyEvent


def certainty_borne(record: AnyRecord, article: Article) -> Certainty:
    """Hedged if every sentence that holds the record's own words hedges it."""
    stances = {
        certainty_of(article.sentences[number - 1].text, article.rules, anchors)
        for number, anchors in _anchored(record, article)
    }
    return "asserted" if "asserted" in stances else "hedged"


def status_borne(record: AnyRecord, article: Article) -> str | None:
    """The status that the cue words of the cited sentences tell; None if they tell none."""
    found = cues_of(record, article)
    table = kind_of(record).status_cues
    return next((status for status, cue in table.items() if cue in found), None)


def plain_status(record: AnyRecord) -> str:
    """The status of a promise or act that no cue word qualifies."""
    if isinstance(record, PolicyEvent) and record.event_type in OCCASIONS:
        return "occurred"
    return kind_of(record).plain


def cues_of(record: AnyRecord, article: Article) -> set[Cue]:
    """The cues of any status near the record's own words."""
    cues = tuple(kind_of(record).status_cues.values())
    return {
        cue
        for item in record.evidence
        for cue in cues_near(
            cues,
            article.sentences[item.sentence - 1].text,
            article.rules,
            list(_anchors(record, item.sentence, article)),
        )
    }


def denial_of(record: AnyRecord, article: Article) -> tuple[int, str] | None:
    """The sentence and the word that deny the record; None if nothing does."""
    return _word_of_whole("denial", record, article) or _negation_of(record, article)


def rumour_of(record: AnyRecord, article: Article) -> tuple[int, str] | None:
    """The sentence and the word that call the record a rumour; None if nothing does."""
    return _word_of_whole("rumour", record, article)


def withdrawal_of(record: AnyRecord, article: Article) -> tuple[int, str] | None:
    """The sentence and the word of a withdrawal, in whatever clause; None if there is none."""
    kind = kind_of(record)
    return _word_of_whole(kind.status_cues[kind.withdrawn], record, article)


def _word_of_whole(cue: Cue, record: AnyRecord, article: Article) -> tuple[int, str] | None:
    """The first word of the cue in the sentence that states the record, or the one behind it."""
    first = record.evidence[0].sentence
    for number in (first, first + 1):
        for sentence in article.sentences[number - 1 : number]:
            for start, end in cue_spans(cue, sentence.text, article.rules):
                return number, sentence.text[start:end]
    return None


def _negation_of(record: AnyRecord, article: Article) -> tuple[int, str] | None:
    for number, anchors in _anchored(record, article):
        text = article.sentences[number - 1].text
        if word := negation_in(text, article.rules, anchors):
            return number, word
    return None


def _anchored(record: AnyRecord, article: Article) -> list[tuple[int, Sequence[Span]]]:
    """The cited sentences that hold the record's own words, with where; else all of them."""
    numbers = [item.sentence for item in record.evidence]
    found = [(number, list(_anchors(record, number, article))) for number in numbers]
    held = [(number, anchors) for number, anchors in found if anchors]
    return [*held] or [(number, []) for number in numbers]


def _anchors(record: AnyRecord, number: int, article: Article) -> Iterator[Span]:
    """Where its figures or its instrument stand in a sentence, else its title."""
    own: list[Span] = []
    sentence = article.sentences[number - 1]
    if isinstance(record, PolicyEvent):
        if record.instrument and (span := find_name(record.instrument, sentence)):
            own.append(span)
    else:
        own += [span for money, span in moneys_in(article, number) if money == record.amount]
        own += [span for count, span in counts_in(article, number) if count == record.quantity]
        if not own and record.amount and (span := find_name(record.amount.raw, sentence)):
            own.append(span)
        if not own and record.quantity and (span := find_name(record.quantity.raw, sentence)):
            own.append(span)
    if not own and (span := find_name(record.title, sentence)):
        own.append(span)
    yield from own
