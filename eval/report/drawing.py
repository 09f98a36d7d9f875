"""Drawings as inline SVG: the only importer of matplotlib, which is loaded when one is drawn.

All colours are placeholders that become variables of the page's style sheet, so that one drawing
is legible on light and on dark ground.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from eval.report.roster import Entry
from extractor.errors import require

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, MUTED, RULE, PAGE = "#000001", "#000002", "#000003", "#000004"
_VARIABLES: Final = {INK: "ink", MUTED: "muted", RULE: "rule", PAGE: "page"}
_SERIES: Final = "#0001{:02x}"
_ERROR: Final = "#0002{:02x}"
_PLACEHOLDER: Final = re.compile(r"#000[012][0-9a-f]{2}\b")
_TAG: Final = re.compile(r"<[^>]+>")
# Of the outermost tag: the page gives the size, and names no namespaces.
_SIZE: Final = re.compile(r'\s(?:width|height|version|xmlns(?::\w+)?)="[^"]*"')
_MARKERS: Final = ("o", "s", "D", "^")


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing and what it shows."""

    title: str
    svg: str


def colour_of(entry: Entry) -> str:
    """The colour of a contender."""
    return _SERIES.format(entry.colour)


def marker_of(entry: Entry) -> str:
    """The shape of a contender."""
    return _MARKERS[entry.shape]


def colour_of_error(place: int) -> str:
    """The colour of the class of error at this place of their list, from 0."""
    return _ERROR.format(place)


def blank(height: float) -> Figure:
    """An empty figure of the page's width, so many inches high."""
    from matplotlib.figure import Figure

    return Figure(figsize=(7.2, height), layout="constrained")


def logarithmic(axes: Axes) -> None:
    """Make the horizontal axis logarithmic, with plain numbers."""
    from matplotlib.ticker import LogLocator

    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.tick_params(axis="x", which="minor", labelbottom=False)


def drawn(make: Callable[[], Figure], name: str) -> str:
    """A figure as a part of a page; `name` tells its ids from those of others."""
    require("matplotlib", extra="eval", wanted="A drawing")
    import matplotlib

    written = io.StringIO()
    with matplotlib.rc_context(
        {
            "svg.fonttype": "none",
            "svg.hashsalt": name,
            "font.family": "DejaVu Sans",
            "font.size": 9,
            "text.color": INK,
            "text.parse_math": False,
            "axes.edgecolor": RULE,
            "axes.facecolor": "none",
            "axes.labelcolor": MUTED,
            "axes.axisbelow": True,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "figure.facecolor": "none",
            "grid.color": RULE,
            "grid.linewidth": 0.6,
            "xtick.color": MUTED,
            "ytick.color": MUTED,
            "ytick.labelcolor": INK,
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
