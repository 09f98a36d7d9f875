"""How many threads a model should compute with: as many as there are cores nobody else uses.

llama.cpp's threads wait for one another by spinning: with one thread more than there are free
cores, the reply comes many times slower, not a little.
"""

from __future__ import annotations

import math
import os
import statistics
from pathlib import Path
from typing import Final

_SAMPLES: Final = 5
_SAMPLE_SECONDS: Final = 0.1
_QUOTA: Final = Path("/sys/fs/cgroup/cpu.max")


def choose_threads() -> int:
    """Count the cores that are free right now, at least one; takes about half a second."""
    import psutil

    usable = _usable_processors()
    logical = psutil.cpu_count() or len(usable)
    physical = psutil.cpu_count(logical=False) or logical
    # The median: the choice stands as long as the model is loaded, a moment's load does not.
    busy = statistics.median(_busy_cores(usable) for _ in range(_SAMPLES))
    # Two threads of one core share its arithmetic units, so neither computes at full speed.
    cores = len(usable) * min(1.0, physical / logical)
    return max(1, math.floor(min(cores, _quota()) - busy + 0.5))


def _busy_cores(usable: set[int]) -> float:
    import psutil

    loads = psutil.cpu_percent(interval=_SAMPLE_SECONDS, percpu=True)
    return sum(load for index, load in enumerate(loads) if index in usable) / 100


def _usable_processors() -> set[int]:
    if hasattr(os, "sched_getaffinity"):
        return set(os.sched_getaffinity(0))
    return set(range(os.cpu_count() or 1))


def _quota() -> float:
    """Read how many cores the container may use, infinity outside of one."""
    try:
        quota, period = _QUOTA.read_text(encoding="ascii").split()
        return int(quota) / int(period)
    except (OSError, ValueError):
        return math.inf
