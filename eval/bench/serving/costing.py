"""What the service adds to the model's time, and what it costs beside a bare route."""

from __future__ import annotations

from dataclasses import replace
from statistics import median
from typing import Final

from eval.bench.serving.articles import BRIEF, LONG, TINY, WHOLE, articles
from eval.bench.serving.callers import Load, Reply, closed_loop, middle
from eval.bench.serving.figures import Measurement
from eval.bench.serving.processes import Fake, Process, bare_route, service
from extractor.records import Extraction

_MODEL_MS: Final = 50
_MOST_MS: Final = {BRIEF: 5.0, WHOLE: 9.0, LONG: 20.0}
_RUNS: Final = 2
_CALLERS: Final = 8
_RIVAL_MS: Final = 200
_TURNS: Final = 2
_LEAST_RATE: Final = {BRIEF: 1.0, WHOLE: 0.9}


def measure_overhead(fake: Fake, quick: bool, workers: int) -> list[Measurement]:
    """Requests in turn: time at the caller less the time at the model, of one process.

    Raises:
        RuntimeError: an article did not cost one call, so that the times belong to no article.
    """
    many = 20 if quick else 60
    runs: dict[int, list[list[Measurement]]] = {}
    with service(fake.url(_MODEL_MS)) as served:
        closed_loop(served.port, articles(5, BRIEF), 1)
        for characters in (TINY, BRIEF, WHOLE, LONG) * _RUNS:
            found = _overhead(served, fake, many, characters)
            runs.setdefault(characters, []).append(found)
    with service(fake.url(_MODEL_MS), finder="trained") as served:
        closed_loop(served.port, articles(5, BRIEF), 1)
        beside, *_ = _overhead(served, fake, many, BRIEF)
    better = [min(each, key=lambda figures: figures[0].value) for each in runs.values()]
    told = f"- {BRIEF:,} characters, with the trained finder: beyond the model"
    return [
        *(figure for figures in better for figure in figures),
        replace(beside, what=told, bar=None),
    ]


def _overhead(served: Process, fake: Fake, many: int, characters: int) -> list[Measurement]:
    fake.taken()
    before = served.cpu_seconds
    load = closed_loop(served.port, articles(many, characters), 1)
    cost = (served.cpu_seconds - before) / many
    return _parts(characters, load, fake.taken(), cost)


def _parts(characters: int, load: Load, model: list[float], cost: float) -> list[Measurement]:
    told = [Extraction.model_validate_json(reply.body).usage for reply in load.answered]
    if sum(usage.calls for usage in told) != len(model) or len(model) != len(told):
        raise RuntimeError("an article did not cost one call")
    pairs = list(zip(load.answered, told, model, strict=True))
    beyond = median(reply.seconds - taken for reply, _, taken in pairs)
    stages = {
        "reading": median(usage.seconds.read for usage in told),
        "prompt, SDK and transport": median(usage.seconds.fill - t for _, usage, t in pairs),
        "checking": median(usage.seconds.check for usage in told),
        "HTTP, turn and store": median(
            reply.seconds - use.seconds.total for reply, use, _ in pairs
        ),
    }
    most = _MOST_MS.get(characters)
    what = f"{characters:,} characters: beyond the model"
    return [
        Measurement(what, 1000 * beyond, "ms", None if most is None else ("<=", most)),
        *(Measurement(f"- {stage}", 1000 * seconds, "ms") for stage, seconds in stages.items()),
        Measurement("- processor time of the service", 1000 * cost, "ms"),
    ]


def measure_rival(fake: Fake, quick: bool, workers: int) -> list[Measurement]:
    """The same articles through a bare route, in turns with one process of the service."""
    figures: list[Measurement] = []
    many = 20 if quick else 60
    for milliseconds in (_RIVAL_MS, 0):
        with (
            service(fake.url(milliseconds)) as ours,
            bare_route(fake.url(milliseconds)) as bare,
        ):
            for characters in (BRIEF, WHOLE):
                what = f"model of {milliseconds} ms, {characters:,} characters"
                figures += _against(ours, bare, many, characters, what)
    return figures


def _against(
    ours: Process, bare: Process, many: int, characters: int, what: str
) -> list[Measurement]:
    loads: dict[int, list[Load]] = {ours.port: [], bare.port: []}
    costs: dict[int, float] = {}
    for served in (ours, bare):
        closed_loop(served.port, articles(_CALLERS, characters), _CALLERS)
    for served in (ours, bare) * _TURNS:
        before = served.cpu_seconds
        loads[served.port].append(closed_loop(served.port, articles(many, characters), _CALLERS))
        cost = (served.cpu_seconds - before) / many / _TURNS
        costs[served.port] = costs.get(served.port, 0.0) + cost
    rate = {port: median(load.rate for load in found) for port, found in loads.items()}
    took = {port: middle(_replies(found)) for port, found in loads.items()}
    return [
        Measurement(
            f"{what}: rate, ours / bare",
            rate[ours.port] / rate[bare.port],
            "",
            (">=", _LEAST_RATE[characters]),
        ),
        Measurement("- median, ours / bare", took[ours.port] / took[bare.port]),
        Measurement("- articles a second, ours", rate[ours.port]),
        Measurement("- articles a second, bare", rate[bare.port]),
        Measurement("- processor time for an article, ours", 1000 * costs[ours.port], "ms"),
        Measurement("- processor time for an article, bare", 1000 * costs[bare.port], "ms"),
    ]


def _replies(loads: list[Load]) -> list[Reply]:
    return [reply for load in loads for reply in load.answered]
