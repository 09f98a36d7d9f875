"""Whether two mentions tell of one pledge or act: same, different, or unsure.

Each piece of evidence has a weight in log odds; their sum is the score, as a probability. Some
evidence decides alone: two sums that cannot be one, two receivers, two records of one article. What
sentence vectors say is one piece more, and nothing needs them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from extractor.pledges.act_evidence import weigh_acts
from extractor.pledges.evidence import EvidenceTally, Scored
from extractor.pledges.matching import PartyMatcher
from extractor.pledges.parties import PartyTable
from extractor.pledges.pledge_evidence import weigh_pledges
from extractor.pledges.traits import CommitmentTraits, EventTraits, Traits

if TYPE_CHECKING:
    from extractor.selection.embedding import Embed, Vectors


class PairScorer:
    """Scores pairs of mentions; sentence vectors are made once for each text."""

    def __init__(self, table: PartyTable, embed: Embed | None = None) -> None:
        self._matcher = PartyMatcher(table, None if embed is None else self._name_sense)
        self._embed = embed
        self._vectors: dict[str, Vectors] = {}

    def score(self, one: Traits, other: Traits) -> Scored:
        """What the evidence about two mentions comes to; the same in either order."""
        if one.mention.id > other.mention.id:
            one, other = other, one
        if isinstance(one, CommitmentTraits) and isinstance(other, CommitmentTraits):
            tally = weigh_pledges(one, other, self._matcher, self._likeness(one, other))
        elif isinstance(one, EventTraits) and isinstance(other, EventTraits):
            tally = weigh_acts(one, other, self._matcher, self._likeness(one, other))
        else:
            tally = EvidenceTally(against="other_kind_of_record")
        return tally.result()

    def _likeness(self, one: Traits, other: Traits) -> float | None:
        if self._embed is None:
            return None
        mine, theirs = (self._vector(each.mention.quotes[0].quote) for each in (one, other))
        return float(mine @ theirs)

    def _name_sense(self, one: str, other: str) -> float:
        return float(self._vector(one) @ self._vector(other))

    def _vector(self, text: str) -> Vectors:
        if text not in self._vectors and self._embed is not None:
            self._vectors[text] = self._embed([text])[0]
        return self._vectors[text]
