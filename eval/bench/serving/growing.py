"""Many requests: whether memory, threads or open files grow with them.

Threads and connections are made as callers meet, so a few more than at first are no leak.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from statistics import mean
from typing import Final

from eval.bench.serving.articles import TINY, articles
from eval.bench.serving.callers import closed_loop
from eval.bench.serving.figures import Measurement
from eval.bench.serving.processes import Fake, service

_REQUESTS: Final = 50_000
_STEP: Final = 500
_MOST_SECONDS: Final = 420.0
"""No more requests then: the whole of the benchmark is to end in time."""
_CALLERS: Final = 16
_MOST_GROWTH: Final = 1.05
_MEGABYTE: Final = 1024 * 1024


def measure_growth(fake: Fake, quick: bool, workers: int) -> list[Measurement]:
    """Memory over the last tenth of the requests against memory over the first."""
    wanted = _REQUESTS // 10 if quick else _REQUESTS
    last_start = time.monotonic() + _MOST_SECONDS
    resident: list[int] = []
    threads: list[int] = []
    files: list[int] = []
    failures = 0
    with service(fake.url(0), workers) as served:
        while len(resident) * _STEP < wanted and time.monotonic() < last_start:
            load = closed_loop(served.port, articles(_STEP, TINY), _CALLERS)
            failures += len(load.replies) - len(load.answered)
            resident.append(served.resident)
            threads.append(served.threads)
            files.append(served.files)
    steps = len(resident)
    tenth = max(1, steps // 10)
    first, last = mean(resident[:tenth]), mean(resident[-tenth:])
    return [
        Measurement("requests", steps * _STEP, "", (">=", wanted)),
        Measurement("memory, first tenth", first / _MEGABYTE, "MiB"),
        Measurement("memory, last tenth", last / _MEGABYTE, "MiB"),
        Measurement("memory, last / first", last / first, "", ("<=", _MOST_GROWTH)),
        Measurement(
            "threads, most in last - in first", _more(threads, tenth), "", ("<=", _CALLERS)
        ),
        Measurement(
            "open files, most in last - in first", _more(files, tenth), "", ("<=", _CALLERS)
        ),
        Measurement("failures", failures, "", ("<=", 0)),
    ]


def _more(seen: Sequence[int], tenth: int) -> int:
    return max(seen[-tenth:]) - max(seen[:tenth])
