"""Which pairs of mentions are compared at all: those that share a typed value that names a pledge.

A key is a giver with an amount, a receiver with an amount, a giver with a receiver, a topic or a
name in one or two neighbouring years, an authority with a topic, a number or a month. Who shares no
key is never compared, so the work grows with what is alike and not with the square of the ledger.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import combinations

from extractor.pledges.figures import Figure, worth
from extractor.pledges.judging import Pair, pair_of
from extractor.pledges.parties import KnownParty
from extractor.pledges.traits import CommitmentTraits, EventTraits, Traits
from extractor.pledges.wording import general_topics

_STEPS_A_DECADE = 8
_LOOKING_BACK = 2


def block_keys(traits: Traits) -> frozenset[str]:
    """The keys of a mention."""
    keys = _pledge_keys(traits) if isinstance(traits, CommitmentTraits) else _act_keys(traits)
    return frozenset(keys)


def candidate_pairs(
    keys: Mapping[str, Collection[str]], touched: Collection[str] | None = None
) -> set[Pair]:
    """The pairs that share a key; of them those with a touched mention, if any are named."""
    blocks: defaultdict[str, list[str]] = defaultdict(list)
    for mention, own in keys.items():
        for key in own:
            blocks[key].append(mention)
    chosen = None if touched is None else frozenset(touched)
    return {
        pair_of(one, other)
        for block in blocks.values()
        for one, other in combinations(block, 2)
        if chosen is None or one in chosen or other in chosen
    }


def _pledge_keys(traits: CommitmentTraits) -> Iterator[str]:
    givers = set(_party_keys((*traits.actors, *traits.speakers)))
    receivers = {*_party_keys(traits.receivers), *traits.countries}
    amounts = {step for figure in traits.money for step in (*_steps(figure), *_worth_steps(figure))}
    if traits.count is not None:
        amounts |= set(_steps(traits.count))
    for amount in amounts:
        yield from (f"giver {giver} {amount}" for giver in givers)
        yield from (f"receiver {receiver} {amount}" for receiver in receivers)
        yield from (f"topic {topic} {amount}" for topic in traits.wording.topics)
    named = {topic for party in traits.receivers for topic in party.concepts}
    abouts = {*receivers, *traits.wording.topics, *traits.wording.names, *traits.sites, *named}
    own = traits.wording.topics - general_topics()
    for year in _years(traits):
        for giver in givers:
            yield from (f"{year} {giver} {about}" for about in abouts - {giver})
        # Who gives may be told as "the bank", or in a translation that nobody knows.
        for name in traits.wording.names | traits.sites:
            yield from (f"{year} {name} {topic}" for topic in own)


def _act_keys(traits: EventTraits) -> Iterator[str]:
    who = set(traits.jurisdictions) or set(_party_keys(traits.actors))
    instrument = traits.instrument
    marks = {f"{series}{number}" for series, number in instrument.marks} if instrument else set()
    names = {*traits.wording.names, *_party_keys(traits.targets)}
    topics = traits.wording.topics | (instrument.topics if instrument else frozenset())
    if len(who) > 1:
        together = "+".join(sorted(who))
        yield from (f"act {year} {together}" for year in _years(traits))
    for authority in who:
        yield from (f"act {authority} {mark}" for mark in marks)
        for year in _years(traits):
            yield from (f"act {authority} {year} {about}" for about in {*names, *topics})
        if traits.told_on and (traits.told_on.last - traits.told_on.first).days < 32:
            yield f"act {authority} {traits.told_on.first:%Y-%m}"


def _party_keys(parties: Iterable[KnownParty]) -> Iterator[str]:
    for party in parties:
        if party.id:
            yield party.id
            yield party.id.partition("/")[0]
        yield from party.candidates
        yield from party.names
        if party.country:
            yield party.country
        if not party.id and not party.names:
            yield "+".join(sorted(party.concepts)) or min(party.keys)


def _steps(figure: Figure) -> Iterator[str]:
    for value in {figure.low, figure.high}:
        yield from _places(figure.unit, value)


def _worth_steps(figure: Figure) -> Iterator[str]:
    """Steps that figures in two currencies share."""
    yield from _places("worth", worth(figure) or Decimal(0))


def _places(scale: str, value: Decimal) -> Iterator[str]:
    """Two neighbouring steps of a scale, so that figures near the edge of one share the other."""
    if value > 0:
        place = math.floor(math.log10(value) * _STEPS_A_DECADE)
        yield from (f"{scale}{place}", f"{scale}{place + 1}")


def _years(traits: Traits) -> Iterator[int]:
    days = traits.told_on or traits.published
    if days is None:
        yield 0
        return
    # What tells no figure may look back on what was promised long ago.
    back = _LOOKING_BACK if traits.is_vague and not traits.told_on else 0
    yield from range(days.first.year - back, days.last.year + 2)
