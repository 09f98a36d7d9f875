"""`python -m eval.bench.serving`: the service under load, each figure beside its bar.

It exits with 1 if a bar is missed. It is no test, for the reasons of `python -m eval.bench`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import click
from rich.console import Console

from eval.bench.serving.costing import measure_overhead, measure_rival
from eval.bench.serving.crowding import measure_crowd, measure_overload, measure_workers
from eval.bench.serving.figures import Measurement, print_figures, written_figures
from eval.bench.serving.growing import measure_growth
from eval.bench.serving.processes import Fake, fake_model

_PARTS: Final[dict[str, tuple[str, Callable[[Fake, bool, int], list[Measurement]]]]] = {
    "a": ("256 at once, a model of 1 s", measure_crowd),
    "b": ("Overload", measure_overload),
    "c": ("Beyond the model, one request at a time", measure_overhead),
    "d": ("Beside a bare route with instructor", measure_rival),
    "e": ("50,000 requests", measure_growth),
    "f": ("Several workers beside one", measure_workers),
}


@click.command()
@click.option("--only", metavar="LETTERS", default="a,b,c,d,e,f", help="Such as a,c.")
@click.option(
    "--workers",
    type=click.IntRange(1),
    default=2,
    help="Processes of the service; c and d measure one, f one and these.",
)
@click.option("--quick", is_flag=True, help="Fewer requests, for a first look.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Also write the figures here, as Markdown."
)
def main(only: str, workers: int, quick: bool, out: Path | None) -> None:
    """Measure the service under load.

    a crowd, b overload, c overhead, d a bare route, e memory, f several workers beside one.
    """
    wanted = [letter.strip() for letter in only.split(",")]
    if unknown := set(wanted) - _PARTS.keys():
        raise click.BadParameter(f"no part {', '.join(sorted(unknown))}")
    console = Console()
    met, written = True, ""
    with fake_model() as fake:
        for letter in wanted:
            title, measure = _PARTS[letter]
            started = time.perf_counter()
            figures = measure(fake, quick, workers)
            seconds = time.perf_counter() - started
            heading = f"{letter}. {title} ({seconds:.0f} s)"
            met = print_figures(heading, figures, console) and met
            written += written_figures(heading, figures)
            if out is not None:  # after each part, so that nothing is lost if one fails
                out.parent.mkdir(parents=True, exist_ok=True)
                out.write_text(written, encoding="utf-8")
    raise SystemExit(0 if met else 1)


if __name__ == "__main__":
    main()
