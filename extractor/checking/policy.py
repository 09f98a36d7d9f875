"""Policies: who judges what a record is, the model alone or the model and word lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, get_args

from extractor.records import DoubtRule, PolicyName


@dataclass(frozen=True, slots=True)
class Policy:
    """What of a record is decided by rules of words; proof by the article is asked under each."""

    name: PolicyName
    guards: bool
    """Whether what small models mix up (kinds, places for receivers, programmes for authorities) is
    put right by words."""
    decides: frozenset[DoubtRule]
    """Rules that take away what they object to; the others raise a doubt."""
    cites_names: bool
    """Whether a sentence that names a party is cited, wherever it stands in the body."""
    cuts: bool = False
    """Whether records of too little confidence are left out; elsewhere their sentences were."""


STRONG: Final = Policy("strong", guards=False, decides=frozenset(), cites_names=True, cuts=True)
TAUGHT: Final = Policy("taught", guards=False, decides=frozenset(), cites_names=True)
_DECIDING: Final[frozenset[DoubtRule]] = frozenset(get_args(DoubtRule)) - {"withdrawn"}
TOLD: Final = Policy("told", guards=True, decides=_DECIDING, cites_names=False)
POLICIES: Final[Mapping[PolicyName, Policy]] = {
    policy.name: policy for policy in (STRONG, TAUGHT, TOLD)
}
