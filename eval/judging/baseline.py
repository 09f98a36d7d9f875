"""Snapshots: a run without its times, so that the same results are the same bytes.

The baseline is one, kept as a packed run: one line a document and contender. It is committed,
changes only by `extractor-eval bless`, and its differences can be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from eval.errors import RunError
from eval.runs.opening import AnyRun
from eval.runs.packed import PackedRun, write_packed
from eval.runs.results import Result, RunRecord
from eval.runs.stored import as_object


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What came out of a run, and under which conditions."""

    record: RunRecord
    results: tuple[Result, ...]

    def save(self, file: Path) -> None:
        """Write the file in place of an earlier one."""
        write_packed(file, as_object(self.record), map(as_object, self.results))


def snapshot(run: AnyRun) -> Snapshot:
    """A run without what differs between two runs with the same results.

    Raises:
        RunError: it is no run, or damaged.
    """
    record = run.record.model_copy(update={"sessions": ()})
    results = sorted(run.results(), key=lambda result: tuple(result.key.model_dump().values()))
    return Snapshot(record, tuple(_timeless(result) for result in results))


def load_baseline(file: Path) -> Snapshot:
    """The run that the gate compares with, as the file keeps it.

    Raises:
        RunError: there is none, or not one that this version reads.
    """
    if not file.exists():
        raise RunError(f"no baseline at {file}: make one with `extractor-eval bless`")
    run = PackedRun(file)
    return Snapshot(run.record, tuple(run.results()))


def _timeless(result: Result) -> Result:
    spent = result.spent.model_copy(update={"seconds": 0.0, "model_seconds": 0.0})
    extraction = result.extraction
    if extraction is not None:
        seconds = extraction.usage.seconds.model_copy(
            update={"read": 0.0, "fill": 0.0, "check": 0.0, "total": 0.0}
        )
        usage = extraction.usage.model_copy(update={"seconds": seconds})
        extraction = extraction.model_copy(update={"usage": usage})
    return result.model_copy(update={"spent": spent, "extraction": extraction})
