"""Where contenders are good and bad: slices of the corpus, fields and classes of error."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from eval.judging.comparison import CorpusComparison, TypeResult
from eval.report.grid import NOTHING, Column, Grid, GridCell, Row, tinted
from eval.report.numbers import share
from eval.report.roster import Roster
from eval.scoring.counts import ERROR_CLASSES, FIELDS, ErrorClass
from extractor.records import RecordType

_Slices: TypeAlias = Mapping[str, Mapping[str, float]]
_CATEGORIES: Final = (
    ("COR", "right"),
    ("PAR", "partly right"),
    ("INC", "wrong"),
    ("MIS", "missing"),
    ("SPU", "spurious"),
)
ERRORS_IN_WORDS: Final[Mapping[ErrorClass, str]] = {
    "MISSED_ITEM": "label without a prediction",
    "SPURIOUS_ITEM": "prediction without a label",
    "DUPLICATE": "one label predicted again",
    "MERGED": "two labels in one prediction",
    "SPLIT": "one label in two predictions",
    "WRONG_ROLE": "party in the other role",
    "VALUE_IN_WRONG_ITEM": "value of another record",
    "MAGNITUDE": "figure off by a power of ten",
    "CURRENCY": "wrong currency",
    "DATE_PRECISION": "date too fine or too coarse",
    "DATE_WRONG": "wrong date",
    "STATUS": "wrong or neighbouring status",
    "PARTIAL_NAME": "part of a name",
    "UNGROUNDED_EVIDENCE": "quote not in the body",
    "INVALID_OUTPUT": "no usable reply",
}


def slice_tables(
    found: CorpusComparison, record_type: RecordType, roster: Roster
) -> Iterator[Grid]:
    """Slot F1, with detection F1 beside it, of each language, status and phenomenon."""
    documents = Counter[str](item.gold.document.language for item in found.corpus.items)
    languages = {name: f"{times} of {documents.total()}" for name, times in documents.items()}
    phenomena = {name: f"{len(items)}" for name, items in found.corpus.phenomena.items()}
    slices: tuple[tuple[str, Callable[[TypeResult], _Slices], Mapping[str, str]], ...] = (
        ("language", lambda kind: kind.by_language, languages),
        ("status", lambda kind: kind.by_status, {}),
        ("phenomenon", lambda kind: kind.by_phenomenon, phenomena),
    )
    for name, pick, sizes in slices:
        of_each = [pick(result.types[record_type]) for result in found.results]
        rows = [
            Row(
                f"{part} ({sizes[part]})" if part in sizes else part,
                tuple(_sliced(scores.get(part)) for scores in of_each),
            )
            for part in sorted({part for scores in of_each for part in scores})
        ]
        if name == "language":
            macros = [result.types[record_type].macro for result in found.results]
            rows.append(Row("mean of languages", tuple(map(_sliced, macros)), "total"))
        if rows:
            yield _by_contender(found, roster, f"By {name}", name, rows, _SLICE_NOTE)


_SLICE_NOTE: Final = (
    "Slot F1, in brackets detection F1. Slices are small: look for patterns, not for winners."
)


def field_table(found: CorpusComparison, record_type: RecordType, roster: Roster) -> Grid:
    """F1 of every field, contenders side by side, and what annotators reach."""
    of_each = [result.types[record_type].fields for result in found.results]
    ceiling = found.ceiling.of(record_type).fields if found.ceiling else {}
    if ceiling:
        of_each.append(ceiling)
    rows = [
        Row(field, tuple(_field_f1(fields.get(field)) for fields in of_each))
        for field in FIELDS
        if any(field in fields for fields in of_each)
    ]
    columns = [Column(roster[result.contender]) for result in found.results]
    if ceiling:
        columns.append(Column("Ceiling", "annotator against annotator"))
    return Grid("F1 by field", "field", tuple(columns), tuple(rows))


def field_details(found: CorpusComparison, record_type: RecordType) -> tuple[tuple[str, Grid], ...]:
    """Precision, recall, F1 and counts of every field, a table for each contender."""
    tables = [(str(result.contender), result.types[record_type].fields) for result in found.results]
    if found.ceiling:
        tables.append(("Annotator against annotator", found.ceiling.of(record_type).fields))
    columns = tuple(
        Column(head, hint)
        for head, hint in (("P", "precision"), ("R", "recall"), ("F1", ""), *_CATEGORIES)
    )
    return tuple(
        (name, Grid("", "field", columns, tuple(map(_field_row, fields, fields.values()))))
        for name, fields in tables
    )


def error_table(found: CorpusComparison, record_type: RecordType, roster: Roster) -> Grid:
    """How often each class of error occurs; classes overlap."""
    counted = [result.types[record_type].errors for result in found.results]
    rows = [
        Row(
            f"{name}: {ERRORS_IN_WORDS[name]}",
            tuple(GridCell(str(errors[name])) if errors[name] else NOTHING for errors in counted),
        )
        for name in ERROR_CLASSES
        if any(errors[name] for errors in counted)
    ]
    note = "One mistake may be counted in two classes."
    return _by_contender(found, roster, "Classes of error", "class", rows, note)


def _by_contender(
    found: CorpusComparison,
    roster: Roster,
    title: str,
    corner: str,
    rows: Sequence[Row],
    note: str,
) -> Grid:
    columns = tuple(Column(roster[result.contender]) for result in found.results)
    return Grid(title, corner, columns, tuple(rows), note)


def _sliced(scores: Mapping[str, float] | None) -> GridCell:
    if scores is None:
        return NOTHING
    return tinted(scores["slot_f1"], f"({share(scores['detection_f1'])})")


def _field_f1(scores: Mapping[str, float] | None) -> GridCell:
    return NOTHING if scores is None else tinted(scores["f1"])


def _field_row(field: str, scores: Mapping[str, float]) -> Row:
    shares = (GridCell(share(scores[name])) for name in ("precision", "recall", "f1"))
    counts = (GridCell(f"{scores[name]:.4g}") for name, _ in _CATEGORIES)
    return Row(field, (*shares, *counts))
