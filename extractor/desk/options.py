"""Options: what can be chosen for a field: sentences, mentions, names, lists, and other records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, get_args

from extractor.article import Article, Sentence, find_name
from extractor.checking.figures import verbatim_of
from extractor.checking.values import to_count, to_date, to_money
from extractor.desk.reviews import ReviewedReading
from extractor.desk.words import ChosenWord, numbers_of
from extractor.drafts import Offers
from extractor.kinds import AnyRecord, Sort, kind_of
from extractor.messages import clean_line
from extractor.pages.articles import shown
from extractor.phrases import plain, told_count, told_date, told_duration, told_money
from extractor.records import (
    ActorType,
    Certainty,
    Commitment,
    EventType,
    Per,
    ResourceKind,
    Scope,
)

LISTS: Final[Mapping[str, Sequence[str]]] = {
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


def sentences_to_choose(article: Article, chosen: int) -> tuple[Option, ...]:
    """All sentences of an article, one of them chosen."""
    return tuple(
        Option(
            str(each.id),
            f"{each.id}: {snippet_of(article.quote(each))}",
            is_chosen=each.id == chosen,
        )
        for each in article.sentences
    )


def snippet_of(text: str) -> str:
    """The beginning of a text, in a line."""
    line = shown(" ".join(text.split()))
    return line if len(line) <= _SNIPPET else f"{line[:_SNIPPET].rstrip()}…"


def choices_of(record: AnyRecord, field: str) -> tuple[Option, ...]:
    """The closed list of a field, what the record says chosen."""
    values = kind_of(record).statuses if field == "status" else LISTS[field]
    options = listed(values, getattr(record, field))
    return (*options, _none(getattr(record, field))) if field in _OPTIONAL else options


def listed(values: Iterable[str], chosen: str | None) -> tuple[Option, ...]:
    """The values of a closed list, in words."""
    return tuple(Option(value, plain(value), is_chosen=value == chosen) for value in values)


def _none(value: object) -> Option:
    return Option("", "none", is_chosen=not value)


def ties_of(reading: ReviewedReading, record: AnyRecord, field: str) -> Iterator[Option]:
    """Other records that a field may name, or how the parts of a record add up."""
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


def mentions_in(offers: Offers, sort: Sort, article: Article, chosen: object) -> Iterator[Option]:
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


def names_in(
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


def judged_of(sort: Sort) -> Mapping[str, tuple[Option, ...]]:
    """What words leave open of such a value: a list for each, or none where it is written."""
    match sort:
        case "money":
            return {
                "per": listed(get_args(Per), ""),
                "scope": listed(get_args(Scope), ""),
                "currency": (),
            }
        case "count":
            return {
                "per": listed(get_args(Per), ""),
                "scope": listed(get_args(Scope), ""),
                "unit": (),
            }
        case "parties":
            return {"type": listed(get_args(ActorType), ""), "canonical": (), "code": ()}
        case "places":
            return {"code": ()}
        case _:
            return {}
