"""Models that disagree: what another reading of the same article says of a record, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from extractor.kinds import AnyRecord
from extractor.pledges.wording import plain
from extractor.records import Commitment, Extraction

_Compared = Callable[[AnyRecord], object]


@lru_cache(maxsize=20_000)
def _folded(name: str) -> str:
    return plain(name)


def _parties(record: AnyRecord) -> object:
    return {_folded(actor.canonical or actor.name) for actor in record.actors}


def _amount(record: AnyRecord) -> object:
    money = record.amount if isinstance(record, Commitment) else None
    return money and (money.value, money.value_max, money.currency)


def _deadline(record: AnyRecord) -> object:
    return record.deadline and record.deadline.edtf


_FIELDS: Final[Mapping[str, _Compared]] = {
    "amount": _amount,
    "status": lambda record: record.status,
    "parties": _parties,
    "deadline": _deadline,
}


def disagreements(record: AnyRecord, others: Iterable[Extraction]) -> list[tuple[str, str]]:
    """The models that do not find a record, or say otherwise, each once, with what."""
    found: dict[str, str] = {}
    for other in others:
        model = other.provenance.model
        told = _difference(record, [*other.commitments, *other.policy_events])
        if told:
            found.setdefault(model, told)
    return list(found.items())


def _difference(record: AnyRecord, others: Sequence[AnyRecord]) -> str:
    cited = {proof.start for proof in record.evidence}
    same = [
        other
        for other in others
        if type(other) is type(record) and cited & {proof.start for proof in other.evidence}
    ]
    if not same:
        return "does not find it"
    # Of several in one sentence, the one that is most like it is meant.
    differing = min((_differing(record, other) for other in same), key=len)
    return f"has another {' and '.join(differing)}" if differing else ""


def _differing(record: AnyRecord, other: AnyRecord) -> list[str]:
    return [name for name, of in _FIELDS.items() if of(record) != of(other)]
