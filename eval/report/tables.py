"""The tables of a comparison, once, for the terminal and for Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from eval.judging.comparison import Contender, ContenderResult, CorpusComparison, Pairing
from eval.report import confidence
from eval.report.numbers import dollars, interval, p_value, share, signed
from eval.scoring.rules import RECORD_TYPES
from eval.systems.base import USABLE
from extractor.records import RecordType

if TYPE_CHECKING:
    from rich.console import Console

HEADINGS: Final[Mapping[RecordType, str]] = {
    "commitment": "Commitments",
    "policy_event": "Policy events",
}
_CATEGORIES: Final = ("COR", "PAR", "INC", "MIS", "SPU")
_FEW: Final = 30
_WIDTH: Final = 128
_NAME_WIDTH: Final = 24


@dataclass(frozen=True, slots=True)
class Table:
    """A table of texts; all but the first column are figures."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""


def overview(found: CorpusComparison) -> Iterator[Table]:
    """What decides between contenders: scores, confidence, cost, whether they differ at all."""
    for record_type in RECORD_TYPES:
        yield _scores(found, record_type)
    for record_type in RECORD_TYPES:
        yield _confidences(found, record_type)
    yield _costs(found)
    for record_type in RECORD_TYPES:
        pairs = [pair for pair in found.pairings if pair.record_type == record_type]
        if pairs:
            yield _pairings(pairs, record_type)


def details(found: CorpusComparison, result: ContenderResult) -> Iterator[Table]:
    """Where one contender is good and bad: fields, errors and slices."""
    for record_type in RECORD_TYPES:
        kind = result.types[record_type]
        heading = f"{HEADINGS[record_type]}, {result.contender}, {found.corpus.name}"
        yield Table(
            f"{heading}: fields",
            ("field", "F1", "precision", "recall", *_CATEGORIES),
            [
                (
                    field,
                    *(share(scores[name]) for name in ("f1", "precision", "recall")),
                    *(f"{scores[name]:g}" for name in _CATEGORIES),
                )
                for field, scores in kind.fields.items()
            ],
        )
        yield Table(
            f"{heading}: errors",
            ("class", "times"),
            [(name, str(times)) for name, times in kind.errors.items() if times],
        )
        slices = {
            "language": kind.by_language,
            "status": kind.by_status,
            "phenomenon": kind.by_phenomenon,
        }
        for name, scores_by_slice in slices.items():
            if scores_by_slice:
                yield _slices(f"{heading}: by {name}", name, scores_by_slice)


def wide_console() -> Console:
    """A console on which the widest table has room: narrower terminals scroll or wrap it."""
    from rich.console import Console

    console = Console(markup=False, emoji=False, highlight=False)
    console.width = max(console.width, _WIDTH)
    return console


def print_tables(tables: Iterator[Table], console: Console) -> None:
    """Print tables on a terminal; an empty one is left out."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table as RichTable

    for table in tables:
        if not table.rows:
            continue
        shown = RichTable(title=table.title, title_justify="left", box=SIMPLE_HEAD)
        shown.caption, shown.caption_justify = table.note or None, "left"
        for place, name in enumerate(table.head):
            if place:
                shown.add_column(name, justify="right", no_wrap=True)
            else:
                shown.add_column(name, min_width=_NAME_WIDTH, overflow="fold")
        for row in table.rows:
            shown.add_row(*row)
        console.print(shown)


def markdown_of(tables: Iterator[Table], *, level: int = 3) -> str:
    """The tables as Markdown, for a pull request; an empty one is left out."""
    parts = []
    for table in tables:
        if table.rows:
            lines = [
                f"{'#' * level} {table.title}",
                "",
                _line(table.head),
                _line(["---", *("---:" for _ in table.head[1:])]),
                *map(_line, table.rows),
            ]
            if table.note:
                lines += ["", table.note]
            parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def sample_note(found: CorpusComparison) -> str:
    """How many documents there are, and what that allows to say."""
    documents, clusters = len(found.corpus.items), found.independent
    told = f"{documents} articles"
    if clusters < documents:
        told += f", {clusters} of them independent"
    if clusters < _FEW:
        told += ": take the scores as an order of magnitude"
    return told


def _scores(found: CorpusComparison, record_type: RecordType) -> Table:
    head = (
        "model · system",
        "slot F1",
        "detection F1",
        "P",
        "R",
        "strict F1",
        "grounded",
        "trapped",
        "unusable",
    )
    rows: list[Sequence[str]] = [_score_row(result, record_type) for result in found.results]
    if found.ceiling is not None:
        scores = found.ceiling.of(record_type).scores
        named = [interval(scores[name]) for name in ("slot_f1", "detection_f1")]
        strict = interval(scores["strict_f1"])
        rows.append(("annotator against annotator", *named, "", "", strict, "", "", ""))
    # With a row even where nobody has finished: a table without rows is left out, and its note.
    rows += [(str(one.contender), *["-"] * (len(head) - 1)) for one in found.unfinished]
    notes = [sample_note(found), *_unfinished(found)]
    return Table(f"{HEADINGS[record_type]}, {found.corpus.name}", head, rows, "; ".join(notes))


def _score_row(result: ContenderResult, record_type: RecordType) -> Sequence[str]:
    kind = result.types[record_type]
    unusable = sum(times for status, times in result.statuses.items() if status not in USABLE)
    return (
        str(result.contender),
        interval(kind.intervals["slot_f1"]),
        interval(kind.intervals["detection_f1"]),
        share(kind.metrics["detection_precision"]),
        share(kind.metrics["detection_recall"]),
        interval(kind.intervals["strict_f1"]),
        share(kind.metrics["grounding_rate"]),
        share(kind.metrics["trap_rate"]),
        str(unusable),
    )


def _unfinished(found: CorpusComparison) -> Iterator[str]:
    for one in found.unfinished:
        yield f"{one.contender} is not finished ({one.done} of {one.wanted}) and not compared"


def _confidences(found: CorpusComparison, record_type: RecordType) -> Table:
    head = ("model · system", *(name for name, _ in confidence.COLUMNS))
    rows = [
        (str(result.contender), *(" ".join(filter(None, one)) for one in confidence.figures(known)))
        for result in found.results
        if (known := result.types[record_type].calibration)
    ]
    lines = filter(None, (confidence.NOTE, confidence.left_out(found.results, record_type)))
    title = f"{HEADINGS[record_type]}: confidence, {found.corpus.name}"
    return Table(title, head, rows, " ".join(lines))


def _costs(found: CorpusComparison) -> Table:
    head = (
        "model · system",
        "s an article (median)",
        "s in all",
        "calls",
        "prompt tokens",
        "cached",
        "output tokens",
        "USD",
    )
    rows = []
    for result in found.results:
        cost = result.cost
        if cost.calls:
            rows.append(
                (
                    str(result.contender),
                    f"{cost.median_seconds:.1f}",
                    f"{cost.seconds:,.0f}",
                    f"{cost.calls:,}",
                    f"{cost.prompt_tokens:,}",
                    f"{cost.cached_tokens / max(1, cost.prompt_tokens):.0%}",
                    f"{cost.output_tokens:,}",
                    dollars(cost.cost_usd),
                )
            )
    return Table(f"Cost, {found.corpus.name}", head, rows)


def _pairings(pairs: Sequence[Pairing], record_type: RecordType) -> Table:
    head = ("difference of", "score", "by", "p", "p (Holm)", "detectable", "verdict")
    rows = [
        (
            _versus(pair.first, pair.second),
            pair.metric.replace("_f1", " F1"),
            f"{signed(pair.comparison.difference)} "
            f"({signed(pair.comparison.low)} to {signed(pair.comparison.high)})",
            p_value(pair.comparison.p_value),
            p_value(pair.adjusted_p),
            share(pair.comparison.mde),
            pair.verdict,
        )
        for pair in pairs
    ]
    return Table(f"{HEADINGS[record_type]}: pairs that differ in one thing", head, rows)


def _versus(first: Contender, second: Contender) -> str:
    if first.model == second.model:
        return f"{first.model}: {first.system} less {second.system}"
    return f"{first.system}: {first.model} less {second.model}"


def _slices(title: str, name: str, slices: Mapping[str, Mapping[str, float]]) -> Table:
    columns = ("slot_f1", "detection_f1", "detection_precision", "detection_recall", "strict_f1")
    return Table(
        title,
        (name, *(column.replace("_", " ") for column in columns)),
        [(part, *(share(scores[column]) for column in columns)) for part, scores in slices.items()],
    )


def _line(cells: Sequence[str]) -> str:
    escaped = (cell.replace("|", "\\|").replace("\n", " ") for cell in cells)
    return f"| {' | '.join(escaped)} |"
