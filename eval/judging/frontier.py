"""The frontier of cost and quality: the contenders that none other beats in both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.judging.comparison import Contender


@dataclass(frozen=True, slots=True)
class PricedQuality:
    """What a contender costs and what it reaches; cost in any one unit, for all the same."""

    contender: Contender
    cost: float
    quality: float

    def beats(self, other: PricedQuality) -> bool:
        """Whether nobody would take the other: it costs no less and reaches no more."""
        return (
            self.cost <= other.cost
            and self.quality >= other.quality
            and (self.cost, self.quality) != (other.cost, other.quality)
        )


def frontier_of(offers: Sequence[PricedQuality]) -> tuple[PricedQuality, ...]:
    """The offers that none beats, the cheapest first."""
    kept = [one for one in offers if not any(other.beats(one) for other in offers)]
    return tuple(sorted(kept, key=lambda one: (one.cost, one.quality)))
