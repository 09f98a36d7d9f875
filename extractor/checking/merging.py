"""Merging: one record per pledge or act, whatever the number of sentences that repeat it.

A headline, a recap and a currency conversion are the same record told again: they are joined and
every quote is kept. Joined is only what is one: giver, resource, figure, and receiver or place
where both tell them. Each field is joined as its table says, so nothing of a second telling is lost
without being listed there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from extractor.article import Article, find_name
from extractor.checking.instruments import is_same_instrument
from extractor.kinds import MONEY_KINDS, AnyRecord, Field, Merge, kind_of
from extractor.mentions.parties.country_words import english_name
from extractor.records import (
    Actor,
    Commitment,
    Count,
    DateValue,
    Money,
    Place,
    PolicyEvent,
    Rejected,
)

_SAME_WORDS = 0.6
"""Share of common words from which two titles without figures name the same thing."""

ValueT = TypeVar("ValueT")
_PLAIN_DATE = re.compile(r"[\d-]+")
Key = tuple[int, int]
"""A record of a reply: the first sentence that was shown, and its place in its list."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record on its way to the result, with what it lost."""

    record: AnyRecord
    keys: frozenset[Key]
    """The drafts that it was made of."""
    rejected: tuple[Rejected, ...] = ()
    apart: bool = False
    """Whether its model saw the whole text, and so tells it apart from others of the same reply."""


def merge(candidates: Iterable[Candidate], article: Article) -> list[Candidate]:
    """The records of one kind without repetitions, in the order of the article."""
    # Headings come last: where they disagree, the body is the better witness.
    in_order = sorted(
        candidates, key=lambda one: (_is_heading(one.record, article), _first(one.record))
    )
    merged: list[Candidate] = []
    for candidate in in_order:
        for rank, known in enumerate(merged):
            if _may_join(known, candidate) and _same(known.record, candidate.record, article):
                merged[rank] = _joined(known, candidate)
                break
        else:
            merged.append(candidate)
    return sorted(merged, key=lambda one: min(item.start for item in one.record.evidence))


def _may_join(left: Candidate, right: Candidate) -> bool:
    """A model that saw both in one reply and wrote two records meant two."""
    if not (left.apart and right.apart):
        return True
    return not {reply for reply, _ in left.keys} & {reply for reply, _ in right.keys}


def _joined(left: Candidate, right: Candidate) -> Candidate:
    return replace(
        left,
        record=join(left.record, right.record),
        keys=left.keys | right.keys,
        rejected=(*left.rejected, *right.rejected),
    )


def join(left: AnyRecord, right: AnyRecord) -> AnyRecord:
    """One record of two tellings of it, the first being the better witness."""
    told = {
        field.name: _JOINERS[field.merged](
            field, getattr(left, field.name), getattr(right, field.name), left
        )
        for field in kind_of(left).fields
        if field.merged in _JOINERS
    }
    evidence = {item.sentence: item for item in (*left.evidence, *right.evidence)}
    return left.model_copy(update={**told, "evidence": list(evidence.values())})


def _join_first(_: Field, left: object, right: object, record: AnyRecord) -> object:
    return left if left is not None else right


def _join_union(
    _: Field, left: Sequence[object], right: Sequence[object], record: AnyRecord
) -> object:
    return [*left, *(value for value in right if not any(_is_one(value, known) for known in left))]


def _join_fullest(
    _: Field, left: Money | Count | None, right: Money | Count | None, record: AnyRecord
) -> object:
    """The reading with the article's conversion, if only one of them has it."""
    if isinstance(left, Money) and isinstance(right, Money):
        return right if right.converted and not left.converted else left
    return left or right


def _join_strongest(_: Field, left: str, right: str, record: AnyRecord) -> object:
    return max(left, right, key=kind_of(record).statuses.index)


def _join_asserted(_: Field, left: str, right: str, record: AnyRecord) -> object:
    return "asserted" if "asserted" in (left, right) else "hedged"


_JOINERS: Mapping[Merge, Callable[..., object]] = {
    "first": _join_first,
    "union": _join_union,
    "fullest": _join_fullest,
    "strongest": _join_strongest,
    "asserted": _join_asserted,
}


def _is_one(left: object, right: object) -> bool:
    if isinstance(left, Actor) and isinstance(right, Actor):
        return is_same_party(left, right)
    if isinstance(left, Place) and isinstance(right, Place):
        return left.name.casefold() == right.name.casefold()
    return left == right


def _same(left: AnyRecord, right: AnyRecord, article: Article) -> bool:
    if isinstance(left, Commitment) and isinstance(right, Commitment):
        return _same_commitment(left, right, article)
    if isinstance(left, PolicyEvent) and isinstance(right, PolicyEvent):
        return _same_event(left, right, article)
    return False


def _is_heading(record: Commitment | PolicyEvent, article: Article) -> bool:
    return article.sentences[_first(record) - 1].is_heading


def _first(record: Commitment | PolicyEvent) -> int:
    return record.evidence[0].sentence


def _same_commitment(left: Commitment, right: Commitment, article: Article) -> bool:
    known = _may_be_same_party(left.actors, right.actors)
    if not known and not _names_the_other(left, right, article):
        return False
    if not _same_beneficiary(left, right):
        return False
    if left.amount and right.amount:
        if _told_apart(left, right, article):
            return False
        same_things = _compatible(left.quantity, right.quantity, _same_count)
        return (
            _same_amount(left.amount, right.amount) and same_things and _same_resource(left, right)
        )
    if left.quantity and right.quantity:
        return _same_count(left.quantity, right.quantity)
    if left.amount or right.amount or left.quantity or right.quantity:
        return False
    # Without a figure, only the same giver, thing and place make the same record.
    one_thing = left.resource_kind == right.resource_kind and _alike(left.title, right.title)
    return one_thing and _share_party(left.actors, right.actors)


def _told_apart(left: Commitment, right: Commitment, article: Article) -> bool:
    """One giver's sum in two sentences of the body, for things of other names, is two sums."""
    if _first(left) == _first(right) or _any_heading(left, right, article):
        return False
    one_aim = _share_party(left.recipients, right.recipients) or (
        left.places and right.places and _share_place(left, right)
    )
    gives_twice = _share_party(left.actors, right.actors)
    return gives_twice and not one_aim and not _alike(left.title, right.title)


def _any_heading(left: AnyRecord, right: AnyRecord, article: Article) -> bool:
    return _is_heading(left, article) or _is_heading(right, article)


def _same_event(left: PolicyEvent, right: PolicyEvent, article: Article) -> bool:
    if left.instrument and right.instrument:
        return is_same_instrument(left.instrument, right.instrument)
    if _other_days(left.date, right.date) and not _any_heading(left, right, article):
        return False
    if left.event_type != right.event_type or not _share_party(left.actors, right.actors):
        return False
    # A list of acts of one party in one sentence is one record (guideline R8); in the corpus a
    # sentence has two records of one type and party only where it names two instruments.
    distance = abs(_first(left) - _first(right))
    if distance == 0 or _alike(left.title, right.title):
        return True
    # One record per occasion: what one speaker says in a row, or on one day.
    known = left.date is not None and right.date is not None
    day = known and _compatible(left.date, right.date, lambda a, b: a.edtf == b.edtf)
    return left.event_type == "official_statement" and (day or (distance == 1 and not known))


def _same_resource(left: Commitment, right: Commitment) -> bool:
    """Of one sum it does not matter whether it is called money or what it buys."""
    kinds = {left.resource_kind, right.resource_kind}
    return len(kinds) == 1 or bool(kinds & MONEY_KINDS)


def _same_beneficiary(left: Commitment, right: Commitment) -> bool:
    """Receivers agree where both tell them; places, where not both tell a receiver."""
    if left.recipients and right.recipients:
        return _share_party(left.recipients, right.recipients)
    return _share_place(left, right)


def _same_amount(left: Money, right: Money) -> bool:
    if (left.per, left.scope) != (right.per, right.scope) or left.value is None:
        return False
    readings = [
        {(m.value, m.currency), *((c.value, c.currency) for c in m.converted)}
        for m in (left, right)
    ]
    return left.value_max == right.value_max and bool(readings[0] & readings[1])


def _same_count(left: Count, right: Count) -> bool:
    return (left.value, left.value_max, left.unit) == (right.value, right.value_max, right.unit)


def _compatible(
    left: ValueT | None, right: ValueT | None, same: Callable[[ValueT, ValueT], bool]
) -> bool:
    return left is None or right is None or same(left, right)


def _names_the_other(left: Commitment, right: Commitment, article: Article) -> bool:
    """One amount told twice: the sentences of one name the giver of the other."""
    return any(
        find_name(actor.name, article.sentences[item.sentence - 1])
        for record, other in ((left, right), (right, left))
        if record.amount and other.amount
        for actor in record.actors
        for item in other.evidence
    )


def _may_be_same_party(left: Sequence[Actor], right: Sequence[Actor]) -> bool:
    return not left or not right or _share_party(left, right)


def _share_place(left: Commitment, right: Commitment) -> bool:
    here, there = ({place.name.casefold() for place in r.places} for r in (left, right))
    return not here or not there or bool(here & there)


def _share_party(left: Sequence[Actor], right: Sequence[Actor]) -> bool:
    return any(is_same_party(a, b) for a in left for b in right)


def is_same_party(left: Actor, right: Actor) -> bool:
    """One name, be it within a longer one, or a state and a body of it: no two of its bodies."""
    if left.country and left.country == right.country and (_is_state(left) or _is_state(right)):
        return True
    a, b = left.canonical.casefold(), right.canonical.casefold()
    return a == b or f" {a} " in f" {b} " or f" {b} " in f" {a} "


def _is_state(actor: Actor) -> bool:
    return actor.country is not None and actor.canonical == english_name(actor.country)


def _other_days(left: DateValue | None, right: DateValue | None) -> bool:
    """Two known dates of which neither is within the other."""
    days = [date.edtf for date in (left, right) if date and date.edtf]
    plain = len(days) == 2 and all(_PLAIN_DATE.fullmatch(day) for day in days)
    return plain and not (days[0].startswith(days[1]) or days[1].startswith(days[0]))


def _alike(left: str, right: str) -> bool:
    a, b = set(left.casefold().split()), set(right.casefold().split())
    return len(a & b) >= _SAME_WORDS * min(len(a), len(b))
