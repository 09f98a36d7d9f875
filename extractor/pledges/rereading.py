"""An article that is read again: which new record is which old one, so that its mention stays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from extractor.pledges.mentions import Mention
from extractor.records import Commitment

_LEAST = 2.0


def same_records(old: Sequence[Mention], new: Iterable[Mention]) -> dict[str, Mention]:
    """The old mention of each new one that says the same, by the new one's id; each once.

    A record that people changed is the same one, whatever it says now.
    """
    new = list(new)
    of_record = {(mention.result_key, mention.record.id): mention for mention in old}
    found = {
        mention.id: of_record[mention.result_key, mention.record.id]
        for mention in new
        if (mention.result_key, mention.record.id) in of_record
    }
    of_id = {mention.id: mention for mention in old if mention not in found.values()}
    found |= {mention.id: of_id[mention.id] for mention in new if mention.id in of_id}
    pairs = sorted(
        (
            (_likeness(before, after), before.id, after.id, before)
            for after in new
            for before in old
        ),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    for likeness, before, after, mention in pairs:
        taken = {kept.id for kept in found.values()}
        if likeness >= _LEAST and before not in taken and after not in found:
            found[after] = mention
    return found


def _likeness(one: Mention, other: Mention) -> float:
    if one.kind != other.kind:
        return 0.0
    mine, theirs = ({(quote.start, quote.end) for quote in each.quotes} for each in (one, other))
    score = 1.0 * bool(mine & theirs) + 0.5 * (one.quotes[0] == other.quotes[0])
    names = [{actor.canonical for actor in each.record.actors} for each in (one, other)]
    score += 1.0 * (names[0] == names[1])
    a, b = one.record, other.record
    if isinstance(a, Commitment) and isinstance(b, Commitment):
        figures = [(r.amount and r.amount.raw, r.quantity and r.quantity.raw) for r in (a, b)]
        score += 1.0 if figures[0] == figures[1] else -1.0
        score += 0.5 * (a.resource_kind == b.resource_kind)
    elif not isinstance(a, Commitment) and not isinstance(b, Commitment):
        score += 1.0 * (a.instrument == b.instrument) + 0.5 * (a.event_type == b.event_type)
    return score
