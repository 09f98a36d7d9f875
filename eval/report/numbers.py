"""How numbers are written, the same in every report."""

from __future__ import annotations

import math

from eval.statistics.intervals import Interval


def share(value: float) -> str:
    """A score between 0 and 1: `.79`."""
    if not math.isfinite(value):
        return "unknown"
    text = f"{value:.2f}"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def interval(found: Interval) -> str:
    """A score with its bounds: `.79 (.61–.90)`; one cluster tells nothing about others: `(?)`."""
    if not (math.isfinite(found.low) and math.isfinite(found.high)):
        return f"{share(found.point)} (?)"
    return f"{share(found.point)} ({share(found.low)}–{share(found.high)})"


def bounds_of(found: Interval) -> str:
    """The bounds alone, in brackets; one cluster tells nothing about others: `(?)`."""
    return f"({interval(found).partition(' (')[2]}"


def signed(value: float) -> str:
    """A difference of scores: `+.05`; what rounds to nothing is `+.00`."""
    rounded = round(value, 2)
    return share(rounded) if rounded < 0 else f"+{share(abs(rounded))}"


def p_value(value: float) -> str:
    """A probability; the smallest that the trials allow is no zero."""
    return "<.001" if value < 0.001 else f"{value:.3f}".replace("0.", ".", 1)


def dollars(value: float | None) -> str:
    """A price; embedded models cost nothing, and some prices are not known."""
    if value is None:
        return "unknown"
    return "0" if value == 0 else f"{value:.4f}"
