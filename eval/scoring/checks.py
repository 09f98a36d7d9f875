"""What is counted beside the values: quotes, traps and money that was counted twice."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from eval.labels.gold import GoldCommitment, GoldFile, HardNegative
from eval.scoring.alignment import Alignment
from eval.scoring.canonical import CanonicalRecord
from eval.scoring.counts import Tally
from eval.scoring.dates import folded
from eval.scoring.rules import AmountRules
from extractor.records import Commitment, DateValue, PolicyEvent, TextSpan

_Predicted: TypeAlias = Commitment | PolicyEvent


def check_evidence(
    tally: Tally, predicted: Sequence[_Predicted], text: str, body: TextSpan
) -> list[int]:
    """Count quotes that stand in the body, and values whose words stand in a quote.

    Returns the places of records with a quote that does not.
    """
    ungrounded = []
    for place, record in enumerate(predicted):
        grounded = [
            body.start <= item.start < item.end <= body.end
            and text[item.start : item.end] == item.quote
            for item in record.evidence
        ]
        tally.add("quotes", len(grounded))
        tally.add("grounded", sum(grounded))
        if not all(grounded):
            ungrounded.append(place)
        quoted = folded(" ".join(item.quote for item in record.evidence))
        for words in _cited(record):
            tally.add("cited_values")
            tally.add("supported", folded(words) in quoted)
        tally.add("external_dates", sum(item.basis == "external" for item in _dates(record)))
    return ungrounded


def check_hits(
    tally: Tally,
    gold: Sequence[CanonicalRecord],
    predicted: Sequence[CanonicalRecord],
    alignment: Alignment,
    least: float,
) -> None:
    """Count quotes of paired predictions that overlap a gold quote enough."""
    for pair in alignment.pairs:
        for span in predicted[pair.predicted].spans:
            overlaps = (_overlap(span, other) for other in gold[pair.gold].spans)
            tally.add("paired_quotes")
            tally.add("hits", max(overlaps, default=0.0) >= least)


def count_traps(tally: Tally, unmatched: Iterable[_Predicted], gold: GoldFile) -> None:
    """Count predictions without a label that quote a hard negative or state its value."""
    for record in unmatched:
        tally.add("trapped", any(_is_trapped(record, trap) for trap in gold.hard_negatives))


def check_money(
    tally: Tally,
    gold: Sequence[GoldCommitment],
    predicted: Sequence[Commitment],
    rules: AmountRules,
) -> None:
    """Count sums that hold, and money counted once or twice, each currency by itself."""
    for parent in predicted:
        if parent.aggregation == "sum":
            parts = [part for part in predicted if part.part_of == parent.id]
            tally.add("sums")
            tally.add("sums_right", _adds_up(parent, parts, rules))
    stated, found = _money(gold), _money(predicted)
    for currency, value in sorted(stated.items()):
        if value > 0:
            tally.add("money_cells")
            tally.add("money_ratio", found.get(currency, 0.0) / value)
    tally.add("money_beyond", sum(not stated.get(currency) for currency in found))


def _cited(record: _Predicted) -> Iterator[str]:
    if isinstance(record, Commitment):
        for figure in (record.amount, record.quantity):
            if figure is not None:
                yield figure.raw
    parties = record.recipients if isinstance(record, Commitment) else record.targets
    yield from (actor.name for actor in (*record.actors, *parties))
    yield from (value.text for value in _dates(record))


def _dates(record: _Predicted) -> Iterator[DateValue]:
    own: tuple[DateValue | None, ...] = (
        (record.announced_on, record.start) if isinstance(record, Commitment) else (record.date,)
    )
    yield from (value for value in (*own, record.deadline) if value is not None)


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> float:
    shared = max(0, min(one[1], other[1]) - max(one[0], other[0]))
    union = one[1] - one[0] + other[1] - other[0] - shared
    return shared / union if union else 0.0


def _is_trapped(record: _Predicted, trap: HardNegative) -> bool:
    if any(item.start < trap.end and trap.start < item.end for item in record.evidence):
        return True
    value = trap.trap_value
    if not isinstance(record, Commitment) or isinstance(value, bool):
        return False
    figures = (figure for figure in (record.amount, record.quantity) if figure)
    return isinstance(value, int | float) and any(
        value in (figure.value, figure.value_max) for figure in figures
    )


def _adds_up(parent: Commitment, parts: Sequence[Commitment], rules: AmountRules) -> bool:
    if parent.amount is None or parent.amount.value is None or not parts:
        return False
    amounts = [part.amount for part in parts if part.amount]
    if len(amounts) < len(parts) or {item.currency for item in amounts} != {parent.amount.currency}:
        return False
    total = math.fsum(item.value or 0 for item in amounts)
    return math.isclose(total, parent.amount.value, rel_tol=rules.same)


def _money(records: Iterable[Commitment] | Iterable[GoldCommitment]) -> Mapping[str, float]:
    """Asserted money that is no total of other records, by currency."""
    values: dict[str, list[float]] = defaultdict(list)
    for record in records:
        money = record.amount
        if money is None or money.value is None or money.currency is None:
            continue
        if record.aggregation is None and record.certainty == "asserted":
            values[money.currency].append(float(money.value))
    return {currency: math.fsum(items) for currency, items in values.items()}
