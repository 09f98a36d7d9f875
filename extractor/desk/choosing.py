"""Choosing: what a page offers for a field of a record, sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from extractor.article import Article, Sentence, find_name
from extractor.checking.figures import verbatim_of
from extractor.checking.values import to_count, to_date, to_money
from extractor.desk.correcting import NewRecord, offers_in
from extractor.desk.reviews import ReviewedReading
from extractor.desk.words import ChosenWord, numbers_of, words_of
from extractor.drafts import Offers
from extractor.kinds import KINDS, AnyRecord, Sort, kind_of
from extractor.messages import clean_line
from extractor.pages.articles import shown
from extractor.pages.wording import VERDICTS
from extractor.phrases import plain, told_count, told_date, told_duration, told_money
from extractor.records import (
    Actor,
    ActorType,
    Certainty,
    Commitment,
    Count,
    DateValue,
    EventType,
    Money,
    Per,
    Place,
    RecordType,
    ResourceKind,
    Scope,
)
from extractor.results.reviews import ReviewedRecord

Way = Literal["mention", "words", "list", "text", "records", "sentence"]
"""How a value is chosen: a mention or words of a sentence, words alone, from a closed list, as
text, among other records, or a sentence itself."""
_WAYS: Final[Mapping[Sort, Way]] = {
    "money": "mention",
    "count": "mention",
    "date": "mention",
    "duration": "mention",
    "parties": "words",
    "places": "words",
    "name": "words",
    "label": "list",
    "codes": "text",
    "tie": "records",
}
_LISTS: Final[Mapping[str, Sequence[str]]] = {
    "resource_kind": get_args(ResourceKind),
    "event_type": get_args(EventType),
    "certainty": get_args(Certainty),
    "finance_role": ("provide", "mobilise"),
    "aggregation": ("sum", "includes"),
}
_OPTIONAL: Final = frozenset({"finance_role", "aggregation", "part_of"})
_SNIPPET: Final = 90


@dataclass(frozen=True, slots=True)
class Option:
    """Something that can be chosen."""

    value: str
    told: str
    note: str = ""
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A field of a record in the list of those that can be changed."""

    name: str
    label: str
    values: tuple[str, ...]
    proof: str
    """How its value is proved, in words; empty for several and for none."""


@dataclass(frozen=True, slots=True)
class FieldForm:
    """What is offered for one field."""

    field: str
    label: str
    way: Way
    sentence: int | None
    sentences: tuple[Option, ...]
    items: tuple[str, ...]
    """Of a list, the values that it has."""
    has_value: bool
    """Whether there is a value that can be taken away."""
    is_list: bool
    options: tuple[Option, ...]
    """Mentions, names that are known, choices of a list, or records."""
    is_many: bool
    """Whether several options can be chosen."""
    words: tuple[ChosenWord, ...]
    picked: frozenset[int]
    """Numbers of the words that are chosen from the start."""
    judged: Mapping[str, tuple[Option, ...]]
    """What words leave open, by name: a list to choose from, or none where it is written."""
    text: str


@dataclass(frozen=True, slots=True)
class NewForm:
    """What is offered for a record that was not found."""

    kind: RecordType
    sentence: int
    sentences: tuple[Option, ...]
    title: str
    words: tuple[ChosenWord, ...]
    picked: frozenset[int]
    names: tuple[Option, ...]
    labels: tuple[Option, ...]
    statuses: tuple[Option, ...]
    amounts: tuple[Option, ...]
    quantities: tuple[Option, ...]
    dates: tuple[Option, ...]
    refusal: int | None
    """The refusal that it is made of, from 1."""


def lines_of(record: AnyRecord) -> tuple[FieldLine, ...]:
    """Everything of a record that can be changed, in the order in which it is shown."""
    proofs = {verdict.field: VERDICTS[verdict.verdict] for verdict in record.verdicts}
    cited = tuple(f"sentence {item.sentence}" for item in record.evidence)
    return (
        FieldLine("title", "title", (clean_line(record.title),), ""),
        *(
            FieldLine(
                field.name,
                plain(field.name),
                tuple(_told(getattr(record, field.name))),
                proofs.get(field.name, ""),
            )
            for field in kind_of(record).fields
        ),
        FieldLine("evidence", "proved by", cited, ""),
    )


def form_of(
    reading: ReviewedReading, one: ReviewedRecord, field: str, sentence: int | None, words: str = ""
) -> FieldForm | None:
    """What is offered for a field; None if the record has no such field.

    Args:
        reading: all that is known of the article.
        one: the record.
        field: its name, or `title` or `evidence`.
        sentence: the one to choose in; None for the one that bears the value now.
        words: those that are chosen from the start.
    """
    article, record = reading.opened.article, one.record
    label = plain(field)
    if field == "title":
        return _plain_form(field, label, "text", text=record.title)
    if field == "evidence":
        items = tuple(f"{item.sentence}: {_snippet(item.quote)}" for item in record.evidence)
        number = _sentence_of(article, record, field, sentence)
        return _plain_form(
            field, label, "sentence", sentences=_sentences(article, number), items=items
        )
    found = next((each for each in kind_of(record).fields if each.name == field), None)
    if found is None:
        return None
    value = getattr(record, field)
    match _WAYS[found.sort]:
        case "list":
            return _plain_form(field, label, "list", options=_choices(record, field))
        case "text":
            return _plain_form(field, label, "text", text=" ".join(value))
        case "records":
            options = tuple(_ties(reading, record, field))
            way: Way = "list" if field == "aggregation" else "records"
            many = field == "related_commitments"
            return _plain_form(field, label, way, options=options, is_many=many)
        case "mention" | "words" as way:
            pass
        case _:
            return None
    number = _sentence_of(article, record, field, sentence)
    inside = article.sentences[number - 1]
    known = words_of(article, inside)
    options = (
        tuple(_mentions(offers_in(article, number), found.sort, article, value))
        if way == "mention"
        else tuple(_names(reading, inside, known))
    )
    return FieldForm(
        field=field,
        label=label,
        way=way,
        sentence=number,
        sentences=_sentences(article, number),
        items=tuple(_told(value)) if isinstance(value, list) else (),
        has_value=bool(value) and not isinstance(value, list),
        is_list=isinstance(value, list),
        options=options,
        is_many=False,
        words=known,
        picked=numbers_of(article, inside, known, words),
        judged=_judged(found.sort),
        text="",
    )


def new_form(
    reading: ReviewedReading,
    kind: RecordType,
    sentence: int,
    *,
    refusal: int | None = None,
    given: NewRecord | None = None,
) -> NewForm:
    """What is offered for a new record in a sentence, with what was given before.

    Args:
        reading: all that is known of the article.
        kind: the kind of record.
        sentence: the number of the sentence that states it.
        refusal: the refusal that it is made of, from 1.
        given: what was chosen already.
    """
    article = reading.opened.article
    number = min(max(sentence, 1), len(article.sentences))
    inside = article.sentences[number - 1]
    known = words_of(article, inside)
    offers = offers_in(article, number)
    list_name = "resource_kind" if kind == "commitment" else "event_type"
    of_kind = KINDS[kind]
    title = given.title if given else ""
    if refusal is not None and not title:
        title = clean_line(reading.opened.extraction.rejected[refusal - 1].value)
    return NewForm(
        kind=kind,
        sentence=number,
        sentences=_sentences(article, number),
        title=title,
        words=known,
        picked=numbers_of(article, inside, known, given.actors[0])
        if given and given.actors
        else frozenset(),
        names=tuple(_names(reading, inside, known)),
        labels=_listed(_LISTS[list_name], given.label if given else ""),
        statuses=_listed(of_kind.statuses, given.status if given else of_kind.plain),
        amounts=tuple(_mentions(offers, "money", article, given and given.amount)),
        quantities=tuple(_mentions(offers, "count", article, given and given.quantity)),
        dates=tuple(_mentions(offers, "date", article, given and given.dates)),
        refusal=refusal,
    )


def _plain_form(
    field: str,
    label: str,
    way: Way,
    *,
    options: tuple[Option, ...] = (),
    text: str = "",
    sentences: tuple[Option, ...] = (),
    items: tuple[str, ...] = (),
    is_many: bool = False,
) -> FieldForm:
    return FieldForm(
        field=field,
        label=label,
        way=way,
        sentence=None,
        sentences=sentences,
        items=items,
        has_value=False,
        is_list=bool(items),
        options=options,
        is_many=is_many,
        words=(),
        picked=frozenset(),
        judged={},
        text=text,
    )


def _sentence_of(article: Article, record: AnyRecord, field: str, sentence: int | None) -> int:
    if sentence is not None and 1 <= sentence <= len(article.sentences):
        return sentence
    for verdict in record.verdicts:
        if verdict.field.partition("[")[0] == field and verdict.sentence is not None:
            return verdict.sentence
    return record.evidence[0].sentence


def _sentences(article: Article, chosen: int) -> tuple[Option, ...]:
    return tuple(
        Option(
            str(each.id),
            f"{each.id}: {_snippet(article.quote(each))}",
            is_chosen=each.id == chosen,
        )
        for each in article.sentences
    )


def _snippet(text: str) -> str:
    line = shown(" ".join(text.split()))
    return line if len(line) <= _SNIPPET else f"{line[:_SNIPPET].rstrip()}…"


def _told(value: object) -> Iterator[str]:
    """A value, or each of a list, in words."""
    match value:
        case None | "" | []:
            return
        case list():
            for item in value:
                yield from _told(item)
        case Actor():
            known = f" ({value.canonical})" if value.canonical != value.name else ""
            yield clean_line(f"{value.name}{known}")
        case Place():
            code = value.subdivision or value.country
            yield clean_line(f"{value.name} ({code})" if code else value.name)
        case Money():
            yield told_money(value)
        case Count():
            yield told_count(value)
        case DateValue():
            yield told_date(value)
        case str() if value.startswith("P") and value[1:2].isdigit():
            yield told_duration(value)
        case _:
            yield plain(str(value))


def _choices(record: AnyRecord, field: str) -> tuple[Option, ...]:
    values = kind_of(record).statuses if field == "status" else _LISTS[field]
    options = _listed(values, getattr(record, field))
    return (*options, _none(getattr(record, field))) if field in _OPTIONAL else options


def _listed(values: Iterable[str], chosen: str | None) -> tuple[Option, ...]:
    return tuple(Option(value, plain(value), is_chosen=value == chosen) for value in values)


def _none(value: object) -> Option:
    return Option("", "none", is_chosen=not value)


def _ties(reading: ReviewedReading, record: AnyRecord, field: str) -> Iterator[Option]:
    if field == "aggregation":
        told = getattr(record, field)
        yield Option("sum", "its parts add up to it", is_chosen=told == "sum")
        yield Option("includes", "its parts are some of it", is_chosen=told == "includes")
        yield _none(told)
        return
    chosen = getattr(record, field)
    for one in reading.records:
        other = one.record
        if other.id == record.id or one.standing == "wrong":
            continue
        if field == "related_commitments" and not isinstance(other, Commitment):
            continue
        is_chosen = other.id in chosen if isinstance(chosen, list) else other.id == chosen
        yield Option(other.id, f"{other.id} {clean_line(other.title)}", is_chosen=is_chosen)
    if field == "part_of":
        yield _none(chosen)


def _mentions(offers: Offers, sort: Sort, article: Article, chosen: object) -> Iterator[Option]:
    """The mentions of a sentence that the field may take; `chosen` is a value, or ids of offers."""
    sentence = article.sentences[offers.sentences[0] - 1]
    verbatim = verbatim_of(sentence, article)

    def option(name: str, raw: str, value: object, told: str) -> Option:
        ids = chosen if isinstance(chosen, list | tuple | str) else ()
        is_chosen = name in ids or (value is not None and value == chosen)
        return Option(name, told, clean_line(raw), is_chosen=is_chosen)

    if sort == "money":
        for money in offers.money:
            read = to_money(money.mention, verbatim)
            yield option(money.id, money.raw, read, told_money(read))
    elif sort == "count":
        for count in offers.counts:
            counted = to_count(count.mention, verbatim)
            yield option(count.id, count.raw, counted, told_count(counted))
    else:
        for date in offers.dates:
            day = to_date(date.mention, verbatim)
            length = date.mention.duration
            if sort == "duration" and length:
                yield option(date.id, date.raw, length, told_duration(length))
            elif sort == "date" and day is not None:
                yield option(date.id, date.raw, day, told_date(day))


def _names(
    reading: ReviewedReading, sentence: Sentence, words: Sequence[ChosenWord]
) -> Iterator[Option]:
    """Names that are known from other records and stand in the sentence, and its countries."""
    article = reading.opened.article
    countries = article.mentions(sentence.id).countries
    names = [sentence.text[each.start : each.end] for each in countries]
    for one in reading.records:
        names += [name for name in _named(one.record) if find_name(name, sentence)]
    told: set[tuple[int, int]] = set()
    for name in names:
        numbers = numbers_of(article, sentence, words, name)
        if not numbers or (span := (min(numbers), max(numbers))) in told:
            continue
        told.add(span)
        yield Option(f"w{span[0]}-{span[1]}", clean_line(name))


def _named(record: AnyRecord) -> Iterator[str]:
    for field in kind_of(record).of_sort("parties", "places"):
        for item in getattr(record, field.name):
            yield item.name


def _judged(sort: Sort) -> Mapping[str, tuple[Option, ...]]:
    match sort:
        case "money":
            return {
                "per": _listed(get_args(Per), ""),
                "scope": _listed(get_args(Scope), ""),
                "currency": (),
            }
        case "count":
            return {
                "per": _listed(get_args(Per), ""),
                "scope": _listed(get_args(Scope), ""),
                "unit": (),
            }
        case "parties":
            return {"type": _listed(get_args(ActorType), ""), "canonical": (), "code": ()}
        case "places":
            return {"code": ()}
        case _:
            return {}
