"""Merging: one record per pledge or act, whatever the number of sentences that repeat it.

A headline, a recap and a currency conversion are the same record told again: they are joined and
every quote is kept. An umbrella total and its parts stay records of their own, tied by `part_of`.
Nothing is ever multiplied or added up into a value.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import TypeVar

from extractor.article import Article
from extractor.cues import cue_spans
from extractor.grounding import find_name
from extractor.records import Actor, Commitment, Count, Evidence, Money, PolicyEvent

_COMMITMENT_STRENGTH = (
    "under_negotiation",
    "planned",
    "announced",
    "agreed",
    "in_progress",
    "completed",
    "cancelled",
)
_EVENT_STRENGTH = (
    "under_consideration",
    "proposed",
    "planned",
    "announced",
    "occurred",
    "adopted",
    "in_force",
    "ended",
)
"""The strongest status that the article asserts anywhere wins; a withdrawal beats them all."""
_SAME_WORDS = 0.6
"""Share of common words from which two titles without figures name the same thing."""
_MOST_PARTS = 8
"""Totals of more parts than this are not searched: chance sums become likely."""
_ROUNDING = 0.005
"""Parts may miss their total by this share: the article rounds."""

RecordT = TypeVar("RecordT", Commitment, PolicyEvent)
ValueT = TypeVar("ValueT")


def merge_commitments(records: Sequence[Commitment], article: Article) -> list[Commitment]:
    """The commitments without repetitions, tied to their umbrellas, numbered from C1."""
    merged = _merge(
        records, article, lambda a, b: _same_commitment(a, b, article), _join_commitments
    )
    numbered = [r.model_copy(update={"id": f"C{n}"}) for n, r in enumerate(merged, start=1)]
    return _tie_parts(numbered, article)


def merge_events(
    records: Sequence[PolicyEvent], commitments: Sequence[Commitment], article: Article
) -> list[PolicyEvent]:
    """The events without repetitions, numbered from E1, with the commitments made in them."""
    merged = _merge(records, article, _same_event, _join_events)
    return [
        event.model_copy(
            update={
                "id": f"E{number}",
                "related_commitments": [c.id for c in commitments if _shares_sentence(event, c)],
            }
        )
        for number, event in enumerate(merged, start=1)
    ]


def _merge(
    records: Sequence[RecordT],
    article: Article,
    same: Callable[[RecordT, RecordT], bool],
    join: Callable[[RecordT, RecordT], RecordT],
) -> list[RecordT]:
    # Headings come last: where they disagree, the body is the better witness.
    in_order = sorted(records, key=lambda r: (_is_heading(r, article), _first(r)))
    merged: list[RecordT] = []
    for record in in_order:
        for rank, known in enumerate(merged):
            if same(known, record):
                merged[rank] = join(known, record)
                break
        else:
            merged.append(record)
    return sorted(merged, key=lambda r: min(item.start for item in r.evidence))


def _is_heading(record: Commitment | PolicyEvent, article: Article) -> bool:
    return article.sentences[_first(record) - 1].is_heading


def _first(record: Commitment | PolicyEvent) -> int:
    return record.evidence[0].sentence


def _same_commitment(left: Commitment, right: Commitment, article: Article) -> bool:
    known = _may_be_same_party(left.actors, right.actors)
    if not known and not _names_the_other(left, right, article):
        return False
    if left.amount and right.amount:
        same_things = _compatible(left.quantity, right.quantity, _same_count)
        return _same_amount(left.amount, right.amount) and same_things
    if left.quantity and right.quantity:
        return _same_count(left.quantity, right.quantity)
    if left.amount or right.amount or left.quantity or right.quantity:
        return False
    # Without a figure, only the same giver, thing and place make the same record.
    one_thing = left.resource_kind == right.resource_kind and _alike(left.title, right.title)
    return one_thing and _share_party(left.actors, right.actors) and _share_place(left, right)


def _same_event(left: PolicyEvent, right: PolicyEvent) -> bool:
    if left.instrument and right.instrument:
        return _overlap(left.instrument, right.instrument)
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


def _join_commitments(left: Commitment, right: Commitment) -> Commitment:
    actors = left.actors or right.actors
    if {a.canonical for a in left.actors} < {a.canonical for a in right.actors}:
        actors = right.actors
    return left.model_copy(
        update={
            "actors": actors,
            "recipients": left.recipients or right.recipients,
            "announced_by": left.announced_by or right.announced_by,
            "amount": _join_amounts(left.amount, right.amount),
            "quantity": left.quantity or right.quantity,
            "status": max(left.status, right.status, key=_COMMITMENT_STRENGTH.index),
            "announced_on": left.announced_on or right.announced_on,
            "start": left.start or right.start,
            "deadline": left.deadline or right.deadline,
            "duration": left.duration or right.duration,
            "places": left.places or right.places,
            "evidence": _join_evidence(left.evidence, right.evidence),
        }
    )


def _join_events(left: PolicyEvent, right: PolicyEvent) -> PolicyEvent:
    return left.model_copy(
        update={
            "targets": left.targets or right.targets,
            "instrument": left.instrument or right.instrument,
            "status": max(left.status, right.status, key=_EVENT_STRENGTH.index),
            "date": left.date or right.date,
            "deadline": left.deadline or right.deadline,
            "evidence": _join_evidence(left.evidence, right.evidence),
        }
    )


def _join_evidence(left: Sequence[Evidence], right: Sequence[Evidence]) -> list[Evidence]:
    return list({item.sentence: item for item in (*left, *right)}.values())


def _join_amounts(left: Money | None, right: Money | None) -> Money | None:
    """The fuller reading of one amount: the one with the article's conversion, if any has it."""
    if left is None or right is None:
        return left or right
    return right if right.converted and not left.converted else left


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
    return any(_is_same_party(a, b) for a in left for b in right)


def _is_same_party(left: Actor, right: Actor) -> bool:
    if left.country and left.country == right.country:
        return True
    a, b = left.canonical.casefold(), right.canonical.casefold()
    return a == b or f" {a} " in f" {b} " or f" {b} " in f" {a} "


def _overlap(left: str, right: str) -> bool:
    a, b = left.casefold(), right.casefold()
    return a in b or b in a


def _alike(left: str, right: str) -> bool:
    a, b = set(left.casefold().split()), set(right.casefold().split())
    return len(a & b) >= _SAME_WORDS * min(len(a), len(b))


def _shares_sentence(event: PolicyEvent, commitment: Commitment) -> bool:
    return bool({e.sentence for e in event.evidence} & {e.sentence for e in commitment.evidence})


def _tie_parts(records: list[Commitment], article: Article) -> list[Commitment]:
    ties: dict[str, dict[str, str]] = {}
    for parent in records:
        for parts, aggregation in (
            (_summands(parent, records), "sum"),
            (_contents(parent, records, article), "includes"),
        ):
            free = [part for part in parts if "part_of" not in ties.get(part.id, {})]
            if free:
                ties.setdefault(parent.id, {})["aggregation"] = aggregation
                for part in free:
                    ties.setdefault(part.id, {})["part_of"] = parent.id
                break
    return [record.model_copy(update=ties.get(record.id, {})) for record in records]


def _summands(parent: Commitment, records: Sequence[Commitment]) -> tuple[Commitment, ...]:
    """Two or more records of other, narrower providers that add up to the parent's amount."""
    total = _plain_amount(parent)
    if total is None:
        return ()
    value, currency = total
    others = [
        record
        for record in records
        if record.id != parent.id
        and (amount := _plain_amount(record))
        and amount[1] == currency
        and amount[0] < value
        and _share_party(parent.actors, record.actors)
    ][:_MOST_PARTS]
    for size in range(len(others), 1, -1):
        for parts in combinations(others, size):
            if abs(sum(_plain_value(part) for part in parts) - value) <= _ROUNDING * value:
                return parts
    return ()


def _contents(
    parent: Commitment, records: Sequence[Commitment], article: Article
) -> tuple[Commitment, ...]:
    """Records whose amount follows the parent's in one sentence after "of which", "including"."""
    return tuple(
        record
        for record in records
        if record.id != parent.id and _is_named_part(parent, record, article)
    )


def _is_named_part(parent: Commitment, part: Commitment, article: Article) -> bool:
    total, share = _plain_amount(parent), _plain_amount(part)
    if total is None or share is None or total[1] != share[1] or share[0] >= total[0]:
        return False
    whole_raw = parent.amount.raw if parent.amount else ""
    part_raw = part.amount.raw if part.amount else ""
    for item in parent.evidence:
        start, end = item.quote.find(whole_raw), item.quote.rfind(part_raw)
        between = item.quote[start:end] if 0 <= start < end else ""
        if between and cue_spans("including", between, article.rules):
            return True
    return False


def _plain_amount(record: Commitment) -> tuple[float, str] | None:
    """A total paid once: what "each" and "per year" give must not be summed."""
    money = record.amount
    if money is None or money.value is None or money.currency is None:
        return None
    if money.per != "once" or money.scope != "total":
        return None
    return float(money.value), money.currency


def _plain_value(record: Commitment) -> float:
    amount = _plain_amount(record)
    return amount[0] if amount else 0.0
