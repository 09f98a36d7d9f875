"""What the rest of a run will take, from the articles that were read: tokens, money and hours.

Long articles take more: what is estimated is the ratio of each quantity to the characters read, and
the characters that are left are known. The interval is that of a ratio estimated from a sample, 95
of 100 of which hold the truth.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from extractor.batch.register import standing_of
from extractor.batch.work import Work
from extractor.storage.tables import ITEMS

SAMPLE: Final = 20
_MOST_READ: Final = 1_000
_NORMAL: Final = 1.959964


@dataclass(frozen=True, slots=True)
class Expected:
    """A quantity that is expected, between two bounds."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class RunEstimate:
    """What the articles that are left will take."""

    articles: int
    sampled: int
    prompt_tokens: Expected
    output_tokens: Expected
    hours: Expected
    cost_usd: Expected | None
    """In US dollars; None if the price of the model is not known."""


def estimate_of(work: Work, at_once: int) -> RunEstimate | None:
    """What the rest of the run will take, `at_once` articles at a time; None if none was read.

    Raises:
        StoreFailed: the store does not answer.
    """
    read = (
        select(ITEMS)
        .where(ITEMS.c.run_id == work.run_id, ITEMS.c.state == "done", ITEMS.c.calls > 0)
        .order_by(ITEMS.c.key)
        .limit(_MOST_READ)
    )
    with work.store.reading() as rows:
        sample = rows.execute(read).all()
    if not sample:
        return None
    standing = standing_of(work)
    lengths = [float(row.characters) for row in sample]
    left = standing.characters_left

    def expected(values: Sequence[float], scale: float = 1.0) -> Expected:
        return _by_ratio(values, lengths, left * scale)

    costs = [row.cost_usd for row in sample if row.cost_usd is not None]
    return RunEstimate(
        articles=standing.left,
        sampled=len(sample),
        prompt_tokens=expected([row.prompt_tokens for row in sample]),
        output_tokens=expected([row.output_tokens for row in sample]),
        hours=expected([row.seconds for row in sample], 1 / (3600 * at_once)),
        cost_usd=expected(costs) if len(costs) == len(sample) else None,
    )


def _by_ratio(values: Sequence[float], lengths: Sequence[float], total: float) -> Expected:
    """The quantity of articles of this total length, by what others had for theirs."""
    count, length = len(values), sum(lengths)
    ratio = sum(values) / length
    if count < 2:
        return Expected(ratio * total, 0.0, math.inf)
    residuals = [value - ratio * own for value, own in zip(values, lengths, strict=True)]
    spread = math.sqrt(sum(each * each for each in residuals) / (count - 1))
    error = _quantile(count - 1) * spread * math.sqrt(count) / length
    return Expected(ratio * total, max(0.0, ratio - error) * total, (ratio + error) * total)


def _quantile(freedom: int) -> float:
    """Student's t at .975, by its expansion around the normal: off by .5 % from 4 degrees on."""
    z = _NORMAL
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
