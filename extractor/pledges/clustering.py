"""Mentions to pledges: what is judged the same is joined, unless a judgement holds a pair apart.

Joining goes from the surest pair down, and stops where two groups hold a pair that cannot be one,
or are unlike on the whole: no chain leads across. The outcome depends on the judgements alone, not
on the order in which articles came, and what does not hang together through judgements of `same`
has no part in it: so a new article changes only what it touches.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import product
from typing import Final

from extractor.pledges.judging import Pair, PairJudgement, pair_of

Judge = Callable[[Pair], PairJudgement]
"""The judgement of a pair that nobody has compared yet."""
Group = frozenset[str]
_UNLIKE_BELOW: Final = 0.25
_WITHOUT_SCORE: Final = 0.5
_CLEARLY: Final = 2.0
"""How much likelier one group must be than the next for what tells no figure to be of it."""


def pledge_id(founder: str) -> str:
    """The id of the pledge whose oldest mention this is."""
    return f"P{hashlib.sha256(founder.encode()).hexdigest()[:10]}"


def linked(start: Iterable[str], judgements: Mapping[Pair, PairJudgement]) -> set[str]:
    """All mentions that hang together with these through judgements of `same` or `unsure`."""
    neighbours: defaultdict[str, set[str]] = defaultdict(set)
    for (left, right), judgement in judgements.items():
        if judgement.answer != "different":
            neighbours[left].add(right)
            neighbours[right].add(left)
    found, waiting = set(), list(start)
    while waiting:
        mention = waiting.pop()
        if mention not in found:
            found.add(mention)
            waiting += neighbours[mention] - found
    return found


def cluster(
    mentions: Collection[str],
    judgements: Mapping[Pair, PairJudgement],
    judge: Judge,
    vague: Collection[str] = (),
) -> list[Group]:
    """The groups of these mentions, in the order of their least ids.

    Args:
        mentions: their ids, all that hang together.
        judgements: those in force, by pair.
        judge: asked about pairs across two groups that have no judgement yet.
        vague: those that tell no figure: "the loan", "its plant".
    """
    return _Clustering(mentions, judgements, judge, frozenset(vague)).groups()


class _Clustering:
    def __init__(
        self,
        mentions: Collection[str],
        judgements: Mapping[Pair, PairJudgement],
        judge: Judge,
        vague: frozenset[str],
    ) -> None:
        self._group_of = {mention: frozenset((mention,)) for mention in mentions}
        self._judgements = judgements
        self._judge = judge
        self._vague = vague

    def groups(self) -> list[Group]:
        inside = [
            one for pair, one in self._judgements.items() if self._group_of.keys() >= set(pair)
        ]
        for judgement in sorted(inside, key=_surest_first):
            if judgement.answer == "same":
                one, other = self._group_of[judgement.left], self._group_of[judgement.right]
                if one is not other and self._may_join(judgement, one, other):
                    self._join(one, other)
        self._settle_vague([one for one in inside if one.answer == "unsure"])
        return sorted(set(self._group_of.values()), key=min)

    def _settle_vague(self, unsure: Collection[PairJudgement]) -> None:
        """Join what tells no figure with the one group that it can be, if no other comes near."""
        ranked = sorted(unsure, key=_surest_first)
        # What is settled may leave a choice to what was open before.
        for _ in range(2):
            for mention in (each for judgement in ranked for each in judgement.pair):
                group = self._group_of[mention]
                if group <= self._vague:
                    best = self._only_choice(group, ranked)
                    if best is not None:
                        self._join(group, best)

    def _only_choice(self, group: Group, unsure: Collection[PairJudgement]) -> Group | None:
        odds: defaultdict[Group, float] = defaultdict(float)
        for judgement in unsure:
            sides = [self._group_of[mention] for mention in judgement.pair]
            if judgement.score and group in sides and sides[0] is not sides[1]:
                other = sides[1] if sides[0] is group else sides[0]
                odds[other] = max(odds[other], judgement.score / (1 - judgement.score))
        ranked = sorted(
            (other for other in odds if not self._is_ruled_out(group, other)),
            key=lambda other: (other <= self._vague, -odds[other], min(other)),
        )
        if not ranked:
            return None
        best, *others = ranked
        rivals = (other for other in others if odds[other] * _CLEARLY > odds[best])
        # Another one without a figure is no rival if it may be the same.
        if any(not other <= self._vague or self._is_ruled_out(best, other) for other in rivals):
            return None
        return best

    def _is_ruled_out(self, one: Group, other: Group) -> bool:
        return any(judgement.is_final for judgement in self._across(one, other))

    def _may_join(self, judgement: PairJudgement, one: Group, other: Group) -> bool:
        across = self._across(one, other)
        if judgement.by_person:
            # What a rule holds apart, a person joins; what a person holds apart, stays so.
            return not any(each.is_final and each.by_person for each in across)
        if any(each.is_final for each in across):
            return False
        # What tells no figure has little in common even with what is its own.
        told = [each for each in across if self._vague.isdisjoint(each.pair)] or [judgement]
        scores = [_WITHOUT_SCORE if each.score is None else each.score for each in told]
        return sum(scores) / len(scores) >= _UNLIKE_BELOW

    def _across(self, one: Group, other: Group) -> list[PairJudgement]:
        found = []
        for pair in product(sorted(one), sorted(other)):
            known = pair_of(*pair)
            judgement = self._judgements.get(known)
            found.append(judgement if judgement is not None else self._judge(known))
        return found

    def _join(self, one: Group, other: Group) -> None:
        joined = one | other
        self._group_of.update(dict.fromkeys(joined, joined))


def _surest_first(judgement: PairJudgement) -> tuple[bool, float, Pair]:
    return not judgement.by_person, -(judgement.score or 0.0), judgement.pair
