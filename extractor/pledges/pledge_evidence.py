"""What speaks for and against two commitments being one pledge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from extractor.pledges.evidence import (
    EvidenceTally,
    weigh_ends,
    weigh_match,
    weigh_named,
    weigh_places,
    weigh_said,
    weigh_words,
)
from extractor.pledges.figures import Figure, Likeness, compare_figures, is_close
from extractor.pledges.matching import Match, PartyMatcher, are_sure, both_named
from extractor.pledges.parties import KnownParty
from extractor.pledges.pledge_times import weigh_renewal, weigh_times
from extractor.pledges.revising import quotes_earlier_sum
from extractor.pledges.traits import CommitmentTraits, Parties
from extractor.records import ResourceKind

_GIVERS: Final[Mapping[Match, float]] = {
    "same": 2.5,
    "alike": 2.2,
    "related": 1.0,
    "different": -4.0,
}
_RECEIVERS: Final[Mapping[Match, float]] = {
    "same": 1.5,
    "alike": 1.3,
    "related": 1.2,
    "different": -3.5,
}
_GROUPS: Final[Mapping[ResourceKind, str]] = {
    "funding": "money",
    "equity": "money",
    "purchase": "money",
    "compute": "thing",
    "facility": "thing",
    "output": "thing",
    "skills": "people",
    "jobs": "jobs",
    "cooperation": "cooperation",
}
_BOTH_EXACT: Final = 1.0
"""Two sums without a word such as "about", of which one is the other rounded: or just near it."""
_NOT_FIRM: Final = -2.0
_CLOSE: Final = -3.0
_REVISED: Final = 1.0
_SOME_GIVER: Final = frozenset({"giver_in_sentences", "some_government"})


def weigh_pledges(
    one: CommitmentTraits,
    other: CommitmentTraits,
    matcher: PartyMatcher,
    similarity: float | None,
) -> EvidenceTally:
    """All evidence about two commitments."""
    tally = EvidenceTally()
    if one.mention.article_sha256 == other.mention.article_sha256:
        tally.rule_out("one_article")
    givers = _weigh_givers(tally, one, other, matcher)
    _weigh_figures(tally, one, other)
    receivers = _weigh_receivers(tally, one, other, matcher)
    weigh_places(tally, one, other)
    weigh_said(tally, one, other)
    _weigh_kinds(tally, one, other)
    weigh_times(tally, one, other)
    weigh_ends(tally, one, other)
    weigh_renewal(tally, one, other)
    weigh_words(tally, one, other, similarity)
    told = {reason.rule for reason in tally.reasons}
    if {givers, receivers} == {"unknown"} and told.isdisjoint(_SOME_GIVER):
        tally.add("no_party", -0.4)
    return tally


def _weigh_givers(
    tally: EvidenceTally, one: CommitmentTraits, other: CommitmentTraits, matcher: PartyMatcher
) -> Match:
    # Who announces for somebody else may be taken for the giver by another article.
    match = matcher.best(one.actors, other.actors)
    if match == "different":
        spoken = matcher.best((*one.actors, *one.speakers), (*other.actors, *other.speakers))
        if spoken == "different" or not (one.speakers or other.speakers):
            if are_sure(one.actors, other.actors):
                tally.rule_out("other_giver")
            elif not both_named(one.actors, other.actors):
                tally.add("giver_translated", 2.0)
        else:
            tally.add("giver_announces", -1.0)
            match = "unknown"
    weigh_match(tally, "giver", match, _GIVERS)
    if match == "unknown":
        weigh_named(tally, "giver", 1.6, ((one.actors, other), (other.actors, one)))
        if any(map(_is_state, one.actors + other.actors)) and all(
            any(_is_some_government(party) for party in side.actors) for side in (one, other)
        ):
            tally.add("some_government", 0.8)
    return match


def _is_some_government(party: KnownParty) -> bool:
    """Whether it is a state, or a government without its country: "the government", "Nhà nước"."""
    return _is_state(party) or (party.type == "government" and not party.country)


def _is_state(party: KnownParty) -> bool:
    """Whether it is a state, not one of its bodies."""
    return party.id is not None and len(party.id) == 2


def _weigh_receivers(
    tally: EvidenceTally, one: CommitmentTraits, other: CommitmentTraits, matcher: PartyMatcher
) -> Match:
    match = matcher.best(one.receivers, other.receivers)
    if match == "different":
        match = _within_a_state(one.receivers, other.receivers)
    if match == "different":
        if are_sure(one.receivers, other.receivers):
            tally.rule_out("other_receiver")
        elif not both_named(one.receivers, other.receivers):
            tally.add("receiver_translated", 2.0)
    weigh_match(tally, "receiver", match, _RECEIVERS)
    if match == "unknown":
        weigh_named(tally, "receiver", 0.8, ((one.receivers, other), (other.receivers, one)))
        _weigh_groups(tally, one, other)
    return match


def _within_a_state(mine: Parties, theirs: Parties) -> Match:
    """What a state is lent, its water company may be said to be lent: related, or not known."""
    for state, others in ((mine, theirs), (theirs, mine)):
        codes = {party.id for party in state if _is_state(party)}
        if codes and not any(_is_state(party) for party in others):
            homes = {party.country for party in others if party.country or not party.id}
            if homes & codes:
                return "related"
            if None in homes:
                return "unknown"
    return "different"


def _weigh_groups(tally: EvidenceTally, one: CommitmentTraits, other: CommitmentTraits) -> None:
    """Receivers without a name are told by what they are: rice farmers, fishermen."""
    mine, theirs = (
        frozenset[str]().union(*(party.concepts for party in side.receivers))
        for side in (one, other)
    )
    if mine and theirs:
        shared = mine & theirs
        tally.add("like_receivers" if shared else "unlike_receivers", 0.6 if shared else -0.6)


_AMOUNTS: Final[Mapping[str, float]] = {
    "equal": 3.0,
    "converted": 2.4,
    "rounded": 2.2,
    "worth": 2.0,
    "near": 1.2,
    "different": -5.0,
    "far": -4.0,
}


def _weigh_figures(tally: EvidenceTally, one: CommitmentTraits, other: CommitmentTraits) -> None:
    if one.money and other.money:
        likeness: Likeness | Literal["revised"] = compare_figures(one.money, other.money)
        weight = _AMOUNTS.get(likeness, -0.8)
        if likeness == "different" and quotes_earlier_sum(one, other):
            likeness, weight = "revised", _REVISED
        elif likeness == "different" and _is_open(one, other):
            weight = _NOT_FIRM / 2 if is_close(one.money, other.money) else _NOT_FIRM
        elif likeness == "different" and is_close(one.money, other.money):
            weight = _CLOSE
        elif likeness == "different" and _both_exact(one.money, other.money):
            tally.rule_out("other_sum")
        if likeness == "rounded" and _both_exact(one.money, other.money):
            weight = _BOTH_EXACT
        if likeness == "equal":
            weight += 0.5 if one.money[0].digits > 2 else 0 if one.money[0].digits > 1 else -0.5
        tally.add(f"{likeness}_sum", weight)
    if one.count and other.count and one.count.unit == other.count.unit:
        likeness = compare_figures((one.count,), (other.count,))
        no_money = not (one.money or other.money)
        if likeness == "different" and no_money and one.count.is_exact and other.count.is_exact:
            tally.rule_out("other_count")
        weight = {"equal": 2.8, "rounded": 2.0, "different": -3.0}.get(likeness, 0.0)
        tally.add(f"{likeness}_count", weight if no_money else weight / 3)


def _is_open(one: CommitmentTraits, other: CommitmentTraits) -> bool:
    """Whether one article speaks of talks or rumours, in which sums still move."""
    return any(
        side.status == "under_negotiation" or side.mention.record.certainty == "hedged"
        for side in (one, other)
    )


def _both_exact(one: tuple[Figure, ...], other: tuple[Figure, ...]) -> bool:
    shared = [(a, b) for a in one for b in other if a.unit == b.unit]
    return bool(shared) and shared[0][0].is_exact and shared[0][1].is_exact


def _weigh_kinds(tally: EvidenceTally, one: CommitmentTraits, other: CommitmentTraits) -> None:
    if one.kind == other.kind:
        tally.add("same_kind", 0.8)
    elif _GROUPS[one.kind] == _GROUPS[other.kind] or _is_money_for_a_thing(one, other):
        tally.add("like_kind", 0.6)
    elif "cooperation" in (one.kind, other.kind):
        tally.add("vague_kind", -0.5)
    else:
        measured = [(bool(side.money), bool(side.count)) for side in (one, other)]
        apart_in_measure = set(measured) == {(True, False), (False, True)}
        tally.add("other_kind", -2.5 if apart_in_measure else -1.0)


def _is_money_for_a_thing(one: CommitmentTraits, other: CommitmentTraits) -> bool:
    """Whether one tells of a plant, say, and the other of the money that builds it."""
    groups = {_GROUPS[one.kind], _GROUPS[other.kind]}
    return groups == {"money", "thing"} and (one.is_vague or other.is_vague)
