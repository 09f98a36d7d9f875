"""Evidence for and against two mentions being one: pieces with weights, and pieces that decide."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from extractor.pledges.matching import Match
from extractor.pledges.traits import Parties, Traits
from extractor.pledges.wording import STEP, apart, general_topics

Answer: TypeAlias = Literal["same", "different", "unsure"]
SAME_FROM: Final = 0.7
"""From this score on two mentions are the same."""
UNSURE_FROM: Final = 0.3
"""From this score on a person should look."""
LOOK_FROM: Final = 0.15
"""The same for two that tell one sum."""
_SUMS: Final = frozenset({"equal_sum", "converted_sum", "rounded_sum", "worth_sum"})
START: Final = -5.0
START_OF_ACTS: Final = -4.6
"""Log odds before any evidence, of pledges and acts: most pairs are different."""

_NEAR_DAYS: Final = 7
_FAR_DAYS: Final = 400
_YEAR_DAYS: Final = 300
_OWN_TOPIC: Final = 0.9
_GENERAL_TOPIC: Final = 0.4
_MOST_TOPICS: Final = 2.0
_SAME_LANGUAGE_WORD: Final = 0.25
_COGNATE: Final = 0.3
_MOST_WORDS: Final = 1.5
_FEW_WORDS: Final = 2
_MANY_WORDS: Final = 6
_SHARED_NAMES: Final = (0.0, 0.8, 1.4)


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence."""

    rule: str
    weight: float
    """Log odds that it adds."""


@dataclass(frozen=True, slots=True)
class Scored:
    """What the evidence about a pair comes to."""

    answer: Answer
    score: float
    """Probability that the two are one; 0 where a single piece of evidence decided against it."""
    rule: str
    """The piece that decided, else the weightiest one on the side of the answer."""
    reasons: tuple[Reason, ...]


_Named: TypeAlias = tuple[Parties, Traits]
"""Parties of one mention, and the other mention."""


@dataclass(slots=True)
class EvidenceTally:
    """Evidence about one pair, as it is gathered."""

    reasons: list[Reason] = field(default_factory=list)
    against: str | None = None
    start: float = START

    def add(self, rule: str, weight: float) -> None:
        """Count a piece of evidence."""
        if weight:
            self.reasons.append(Reason(rule, weight))

    def rule_out(self, rule: str) -> None:
        """Let this piece of evidence decide against it, unless another one has."""
        self.against = self.against or rule

    def result(self) -> Scored:
        """What it comes to."""
        if self.against is not None:
            return Scored("different", 0.0, self.against, tuple(self.reasons))
        odds = self.start + sum(reason.weight for reason in self.reasons)
        score = 1 / (1 + math.exp(-odds))
        # The same sum twice would be worse than a look too many.
        alike = not _SUMS.isdisjoint(reason.rule for reason in self.reasons)
        open_from = LOOK_FROM if alike else UNSURE_FROM
        answer: Answer = (
            "same" if score >= SAME_FROM else "unsure" if score >= open_from else "different"
        )
        sign = -1 if answer == "different" else 1
        ranked = sorted(self.reasons, key=lambda reason: (-sign * reason.weight, reason.rule))
        rule = ranked[0].rule if ranked else "nothing_shared"
        return Scored(answer, round(score, 4), rule, tuple(self.reasons))


def weigh_match(
    tally: EvidenceTally, rule: str, match: Match, weights: Mapping[Match, float]
) -> None:
    """Count how well two sets of parties match."""
    tally.add(f"{match}_{rule}", weights.get(match, 0.0))


def weigh_named(tally: EvidenceTally, rule: str, weight: float, pair: Iterable[_Named]) -> None:
    """Count that a party of one, whom the other does not name as such, is in its sentences."""
    for parties, other in pair:
        for party in parties:
            known = bool(party.names) and party.names <= other.named
            if known or (party.country is not None and party.country in other.said):
                tally.add(f"{rule}_in_sentences", weight)
                return


def weigh_words(tally: EvidenceTally, one: Traits, other: Traits, similarity: float | None) -> None:
    """Count what the sentences share: topics, proper names, numbered series, and their sense."""
    topics = one.wording.topics & other.wording.topics
    if topics:
        weight = sum(
            _GENERAL_TOPIC if topic in general_topics() else _OWN_TOPIC for topic in topics
        )
        # What only the sentences around share may be owed to other pledges in them.
        near = one.title.topics & other.title.topics
        tally.add("shared_topics", min(weight, _MOST_TOPICS) if near else min(weight, _OWN_TOPIC))
    elif one.wording.topics and other.wording.topics:
        few = min(len(one.wording.topics), len(other.wording.topics)) < 2
        tally.add("other_topics", -0.5 if few else -1.2)
    purposes = [each.title.topics - general_topics() for each in (one, other)]
    if topics and all(purposes) and purposes[0].isdisjoint(purposes[1]):
        tally.add("other_purpose", -1.2)
    names = one.wording.names & other.wording.names
    if one.sites and other.sites:
        # They count by themselves.
        names = names - one.sites - other.sites
    tally.add("shared_names", _SHARED_NAMES[min(len(names), len(_SHARED_NAMES) - 1)])
    words = one.title.words & other.title.words
    alike = _SAME_LANGUAGE_WORD if one.language == other.language else _COGNATE
    tally.add("shared_words", min(_MOST_WORDS, alike * len(words)))
    if one.language == other.language and len(words) < _FEW_WORDS:
        least = min(len(one.title.words), len(other.title.words))
        tally.add("few_shared_words", -0.6 if least >= _MANY_WORDS else 0.0)
    if one.marks & other.marks:
        tally.add("shared_number", 0.8)
    elif apart(one.marks, other.marks, but=STEP):
        tally.add("other_number", -2.5)
    if similarity is not None:
        neutral = _NEUTRAL_SENSE if one.language == other.language else _NEUTRAL_TRANSLATED
        tally.add("sense", max(-_LEAST_SENSE, min(_MOST_SENSE, (similarity - neutral) * 20)))


# Unit vectors of multilingual-e5-small. Sentences on one subject are near each other in one
# language, and less so in two; what they are compared with here shares a subject already.
_NEUTRAL_SENSE: Final = 0.90
_NEUTRAL_TRANSLATED: Final = 0.845
_MOST_SENSE: Final = 1.0
_LEAST_SENSE: Final = 0.1
"""Two stages of one pledge may be told in quite other words."""


def weigh_places(tally: EvidenceTally, one: Traits, other: Traits) -> None:
    """Count whether both are for one country and one site."""
    at_one_site = _weigh_sites(tally, one, other)
    if one.countries and other.countries:
        if one.countries & other.countries:
            tally.add("same_country", 0.7)
        elif not at_one_site and not {"EU"} & (one.countries | other.countries):
            tally.add("other_country", -4.5)


def weigh_said(tally: EvidenceTally, one: Traits, other: Traits) -> None:
    """Count what the sentences say of places, where one of the mentions has no country or site."""
    if not (one.sites and other.sites) and (
        one.sites & other.title.names or other.sites & one.title.names
    ):
        tally.add("site_in_sentences", 1.0)
    elif not (one.countries and other.countries):
        mine, theirs = (each.countries or each.said for each in (one, other))
        if mine & theirs:
            tally.add("country_in_sentences", 0.5)
        elif mine and theirs and not one.sites & other.sites:
            tally.add("other_country_in_sentences", -2.5)


def _weigh_sites(tally: EvidenceTally, one: Traits, other: Traits) -> bool:
    """Whether both have one site; places keep their names in translation."""
    if not one.sites or not other.sites:
        return False
    if one.sites & other.sites:
        tally.add("same_site", 1.6)
        return True
    # What one names on the way, the other may name as the place.
    near = _on_the_way(one, other) or _on_the_way(other, one)
    tally.add("other_site", -0.8 if near else -2.6)
    return False


def _on_the_way(one: Traits, other: Traits) -> bool:
    """Whether one's sentence names the other's site, and no country but its own."""
    return bool(one.title.names & other.sites) and one.beside <= one.countries


def weigh_ends(tally: EvidenceTally, one: Traits, other: Traits) -> None:
    """Count whether both end at one time; a date may move, so another one says little."""
    if one.ends and other.ends:
        gap = one.ends.gap(other.ends)
        weight = 1.5 if gap < 1 else -0.2 if gap < _YEAR_DAYS else -0.8
        tally.add("same_end" if weight > 0 else "other_end", weight)


def weigh_publication(tally: EvidenceTally, one: Traits, other: Traits) -> None:
    """Count how near in time both articles are."""
    if one.published and other.published:
        gap = one.published.gap(other.published)
        weight = 0.5 if gap <= _NEAR_DAYS else 0.0 if gap <= _FAR_DAYS else -0.6
        tally.add("published_near" if weight > 0 else "published_far", weight)
