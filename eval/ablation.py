"""Ablation: what each stage of the pipeline is worth, from recorded replies, without a model.

    python -m eval.ablation > table.md

One stage at a time is left out, everything else stays, and the recorded replies are read again.
Stages that change what a model is asked cannot be tried like this; asking fewer can.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
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
from extractor.settings import Settings, load_settings

_WHOLE: Final = "the whole pipeline"


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage, and the settings that leave it out."""

    name: str
    settings: Mapping[str, object]


def _without(stage: str, told: str) -> Stage:
    return Stage(told, {"without_stages": (stage,)})


_LEFT_OUT: Final = (
    _without("resolve", "giver told as “the company”"),
    _without("complete", "figures and dates that the draft leaves out"),
    _without("guard", "what a small model mixes up, put right by words"),
    _without("doubt", "what words object to: doubts only"),
    _without("merge", "merging"),
    _without("tie", "parts tied to wholes"),
)
STAGES: Final = (
    *_LEFT_OUT,
    Stage("questions from .2 on", {"min_confidence": 0.2}),
    Stage("questions from .3 on", {"min_confidence": 0.3}),
    Stage("questions from .5 on", {"min_confidence": 0.5}),
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

    whole = [_under(result, _WHOLE) for result in results(Stage(_WHOLE, {}))]
    found = [_compared(results(stage), whole, stage.name, corpora) for stage in STAGES]
    for line in _table(found, corpora):
        click.echo(line)


def _results(stage: Stage, model: str, corpora: Sequence[Corpus], recordings: Path) -> list[Result]:
    settings = load_settings().model_copy(update=dict(stage.settings))
    with tempfile.TemporaryDirectory() as folder:
        return _run(Wanted([model], corpora, replay=recordings), Path(folder), settings)


def _run(wanted: Wanted, path: Path, settings: Settings) -> list[Result]:
    folder = RunFolder(path)
    launch(wanted, folder, settings, _Quiet())
    return list(folder.results())


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
