"""Plots of one kind of record: all contenders' scores in one, the confidences of each in two."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from eval.judging.calibration import Calibration
from eval.judging.comparison import ContenderResult, CorpusComparison, TypeResult
from eval.judging.frontier import PricedQuality, frontier_of
from eval.report.drawing import (
    INK,
    MUTED,
    PAGE,
    RULE,
    Plot,
    blank,
    colour_of,
    colour_of_error,
    drawn,
    logarithmic,
    marker_of,
)
from eval.report.numbers import interval, share
from eval.report.roster import Entry, Roster
from eval.scoring.counts import ERROR_CLASSES
from eval.statistics.intervals import wilson_interval
from extractor.records import RecordType

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ISO: Final = (0.2, 0.4, 0.6, 0.8)
_LONGEST: Final = 34
# A recorded run takes no time at all, which no logarithm can show.
_LEAST_SECONDS: Final = 0.001
_AROUND: Final = 1.8
_BARS: Final = 20
_DASHED, _DOTTED, _DASH_DOTTED = (0, (5, 2)), (0, (1, 1.5)), (0, (6, 2, 1, 2))


def plots_of(
    found: CorpusComparison, record_type: RecordType, roster: Roster, name: str
) -> tuple[Plot, ...]:
    """The plots of one kind of record; `name` tells their ids from those of other plots."""
    rows = [_Row(roster[result.contender], result, record_type) for result in found.results]
    ceiling = found.ceiling.of(record_type).scores if found.ceiling else {}
    ceilings = {metric: ceiling[metric].point for metric in _F1 if metric in ceiling}
    drawings: dict[str, tuple[str, Callable[[], Figure]]] = {
        "f1": ("F1 with 95% intervals", lambda: _intervals(rows, ceilings)),
        "errors": ("Classes of error", lambda: _errors(rows)),
        "balance": ("Precision and recall of fields", lambda: _balance(rows)),
        "cost": (
            "Cost and quality: the line joins those that none beats in both",
            lambda: _frontiers(rows),
        ),
    }
    if not any(sum(row.kind.errors.values()) for row in rows):
        del drawings["errors"]
    return tuple(
        Plot(title, drawn(make, f"{name}-{what}")) for what, (title, make) in drawings.items()
    )


_F1: Final = {"slot_f1": "slot F1", "detection_f1": "detection F1"}


@dataclass(frozen=True, slots=True)
class _Row:
    entry: Entry
    result: ContenderResult
    record_type: RecordType

    @property
    def kind(self) -> TypeResult:
        return self.result.types[self.record_type]

    @property
    def colour(self) -> str:
        return colour_of(self.entry)

    @property
    def marker(self) -> str:
        return marker_of(self.entry)

    @property
    def label(self) -> str:
        return f"{self.entry.number}  {_short(self.entry.model)}\n{_short(self.entry.system)}"


def _intervals(rows: Sequence[_Row], ceilings: dict[str, float]) -> Figure:
    figure = blank(1.0 + 0.42 * len(rows))
    panels = figure.subplots(1, 2, sharey=True, sharex=True)
    for panel, (metric, title) in zip(panels, _F1.items(), strict=True):
        for place, row in enumerate(rows):
            found = row.kind.intervals[metric]
            low, high = max(found.low, 0.0), min(found.high, 1.0)
            panel.hlines(place, low, high, colors=row.colour, linewidth=2)
            panel.plot(found.point, place, row.marker, color=row.colour, markersize=7)
        if metric in ceilings:
            panel.axvline(ceilings[metric], color=INK, linestyle=(0, (4, 3)), linewidth=1)
            panel.annotate(
                "ceiling",
                (ceilings[metric], 1),
                (0, 3),
                xycoords=("data", "axes fraction"),
                textcoords="offset points",
                ha="center",
                fontsize=8,
                color=MUTED,
            )
        panel.set_xticks((0, 0.25, 0.5, 0.75, 1), ("0", ".25", ".5", ".75", "1"))
        panel.set_xlim(0, 1.02)
        panel.set_xlabel(title)
        panel.grid(axis="x")
        panel.tick_params(axis="y", length=0)
    _name_rows(panels[0], rows)
    return figure


def _balance(rows: Sequence[_Row]) -> Figure:
    figure = blank(3.9)
    axes = figure.subplots()
    for level in _ISO:
        # F1 = 2PR / (P + R), solved for the precision.
        recalls = [level / 2 + step * (1 - level / 2) / 60 for step in range(1, 61)]
        precisions = [level * recall / (2 * recall - level) for recall in recalls]
        inside = [(r, p) for r, p in zip(recalls, precisions, strict=True) if p <= 1]
        axes.plot(*zip(*inside, strict=True), color=RULE, linewidth=1, zorder=1)
        axes.annotate(
            f"F1 {level:.1f}".replace("0.", "."),
            inside[-1],
            (4, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
            color=MUTED,
        )
    for row in rows:
        _point(axes, row, row.kind.metrics["slot_recall"], row.kind.metrics["slot_precision"])
    axes.set(xlim=(0, 1.03), ylim=(0, 1.03), xlabel="slot recall", ylabel="slot precision")
    return figure


def _costs_of(rows: Sequence[_Row]) -> Iterator[tuple[str, list[float]]]:
    """What a document cost each of them, in every unit that is known of all."""
    costs = [row.result.cost for row in rows]
    yield (
        "seconds per document (median)",
        [max(cost.median_seconds, _LEAST_SECONDS) for cost in costs],
    )
    prices = [cost.cost_usd for cost in costs if cost.cost_usd]
    if len(prices) == len(costs):
        per_hundred = [
            100 * price / cost.documents for price, cost in zip(prices, costs, strict=True)
        ]
        yield "USD per 100 documents", per_hundred
    tokens = [cost.output_tokens / cost.documents for cost in costs]
    if all(tokens) and tokens:
        yield "output tokens per document", tokens


def _frontiers(rows: Sequence[_Row]) -> Figure:
    """Slot F1 against each cost, with the line of those that none beats in both."""
    panels = list(_costs_of(rows))
    figure = blank(0.6 + 3.1 * len(panels))
    for axes, (label, costs) in zip(
        figure.subplots(len(panels), 1, squeeze=False)[:, 0], panels, strict=True
    ):
        logarithmic(axes)
        offers = []
        for row, cost in zip(rows, costs, strict=True):
            found = row.kind.intervals["slot_f1"]
            low, high = max(found.low, 0.0), min(found.high, 1.0)
            axes.vlines(cost, low, high, colors=row.colour, linewidth=1, alpha=0.5)
            _point(axes, row, cost, found.point)
            offers.append(PricedQuality(row.entry.contender, cost, found.point))
        # Margins of its own: those of matplotlib vanish where all costs are one.
        least, most = min(costs, default=1) / _AROUND, max(costs, default=1) * _AROUND
        best = frontier_of(offers)
        if best:
            at = [*(one.cost for one in best), most]
            reached = [*(one.quality for one in best), best[-1].quality]
            axes.step(at, reached, where="post", color=MUTED, linewidth=1, linestyle=_DASHED)
        axes.set(ylim=(0, 1.03), xlabel=label, ylabel="slot F1")
        axes.set_xlim(least, most)
        axes.grid(visible=True)
    return figure


def _errors(rows: Sequence[_Row]) -> Figure:
    seen = [name for name in ERROR_CLASSES if any(row.kind.errors[name] for row in rows)]
    figure = blank(1.5 + 0.42 * len(rows) + 0.2 * (len(seen) // 3))
    axes = figure.subplots()
    lefts = [0] * len(rows)
    for name in seen:
        widths = [row.kind.errors[name] for row in rows]
        axes.barh(
            range(len(rows)),
            widths,
            left=lefts,
            height=0.6,
            color=colour_of_error(ERROR_CLASSES.index(name)),
            edgecolor=PAGE,
            linewidth=0.8,
            label=name.replace("_", " ").lower(),
        )
        lefts = [left + width for left, width in zip(lefts, widths, strict=True)]
    axes.set_xlabel("mistakes")
    axes.grid(axis="x")
    axes.tick_params(axis="y", length=0)
    _name_rows(axes, rows)
    figure.legend(loc="outside lower center", ncols=3, frameon=False, fontsize=8)
    return figure


def _point(axes: Axes, row: _Row, x: float, y: float) -> None:
    axes.plot(x, y, row.marker, color=row.colour, markersize=8, clip_on=False)
    axes.annotate(
        str(row.entry.number), (x, y), (6, 4), textcoords="offset points", fontsize=9, zorder=5
    )


def _name_rows(axes: Axes, rows: Sequence[_Row]) -> None:
    axes.set_yticks(range(len(rows)), [row.label for row in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def confidence_plots(
    found: CorpusComparison, record_type: RecordType, roster: Roster, name: str
) -> Iterator[Plot]:
    """Two plots of each contender that gives confidences; `name` tells their ids from others'."""
    for result in found.results:
        entry, known = roster[result.contender], result.types[record_type].calibration
        if known is not None:
            yield _reliability(entry, known, f"{name}-reliability-{entry.number}")
            yield _thresholds(entry, known, f"{name}-thresholds-{entry.number}")
            by_language = result.types[record_type].calibration_by_language
            if by_language:
                yield _by_language(entry, by_language, f"{name}-languages-{entry.number}")


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

    figures = (
        f"ECE {interval(found.error_interval)}, Brier {share(found.brier)}, n = {len(found.judged)}"
    )
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


def _by_language(entry: Entry, found: Mapping[str, Calibration], name: str) -> Plot:
    """Thresholds language by language: one that suits one language may cost another its recall."""

    def make() -> Figure:
        figure = blank(0.8 + 1.9 * len(found))
        panels = figure.subplots(len(found), 1, squeeze=False, sharex=True)[:, 0]
        for axes, (language, known) in zip(panels, found.items(), strict=True):
            points = known.curve[::-1]
            at = [0.0, *(point.threshold for point in points)]
            held = [points[0], *points]
            axes.step(at, [p.f1 for p in held], color=colour_of(entry), linewidth=2.4, label="F1")
            for label, values, style in (
                ("precision", [point.precision for point in held], _DASHED),
                ("recall", [point.recall for point in held], _DOTTED),
            ):
                axes.step(at, values, color=INK, linewidth=1.3, linestyle=style, label=label)
            if known.best is not None:
                best = (known.best.threshold, known.best.f1)
                axes.plot(*best, marker_of(entry), color=colour_of(entry))
            axes.set(xlim=(0, 1.01), ylim=(0, 1.03), ylabel=f"{language} (n = {len(known.judged)})")
            axes.grid(visible=True)
        panels[-1].set_xlabel("threshold: least confidence of a record that is kept")
        handles, labels = panels[0].get_legend_handles_labels()
        figure.legend(
            handles, labels, loc="outside upper center", ncols=3, frameon=False, fontsize=8
        )
        return figure

    return Plot(f"Thresholds by language of {_named(entry)}", drawn(make, name))


def _named(entry: Entry) -> str:
    return f"{entry.number} {entry.model} · {entry.system}"
