"""From the mentions of one pledge to its row: parties, figure, history, conflicts, sources."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, cast

from extractor.pledges.dating import days_of
from extractor.pledges.figures import Figure, compare_figures, count_figure, money_figures
from extractor.pledges.history import history_of, stage_now, stage_of
from extractor.pledges.matching import PartyMatcher
from extractor.pledges.mentions import Mention
from extractor.pledges.parties import KnownParty, PartyTable
from extractor.pledges.rows import (
    Disagreement,
    FigureSeen,
    PartySeen,
    PledgeRow,
    QuoteSeen,
    SourceSeen,
)
from extractor.pledges.traits import Traits
from extractor.records import ActorType, Commitment, PolicyEvent

_Told = tuple[Mention, Figure]
_NAMED: Final = frozenset({"same", "alike"})


def assemble(
    pledge: str, mentions: Sequence[Mention], traits: Mapping[str, Traits], table: PartyTable
) -> PledgeRow:
    """The row of a pledge, oldest mention first; whether it counts is decided beside the others."""
    first = mentions[0].record
    records = [mention.record for mention in mentions]
    commitments = [record for record in records if isinstance(record, Commitment)]
    events = [record for record in records if isinstance(record, PolicyEvent)]
    amounts = [(m, money) for m in mentions if (money := _money_of(m))]
    counts = [(m, figure) for m in mentions if (figure := _count_of(m))]
    sources = [_source(mention) for mention in mentions]
    seen = [traits[mention.id] for mention in mentions]
    amount, quantity = _most_told(amounts), _most_told(counts)
    return PledgeRow(
        id=pledge,
        kind=mentions[0].kind,
        title=first.title,
        givers=_parties([one.actors for one in seen], table),
        receivers=_parties([_others(one) for one in seen], table),
        places=sorted({code for one in seen for code in one.countries}),
        resource_kind=_commonest([record.resource_kind for record in commitments]),
        event_type=_commonest([record.event_type for record in events]),
        instrument=next((record.instrument for record in events if record.instrument), None),
        jurisdictions=sorted({code for record in events for code in record.jurisdictions}),
        amount=figure_seen(amount) if amount else None,
        quantity=figure_seen(quantity) if quantity else None,
        stage=stage_now(mentions),
        told_on=_told_on(mentions),
        deadline=_deadline(mentions),
        history=history_of(mentions),
        conflicts=list(_conflicts(amounts, counts, mentions)),
        part_of=None,
        sources=sources,
        publishers=independent_publishers(sources),
        countable=False,
        why_not=[],
    )


def independent_publishers(sources: Sequence[SourceSeen]) -> list[str]:
    """Who told it of their own: copies of a story count once, for who published it first."""
    first: dict[str, SourceSeen] = {}
    for source in sorted(sources, key=lambda each: (each.published_at or "9999", each.mention)):
        if source.wire:
            first.setdefault(source.wire, source)
    told = (first.get(source.wire or "", source) for source in sources)
    return sorted({source.publisher or source.article_sha256[:8] for source in told})


def figure_seen(figure: Figure) -> FigureSeen:
    """A figure as rows have it."""
    return FigureSeen(
        value=figure.low,
        value_max=figure.high if figure.high != figure.low else None,
        unit=figure.unit,
        qualifier=figure.qualifier,
        per=figure.per,
        scope=figure.scope,
    )


def _money_of(mention: Mention) -> Figure | None:
    record = mention.record
    told = money_figures(record.amount) if isinstance(record, Commitment) else ()
    return told[0] if told else None


def _count_of(mention: Mention) -> Figure | None:
    record = mention.record
    return count_figure(record.quantity) if isinstance(record, Commitment) else None


def _source(mention: Mention) -> SourceSeen:
    figure = _money_of(mention) or _count_of(mention)
    return SourceSeen(
        mention=mention.id,
        record_id=mention.record.id,
        article_sha256=mention.article_sha256,
        publisher=mention.publisher,
        source_url=mention.source_url,
        published_at=mention.published_at,
        language=mention.language,
        wire=mention.wire,
        stage=stage_of(mention),
        figure=figure_seen(figure) if figure else None,
        words=figure.raw if figure else None,
        quotes=[QuoteSeen(start=q.start, end=q.end, quote=q.quote) for q in mention.quotes],
    )


def _others(traits: Traits) -> tuple[KnownParty, ...]:
    return getattr(traits, "receivers", ()) or getattr(traits, "targets", ())


def _parties(told: Iterable[Iterable[KnownParty]], table: PartyTable) -> list[PartySeen]:
    """The parties of all sources; what says the same in other words stands once."""
    matcher = PartyMatcher(table)
    found: list[list[KnownParty]] = []
    for party in (party for parties in told for party in parties):
        for group in found:
            if any(_is_one(party, other, matcher) for other in group):
                group.append(party)
                break
        else:
            found.append([party])
    return [_party_seen(group) for group in found]


def _is_one(party: KnownParty, other: KnownParty, matcher: PartyMatcher) -> bool:
    match = matcher.match(party, other)
    # Of one pledge, a state and its agency are one giver: one article tells it more exactly.
    return match in _NAMED or (match == "related" and bool(party.id and other.id))


def _party_seen(group: Sequence[KnownParty]) -> PartySeen:
    ranked = sorted(group, key=lambda party: (party.id is None, len(party.id or "") == 2))
    known = ranked[0]
    return PartySeen(
        id=known.id,
        name=known.shown,
        candidates=list(known.candidates),
        country=next((party.country for party in group if party.country), None),
        type=cast(ActorType, known.type),
        written=list(dict.fromkeys(party.name for party in group)),
    )


def _commonest(values: Sequence[str]) -> object:
    return Counter(values).most_common(1)[0][0] if values else None


def _most_told(told: Sequence[_Told]) -> Figure | None:
    """The figure of most publishers; of those, the most exact, and then the oldest."""
    groups: defaultdict[tuple[object, ...], list[_Told]] = defaultdict(list)
    for mention, figure in told:
        groups[(figure.low, figure.high, figure.unit)].append((mention, figure))
    if not groups:
        return None
    best = max(groups.values(), key=lambda group: (_publishers(group), group[0][1].digits))
    return min((figure for _, figure in best), key=lambda figure: figure.qualifier != "exact")


def _publishers(group: Sequence[_Told]) -> int:
    return len(
        {mention.wire or mention.publisher or mention.article_sha256 for mention, _ in group}
    )


def _told_on(mentions: Sequence[Mention]) -> str | None:
    told = [step.on for step in history_of(mentions) if step.on]
    return told[0] if told else None


def _deadline(mentions: Sequence[Mention]) -> str | None:
    dates = [m.record.deadline.edtf for m in mentions if m.record.deadline]
    return next((edtf for edtf in reversed(dates) if edtf), None)


def _conflicts(
    amounts: Sequence[_Told], counts: Sequence[_Told], mentions: Sequence[Mention]
) -> Iterator[Disagreement]:
    for field, told in (("amount", amounts), ("quantity", counts)):
        groups: dict[str, list[_Told]] = {}
        for mention, figure in told:
            key = f"{figure.low} {figure.high} {figure.unit} {figure.per} {figure.scope}"
            groups.setdefault(key, []).append((mention, figure))
        first = [group[0][1] for group in groups.values()]
        if any(compare_figures((first[0],), (other,)) != "open" for other in first[1:]):
            yield Disagreement(
                field="amount" if field == "amount" else "quantity",
                values=[figure.raw for figure in first],
                mentions=[[mention.id for mention, _ in group] for group in groups.values()],
            )
    ends: dict[str, list[str]] = {}
    for mention in mentions:
        deadline = mention.record.deadline
        if deadline and deadline.edtf and days_of(deadline):
            ends.setdefault(deadline.edtf, []).append(mention.id)
    spans = [span for end in ends if (span := days_of(end))]
    if any(one.gap(other) for one in spans for other in spans):
        yield Disagreement(field="deadline", values=list(ends), mentions=list(ends.values()))
