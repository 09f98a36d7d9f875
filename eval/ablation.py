"""Ablation: what each stage of the pipeline is worth, from recorded replies, without a model.

    python -m eval.ablation > table.md

One stage at a time is put out of action, everything else stays, and the recorded replies are read
again. Stages that change what a model is asked cannot be tried like this; asking fewer can.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Final

import click

from eval.judging.comparison import (
    PAIRED,
    ContenderResult,
    CorpusComparison,
    Pairing,
    compare,
)
from eval.labels.dataset import Corpus, load_corpora
from eval.report.numbers import share, signed
from eval.runs.folder import RunFolder
from eval.runs.launching import Wanted, launch
from eval.runs.results import Result
from eval.runs.runner import Job
from eval.scoring.rules import RECORD_TYPES, load_rules
from extractor.checking.naming import actors_named
from extractor.records import Actor
from extractor.settings import Settings, load_settings

_WHOLE: Final = "the whole pipeline"


def _as_it_is(first: object, *_: object) -> object:
    return first


def _countries(actors: Sequence[Actor], *_: object) -> list[str]:
    return sorted({actor.country for actor in actors if actor.country})


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage, and what stands in its place while it is out of action."""

    name: str
    stand_ins: Mapping[str, object] = field(default_factory=dict)
    """By the dotted name of what they replace."""
    settings: Mapping[str, object] = field(default_factory=dict)


STAGES: Final = (
    Stage("dates of the sentence for its only draft", {"completing._with_own_dates": _as_it_is}),
    Stage("figures that the draft's own words name", {"completing._with_own_figures": _as_it_is}),
    Stage("counts of parties are no quantity", {"completing._with_own_count": _as_it_is}),
    Stage("resource by the verb", {"completing.has_cue": lambda *_: False}),
    Stage("giver told as “the company”", {"checking.with_giver": _as_it_is}),
    Stage(
        "places taken for receivers",
        {"building.split_places": lambda names, *_: (list(names), None)},
    ),
    Stage("authority that the sentence names", {"building.authorities_named": actors_named}),
    Stage(
        "jurisdiction beyond the authority's own country",
        {"refusing.jurisdictions_of": _countries},
    ),
    Stage("merging", {"merging._merge": lambda records, *_: list(records)}),
    Stage("the finder's word for that of a cue", {"refusing._LIKELY": 2.0}),
    Stage("the definition of a record", {"refusing.definition_failure": lambda *_: None}),
    Stage("grounding", {"refusing.check": lambda *_: ()}),
    Stage("questions from .2 on", settings={"min_confidence": 0.2}),
    Stage("questions from .3 on", settings={"min_confidence": 0.3}),
    Stage("questions from .5 on", settings={"min_confidence": 0.5}),
)


class _Quiet:
    """A watcher that prints nothing."""

    def planned(self, jobs: Sequence[Job], pending: Sequence[Job]) -> None: ...

    def done(self, job: Job, result: Result) -> None: ...


@click.command()
@click.option("--model", default="qwen2.5-coder-1.5b", show_default=True)
@click.option(
    "--recordings", default=Path("eval/recordings"), type=click.Path(path_type=Path, exists=True)
)
@click.option(
    "--gold",
    multiple=True,
    default=(Path("gold"), Path("gold/challenge")),
    type=click.Path(path_type=Path, exists=True),
)
def main(model: str, recordings: Path, gold: tuple[Path, ...]) -> None:
    """Print the ablation table in Markdown."""
    corpora = load_corpora(gold, ())

    def results(stage: Stage) -> list[Result]:
        return _results(stage, model, corpora, recordings)

    whole = [_under(result, _WHOLE) for result in results(Stage(_WHOLE))]
    found = [_compared(results(stage), whole, stage.name, corpora) for stage in STAGES]
    for line in _table(found, corpora):
        click.echo(line)


def _results(stage: Stage, model: str, corpora: Sequence[Corpus], recordings: Path) -> list[Result]:
    settings = load_settings().model_copy(update=dict(stage.settings))
    with tempfile.TemporaryDirectory() as folder, out_of_action(stage):
        return _run(Wanted([model], corpora, replay=recordings), Path(folder), settings)


def _run(wanted: Wanted, path: Path, settings: Settings) -> list[Result]:
    folder = RunFolder(path)
    launch(wanted, folder, settings, _Quiet())
    return list(folder.results())


@contextmanager
def out_of_action(stage: Stage) -> Iterator[None]:
    """The stand-ins in the place of what they replace, for a while."""
    places = [name.rpartition(".") for name in stage.stand_ins]
    modules = [import_module(f"extractor.{module}") for module, _, _ in places]
    kept = [getattr(module, name) for module, (_, _, name) in zip(modules, places, strict=True)]
    try:
        _put(modules, places, stage.stand_ins.values())
        yield
    finally:
        _put(modules, places, kept)


def _put(
    modules: Sequence[ModuleType], places: Sequence[tuple[str, str, str]], values: Iterable[object]
) -> None:
    for module, (_, _, name), value in zip(modules, places, values, strict=True):
        setattr(module, name, value)


def _compared(
    results: Sequence[Result], whole: Sequence[Result], name: str, corpora: Sequence[Corpus]
) -> tuple[CorpusComparison, ...]:
    named = [_under(result, name) for result in results]
    return compare([*whole, *named], corpora, load_rules())


def _under(result: Result, system: str) -> Result:
    return result.model_copy(update={"key": result.key.model_copy(update={"system": system})})


def _table(
    found: Sequence[tuple[CorpusComparison, ...]], corpora: Sequence[Corpus]
) -> Iterator[str]:
    """A line for each stage: what the scores gain or lose without it, with the interval."""
    heads = [
        f"{corpus.name}, {record_type.replace('_', ' ')}s"
        for corpus in corpora
        for record_type in RECORD_TYPES
    ]
    yield _row(["without", *heads, "questions", "output tokens"])
    yield _row(["---"] * (len(heads) + 3))
    scores = [text for comparison in found[0] for text in _scores(comparison)]
    yield _row(["nothing: slot / detection F1", *scores, *_cost(found[0], _WHOLE)])
    for stage, comparisons in zip(STAGES, found, strict=True):
        losses = [text for comparison in comparisons for text in _losses(comparison)]
        yield _row([stage.name, *losses, *_cost(comparisons, stage.name)])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _scores(comparison: CorpusComparison) -> list[str]:
    types = _result(comparison, _WHOLE).types
    return [
        " / ".join(share(types[record_type].metrics[metric]) for metric in PAIRED)
        for record_type in RECORD_TYPES
    ]


def _losses(comparison: CorpusComparison) -> list[str]:
    """By kind of record, the differences of slot F1, with its interval, and of detection F1."""
    told = []
    for record_type in RECORD_TYPES:
        slot, detection = (
            _difference(pairing)
            for metric in PAIRED
            for pairing in comparison.pairings
            if (pairing.record_type, pairing.metric) == (record_type, metric)
        )
        low, high = slot[1:]
        told.append(f"{signed(slot[0])} ({signed(low)} to {signed(high)}) / {signed(detection[0])}")
    return told


def _difference(pairing: Pairing) -> tuple[float, float, float]:
    """The score without the stage less that of the whole pipeline, with its bounds."""
    found = pairing.comparison
    if pairing.second.system == _WHOLE:
        return found.difference, found.low, found.high
    return -found.difference, -found.high, -found.low


def _cost(comparisons: Sequence[CorpusComparison], system: str) -> list[str]:
    costs = [_result(comparison, system).cost for comparison in comparisons]
    return [f"{sum(c.calls for c in costs):,}", f"{sum(c.output_tokens for c in costs):,}"]


def _result(comparison: CorpusComparison, system: str) -> ContenderResult:
    return next(r for r in comparison.results if r.contender.system == system)


if __name__ == "__main__":
    main()
