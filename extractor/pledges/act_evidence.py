"""What speaks for and against two policy events being one act."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rapidfuzz.fuzz import token_set_ratio

from extractor.pledges.evidence import (
    START_OF_ACTS,
    EvidenceTally,
    weigh_ends,
    weigh_match,
    weigh_places,
    weigh_publication,
    weigh_words,
)
from extractor.pledges.matching import Match, PartyMatcher, both_named
from extractor.pledges.traits import EventTraits
from extractor.pledges.wording import apart, general_topics
from extractor.records import EventType

_ACTORS: Final[Mapping[Match, float]] = {
    "same": 1.8,
    "alike": 1.6,
    "related": 1.2,
    "different": -0.4,
}
_TARGETS: Final[Mapping[Match, float]] = {
    "same": 1.0,
    "alike": 0.8,
    "related": 0.3,
    "different": -1.0,
}
_FAMILIES: Final[Mapping[EventType, str]] = {
    "law_or_regulation": "rule",
    "trade_restriction": "rule",
    "standard_or_guidance": "rule",
    "strategy_or_programme": "plan",
    "institution": "plan",
    "agreement": "meeting",
    "meeting": "meeting",
    "official_statement": "meeting",
}
_OWN: Final = frozenset(
    {"number_of_act", "name_of_act", "like_name_of_act", "words_of_act", "same_day"}
    | {"shared_names", "shared_words"}
)
"""What tells an act from others of one authority on one subject, beside topics of its own."""
_OF_TWO_STATES: Final = frozenset({"same_states_together", "same_form_of_act"})
_OCCASIONS: Final[frozenset[EventType]] = frozenset({"meeting", "official_statement"})
_OCCASION_DAYS: Final = 10
_MONTHS_DAYS: Final = 90
_SAME_STEP_DAYS: Final = 2


def weigh_acts(
    one: EventTraits, other: EventTraits, matcher: PartyMatcher, similarity: float | None
) -> EvidenceTally:
    """All evidence about two policy events."""
    tally = EvidenceTally(start=START_OF_ACTS)
    if one.mention.article_sha256 == other.mention.article_sha256:
        tally.rule_out("one_article")
    _weigh_authorities(tally, one, other, matcher)
    _weigh_instruments(tally, one, other, similarity)
    _weigh_types(tally, one, other)
    _weigh_times(tally, one, other)
    target = matcher.best(one.targets, other.targets)
    weigh_match(tally, "target", target, _TARGETS)
    if target == "unknown":
        weigh_places(tally, one, other)
    weigh_ends(tally, one, other)
    weigh_words(tally, one, other, similarity)
    told = {reason.rule for reason in tally.reasons if reason.weight > 0}
    if not told & _OWN and not told >= _OF_TWO_STATES:
        own = one.wording.topics & other.wording.topics - general_topics()
        tally.add("nothing_of_its_own", 0.0 if own else -2.0)
    return tally


def _weigh_authorities(
    tally: EvidenceTally, one: EventTraits, other: EventTraits, matcher: PartyMatcher
) -> None:
    mine, theirs = (
        side.jurisdictions or frozenset(p.country for p in side.actors if p.country)
        for side in (one, other)
    )
    match = matcher.best(one.actors, other.actors)
    if mine and theirs:
        if not mine & theirs:
            tally.rule_out("other_jurisdiction")
        tally.add("same_jurisdiction", 1.3 if mine == theirs else 0.3)
        if mine == theirs and len(mine) > 1:
            tally.add("same_states_together", 1.0)
        if one.regions and other.regions and not one.regions & other.regions:
            tally.rule_out("other_region")
        elif bool(one.regions) != bool(other.regions):
            tally.add("one_is_of_a_region", -1.0)
    elif match == "different":
        tally.rule_out("other_authority")
    weigh_match(tally, "authority", match, _ACTORS)
    if match == "different" and both_named(one.actors, other.actors):
        tally.add("authorities_named_otherwise", -1.6)
    states = all(p.id and len(p.id) == 2 for p in (*one.actors, *other.actors))
    if match == "same" and states and len(mine & theirs) < 2:
        tally.add("authority_is_a_state", -0.4)


def _weigh_instruments(
    tally: EvidenceTally, one: EventTraits, other: EventTraits, similarity: float | None
) -> None:
    mine, theirs = one.instrument, other.instrument
    if mine is None or theirs is None:
        if one.title.acts & other.title.acts:
            tally.add("same_form_of_act", 0.4)
        return
    if apart(mine.marks, theirs.marks):
        tally.rule_out("other_number_of_act")
    if mine.marks & theirs.marks:
        tally.add("number_of_act", 4.0)
    elif one.instrument_key == other.instrument_key:
        tally.add("name_of_act", 3.5)
    elif mine.acts and theirs.acts and not mine.acts & theirs.acts:
        tally.add("other_form_of_act", -1.5)
    elif one.language == other.language:
        same = token_set_ratio(one.instrument_key, other.instrument_key) >= 90
        tally.add(*(("like_name_of_act", 2.5) if same else ("other_name_of_act", -1.0)))
    else:
        known = (mine.concepts | mine.names), (theirs.concepts | theirs.names)
        shared = known[0] & known[1]
        if min(map(len, known)) > 0:
            part = len(shared) / min(map(len, known))
            whole = len(shared) > 1 and known[0] == known[1]
            weight = 3.2 if whole else 2.5 if part >= 0.75 else 1.2 if part >= 0.5 else 0.0
            if not shared and min(map(len, known)) > 1:
                weight = -1.0
            tally.add("words_of_act" if weight > 0 else "other_words_of_act", weight)


def _weigh_types(tally: EvidenceTally, one: EventTraits, other: EventTraits) -> None:
    if one.kind == other.kind:
        tally.add("same_type", 1.0)
    elif _FAMILIES[one.kind] != _FAMILIES[other.kind]:
        tally.add("other_type", -1.2)


def _weigh_times(tally: EvidenceTally, one: EventTraits, other: EventTraits) -> None:
    occasions = one.kind in _OCCASIONS and other.kind in _OCCASIONS
    if one.told_on and other.told_on:
        gap = one.told_on.gap(other.told_on)
        if occasions and gap > _OCCASION_DAYS:
            tally.rule_out("other_day")
        elif gap <= 1:
            tally.add("same_day", 2.0 if occasions else 1.5)
        elif one.status == other.status and gap > _MONTHS_DAYS:
            tally.add("other_time", -1.5)
        elif one.status == other.status and gap > _SAME_STEP_DAYS:
            tally.add("other_date", -1.2)
    else:
        weigh_publication(tally, one, other)
    published = one.published and other.published and one.published.gap(other.published)
    if occasions and published and published > _MONTHS_DAYS:
        tally.add("other_occasion", -2.0)
