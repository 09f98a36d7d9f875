"""Proving: a verdict for every value of a record, from the sentences it cites.

`prove` looks only at the finished record and at the article: it does not know where a value came
from, so the same function guards what a model filled, what a merge joined and what a file holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from extractor.article import Article, Sentence, find_name, find_names
from extractor.article.clauses import Span, refers_back
from extractor.checking.figures import (
    amount_at,
    counts_in,
    dates_in,
    durations_in,
    moneys_in,
    verbatim_of,
)
from extractor.checking.jurisdictions import jurisdictions_of
from extractor.checking.naming import names_state
from extractor.checking.stances import certainty_borne, cues_of
from extractor.checking.values import to_count, to_dates, to_money
from extractor.kinds import AnyRecord, Field, Sort, kind_of
from extractor.languages.cues import cue_spans
from extractor.mentions.quoted import read_count, read_date
from extractor.records import (
    Actor,
    Count,
    DateValue,
    Evidence,
    Money,
    Place,
    PolicyEvent,
    RejectReason,
    Verdict,
)


@dataclass(frozen=True, slots=True)
class FieldCheck:
    """What became of one value: its verdict, or the reason why nothing bears it."""

    field: str
    value: str
    verdict: Verdict | None
    sentence: int | None = None
    reason: RejectReason = "not_in_evidence"


FigureT = TypeVar("FigureT", Money, Count)
Prover: TypeAlias = Callable[[AnyRecord, Field, Article], Iterator[FieldCheck]]


def prove(record: AnyRecord, article: Article) -> tuple[FieldCheck, ...]:
    """A check of every value of the record; of the evidence alone, where that is no evidence."""
    outside = [item for item in record.evidence if not _is_verbatim(item, article)]
    if outside:
        return tuple(
            FieldCheck("evidence", item.quote, None, reason="evidence_outside_body")
            for item in outside
        )
    return tuple(
        check
        for field in kind_of(record).fields
        for check in _PROVERS[field.sort](record, field, article)
    )


def _is_verbatim(item: Evidence, article: Article) -> bool:
    if not 1 <= item.sentence <= len(article.sentences):
        return False
    sentence = article.sentences[item.sentence - 1]
    inside = article.body_start <= item.start and item.end <= article.body_end
    same = (item.start, item.end) == (sentence.start, sentence.end)
    return inside and same and article.original[item.start : item.end] == item.quote


def _prove_names(record: AnyRecord, field: Field, article: Article) -> Iterator[FieldCheck]:
    """Every name stands in a cited sentence; of a party it may be meant or referred back to."""
    named: Sequence[Actor | Place] = getattr(record, field.name)
    for rank, item in enumerate(named):
        where = f"{field.name}[{rank}]"
        check = _prove_words(where, item.name, record, article)
        if check.verdict is None and isinstance(item, Actor):
            check = _prove_state(where, item.name, record, article)
        if check.verdict is None and isinstance(item, Actor):
            check = _prove_earlier(where, item.name, record, article)
        yield check


def _prove_name(record: AnyRecord, field: Field, article: Article) -> Iterator[FieldCheck]:
    name: str | None = getattr(record, field.name)
    if name:
        yield _prove_words(field.name, name, record, article)


def _prove_words(field: str, words: str, record: AnyRecord, article: Article) -> FieldCheck:
    verdict: Verdict | None = None
    where = None
    for item in record.evidence:
        sentence = article.sentences[item.sentence - 1]
        if span := find_name(words, sentence):
            if words in (article.verbatim(sentence, *span), sentence.text[span[0] : span[1]]):
                return FieldCheck(field, words, "exact", sentence.id)
            verdict, where = verdict or "normalised", where or sentence.id
    return FieldCheck(field, words, verdict, where)


def _prove_state(field: str, name: str, record: AnyRecord, article: Article) -> FieldCheck:
    """A cited sentence has the adjective alone: of "the French president" the state is France."""
    for item in record.evidence:
        if names_state(name, article.sentences[item.sentence - 1], article):
            return FieldCheck(field, name, "inferred", item.sentence)
    return FieldCheck(field, name, None)


def _prove_earlier(field: str, name: str, record: AnyRecord, article: Article) -> FieldCheck:
    """The cited sentence refers back, and an earlier one names the party."""
    for item in record.evidence:
        if refers_back(article.sentences[item.sentence - 1].text, article.rules):
            for earlier in article.sentences[: item.sentence - 1]:
                if find_name(name, earlier):
                    return FieldCheck(field, name, "inferred", item.sentence)
    return FieldCheck(field, name, None)


def _prove_money(record: AnyRecord, field: Field, article: Article) -> Iterator[FieldCheck]:
    def heard(sentence: Sentence, span: Span, told: Money) -> Money | None:
        read = amount_at(sentence, span, told.currency, article)
        return to_money(read, verbatim_of(sentence, article)) if read else None

    yield from _prove_figure(record, field, article, moneys_in, heard)


def _prove_count(record: AnyRecord, field: Field, article: Article) -> Iterator[FieldCheck]:
    def heard(sentence: Sentence, span: Span, told: Count) -> Count | None:
        read = read_count(sentence.text, span, article.rules, told.unit)
        return to_count(read, verbatim_of(sentence, article)) if read else None

    yield from _prove_figure(record, field, article, counts_in, heard)


def _prove_figure(
    record: AnyRecord,
    field: Field,
    article: Article,
    found_in: Callable[[Article, int], Iterable[tuple[FigureT, Span]]],
    heard: Callable[[Sentence, Span, FigureT], FigureT | None],
) -> Iterator[FieldCheck]:
    """Our own reading of a cited sentence gives the figure; what it leaves open is inferred."""
    figure: FigureT | None = getattr(record, field.name)
    if figure is None:
        return
    cited = [article.sentences[item.sentence - 1] for item in record.evidence]
    for sentence in cited:
        if any(found == figure for found, _ in found_in(article, sentence.id)):
            yield FieldCheck(field.name, figure.raw, "normalised", sentence.id)
            return
    for sentence in cited:
        found = [value for value, _ in found_in(article, sentence.id)]
        spans = find_names(figure.raw, sentence)
        heard_there = (heard(sentence, span, figure) for span in spans)
        if (figure.value is not None and any(_bears(figure, value) for value in found)) or any(
            _bears(figure, value) for value in heard_there
        ):
            verdict: Verdict = "exact" if figure.value is None else "inferred"
            yield FieldCheck(field.name, figure.raw, verdict, sentence.id)
            return
    yield FieldCheck(field.name, figure.raw, None)


def _bears(value: Money | Count, found: Money | Count | None) -> bool:
    """The words give this figure; `per`, `scope` and the English of a unit are judged.

    A value without a figure is only its words, as long as the words do give none.
    """
    if value.value is None:
        return found is None or found.value is None
    judged: dict[str, str] = {"per": value.per, "scope": value.scope}
    if isinstance(value, Count):
        judged["unit"] = value.unit
    return found is not None and found.model_copy(update=judged) == value


def _prove_date(record: AnyRecord, field: Field, article: Article) -> Iterator[FieldCheck]:
    """Our own reading of a cited sentence gives the date; of words that we cannot read, none."""
    date: DateValue | None = getattr(record, field.name)
    if date is None:
        return
    for item in record.evidence:
        if date in dates_in(article, item.sentence):
            yield FieldCheck(field.name, date.text, "normalised", item.sentence)
            return
    for item in record.evidence:
        sentence = article.sentences[item.sentence - 1]
        if span := find_name(date.text, sentence):
            read = read_date(sentence.text, span, article.rules, article.published_at)
            found = to_dates(read, verbatim_of(sentence, article)) if read else ()
            if date in found or (date.edtf is None and not found):
                verdict: Verdict = "exact" if date.edtf is None else "normalised"
                yield FieldCheck(field.name, date.text, verdict, sentence.id)
                return
    yield FieldCheck(field.name, date.text, None)


def _prove_duration(record: AnyRecord, field: Field, article: Article) -> Iterator[FieldCheck]:
    duration: str | None = getattr(record, field.name)
    if duration is None:
        return
    for item in record.evidence:
        if duration in durations_in(article, item.sentence):
            yield FieldCheck(field.name, duration, "normalised", item.sentence)
            return
    yield FieldCheck(field.name, duration, None)


def _prove_label(record: AnyRecord, field: Field, article: Article) -> Iterator[FieldCheck]:
    """No words prove a choice from a list; where a cue word tells it, that is said."""
    label: str | None = getattr(record, field.name)
    if label is not None:
        verdict: Verdict = "inferred" if _is_cued(field, label, record, article) else "classified"
        yield FieldCheck(field.name, label, verdict)


def _is_cued(field: Field, label: str, record: AnyRecord, article: Article) -> bool:
    match field.name:
        case "status":
            return kind_of(record).status_cues[label] in cues_of(record, article)
        case "certainty":
            return label == certainty_borne(record, article)
        case "finance_role":
            texts = [article.sentences[item.sentence - 1].text for item in record.evidence]
            raised = any(cue_spans("mobilise", text, article.rules) for text in texts)
            return (label == "mobilise") == raised
        case _:
            return False


def _prove_codes(record: AnyRecord, field: Field, article: Article) -> Iterator[FieldCheck]:
    """Codes of countries follow from the parties' names, or are the model's word."""
    if not isinstance(record, PolicyEvent) or not record.jurisdictions:
        return
    cited = [article.sentences[item.sentence - 1] for item in record.evidence]
    derived = jurisdictions_of(record.actors, cited, article)
    verdict: Verdict = "derived" if record.jurisdictions == derived else "classified"
    yield FieldCheck(field.name, " ".join(record.jurisdictions), verdict)


def _prove_tie(record: AnyRecord, field: Field, article: Article) -> Iterator[FieldCheck]:
    """Ties are made by code, from the model's word or from the amounts."""
    tied: str | list[str] | None = getattr(record, field.name)
    if tied:
        told = tied if isinstance(tied, str) else " ".join(tied)
        yield FieldCheck(field.name, told, "derived")


_PROVERS: Mapping[Sort, Prover] = {
    "parties": _prove_names,
    "places": _prove_names,
    "name": _prove_name,
    "money": _prove_money,
    "count": _prove_count,
    "date": _prove_date,
    "duration": _prove_duration,
    "label": _prove_label,
    "codes": _prove_codes,
    "tie": _prove_tie,
}
