"""How sure a share is of which only successes and trials are known."""

from __future__ import annotations

import math
from statistics import NormalDist


def wilson_interval(successes: int, trials: int, *, level: float = 0.95) -> tuple[float, float]:
    """Wilson's score interval of a share (Wilson 1927): it has width even at 0 and 1.

    It takes the trials for independent draws. Records of one article are not quite, so for them
    it is rather too narrow.

    Raises:
        ValueError: there is no trial, more successes than trials, or no such level.
    """
    if not 0 <= successes <= trials or trials == 0:
        raise ValueError(f"{successes} of {trials} is no share")
    if not 0 < level < 1:
        raise ValueError(f"the level lies between 0 and 1, not {level}")
    z = NormalDist().inv_cdf((1 + level) / 2)
    share, spread = successes / trials, z * z / trials
    middle = (share + spread / 2) / (1 + spread)
    half = math.sqrt(share * (1 - share) * spread + (spread / 2) ** 2) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)
