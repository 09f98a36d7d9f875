"""Confidence: the probability that the article states such a record, for every policy.

A line through what is known: the finder's odds, the doubts, the values that were told elsewhere.
`confidence.toml` holds the lines, fitted on records of which labels tell whether they are right
(`python -m training.confidence`).
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from pydantic import BaseModel, ConfigDict

from extractor.kinds import AnyRecord, kind_of
from extractor.records import DoubtRule, PolicyName, RecordType

_LEAST = 0.02
"""The finder's probability of a sentence that it does not name at all."""
_MOST = 0.9999


class Odds(BaseModel):
    """The odds of a record: what they start from, and what each sign adds to them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    start: float
    finder: float
    """By which the finder's log odds are multiplied."""
    doubt: float
    """What a doubt takes away, if it has no weight of its own."""
    doubts: Mapping[DoubtRule, float] = {}


def confidence_of(record: AnyRecord, likelihood: float, policy: PolicyName) -> float:
    """The probability that the record is right, 0 to 1.

    `likelihood` is the finder's probability that the cited sentences hold such a record.
    """
    line = _lines()[policy][kind_of(record).name]
    chance = min(max(likelihood, _LEAST), _MOST)
    odds = line.start + line.finder * math.log(chance / (1 - chance))
    odds -= sum(line.doubts.get(rule, line.doubt) for rule in {d.rule for d in record.doubts})
    return round(1 / (1 + math.exp(-odds)), 4)


@cache
def _lines() -> Mapping[str, Mapping[RecordType, Odds]]:
    text = resources.files("extractor.checking").joinpath("confidence.toml").read_text("utf-8")
    return {
        policy: {kind: Odds.model_validate(line) for kind, line in kinds.items()}
        for policy, kinds in tomllib.loads(text).items()
    }
