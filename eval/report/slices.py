"""Where contenders are good and bad: slices of the corpus, fields and classes of error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from eval.judging.comparison import CorpusComparison
from eval.judging.slicing import DIMENSIONS, LEAST_ARTICLES, Dimension, Slice, SliceScore
from eval.report.grid import NOTHING, Column, Grid, GridCell, Row, bounds, tinted, words
from eval.report.numbers import p_value, share, signed
from eval.report.roster import Entry, Roster
from eval.scoring.counts import ERROR_CLASSES, FIELDS, ErrorClass
from extractor.records import RecordType

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
    found: CorpusComparison, record_type: RecordType, roster: Roster, slices: Sequence[Slice]
) -> Iterator[Grid]:
    """Slot F1 of the parts of each dimension, the two first contenders compared; phenomena last."""
    for dimension in DIMENSIONS:
        parts = [one for one in slices if one.dimension == dimension]
        if parts:
            yield _dimension_table(found, record_type, roster, dimension, parts)
    phenomena = [result.types[record_type].by_phenomenon for result in found.results]
    rows = [
        Row(
            f"{part} ({len(found.corpus.phenomena[part])})",
            tuple(_sliced(scores.get(part)) for scores in phenomena),
        )
        for part in sorted({part for scores in phenomena for part in scores})
    ]
    if rows:
        note = "Slot F1, in brackets detection F1. Slices are small: look for patterns only."
        yield _by_contender(found, roster, "By phenomenon", "phenomenon", rows, note)


def _dimension_table(
    found: CorpusComparison,
    record_type: RecordType,
    roster: Roster,
    dimension: Dimension,
    parts: Sequence[Slice],
) -> Grid:
    contenders = [result.contender for result in found.results]
    columns = [
        Column("Articles", "independent, with a label or prediction in it"),
        Column("Labels"),
    ]
    columns += [Column(roster[contender]) for contender in contenders]
    first, second = roster[contenders[0]], roster[contenders[min(1, len(contenders) - 1)]]
    if len(contenders) > 1:
        columns += [
            Column(f"{first.number} less {second.number}", "slot F1, with its 95% interval"),
            Column("p (Holm)", "adjusted for all slices of this kind of record"),
            Column("Verdict"),
        ]
    rows = [
        Row(
            one.part.replace("_", " "),
            (
                GridCell(str(one.articles)),
                GridCell(str(one.labels)),
                *(_slice_score(one.scores[contender]) for contender in contenders),
                *(_slice_verdict(one, first, second) if len(contenders) > 1 else ()),
            ),
        )
        for one in parts
    ]
    if dimension == "language":
        macros = [_sliced(result.types[record_type].macro) for result in found.results]
        beside = (NOTHING,) * 3 if len(contenders) > 1 else ()
        rows.append(Row("mean of languages", (NOTHING, NOTHING, *macros, *beside), "total"))
    return Grid(f"By {dimension}", dimension, tuple(columns), tuple(rows), _SLICE_NOTE)


def _slice_score(found: SliceScore) -> GridCell:
    if found.interval is None:
        return GridCell(share(found.f1), "too few")
    return tinted(found.f1, bounds(found.interval.low, found.interval.high))


def _slice_verdict(one: Slice, first: Entry, second: Entry) -> tuple[GridCell, ...]:
    if one.comparison is None or one.adjusted_p is None:
        return (NOTHING, NOTHING, words(f"under {LEAST_ARTICLES} articles"))
    told = {
        "first": f"{first.number} is better",
        "second": f"{second.number} is better",
        None: "no difference that can be told",
    }
    compared = one.comparison
    return (
        GridCell(
            signed(compared.difference), f"({signed(compared.low)} to {signed(compared.high)})"
        ),
        GridCell(p_value(one.adjusted_p)),
        words(told[one.better]),
    )


_SLICE_NOTE: Final = (
    "Slot F1. A record is in the slice of its label, a false alarm in that of its own values. "
    f"Slices of under {LEAST_ARTICLES} independent articles have no interval and are not compared. "
    "Where a difference is named, it holds among all the slices that were looked at (Holm)."
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
