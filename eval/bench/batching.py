"""`python -m eval.bench.batching`: a run over many articles before a model that takes no time.

What remains is ours: reading, checking, the ledger. It exits with 1 if a bar is missed.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import mean
from typing import Final

import click
import psutil
from rich.console import Console

from eval.bench.serving.figures import Measurement, print_figures, written_figures
from extractor.batch.columns import ColumnNames
from extractor.batch.crew import Crew
from extractor.batch.items import Listed, RunConditions
from extractor.batch.leading import RunEvent
from extractor.batch.limits import RunLimits
from extractor.batch.pacing import ArticlePace
from extractor.batch.register import Entries, Register
from extractor.batch.running import LocalRun
from extractor.batch.starting import set_up
from extractor.batch.work import begin_run
from extractor.extraction import Extractor
from extractor.models.base import ModelReply, ModelRequest, TokenUsage
from extractor.results.store import Submission
from extractor.settings import Settings
from extractor.storage import Store, open_store

_PROCESSES: Final = 2
_AT_ONCE: Final = 4
_QUICK: Final = 1_000
_CHUNK: Final = 200
_CLAIMED: Final = 16
_STEP: Final = 50
_MEGABYTE: Final = 1024 * 1024
_MOST_MS: Final = 3.0
_MOST_GROWTH: Final = 1.05
_MOST_RESUMING: Final = 3.0
_NOTHING: Final = '{"commitments": [], "events": []}'
_TEXT: Final = (
    "The port of Varnholt, berth {n}, will be dredged next year. "
    "Kestrel Lines will pay {n} million euros for it. The council votes on 9 April 2024."
)


class SilentModel:
    """A model that finds nothing, at once, and keeps nothing of what it was asked."""

    name = "silent"
    digest: str | None = None

    def complete(self, request: ModelRequest) -> ModelReply:
        return ModelReply(_NOTHING, "stop", TokenUsage(1_000, 0, 10, 0.0))

    def close(self) -> None:
        """Nothing to release."""


def open_silent(model: str | None, settings: Settings) -> Extractor:
    """An extractor before a model that finds nothing, at once."""
    used = settings.model_copy(update={"strategy": "document", "finder": "none"})
    extractor = Extractor(SilentModel(), settings=used)
    # Whoever changes the code meanwhile makes no other run of it.
    extractor.fingerprint = "silent"
    return extractor


def run_command() -> None:
    """`extractor batch` before that model, in a process of its own."""
    from extractor.cli.main import main as command_line

    command_line(obj=open_silent)


def measure_ledger(store: Store, articles: int) -> list[Measurement]:
    """What the ledger takes for an article: entering, claiming, finishing."""
    extractor = open_silent(None, Settings())
    conditions = RunConditions("silent", f"ledger {time.time()}", (), {})
    work = begin_run(store, conditions)
    register, owner = Register(work, conditions.fingerprint), work.join()
    register.open_for(owner)
    read = extractor.extract(_TEXT.format(n=0), language="en")
    began, worked = time.perf_counter(), time.process_time()
    for first in range(0, articles, _CHUNK):
        numbers = range(first, min(articles, first + _CHUNK))
        register.enter(Entries([_place(number) for number in numbers]))
    while items := work.claim(owner, _CLAIMED):
        for item in items:
            work.finish(item, read)
    clock, process = time.perf_counter() - began, time.process_time() - worked
    work.leave(owner)
    return [
        Measurement("ledger, an article", 1000 * clock / articles, "ms", ("<=", _MOST_MS)),
        Measurement("of this the process", 1000 * process / articles, "ms"),
    ]


def _place(number: int) -> Listed:
    return Listed("f", f"f:{number}", Submission(_TEXT.format(n=number), language="en"))


def measure_run(store: Store, source: Path, articles: int) -> list[Measurement]:
    """Articles a second, and whether memory grows with them."""
    setup = set_up(store, [str(source)], ColumnNames(), None, Settings(), open_silent)
    seen: list[float] = []
    ended: list[float] = []

    def watch(event: RunEvent) -> None:
        if event.kind == "done":
            ended.append(time.perf_counter())
            if len(ended) % _STEP == 0:
                seen.append(_resident())

    began = time.perf_counter()
    run = LocalRun(
        setup.work,
        Crew(setup.orders(_AT_ONCE), _PROCESSES),
        pace=ArticlePace(_PROCESSES * _AT_ONCE),
        limits=RunLimits(),
        list_source=setup.list_source,
        may_list=setup.register.open_for,
        on_event=watch,
    )
    end = run.run()
    tenth = max(1, len(seen) // 10)
    first, last = mean(seen[:tenth]), mean(seen[-tenth:])
    return [
        Measurement("articles", end.standing.done, "", (">=", articles)),
        Measurement("until the first", ended[0] - began, "s"),
        Measurement("articles a second", (articles - 1) / (ended[-1] - ended[0]), "/s"),
        Measurement("memory, first tenth", first / _MEGABYTE, "MiB"),
        Measurement("memory, last tenth", last / _MEGABYTE, "MiB"),
        Measurement("memory, last to first", last / first, "", ("<=", _MOST_GROWTH)),
    ]


def _resident() -> float:
    own = psutil.Process()
    return float(sum(each.memory_info().rss for each in [own, *own.children(recursive=True)]))


def measure_resuming(address: str, source: Path) -> list[Measurement]:
    """What the same command takes once all is done, from its start to its end."""
    code = "from eval.bench.batching import run_command; run_command()"
    began, worked = time.perf_counter(), _work_of_children()
    subprocess.run(
        [sys.executable, "-c", code, "batch", str(source), "--into", address],
        check=True,
        capture_output=True,
    )
    took = time.perf_counter() - began
    return [
        Measurement("the finished run again", took, "s", ("<=", _MOST_RESUMING)),
        Measurement("of this the process", _work_of_children() - worked, "s"),
    ]


def _work_of_children() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


@contextmanager
def _folder(articles: int) -> Iterator[tuple[Path, Path]]:
    with tempfile.TemporaryDirectory() as name:
        source = Path(name) / "articles.jsonl"
        with source.open("w", encoding="utf-8") as lines:
            for number in range(articles):
                row = {"text": _TEXT.format(n=number), "language": "en"}
                lines.write(json.dumps(row) + "\n")
        yield Path(name), source


@click.command()
@click.option("--articles", type=click.IntRange(100), default=10_000, show_default=True)
@click.option("--quick", is_flag=True, help="1,000 articles, for a first look.")
@click.option("--store", "address", metavar="URL", help="An empty store; a SQLite file if none.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also write the figures here, as Markdown, after each part.",
)
def main(articles: int, quick: bool, address: str | None, out: Path | None) -> None:
    """Measure the ledger alone, a whole run, and the same run again."""
    articles = min(articles, _QUICK) if quick else articles
    title = f"{articles:,} articles, a model of 0 s"
    figures: list[Measurement] = []

    def add(measured: list[Measurement]) -> None:
        figures.extend(measured)
        if out is not None:
            out.parent.mkdir(parents=True, exist_ok=True)
            out.write_text(written_figures(title, figures), encoding="utf-8")

    with _folder(articles) as (folder, source):
        used = address or f"sqlite:///{folder}/store.db"
        with open_store(used) as store:
            add(measure_ledger(store, articles))
            add(measure_run(store, source, articles))
        add(measure_resuming(used, source))
    raise SystemExit(0 if print_figures(title, figures, Console()) else 1)


if __name__ == "__main__":
    main()
