"""Text cut where what is marked in it begins and ends, so that marks may overlap freely."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from extractor.records import TextSpan

Layer: TypeAlias = Literal["gold", "predicted"]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text, in code points, that belongs to a record."""

    layer: Layer
    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a text that is marked the same throughout."""

    text: str
    gold: tuple[str, ...]
    """Names of the labels that quote it."""
    predicted: tuple[str, ...]
    """Names of the predictions that quote it."""
    opens: tuple[Span, ...]
    """The spans that begin here."""
    outside: bool
    """Whether it lies outside the body of the article."""


def cut(text: str, spans: Iterable[Span], body: TextSpan) -> tuple[Segment, ...]:
    """The segments of a text: put together, they are the text.

    Predicted quotes are not to be trusted: what lies beyond the text is not marked.
    """
    kept = [span for span in spans if 0 <= span.start < span.end and span.start < len(text)]
    ends = {min(end, len(text)) for span in kept for end in (span.start, span.end)}
    ends |= {0, len(text), min(body.start, len(text)), min(body.end, len(text))}
    places = sorted(ends)
    return tuple(
        _segment(text, kept, body, start, end)
        for start, end in zip(places, places[1:], strict=False)
    )


def _segment(text: str, spans: list[Span], body: TextSpan, start: int, end: int) -> Segment:
    covering = [span for span in spans if span.start <= start < span.end]
    return Segment(
        text=text[start:end],
        gold=_names(covering, "gold"),
        predicted=_names(covering, "predicted"),
        opens=tuple(span for span in covering if span.start == start),
        outside=not body.start <= start < body.end,
    )


def _names(spans: list[Span], layer: Layer) -> tuple[str, ...]:
    return tuple(dict.fromkeys(span.name for span in spans if span.layer == layer))
