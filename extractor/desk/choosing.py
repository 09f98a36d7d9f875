"""Choosing: what a page offers for a field of a record, sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from extractor.article import Article
from extractor.desk.corrections import NewRecord, offers_in
from extractor.desk.options import (
    LISTS,
    Option,
    choices_of,
    judged_of,
    listed,
    mentions_in,
    names_in,
    sentences_to_choose,
    snippet_of,
    ties_of,
)
from extractor.desk.reviews import ReviewedReading
from extractor.desk.words import ChosenWord, numbers_of, words_of
from extractor.kinds import KINDS, AnyRecord, Sort, kind_of
from extractor.messages import clean_line
from extractor.pages.wording import VERDICTS
from extractor.phrases import plain, told_count, told_date, told_duration, told_money
from extractor.records import (
    Actor,
    Count,
    DateValue,
    Money,
    Place,
    RecordType,
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
        items = tuple(f"{item.sentence}: {snippet_of(item.quote)}" for item in record.evidence)
        number = _sentence_of(article, record, field, sentence)
        return _plain_form(
            field, label, "sentence", sentences=sentences_to_choose(article, number), items=items
        )
    found = next((each for each in kind_of(record).fields if each.name == field), None)
    if found is None:
        return None
    value = getattr(record, field)
    match _WAYS[found.sort]:
        case "list":
            return _plain_form(field, label, "list", options=choices_of(record, field))
        case "text":
            return _plain_form(field, label, "text", text=" ".join(value))
        case "records":
            options = tuple(ties_of(reading, record, field))
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
        tuple(mentions_in(offers_in(article, number), found.sort, article, value))
        if way == "mention"
        else tuple(names_in(reading, inside, known))
    )
    return FieldForm(
        field=field,
        label=label,
        way=way,
        sentence=number,
        sentences=sentences_to_choose(article, number),
        items=tuple(_told(value)) if isinstance(value, list) else (),
        has_value=bool(value) and not isinstance(value, list),
        is_list=isinstance(value, list),
        options=options,
        is_many=False,
        words=known,
        picked=numbers_of(article, inside, known, words),
        judged=judged_of(found.sort),
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
        sentences=sentences_to_choose(article, number),
        title=title,
        words=known,
        picked=numbers_of(article, inside, known, given.actors[0])
        if given and given.actors
        else frozenset(),
        names=tuple(names_in(reading, inside, known)),
        labels=listed(LISTS[list_name], given.label if given else ""),
        statuses=listed(of_kind.statuses, given.status if given else of_kind.plain),
        amounts=tuple(mentions_in(offers, "money", article, given and given.amount)),
        quantities=tuple(mentions_in(offers, "count", article, given and given.quantity)),
        dates=tuple(mentions_in(offers, "date", article, given and given.dates)),
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
