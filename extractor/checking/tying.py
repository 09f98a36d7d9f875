"""Tying: which record is part of which, and which pledges were made under which act.

A model that saw the whole article says so. Where none did, amounts that add up and words such as
"including" tell. Nothing is ever multiplied or added up into a value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Literal

from extractor.article import Article
from extractor.checking.claims import Claim
from extractor.checking.merging import Key, is_same_party
from extractor.kinds import COMMITMENT, POLICY_EVENT, AnyRecord, kind_of
from extractor.languages.cues import cue_spans
from extractor.records import Commitment, FieldVerdict, PolicyEvent

Aggregation = Literal["sum", "includes"]

_MOST_PARTS = 8
"""Totals of more parts than this are not searched: chance sums become likely."""
_ROUNDING = 0.005
"""Parts may miss their total by this share: the article rounds."""


def tie_told(records: Sequence[Commitment], parents: Mapping[str, str]) -> list[Commitment]:
    """The records with the parents that a model named, by id; no record contains itself."""
    own = {part: whole for part, whole in parents.items() if not _loops(part, parents)}
    known = {record.id: record for record in records}
    aggregation = {
        whole: _aggregation(known[whole], [known[p] for p, w in own.items() if w == whole])
        for whole in set(own.values())
    }
    return [
        record.model_copy(
            update={
                "part_of": own.get(record.id),
                "aggregation": aggregation.get(record.id),
            }
        )
        for record in records
    ]


def tie_found(records: Sequence[Commitment], article: Article) -> list[Commitment]:
    """The records with the parents that amounts and words tell."""
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


def related_found(event: PolicyEvent, commitments: Sequence[Commitment]) -> list[str]:
    """The commitments that share a sentence with the act."""
    cited = {item.sentence for item in event.evidence}
    return [one.id for one in commitments if cited & {item.sentence for item in one.evidence}]


def parents_told(claims: Sequence[Claim], ids: Mapping[Key, str]) -> dict[str, str]:
    """Ids of the parts and of the wholes that the model named, as far as both are left."""
    found: dict[str, str] = {}
    for claim in claims:
        if claim.kind is COMMITMENT and claim.part_of:
            part = ids.get((claim.reply, claim.place))
            whole = ids.get((claim.reply, claim.part_of))
            if part and whole and part != whole:
                found.setdefault(part, whole)
    return found


def related_told(claims: Sequence[Claim], ids: Mapping[Key, str]) -> dict[Key, list[str]]:
    """Ids of the pledges that the model says were made under each act."""
    return {
        (claim.reply, claim.place): [
            ids[(claim.reply, place)]
            for place in claim.related or ()
            if (claim.reply, place) in ids
        ]
        for claim in claims
        if claim.kind is POLICY_EVENT
    }


def with_related(event: PolicyEvent, ids: Sequence[str]) -> PolicyEvent:
    """The act with the pledges made under it, each once."""
    return event.model_copy(update={"related_commitments": list(dict.fromkeys(ids))})


def with_tie_verdicts(record: AnyRecord) -> AnyRecord:
    """The record with a verdict for each tie: code made it, of the model's word or of amounts."""
    ties = [field.name for field in kind_of(record).of_sort("tie") if getattr(record, field.name)]
    told = [FieldVerdict(field=name, verdict="derived") for name in ties]
    return record.model_copy(update={"verdicts": [*record.verdicts, *told]}) if told else record


def _loops(part: str, parents: Mapping[str, str]) -> bool:
    """Whether following the wholes of a part leads back to it."""
    seen: set[str] = set()
    above = part
    while above in parents and above not in seen:
        seen.add(above)
        above = parents[above]
        if above == part:
            return True
    return False


def _aggregation(parent: Commitment, parts: Sequence[Commitment]) -> Aggregation:
    total = _plain_amount(parent)
    amounts = [_plain_amount(part) for part in parts]
    same = [amount for amount in amounts if amount and total and amount[1] == total[1]]
    if total is None or len(same) < len(parts) or len(parts) < 2:
        return "includes"
    missed = abs(sum(value for value, _ in same) - total[0])
    return "sum" if missed <= _ROUNDING * total[0] else "includes"


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
        and any(is_same_party(a, b) for a in parent.actors for b in record.actors)
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
    return any(
        cue_spans("including", between, article.rules)
        for between in _between(parent, part)
        if between
    )


def _between(parent: Commitment, part: Commitment) -> Iterator[str]:
    """What stands between the two amounts in the sentences of the parent."""
    whole_raw = parent.amount.raw if parent.amount else ""
    part_raw = part.amount.raw if part.amount else ""
    for item in parent.evidence:
        start, end = item.quote.find(whole_raw), item.quote.rfind(part_raw)
        if 0 <= start < end:
            yield item.quote[start:end]


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
