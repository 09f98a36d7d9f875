"""How many threads a model should compute with: as many as there are cores nobody else uses.

llama.cpp's threads wait for one another by spinning: with one thread more than there are free
cores, the reply comes many times slower, not a little.
"""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Final

_SAMPLE_SECONDS: Final = 0.15
_QUOTA: Final = Path("/sys/fs/cgroup/cpu.max")


def choose_threads() -> int:
    """Count the cores that are free right now, at least one; takes about 0.15 s."""
    import psutil

    usable = _usable_processors()
    logical = psutil.cpu_count() or len(usable)
    physical = psutil.cpu_count(logical=False) or logical
    loads = psutil.cpu_percent(interval=_SAMPLE_SECONDS, percpu=True)
    busy = sum(load for index, load in enumerate(loads) if index in usable) / 100
    # Two threads of one core share its arithmetic units, so neither computes at full speed.
    cores = len(usable) * min(1.0, physical / logical)
    return max(1, math.floor(min(cores, _quota()) - busy + 0.5))


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
