"""Which rows may be summed, and why not the others: no sum of money is counted twice.

Of a whole and its parts only one side counts: the parts if they add up to the whole, else the
whole. Of two rows that may be one pledge the older counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Final

from extractor.pledges.rows import PledgeRow, WhyNot
from extractor.records import Commitment

_REACHED: Final = Decimal("0.97")
"""Share of a whole that its parts must come to: sources round."""


def reasons_of_its_own(row: PledgeRow, *, mobilised: bool) -> list[WhyNot]:
    """Why a row may not be summed, whatever other rows there are."""
    return list(_own(row, mobilised))


def _own(row: PledgeRow, mobilised: bool) -> Iterator[WhyNot]:
    if row.kind != "commitment":
        yield "no_commitment"
        return
    if row.amount is None:
        yield "no_amount"
    if row.stage == "rumoured":
        yield "rumour"
    if row.stage == "under_negotiation":
        yield "under_negotiation"
    if row.stage == "planned":
        yield "only_planned"
    if row.stage == "cancelled":
        yield "cancelled"
    if row.amount is not None and row.amount.per != "once":
        yield "rate"
    if row.amount is not None and row.amount.scope == "each":
        yield "each"
    if mobilised:
        yield "others_money"


def is_mobilised(records: Collection[object]) -> bool:
    """Whether most sources say that the money is raised from others."""
    told = [r.finance_role for r in records if isinstance(r, Commitment) and r.finance_role]
    return bool(told) and told.count("mobilise") * 2 > len(told)


def decide(
    rows: Mapping[str, PledgeRow],
    mobilised: Collection[str],
    doubles: Mapping[str, Collection[str]],
) -> dict[str, PledgeRow]:
    """The rows with `countable` and `why_not`.

    Args:
        rows: by id, with all parts and wholes of each.
        mobilised: ids of rows whose money is raised from others.
        doubles: ids of rows that may be the same pledge, by id.
    """
    why = {name: reasons_of_its_own(row, mobilised=name in mobilised) for name, row in rows.items()}
    sound = {name for name, reasons in why.items() if not reasons}
    parts: defaultdict[str, list[str]] = defaultdict(list)
    for name, row in sorted(rows.items()):
        if row.part_of is not None and row.part_of in rows:
            parts[row.part_of].append(name)
    for whole, inside in sorted(parts.items()):
        if whole in sound:
            if _add_up([rows[name] for name in inside if name in sound], rows[whole]):
                why[whole].append("umbrella")
            else:
                for name in _all_inside(whole, parts):
                    if "within_umbrella" not in why[name]:
                        why[name].append("within_umbrella")
    for name in sorted(sound):
        if any(
            _is_older(rows[other], rows[name]) for other in doubles.get(name, ()) if other in sound
        ):
            why[name].append("maybe_repetition")
    return {
        name: row.model_copy(update={"countable": not why[name], "why_not": why[name]})
        for name, row in rows.items()
    }


def _add_up(parts: Collection[PledgeRow], whole: PledgeRow) -> bool:
    amounts = [part.amount for part in parts if part.amount]
    if whole.amount is None or any(amount.unit != whole.amount.unit for amount in amounts):
        return False
    total = sum((amount.value for amount in amounts), Decimal(0))
    return total >= whole.amount.value * _REACHED


def _all_inside(whole: str, parts: Mapping[str, Collection[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(parts.get(whole, ()))
    while waiting:
        name = waiting.pop()
        if name not in found and name != whole:
            found.add(name)
            waiting += parts.get(name, ())
    return found


def _is_older(one: PledgeRow, other: PledgeRow) -> bool:
    return (one.told_on or "9999", one.id) < (other.told_on or "9999", other.id)
