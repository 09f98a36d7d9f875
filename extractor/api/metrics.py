"""Metrics of the service in Prometheus's format; no label ever holds anything of an article."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from extractor.api.admission import Admission
from extractor.records import Extraction
from extractor.results.store import Answered

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Where the workers of a service keep their counts; read when prometheus_client is imported."""
ALIVE: Final = ".alive"
"""Suffix of the empty file that stands there for each process which lives, named by its id."""
_SECONDS: Final = (0.005, 0.02, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800)


class Metrics:
    """Counts of one service; those of several workers meet in the files of a folder."""

    def __init__(self, admission: Admission) -> None:
        self._registry = registry = CollectorRegistry()
        folder = os.environ.get(FOLDER)
        if folder is None:
            ProcessCollector(registry=registry)
        self._folder = Path(folder) if folder else None
        self._requests = Counter(
            "extractor_requests", "Requests answered.", ["route", "status"], registry=registry
        )
        self._seconds = Histogram(
            "extractor_request_seconds",
            "Seconds from the request to the end of its answer.",
            ["route"],
            buckets=_SECONDS,
            registry=registry,
        )
        running = Gauge(
            "extractor_running",
            "Articles being read.",
            multiprocess_mode="livesum",
            registry=registry,
        )
        queued = Gauge(
            "extractor_queued",
            "Articles that wait for their turn.",
            multiprocess_mode="livesum",
            registry=registry,
        )

        def tell_places(now_running: int, now_queued: int) -> None:
            running.set(now_running)
            queued.set(now_queued)

        tell_places(0, 0)
        admission.on_change = tell_places
        self._answers = Counter(
            "extractor_answers",
            "Articles answered: read now, kept from before, or shared with another request.",
            ["how"],
            registry=registry,
        )
        self._stages = Histogram(
            "extractor_stage_seconds",
            "Seconds of one article in each stage.",
            ["model", "stage"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._calls = Counter(
            "extractor_model_calls", "Calls of models.", ["model"], registry=registry
        )
        self._repairs = Counter(
            "extractor_repairs", "Replies that had to be asked again.", ["model"], registry=registry
        )
        self._tokens = Counter(
            "extractor_tokens",
            "Tokens of models; cached ones are part of the prompt.",
            ["model", "kind"],
            registry=registry,
        )
        self._cost = Counter(
            "extractor_cost_usd", "Price of the calls, where known.", ["model"], registry=registry
        )
        self._records = Counter(
            "extractor_records", "Records returned.", ["record_type"], registry=registry
        )
        self._refused = Counter(
            "extractor_refused_values",
            "Values that the article did not bear out.",
            ["record_type", "reason"],
            registry=registry,
        )
        self._notices = Counter("extractor_notices", "Notices given.", ["code"], registry=registry)

    def count_request(self, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def count_answer(self, answered: Answered) -> None:
        """Count one article; what it cost is counted only where it was read."""
        self._answers.labels(answered.how).inc()
        if answered.how == "read":
            self._count_reading(answered.extraction)

    def text(self) -> bytes:
        """Everything, as a scraper reads it."""
        if self._folder is None:
            return generate_latest(self._registry)
        together = CollectorRegistry()
        MultiProcessCollector(together, str(self._folder))  # type: ignore[no-untyped-call]
        together.register(_Processes(self._folder))
        return generate_latest(together)

    def _count_reading(self, extraction: Extraction) -> None:
        model, usage = extraction.provenance.model, extraction.usage
        for stage in ("read", "fill", "check"):
            self._stages.labels(model, stage).observe(getattr(usage.seconds, stage))
        self._calls.labels(model).inc(usage.calls)
        self._repairs.labels(model).inc(usage.repairs)
        self._tokens.labels(model, "prompt").inc(usage.prompt_tokens)
        self._tokens.labels(model, "cached").inc(usage.cached_tokens)
        self._tokens.labels(model, "output").inc(usage.output_tokens)
        self._cost.labels(model).inc(usage.cost_usd or 0.0)
        self._records.labels("commitment").inc(len(extraction.commitments))
        self._records.labels("policy_event").inc(len(extraction.policy_events))
        for refused in extraction.rejected:
            self._refused.labels(refused.record_type, refused.reason).inc()
        for notice in extraction.notices:
            self._notices.labels(notice.code).inc()


class _Processes(Collector):
    """What all processes of the service take together; they began with the first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterable[Metric]:
        found: dict[str, list[Metric]] = {}
        for file in self._folder.glob(f"*{ALIVE}"):
            for metric in _of_process(file.stem):
                found.setdefault(metric.name, []).append(metric)
        for name, metrics in found.items():
            values = [metric.samples[0].value for metric in metrics]
            first = metrics[0]
            told = Metric(name, first.documentation, first.type)
            value = min(values) if name == "process_start_time_seconds" else sum(values)
            told.add_sample(first.samples[0].name, {}, value)
            yield told


def _of_process(process: str) -> Iterable[Metric]:
    return ProcessCollector(pid=lambda: process, registry=None).collect()
