"""Many callers at once: how near the rate comes to the model's own, and what a full house does."""

from __future__ import annotations

import os
import time
from typing import Final

from eval.bench.serving.articles import BRIEF, TINY, WHOLE, articles
from eval.bench.serving.callers import Load, closed_loop, middle, open_loop, percentile
from eval.bench.serving.figures import Bar, Measurement
from eval.bench.serving.processes import Fake, Process, service

_CALLERS: Final = 256
_MODEL_MS: Final = 1000
_LEAST_RATE: Final = {BRIEF: 0.6, WHOLE: 0.35}
_SHARE: Final = 0.25
"""Of the ideal rate, for callers that do not wait for each other."""

_CALLERS_OF_WORKERS: Final = 32
_SHORT_MODEL_MS: Final = 200

_SEATS: Final = 16
_BUSY_MODEL_MS: Final = 500
_OVERLOAD: Final = 4
"""Times what the model can answer."""


def measure_crowd(fake: Fake, quick: bool, workers: int) -> list[Measurement]:
    """256 articles at once before a model that takes a second for each call."""
    rounds = 1 if quick else 2
    figures: list[Measurement] = []
    with service(fake.url(_MODEL_MS), workers) as served:
        _warm(served, fake)
        for characters in (BRIEF, WHOLE):
            figures += _crowd(served, fake, rounds, characters)
        ideal = _CALLERS / (_MODEL_MS / 1000)
        rate = _SHARE * ideal
        load = open_loop(served.port, articles(int(rate * rounds), TINY), rate)
        figures += [
            Measurement(
                f"tiny, {rate:g} arrive each second: median", 1000 * middle(load.answered), "ms"
            ),
            Measurement("- 99th percentile", 1000 * percentile(load.answered, 0.99), "ms"),
            _failures(load),
        ]
    return figures


def _crowd(served: Process, fake: Fake, rounds: int, characters: int) -> list[Measurement]:
    sent = articles(_CALLERS * rounds, characters)
    before = served.cpu_seconds, fake.process.cpu_seconds, time.process_time()
    load = closed_loop(served.port, sent, _CALLERS)
    after = served.cpu_seconds, fake.process.cpu_seconds, time.process_time()
    cost, of_fake, of_callers = ((b - a) / len(sent) for a, b in zip(before, after, strict=True))
    calls = len(fake.taken()) / len(sent)
    ideal = _CALLERS / (calls * _MODEL_MS / 1000)
    cores = os.cpu_count() or 1
    bound = cores / (cost + of_fake + of_callers)
    bar: Bar = (">=", _LEAST_RATE[characters])
    return [
        Measurement(f"{characters:,} characters: rate / ideal", load.rate / ideal, "", bar),
        Measurement("- articles a second", load.rate),
        Measurement(f"- articles a second that {cores} processors bear at most", bound),
        Measurement("- rate / what the processors bear", load.rate / bound),
        Measurement("- model calls for an article", calls),
        Measurement("- median", 1000 * middle(load.answered), "ms"),
        Measurement("- 99th percentile", 1000 * percentile(load.answered, 0.99), "ms"),
        Measurement("- processor time of the service for an article", 1000 * cost, "ms"),
        Measurement("- of the fake model", 1000 * of_fake, "ms"),
        Measurement("- of the callers", 1000 * of_callers, "ms"),
        _failures(load),
    ]


def measure_overload(fake: Fake, quick: bool, workers: int) -> list[Measurement]:
    """A full house with and without others at the door, who are to be refused at once."""
    seconds = 3 if quick else 6
    places = {"max_running": str(_SEATS), "max_queued": str(_SEATS)}
    capacity = _SEATS / (_BUSY_MODEL_MS / 1000)
    with service(fake.url(_BUSY_MODEL_MS), workers, **places) as served:
        _warm(served, fake)
        full = closed_loop(served.port, articles(int(capacity * seconds), TINY), 2 * _SEATS)
        offered = articles(int(_OVERLOAD * capacity * seconds), TINY)
        over = open_loop(served.port, offered, _OVERLOAD * capacity)
    kept = middle(over.answered) / middle(full.answered)
    return [
        Measurement("refused, of all", len(over.refused) / len(over.replies)),
        Measurement("refused: median", 1000 * middle(over.refused), "ms", ("<=", 20)),
        Measurement(
            "refused: 99th percentile", 1000 * percentile(over.refused, 0.99), "ms", ("<=", 100)
        ),
        Measurement("answered: median, full house", 1000 * middle(full.answered), "ms"),
        Measurement("answered: median, overload", 1000 * middle(over.answered), "ms"),
        Measurement("answered: overload / full house", kept, "", ("<=", 1.1)),
        Measurement(
            "answered a second: overload / full house", over.rate / full.rate, "", (">=", 0.9)
        ),
        _failures(over),
    ]


def measure_workers(fake: Fake, quick: bool, workers: int) -> list[Measurement]:
    """The rate of several workers, two if one is asked for, over that of one."""
    several = max(2, workers)
    many = _CALLERS if quick else 4 * _CALLERS
    rates: dict[int, float] = {}
    figures: list[Measurement] = []
    for count in (1, several):
        with service(fake.url(_SHORT_MODEL_MS), count) as served:
            _warm(served, fake)
            load = closed_loop(served.port, articles(many, WHOLE), _CALLERS_OF_WORKERS)
        rates[count] = load.rate
        figures.append(Measurement(f"- articles a second, {count}", load.rate))
        figures.append(_failures(load))
    gain = rates[several] / rates[1]
    bar = 0.85 * several
    return [Measurement(f"{several} workers / one: rate", gain, "", (">=", bar)), *figures]


def _failures(load: Load) -> Measurement:
    return Measurement("- failures", load.failures, "", ("<=", 0))


def _warm(served: Process, fake: Fake) -> None:
    closed_loop(served.port, articles(4, BRIEF), 4)
    fake.taken()
