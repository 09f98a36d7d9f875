"""The article of a page: cut into stretches in code points, so that no browser counts any.

Put together, the stretches are the article again, but for characters that a page cannot show or
that would reorder the others: a sign stands for each, one for one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from extractor.article import Article
from extractor.article.cuts import Cut, cuts_of
from extractor.pages.wording import CUTS

# Controls without a meaning in text, as their signs of Unicode's block Control Pictures; and those
# that turn the direction of what follows, with which an article could show other words than it has.
_TURNS: Final = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
_SIGNS: Final = {
    **{code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\t\n\r"},
    **dict.fromkeys(_TURNS, "\N{SYMBOL FOR SUBSTITUTE FORM TWO}"),
}


@dataclass(frozen=True, slots=True, order=True)
class ProvingWords:
    """ProvingWords of the article that prove a value, or that a rule objects to; in code points."""

    start: int
    end: int
    key: str
    """What the value is called on the page, such as `C1.amount`."""
    is_doubt: bool = False


@dataclass(frozen=True, slots=True)
class TextStretch:
    """A stretch of the article, the same throughout."""

    text: str
    keys: tuple[str, ...] = ()
    """The values that its words prove."""
    is_doubted: bool = False
    unread: str = ""
    """Why it was taken out of its sentence; empty if it was read."""


@dataclass(frozen=True, slots=True)
class TextPart:
    """A sentence, or what stands between two."""

    number: int | None
    """Of the sentence; None between sentences."""
    stretches: tuple[TextStretch, ...]
    unread: str = ""
    """Between sentences, why this is not read; empty for white space."""
    cited_by: tuple[str, ...] = ()
    """The records that it proves."""
    is_heading: bool = False


def passages_of(
    article: Article, words: Iterable[ProvingWords], cited: Iterable[tuple[int, int, str]]
) -> tuple[TextPart, ...]:
    """The article cut into sentences and what is between them, with the words that prove values.

    Args:
        article: read again as it was read for the extraction.
        words: what proves or is doubted; a place beyond the text is not marked.
        cited: start and end of each sentence that a record cites, and the record's id.
    """
    text = article.original
    passages = list(_passages(article))
    starts = [start for start, _, _ in passages]
    inside: list[list[ProvingWords]] = [[] for _ in passages]
    for one in sorted(words):
        if 0 <= one.start < one.end <= len(text):
            for place in _touched(starts, one.start, one.end):
                inside[place].append(one)
    citing: list[dict[str, None]] = [{} for _ in passages]
    for start, end, record in cited:
        for place in _touched(starts, start, end):
            if passages[place][2].number is not None:
                citing[place][record] = None
    cuts = cuts_of(article)
    return tuple(
        replace(
            passage,
            stretches=_stretches(text, start, end, marked, cuts, passage),
            unread="" if passage.number is not None else _unread(text, start, end, cuts),
            cited_by=tuple(records),
        )
        for (start, end, passage), marked, records in zip(passages, inside, citing, strict=True)
    )


def _passages(article: Article) -> Iterator[tuple[int, int, TextPart]]:
    at = 0
    for sentence in article.sentences:
        # Sentences do not overlap; a stretch taken out of one may still stand inside of it.
        start, end = max(sentence.start, at), max(sentence.end, at)
        if at < start:
            yield at, start, TextPart(None, ())
        if start < end:
            yield start, end, TextPart(sentence.id, (), is_heading=sentence.is_heading)
        at = end
    if at < len(article.original):
        yield at, len(article.original), TextPart(None, ())


def _touched(starts: Sequence[int], start: int, end: int) -> Iterator[int]:
    """The places of the passages that a stretch touches."""
    place = max(bisect_right(starts, start) - 1, 0)
    while place < len(starts) and starts[place] < end:
        yield place
        place += 1


def _unread(text: str, start: int, end: int, cuts: Sequence[Cut]) -> str:
    if text[start:end].isspace():
        return ""
    met = next((cut for cut in cuts if cut.start < end and start < cut.end), None)
    return CUTS[met.reason if met else "page_furniture"]


def _stretches(
    text: str,
    start: int,
    end: int,
    marked: Sequence[ProvingWords],
    cuts: Sequence[Cut],
    of: TextPart,
) -> tuple[TextStretch, ...]:
    taken = [] if of.number is None else [c for c in cuts if start < c.end and c.start < end]
    spans: list[ProvingWords | Cut] = [*marked, *taken]
    places = {start, end}
    places |= {at for one in spans for at in (one.start, one.end) if start < at < end}
    ordered = sorted(places)
    return tuple(
        TextStretch(
            text=shown(text[first:last]),
            keys=tuple(dict.fromkeys(w.key for w in marked if w.start <= first and last <= w.end)),
            is_doubted=any(w.is_doubt for w in marked if w.start <= first and last <= w.end),
            unread=next((CUTS[c.reason] for c in taken if c.start <= first < c.end), ""),
        )
        for first, last in zip(ordered, ordered[1:], strict=False)
    )


def shown(text: str) -> str:
    """The text as a page can show it, one code point for each."""
    return text.translate(_SIGNS)
