"""Speed of extraction: what is spent beyond the model's own work, and how it grows.

The model's own work is what llama.cpp itself measures: reading the tokens of the prompt that its
cache did not hold, and writing the reply. Articles are passages of the challenge set put together.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from eval.labels.dataset import load_corpus
from extractor import Extraction, Extractor
from extractor.models import ModelClient, open_model
from extractor.models.base import ModelReply, ModelRequest
from extractor.settings import load_settings

_CHALLENGE: Final = Path("gold/challenge")
_LANGUAGE: Final = "en"
_SHORTEST: Final = 300
"""Characters of the shortest article; the others are 2, 4 and 8 times as long."""
_GROWTH: Final = (1, 2, 4, 8)
_AT_ONCE: Final = 2
MOST_OVERHEAD: Final = 1.10


class _Clocked:
    """A client that adds up what the engine says it spent on tokens."""

    def __init__(self, client: ModelClient) -> None:
        self.name = client.name
        self.digest = client.digest
        self.engine_seconds = 0.0
        self._client = client
        self._lock = threading.Lock()

    def complete(self, request: ModelRequest) -> ModelReply:
        reply = self._client.complete(request)
        with self._lock:
            self.engine_seconds += reply.usage.engine_seconds or 0.0
        return reply

    def close(self) -> None:
        self._client.close()


@dataclass(frozen=True, slots=True)
class Run:
    """One article: the seconds it took, and how many of them were the model's own work."""

    characters: int
    extraction: Extraction
    clock: float
    engine: float

    @property
    def overhead(self) -> float:
        """Time of the clock over that of the model."""
        return self.clock / self.engine


def measure_extraction(model: str, console: Console) -> bool:
    """Print growth, stages and concurrency; whether the overhead stays below its bar."""
    settings = load_settings()
    client = _Clocked(open_model(model, settings))
    with Extractor(client, settings=settings) as extractor:
        articles = _articles()
        extractor.extract(articles[0])  # loads the model and the finder
        runs = []
        for article in articles:
            console.print(f"{len(article):,} characters …")
            runs.append(_run(extractor, client, article))
        _print_growth(runs, console)
        ratio = _concurrency(extractor, articles[0])
    console.print(f"{_AT_ONCE} articles at once / one after the other: {ratio:.2f} of the time")
    worst = max(run.overhead for run in runs)
    met = worst <= MOST_OVERHEAD
    console.print(
        f"{model}: wall time is at most {worst:.3f} x the model's own, bar {MOST_OVERHEAD:g}: "
        f"{'met' if met else 'MISSED'}"
    )
    return met


def _articles() -> list[str]:
    """Articles of one language, each twice as long as the one before."""
    texts = [
        item.text
        for item in load_corpus(_CHALLENGE).items
        if item.gold.document.language == _LANGUAGE
    ]
    return [_long(texts, times * _SHORTEST) for times in _GROWTH]


def _long(texts: Sequence[str], characters: int) -> str:
    chosen: list[str] = []
    for text in texts:
        if sum(map(len, chosen)) >= characters:
            break
        chosen.append(text.strip())
    return "\n\n".join(chosen)


def _run(extractor: Extractor, client: _Clocked, article: str) -> Run:
    before, started = client.engine_seconds, time.perf_counter()
    extraction = extractor.extract(article)
    clock = time.perf_counter() - started
    return Run(len(article), extraction, clock, client.engine_seconds - before)


def _concurrency(extractor: Extractor, article: str) -> float:
    """Time of articles read at once over that of as many read one after the other."""
    started = time.perf_counter()
    for _ in range(_AT_ONCE):
        extractor.extract(article)
    in_turn = time.perf_counter() - started
    started = time.perf_counter()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(extractor.extract, [article] * _AT_ONCE))
    return (time.perf_counter() - started) / in_turn


def _print_growth(runs: Sequence[Run], console: Console) -> None:
    table = Table(
        "chars",
        "asked",
        "find s",
        "fill s",
        "check s",
        "all s",
        "model s",
        "ratio",
        "s/1k chars",
    )
    for run in runs:
        stages = run.extraction.usage.seconds
        table.add_row(
            f"{run.characters:,}",
            str(run.extraction.usage.calls),
            f"{stages.read:.2f}",
            f"{stages.fill:.1f}",
            f"{stages.check:.2f}",
            f"{run.clock:.1f}",
            f"{run.engine:.1f}",
            f"{run.overhead:.3f}",
            f"{1000 * run.clock / run.characters:.1f}",
        )
    console.print(table)
