"""Plots as inline SVG: the only importer of matplotlib, which is loaded when a plot is drawn.

All colours are placeholders that become variables of the page's style sheet, so that one drawing
is legible on light and on dark ground.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from eval.judging.comparison import ContenderResult, CorpusComparison, TypeResult
from eval.report.roster import Entry, Roster
from eval.scoring.counts import ERROR_CLASSES
from extractor.records import RecordType

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_INK, _MUTED, _RULE, _PAGE = "#000001", "#000002", "#000003", "#000004"
_VARIABLES: Final = {_INK: "ink", _MUTED: "muted", _RULE: "rule", _PAGE: "page"}
_SERIES: Final = "#0001{:02x}"
_ERROR: Final = "#0002{:02x}"
_PLACEHOLDER: Final = re.compile(r"#000[012][0-9a-f]{2}\b")
_TAG: Final = re.compile(r"<[^>]+>")
# Of the outermost tag: the page gives the size, and names no namespaces.
_SIZE: Final = re.compile(r'\s(?:width|height|version|xmlns(?::\w+)?)="[^"]*"')
_MARKERS: Final = ("o", "s", "D", "^")
_ISO: Final = (0.2, 0.4, 0.6, 0.8)
_LONGEST: Final = 34
# A recorded run takes no time at all, which no logarithm can show.
_LEAST_SECONDS: Final = 0.001
_AROUND: Final = 1.8


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing and what it shows."""

    title: str
    svg: str


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
        "time": ("F1 and time", lambda: _speed(rows)),
        "confidence": ("Confidence", lambda: _confidence(rows)),
    }
    if not any(row.kind.calibration for row in rows):
        del drawings["confidence"]
    if not any(sum(row.kind.errors.values()) for row in rows):
        del drawings["errors"]
    return tuple(
        Plot(title, _draw(make, f"{name}-{what}")) for what, (title, make) in drawings.items()
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
        return _SERIES.format(self.entry.colour)

    @property
    def marker(self) -> str:
        return _MARKERS[self.entry.shape]

    @property
    def label(self) -> str:
        return f"{self.entry.number}  {_short(self.entry.model)}\n{_short(self.entry.system)}"


def _intervals(rows: Sequence[_Row], ceilings: dict[str, float]) -> Figure:
    figure = _figure(1.0 + 0.42 * len(rows))
    panels = figure.subplots(1, 2, sharey=True, sharex=True)
    for panel, (metric, title) in zip(panels, _F1.items(), strict=True):
        for place, row in enumerate(rows):
            found = row.kind.intervals[metric]
            low, high = max(found.low, 0.0), min(found.high, 1.0)
            panel.hlines(place, low, high, colors=row.colour, linewidth=2)
            panel.plot(found.point, place, row.marker, color=row.colour, markersize=7)
        if metric in ceilings:
            panel.axvline(ceilings[metric], color=_INK, linestyle=(0, (4, 3)), linewidth=1)
            panel.annotate(
                "ceiling",
                (ceilings[metric], 1),
                (0, 3),
                xycoords=("data", "axes fraction"),
                textcoords="offset points",
                ha="center",
                fontsize=8,
                color=_MUTED,
            )
        panel.set_xticks((0, 0.25, 0.5, 0.75, 1), ("0", ".25", ".5", ".75", "1"))
        panel.set_xlim(0, 1.02)
        panel.set_xlabel(title)
        panel.grid(axis="x")
        panel.tick_params(axis="y", length=0)
    _name_rows(panels[0], rows)
    return figure


def _balance(rows: Sequence[_Row]) -> Figure:
    figure = _figure(3.9)
    axes = figure.subplots()
    for level in _ISO:
        # F1 = 2PR / (P + R), solved for the precision.
        recalls = [level / 2 + step * (1 - level / 2) / 60 for step in range(1, 61)]
        precisions = [level * recall / (2 * recall - level) for recall in recalls]
        inside = [(r, p) for r, p in zip(recalls, precisions, strict=True) if p <= 1]
        axes.plot(*zip(*inside, strict=True), color=_RULE, linewidth=1, zorder=1)
        axes.annotate(
            f"F1 {level:.1f}".replace("0.", "."),
            inside[-1],
            (4, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
            color=_MUTED,
        )
    for row in rows:
        _point(axes, row, row.kind.metrics["slot_recall"], row.kind.metrics["slot_precision"])
    axes.set(xlim=(0, 1.03), ylim=(0, 1.03), xlabel="slot recall", ylabel="slot precision")
    return figure


def _speed(rows: Sequence[_Row]) -> Figure:
    from matplotlib.ticker import LogLocator

    figure = _figure(3.9)
    axes = figure.subplots()
    axes.set_xscale("log")
    times = [max(row.result.cost.median_seconds, _LEAST_SECONDS) for row in rows]
    for row, seconds in zip(rows, times, strict=True):
        found = row.kind.intervals["slot_f1"]
        low, high = max(found.low, 0.0), min(found.high, 1.0)
        axes.vlines(seconds, low, high, colors=row.colour, linewidth=1, alpha=0.5)
        _point(axes, row, seconds, found.point)
    axes.set(ylim=(0, 1.03), xlabel="seconds per document (median)", ylabel="slot F1")
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.tick_params(axis="x", which="minor", labelbottom=False)
    # Margins of its own: those of matplotlib vanish where all times are one.
    axes.set_xlim(min(times, default=1) / _AROUND, max(times, default=1) * _AROUND)
    axes.grid(visible=True)
    return figure


def _confidence(rows: Sequence[_Row]) -> Figure:
    """Left: is a confidence what it says? Right: what a threshold on it would give."""
    figure = _figure(3.6)
    left, right = figure.subplots(1, 2)
    left.plot((0, 1), (0, 1), color=_RULE, linewidth=1, zorder=1)
    for row in rows:
        found = row.kind.calibration
        if found is None:
            continue
        said = [part.confidence for part in found.bins]
        held = [part.precision for part in found.bins]
        label = f"{row.entry.number}  error {found.error:.2f}".replace("0.", ".")
        left.plot(said, held, f"{row.marker}-", color=row.colour, linewidth=1, label=label)
        _, recalls, precisions = zip(*found.curve, strict=True)
        right.plot(recalls, precisions, color=row.colour, linewidth=1.5)
        right.annotate(
            str(row.entry.number), (recalls[-1], precisions[-1]), (5, 0), textcoords="offset points"
        )
    left.set(xlim=(0, 1.03), ylim=(0, 1.03), xlabel="confidence", ylabel="share that is right")
    right.set(xlim=(0, 1.03), ylim=(0, 1.03), xlabel="recall", ylabel="precision")
    left.legend(frameon=False, fontsize=8, loc="upper left")
    return figure


def _errors(rows: Sequence[_Row]) -> Figure:
    seen = [name for name in ERROR_CLASSES if any(row.kind.errors[name] for row in rows)]
    figure = _figure(1.5 + 0.42 * len(rows) + 0.2 * (len(seen) // 3))
    axes = figure.subplots()
    lefts = [0] * len(rows)
    for name in seen:
        widths = [row.kind.errors[name] for row in rows]
        axes.barh(
            range(len(rows)),
            widths,
            left=lefts,
            height=0.6,
            color=_ERROR.format(ERROR_CLASSES.index(name)),
            edgecolor=_PAGE,
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


def _figure(height: float) -> Figure:
    from matplotlib.figure import Figure

    return Figure(figsize=(7.2, height), layout="constrained")


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


def _draw(make: Callable[[], Figure], name: str) -> str:
    import matplotlib

    written = io.StringIO()
    with matplotlib.rc_context(
        {
            "svg.fonttype": "none",
            "svg.hashsalt": name,
            "font.family": "DejaVu Sans",
            "font.size": 9,
            "text.color": _INK,
            "text.parse_math": False,
            "axes.edgecolor": _RULE,
            "axes.facecolor": "none",
            "axes.labelcolor": _MUTED,
            "axes.axisbelow": True,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "figure.facecolor": "none",
            "grid.color": _RULE,
            "grid.linewidth": 0.6,
            "xtick.color": _MUTED,
            "ytick.color": _MUTED,
            "ytick.labelcolor": _INK,
        }
    ):
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        with warnings.catch_warnings():
            # Texts are only measured here: whoever opens the page has the fonts for them.
            warnings.filterwarnings("ignore", message="Glyph .* missing from font")
            make().savefig(written, format="svg", metadata=nothing)
    return _inlined(written.getvalue(), name)


def _inlined(svg: str, name: str) -> str:
    """The drawing as a part of a page: no prolog, ids of its own, the page's colours."""
    svg = svg[svg.index("<svg") :]

    def changed(tag: re.Match[str]) -> str:
        text = _SIZE.sub("", tag[0]) if tag[0].startswith("<svg") else tag[0]
        text = re.sub(r'\bid="', f'id="{name}-', text)
        text = re.sub(r'href="#', f'href="#{name}-', text)
        text = re.sub(r"url\(#", f"url(#{name}-", text)
        return _PLACEHOLDER.sub(lambda found: f"var(--{_variable(found[0])})", text)

    return _TAG.sub(changed, svg).strip()


def _variable(colour: str) -> str:
    if colour in _VARIABLES:
        return _VARIABLES[colour]
    kind = "series" if colour.startswith("#0001") else "error"
    return f"{kind}-{int(colour[-2:], 16)}"
