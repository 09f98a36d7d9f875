"""`python -m eval.bench`: each figure beside its bar, in one run on one machine.

It exits with 1 if a bar is missed. It is no test, because a busy machine is slow: figures are
ratios within the run where they can be, and elsewhere the time of the process stands beside that of
the clock. `python -m eval.bench.serving` does the same for the service under load.
"""

from __future__ import annotations

import click
from rich.console import Console

from eval.bench.extracting import measure_extraction
from eval.bench.reading import measure_reading
from eval.bench.scoring import time_resampling, time_scoring


@click.command()
@click.option("--model", default="qwen2.5-coder-0.5b", show_default=True, help="An embedded model.")
@click.option("--scoring/--no-scoring", default=True, help="Time the scorer too.")
def main(model: str, scoring: bool) -> None:
    """Time reading, extraction with an embedded model, then the scorer and the statistics."""
    console = Console()
    cost = measure_reading()
    console.print(
        f"reading {cost.characters:,} characters, per 1,000: sentences {cost.sentences_ms:.2f} ms, "
        f"values {cost.values_ms:.2f} ms of process time"
    )
    met = measure_extraction(model, console)
    for timing in (time_resampling(), time_scoring()) if scoring else ():
        console.print(
            f"{timing.what}: {timing.clock:.2f} s ({timing.process:.2f} s of process time), "
            f"bar {timing.bar:g} s: {'met' if timing.is_met else 'MISSED'}"
        )
        met = met and timing.is_met
    raise SystemExit(0 if met else 1)


if __name__ == "__main__":
    main()
