"""Plots of one contender's confidences: how true they are, and what a threshold would give."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from eval.judging.calibration import Calibration
from eval.judging.comparison import CorpusComparison
from eval.report.drawing import INK, MUTED, RULE, Plot, blank, colour_of, drawn, marker_of
from eval.report.numbers import share
from eval.report.roster import Entry, Roster
from eval.statistics.proportions import wilson_interval
from extractor.records import RecordType

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BARS: Final = 20
_DASHED, _DOTTED, _DASH_DOTTED = (0, (5, 2)), (0, (1, 1.5)), (0, (6, 2, 1, 2))


def confidence_plots(
    found: CorpusComparison, record_type: RecordType, roster: Roster, name: str
) -> Iterator[Plot]:
    """Two plots of each contender that gives confidences; `name` tells their ids from others'."""
    for result in found.results:
        entry, known = roster[result.contender], result.types[record_type].calibration
        if known is not None:
            yield _reliability(entry, known, f"{name}-reliability-{entry.number}")
            yield _thresholds(entry, known, f"{name}-thresholds-{entry.number}")


def _reliability(entry: Entry, found: Calibration, name: str) -> Plot:
    """Above: how much is right of what is so sure. Below: how many records are so sure."""

    def make() -> Figure:
        figure = blank(4.4)
        above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
        above.plot((0, 1), (0, 1), color=MUTED, linewidth=1, linestyle=_DASHED, zorder=1)
        above.annotate(
            "as sure as right", (0.25, 0.25), (8, -8), textcoords="offset points", color=MUTED
        )
        for part in found.bins:
            low, high = wilson_interval(part.right, part.records)
            above.vlines(part.confidence, low, high, colors=colour_of(entry), linewidth=2)
        said = [part.confidence for part in found.bins]
        held = [part.precision for part in found.bins]
        above.plot(said, held, marker_of(entry), color=colour_of(entry), markersize=7)
        above.set(xlim=(0, 1.01), ylim=(0, 1.03), ylabel="share that is right")
        above.grid(visible=True)
        _histogram(below, entry, found)
        return figure

    figures = f"ECE {share(found.error)}, Brier {share(found.brier)}, n = {len(found.judged)}"
    return Plot(f"Reliability of {_named(entry)}: {figures}", drawn(make, name))


def _histogram(axes: Axes, entry: Entry, found: Calibration) -> None:
    bars: dict[int, list[int]] = {}
    for one in found.judged:
        counts = bars.setdefault(min(int(one.confidence * _BARS), _BARS - 1), [0, 0])
        counts[one.is_right] += 1
    middles = [(place + 0.5) / _BARS for place in bars]
    wrong, right = zip(*bars.values(), strict=True)
    colour, width = colour_of(entry), 0.8 / _BARS
    axes.bar(middles, right, width, color=colour, edgecolor=colour, label="right")
    axes.bar(middles, wrong, width, bottom=right, color="none", edgecolor=colour, label="not right")
    axes.set(xlabel="confidence", ylabel="records")
    axes.legend(frameon=False, fontsize=8, loc="upper left")


def _thresholds(entry: Entry, found: Calibration, name: str) -> Plot:
    """Detection if only records at least so sure are kept, and what a reviewer then bears."""

    def make() -> Figure:
        figure = blank(4.4)
        axes = figure.subplots()
        points = found.curve[::-1]
        # What one confidence gives holds for every threshold above the next lower confidence.
        at = [0.0, *(point.threshold for point in points)]
        held = [points[0], *points]
        axes.step(at, [p.f1 for p in held], color=colour_of(entry), linewidth=2.4, label="F1")
        for label, values, style in (
            ("precision", [point.precision for point in held], _DASHED),
            ("recall", [point.recall for point in held], _DOTTED),
        ):
            axes.step(at, values, color=INK, linewidth=1.3, linestyle=style, label=label)
        if found.best is not None:
            axes.plot(found.best.threshold, found.best.f1, marker_of(entry), color=colour_of(entry))
        axes.set(xlim=(0, 1.01), ylim=(0, 1.03), ylabel="detection")
        axes.set_xlabel("threshold: least confidence of a record that is kept")
        axes.grid(visible=True)
        costs = axes.twinx()
        borne = [p.records_per_right or math.nan for p in held]
        costs.step(at, borne, color=MUTED, linewidth=1.3, linestyle=_DASH_DOTTED)
        axes.plot(
            [], [], color=MUTED, linewidth=1.3, linestyle=_DASH_DOTTED, label="cost, on the right"
        )
        known = [value for value in borne if math.isfinite(value)]
        # None is ever below 1: then every record is right.
        costs.set(
            ylim=(0.97, 1.05 * max([2.0, *known])), ylabel="cost: records reviewed per right one"
        )
        costs.spines["right"].set(visible=True, color=RULE)
        figure.legend(loc="outside upper center", ncols=4, frameon=False, fontsize=8)
        return figure

    return Plot(f"Thresholds on the confidence of {_named(entry)}", drawn(make, name))


def _named(entry: Entry) -> str:
    return f"{entry.number} {entry.model} · {entry.system}"
