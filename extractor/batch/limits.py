"""Limits of a run: what it may cost, how long it may take, how many articles it may read."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal, TypeAlias

from extractor.errors import ConfigurationError

LimitName: TypeAlias = Literal["cost", "hours", "articles"]


@dataclass(frozen=True, slots=True)
class RunLimits:
    """Once one is reached no further article is begun; None for any.

    The money is that of the whole run, however often it was started; hours and articles are those
    of this start. What is under way is finished, so a run may cost a little more than it may.
    """

    cost_usd: float | None = None
    hours: float | None = None
    articles: int | None = None


class Spending:
    """What this start has spent of its limits; not shared between threads."""

    def __init__(self, limits: RunLimits) -> None:
        self._limits = limits
        self._since = time.monotonic()
        self._begun = 0

    def begin(self, articles: int) -> None:
        """Count articles that are begun."""
        self._begun += articles

    def unbegin(self) -> None:
        """Count one less, that came back unread."""
        self._begun -= 1

    @property
    def articles_left(self) -> int | None:
        """How many more may be begun; None for any number."""
        most = self._limits.articles
        return None if most is None else max(0, most - self._begun)

    def reached(self, cost_usd: float | None) -> LimitName | None:
        """Which limit is reached, with so much paid in US dollars; None where no price is known.

        Raises:
            ConfigurationError: the cost is limited, and is not known.
        """
        limits = self._limits
        if limits.cost_usd is not None:
            if cost_usd is None:
                raise ConfigurationError(
                    "The price of this model is not known, so the limit on costs cannot be kept.",
                    hint="Limit the articles or the hours instead.",
                )
            if cost_usd >= limits.cost_usd:
                return "cost"
        if limits.hours is not None and time.monotonic() - self._since >= 3600 * limits.hours:
            return "hours"
        return "articles" if self.articles_left == 0 else None
