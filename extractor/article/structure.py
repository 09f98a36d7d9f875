"""Structure: what a sentence is on the page, and which others complete it.

The items of a list are completed by the line that leads to them ("The fund will pay:"), the rows
of a table by its caption and the headings of its columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from extractor.article.tables import cells_of, is_heading_row
from extractor.article.types import Sentence
from extractor.languages import Rules
from extractor.mentions.cells import Cell, column_units, item_cell
from extractor.mentions.told_units import Unit, unit_told

_MARK: Final = re.compile(
    r"(?P<bullet>[-*\u2022\u2023\u25aa\u25cf\u25a0]) ?(?=\S)"
    r"|\(?(?:(?P<figure>\d{1,3})|(?P<letter>[A-Za-z]|[ivx]{1,5}))[.)] (?=\S)"
)
_LISTED: Final = re.compile(r"[;,]$")
_LEADS: Final = re.compile(r":[\"')\]]*$")
_CAPTION_LINES: Final = 2
"""Lines above a table among which its caption may be."""
_LONGEST_CAPTION: Final = 160


def with_kinds(sentences: Sequence[Sentence], language: Rules) -> tuple[Sentence, ...]:
    """The sentences, each with its kind, its cells, and the numbers of those that complete it."""
    known = {sentence.id: sentence for sentence in sentences}
    for rows in _tables(sentences):
        known.update((row.id, row) for row in _rows(rows, sentences, language))
    return tuple(_with_items(known.values(), language))


def _tables(sentences: Sequence[Sentence]) -> Iterator[list[Sentence]]:
    """Rows that stand together: lines right below each other with as many cells."""
    run: list[Sentence] = []
    columns = 0
    for sentence in sentences:
        cells = len(cells_of(sentence.text, columns))
        if run and (cells != columns or not _is_below(run[-1], sentence)):
            if len(run) > 1:
                yield run
            run = []
        if not run:
            columns = cells = len(cells_of(sentence.text))
        if cells:
            run.append(sentence)
    if len(run) > 1:
        yield run


def _rows(
    rows: Sequence[Sentence], sentences: Sequence[Sentence], language: Rules
) -> Iterator[Sentence]:
    """The rows of a table; each cell knows what heading and caption say of its column."""
    columns = len(cells_of(rows[0].text))
    spans = [cells_of(row.text, columns) for row in rows]
    texts = [
        [row.text[start:end] for start, end in cells]
        for row, cells in zip(rows, spans, strict=True)
    ]
    headed = is_heading_row(texts[0], texts[1:])
    headings = texts[0] if headed else [""] * len(texts[0])
    caption, unit = _caption(rows, sentences, language)
    units = column_units(headings, texts[headed:], unit, language)
    leads = (*caption, *((rows[0].id,) if headed else ()))
    if headed:
        yield replace(rows[0], kind="header")
    for row, row_spans in zip(rows[headed:], spans[headed:], strict=True):
        cells = (
            Cell(*span, heading, column)
            for span, heading, column in zip(row_spans, headings, units, strict=True)
        )
        yield replace(row, kind="row", leads=leads, cells=tuple(cells))


def _caption(
    rows: Sequence[Sentence], sentences: Sequence[Sentence], language: Rules
) -> tuple[tuple[int, ...], Unit | None]:
    """The line above or below a table that tells its unit, if there is one."""
    first, last = rows[0], rows[-1]
    above = (s for s in reversed(sentences[: first.id - 1]) if _near(s, first))
    # Right above another table it is that one's.
    further = any(cells_of(s.text) for s in sentences[last.id : last.id + 2])
    below = () if further else (s for s in sentences[last.id :] if _is_below(last, s))
    for sentence in (*above, *below):
        if len(sentence.text) <= _LONGEST_CAPTION:
            unit = unit_told(sentence.text, language)
            if unit is not None:
                return (sentence.id,), unit
    return (), None


def _near(sentence: Sentence, row: Sentence) -> bool:
    return sentence.paragraph >= row.paragraph - _CAPTION_LINES


def _is_below(before: Sentence, sentence: Sentence) -> bool:
    return sentence.paragraph == before.paragraph + 1


def _with_items(sentences: Iterable[Sentence], language: Rules) -> Iterator[Sentence]:
    """The sentences, those of lists as items, with the lines that lead to them."""
    leads: list[Sentence] = []
    units: dict[int, Unit | None] = {}
    before: Sentence | None = None
    marked = False
    for sentence in sentences:
        if before is not None and _LEADS.search(before.text) and _is_below(before, sentence):
            # A list within a list ends where the outer one goes on.
            leads = [*_outer(leads, before), before]
            units[before.id] = unit_told(before.text, language)
        elif leads:
            leads = _outer(leads, sentence) or leads[:1]
        if sentence.kind == "sentence" and before is not None:
            told = [units[lead.id] for lead in reversed(leads)]
            unit = next((each for each in told if each is not None), None)
            sentence = _as_item(sentence, before, leads, marked, unit)
        if sentence.kind != "item":
            leads = []
        if before is None or sentence.paragraph != before.paragraph:
            marked = _mark_of(sentence) is not None
        yield sentence
        before = sentence


def _outer(leads: Sequence[Sentence], sentence: Sentence) -> list[Sentence]:
    """The lines that lead to a list in which the sentence may be an item."""
    mark = _mark_of(sentence)
    return [lead for at, lead in enumerate(leads) if not at or _mark_of(lead) != mark]


def _as_item(
    sentence: Sentence,
    before: Sentence,
    leads: Sequence[Sentence],
    marked: bool,
    unit: Unit | None,
) -> Sentence:
    """The sentence as an item, if it is one.

    `marked` tells whether the line before it is one, `unit` what the figures of the list are of.
    """
    figure = item_cell(sentence.text, unit) if unit else None
    within = before.kind == "item" and (
        sentence.paragraph == before.paragraph
        or (not marked and bool(_LISTED.search(before.text)) and _is_below(before, sentence))
    )
    led = bool(leads) and before is leads[-1] and bool(_LISTED.search(sentence.text))
    listed = figure is not None and _is_below(before, sentence)
    if not (within or led or listed or _mark_of(sentence)):
        return sentence
    cells = () if figure is None else (figure,)
    return replace(sentence, kind="item", leads=tuple(lead.id for lead in leads), cells=cells)


def _mark_of(sentence: Sentence) -> str | None:
    """What marks the sentence as an item: its bullet, or that it has a figure or a letter."""
    found = _MARK.match(sentence.text)
    return (found["bullet"] or str(found.lastgroup)) if found else None
