"""The tables that decide: scores, trust, confidence, cost, pairs, ceiling, of one corpus."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from eval.judging.annotators import CategoryAgreement, TypeAgreement
from eval.judging.comparison import ContenderResult, CorpusComparison, Pairing, TypeResult
from eval.report import confidence
from eval.report.grid import (
    NOTHING,
    Column,
    Grid,
    GridCell,
    Row,
    bounds,
    rate,
    scored,
    without_empty_columns,
    words,
)
from eval.report.numbers import dollars, p_value, share, signed
from eval.report.roster import Roster
from eval.scoring.counts import COLUMNS
from eval.statistics.intervals import Interval
from extractor.records import RecordType

# What a two-sided test needs before any result at all could reach p <= .05, and below which
# percentile intervals are known to be too narrow.
_EVER_SIGNIFICANT: Final = 6
_FEW: Final = 30
_CONTENDER: Final = "model · system"

_SCORES: Final = (
    ("slot_f1", "Slot F1", "the headline: fields right, of all fields on both sides"),
    ("slot_precision", "Slot P", "of the fields predicted"),
    ("slot_recall", "Slot R", "of the fields labelled"),
    ("detection_f1", "Detection F1", "records that have a counterpart, whatever their details"),
    ("detection_precision", "Detection P", "of the records predicted"),
    ("detection_recall", "Detection R", "of the records labelled"),
    ("strict_f1", "Strict F1", "records with everything critical right"),
    ("soft_f1", "Soft F1", "records weighed by their similarity"),
)
_RATES: Final = (
    ("validity_rate", "documents", "Valid", "documents with a usable reply"),
    ("no_item_specificity", "without_items", "Left empty", "documents rightly without a record"),
    ("grounding_rate", "quotes", "Grounded", "quotes that stand verbatim in the body"),
    ("support_rate", "cited_values", "Supported", "values whose words stand in a quote"),
    ("evidence_f1", "found", "Evidence F1", "words quoted by both sides of a pair"),
    ("trap_rate", "predicted", "Trapped", "predictions that fell for a hard negative; low is good"),
    ("sum_check_rate", "sums", "Sums right", "records that are the sum of their parts"),
    ("inflation_ratio", "money_cells", "Inflation", "money predicted over money labelled; 1: even"),
)
_SHAPE_OF_ERROR: Final = (
    ("slot_overgeneration", "OVG", "spurious fields, of those predicted"),
    ("slot_undergeneration", "UND", "missing fields, of those labelled"),
    ("slot_substitution", "SUB", "wrong fields, of those filled on both sides"),
    ("slot_error_per_fill", "ERR", "all wrong fields, of all"),
)


def sample_in_words(found: CorpusComparison) -> str:
    """What a sample of this size allows to say."""
    units = found.independent
    if units == 1:
        told = "A single draw tells nothing about other articles: no interval, no comparison."
    elif units < _EVER_SIGNIFICANT:
        told = (
            "So few can never show a winner: even if all of them favoured one contender, chance "
            "would do the same too often. Take the scores as an order of magnitude; the intervals "
            "are too narrow."
        )
    elif units < _FEW:
        told = (
            "Intervals of so few are too narrow, and only large differences can be seen. "
            "Take the scores as an order of magnitude."
        )
    else:
        told = "Small differences go unseen, and slices of the corpus hold far fewer articles."
    return " ".join(
        filter(None, (told, _detectable(found.pairings) if units >= _EVER_SIGNIFICANT else ""))
    )


def score_table(found: CorpusComparison, record_type: RecordType, roster: Roster) -> Grid:
    """Every score that has an interval, best contender first, and what annotators reach."""
    rows = []
    for result in found.results:
        kind = result.types[record_type]
        cells = tuple(_with_spread(kind, name) for name, *_ in _SCORES)
        rows.append(Row(roster[result.contender], cells))
    if found.ceiling is not None:
        scores = found.ceiling.of(record_type).scores
        cells = tuple(scored(scores[name]) if name in scores else NOTHING for name, *_ in _SCORES)
        rows.append(Row("Ceiling: annotator against annotator", cells, "ceiling"))
    return Grid("Scores", _CONTENDER, _columns(_SCORES), tuple(rows), _SCORE_NOTE)


_SCORE_NOTE: Final = (
    "In brackets the 95% interval, from resampling independent articles. A document without a "
    "usable reply counts as one in which nothing was found."
)


def trust_table(found: CorpusComparison, record_type: RecordType, roster: Roster) -> Grid:
    """What else is asked of a contender, each share with what it is a share of."""
    rows = []
    for result in found.results:
        kind = result.types[record_type]
        counted = dict(zip(COLUMNS, kind.rows.sum(axis=0).tolist(), strict=True))
        cells = (
            GridCell(
                f"{counted['found']:.4g}", f"{counted['gold']:.4g} / {counted['predicted']:.4g}"
            ),
            *(rate(kind.metrics[name], round(counted[whole], 1)) for name, whole, *_ in _RATES),
            *(GridCell(share(kind.metrics[name])) for name, *_ in _SHAPE_OF_ERROR),
        )
        rows.append(Row(roster[result.contender], cells))
    columns = (
        Column("Matched", "pairs, beside them labels / predictions"),
        *(Column(head, hint) for *_, head, hint in _RATES),
        *_columns(_SHAPE_OF_ERROR),
    )
    return without_empty_columns(
        Grid("Validity, evidence and rates of error", _CONTENDER, columns, tuple(rows))
    )


def confidence_table(found: CorpusComparison, record_type: RecordType, roster: Roster) -> Grid:
    """How far confidences are right, and what a threshold gives; no row without confidences."""
    rows = []
    for result in found.results:
        known = result.types[record_type].calibration
        if known is not None:
            cells = tuple(GridCell(*figure) for figure in confidence.figures(known))
            rows.append(Row(roster[result.contender], cells))
    columns = tuple(
        Column(f"{name[0].upper()}{name[1:]}", hint) for name, hint in confidence.COLUMNS
    )
    return Grid("Confidence", _CONTENDER, columns, tuple(rows), confidence.NOTE)


def cost_table(found: CorpusComparison, roster: Roster) -> Grid:
    """How documents ended, and what they cost."""
    columns = tuple(map(Column, ("Documents by status", "Repeats", "Seconds", "Seconds in all")))
    columns += tuple(map(Column, ("Calls", "Prompt tokens", "Cached", "Output tokens", "USD")))
    rows = tuple(Row(roster[result.contender], _costs(result)) for result in found.results)
    note = "Seconds: the median of a document, on the machine of the run."
    return Grid("Documents and cost", _CONTENDER, columns, rows, note)


def pair_table(found: CorpusComparison, record_type: RecordType) -> Grid | None:
    """Who is better than whom, where that can be said; None without pairs."""
    pairs = [pair for pair in found.pairings if pair.record_type == record_type]
    if not pairs:
        return None
    columns = (
        Column("Score"),
        Column("Difference", "the first less the second, with its 95% interval"),
        Column("p", "two-sided, approximate randomisation"),
        Column("p (Holm)", "adjusted for the number of pairs"),
        Column("MDE", "smallest true difference that would mostly be seen"),
        Column("Verdict"),
    )
    rows = tuple(Row(_versus(pair), _paired(pair)) for pair in pairs)
    note = "Pairs differ in the model or in the system, and were given the same documents."
    return Grid("Paired comparisons", "first vs second", columns, rows, note)


def ceiling_table(found: TypeAgreement) -> Grid:
    """How far two annotators agree on the enumerations of the records both found."""
    rows = tuple(Row(name, _agreement(one)) for name, one in found.categories.items())
    columns = tuple(map(Column, ("Same", "Krippendorff's alpha", "Cohen's kappa")))
    first, second = found.labels
    note = f"The annotators gave {first} and {second} labels, {found.pairs} of them pairs."
    return Grid("Agreement of the annotators on pairs", "field", columns, rows, note)


def _columns(described: Sequence[tuple[str, str, str]]) -> tuple[Column, ...]:
    return tuple(Column(head, hint) for _, head, hint in described)


def _with_spread(kind: TypeResult, name: str) -> GridCell:
    cell, spread = scored(kind.intervals[name]), kind.spread[name]
    return cell if spread is None else GridCell(f"{cell.text} ±{share(spread)}", cell.note)


def _costs(result: ContenderResult) -> tuple[GridCell, ...]:
    cost = result.cost
    statuses = ", ".join(f"{times} {status}" for status, times in sorted(result.statuses.items()))
    cached = cost.cached_tokens / cost.prompt_tokens if cost.prompt_tokens else 0.0
    return (
        words(statuses),
        GridCell(str(result.repeats)),
        GridCell(f"{cost.median_seconds:.2f}"),
        GridCell(f"{cost.seconds:,.0f}"),
        GridCell(f"{cost.calls:,}"),
        GridCell(f"{cost.prompt_tokens:,}"),
        GridCell(f"{cached:.0%}"),
        GridCell(f"{cost.output_tokens:,}"),
        GridCell(dollars(cost.cost_usd)),
    )


def _versus(pair: Pairing) -> str:
    first, second = pair.first, pair.second
    if first.model == second.model:
        return f"{first.model}: {first.system} vs {second.system}"
    return f"{first.system}: {first.model} vs {second.model}"


def _paired(pair: Pairing) -> tuple[GridCell, ...]:
    found = pair.comparison
    known = math.isfinite(found.low) and math.isfinite(found.high)
    between = f"({signed(found.low)} to {signed(found.high)})" if known else bounds(-math.inf, 0)
    return (
        words(pair.metric.replace("_f1", " F1")),
        GridCell(signed(found.difference), between),
        GridCell(p_value(found.p_value)),
        GridCell(p_value(pair.adjusted_p)),
        GridCell(share(found.mde)),
        words(pair.verdict),
    )


def _agreement(found: CategoryAgreement) -> tuple[GridCell, ...]:
    return (
        GridCell(str(found.same), f"of {found.pairs}"),
        *(_coefficient(value) for value in (found.alpha, found.kappa)),
    )


def _coefficient(found: Interval | None) -> GridCell:
    # Without variation there is no chance to agree by, so nothing can go beyond it.
    return scored(found) if found else GridCell("–", "all alike")


def _detectable(pairings: Sequence[Pairing]) -> str:
    seen = [pair.comparison.mde for pair in pairings if pair.metric == "slot_f1"]
    known = [mde for mde in seen if math.isfinite(mde) and mde > 0]
    if not known:
        return ""
    least, most = share(min(known)), share(max(known))
    width = least if least == most else f"{least} to {most}, depending on the pair,"
    return f"A true difference in slot F1 of {width} would mostly be noticed; less would not."
