"""Linking: from mentions to groups that are one pledge each, of all or around a few of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from extractor.pledges.blocking import block_keys, candidate_pairs
from extractor.pledges.clustering import Group, cluster, linked
from extractor.pledges.judging import Pair, PairJudgement, by_rule
from extractor.pledges.scoring import PairScorer
from extractor.pledges.traits import Traits


@dataclass(slots=True)
class Linking:
    """Mentions with the judgements about them, which grow as pairs are compared."""

    traits: Mapping[str, Traits]
    scorer: PairScorer
    at: str
    """The time that new judgements get."""
    judgements: dict[Pair, PairJudgement] = field(default_factory=dict)
    """Those in force, by pair."""
    fresh: dict[Pair, PairJudgement] = field(default_factory=dict)
    """What was judged here: same and unsure, and what a decision to keep two apart rests on."""

    def compare(self, touched: Collection[str] | None = None) -> None:
        """Judge every pair that shares a typed value, of the touched mentions or of all."""
        keys = {mention: block_keys(traits) for mention, traits in self.traits.items()}
        for pair in sorted(candidate_pairs(keys, touched)):
            if pair not in self.judgements:
                found = self._judge(pair)
                if found.answer != "different":
                    self._keep(found)

    def groups(self, touched: Iterable[str] | None = None) -> list[Group]:
        """The groups of all that hangs together with the touched mentions, or of all."""
        around = linked(self.traits if touched is None else touched, self.judgements)
        found: list[Group] = []
        # What does not hang together needs no common list of pairs.
        while around:
            part = linked([min(around)], self.judgements)
            vague = {mention for mention in part if self.traits[mention].is_vague}
            found += cluster(part, self._among(part), self._judge_and_keep, vague)
            around -= part
        return sorted(found, key=min)

    def _among(self, part: Collection[str]) -> dict[Pair, PairJudgement]:
        inside = {}
        for pair, judgement in self.judgements.items():
            if pair[0] in part and pair[1] in part:
                inside[pair] = judgement
        return inside

    def _judge(self, pair: Pair) -> PairJudgement:
        one, other = (self.traits[mention] for mention in pair)
        return by_rule(pair, self.scorer.score(one, other), self.at)

    def _judge_and_keep(self, pair: Pair) -> PairJudgement:
        judgement = self.judgements.get(pair) or self._judge(pair)
        self._keep(judgement)
        return judgement

    def _keep(self, judgement: PairJudgement) -> None:
        if judgement.pair not in self.judgements:
            self.judgements[judgement.pair] = self.fresh[judgement.pair] = judgement
