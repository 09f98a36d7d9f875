"""The ledger as a person reads it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import click
from rich import box
from rich.console import Console
from rich.table import Table

from extractor.phrases import many

if TYPE_CHECKING:
    from extractor.pledges.drift import DriftGroup
    from extractor.pledges.judging import PairJudgement
    from extractor.pledges.rows import FigureSeen, PartySeen, PledgeRow
    from extractor.pledges.sums import LedgerSum
    from extractor.pledges.turn import BuildReport

_WHOLE = frozenset({"Id", "Told", "Stage", "Papers", "Currency", "Sum", "Pledges"})
_QUALIFIERS = {
    "exact": "",
    "about": "about ",
    "over": "over ",
    "under": "under ",
    "up_to": "up to ",
    "at_least": "at least ",
}


def tell_report(report: BuildReport) -> None:
    """Print what a change of the ledger came to."""
    if report.results:
        click.echo(
            f"{report.results} results: {report.mentions_new} mentions new, "
            f"{report.mentions_changed} read again, {report.mentions_gone} gone"
        )
    if report.unreadable:
        click.echo(f"{report.unreadable} results cannot be read: they are of another version")
    click.echo(
        f"{len(report.created)} rows created, {len(report.changed)} changed, "
        f"{len(report.merged)} merged, {len(report.gone)} gone; {report.pairs} pairs judged"
    )
    for name, into in sorted(report.merged.items()):
        click.echo(f"  {name} is now {into}")
    for name, source in sorted(report.split.items()):
        click.echo(f"  {name} was split from {source}")


def show_rows(rows: Sequence[PledgeRow]) -> None:
    """Print a line for each row."""
    table = _table("Id", "Told", "Pledge or act", "Stage", "Papers", "Sums")
    for row in rows:
        to = _parties(row.receivers) or ", ".join(row.places)
        what = _amount(row) or row.instrument or row.title
        table.add_row(
            row.id,
            row.told_on or "–",
            f"{_parties(row.givers) or '?'}{f' to {to}' if to else ''}: {what}",
            row.stage,
            str(len(row.publishers)),
            "yes" if row.countable else _words(row.why_not),
        )
    console = _console()
    console.print(table)
    counted = sum(row.countable for row in rows)
    console.print(f"{many(len(rows), 'row')}, {counted} of which may be summed.")


def show_row(
    row: PledgeRow, judgements: Iterable[PairJudgement], pledge_of: Mapping[str, str]
) -> None:
    """Print all of one row.

    Args:
        row: the row.
        judgements: what holds its mentions together, and keeps others away from them.
        pledge_of: the pledge of each mention that is judged about.
    """
    console = _console()
    console.print(f"{row.id}  {row.title}", style="bold")
    for label, value in (
        ("who", _parties(row.givers)),
        ("to", _parties(row.receivers)),
        ("where", ", ".join(row.places)),
        ("how much", _amount(row)),
        ("stage", row.stage),
        ("deadline", row.deadline),
        ("part of", row.part_of),
        ("summed", "yes" if row.countable else f"no: {_words(row.why_not)}"),
        ("publishers", ", ".join(row.publishers)),
    ):
        if value:
            console.print(f"  {label:<11}{value}")
    for conflict in row.conflicts:
        console.print(f"  sources differ on {conflict.field}: {' / '.join(conflict.values)}")
    console.print("history", style="bold")
    for step in row.history:
        console.print(f"  {step.on or '?':<11}{step.stage:<18}“{_short(step.quote)}”")
    console.print("sources", style="bold")
    for source in row.sources:
        copy = f" (copy of {source.wire[:8]})" if source.wire else ""
        where = source.publisher or source.source_url or source.article_sha256[:8]
        console.print(f"  {source.mention}  {where}, {source.published_at or '?'}{copy}")
        console.print(f"    {source.words or '–'}  “{_short(source.quotes[0].quote)}”")
    told = [each for each in judgements if each.by_person or each.answer != "different"]
    if told:
        console.print("judgements", style="bold")
    for each in told:
        score = "" if each.score is None else f" {each.score:.2f}"
        others = {pledge_of.get(mention, row.id) for mention in each.pair} - {row.id}
        of = "".join(f" of {other}" for other in sorted(others))
        console.print(f"  {each.id}  {each.left} {each.answer} {each.right}{of}  {each.by}{score}")


def show_sum(found: LedgerSum) -> None:
    """Print sums and what is left out of them."""
    grouped = [] if found.by == "currency" else [found.by.capitalize()]
    table = _table(*grouped, "Currency", "Sum", "Pledges")
    for each in found.sums:
        high = f" to {each.high:,.0f}" if each.high != each.low else ""
        rough = f", {each.approximate} about" if each.approximate else ""
        group = [each.group] if grouped else []
        pledges = f"{len(each.pledges)}{rough}"
        table.add_row(*group, each.currency, f"{each.low:,.0f}{high}", pledges)
    console = _console()
    console.print(table)
    if found.left_out:
        console.print("Left out:")
    for reason, rows in found.left_out.items():
        console.print(f"  {reason.replace('_', ' '):<18}{len(rows):>4}  {' '.join(rows[:5])}")


def sum_as_json(found: LedgerSum) -> str:
    """Sums as a JSON document; amounts are text, so that no digit is lost."""
    sums = [
        {
            "group": each.group,
            "currency": each.currency,
            "sum": f"{each.low:f}",
            "sum_max": f"{each.high:f}",
            "pledges": each.pledges,
            "approximate": each.approximate,
        }
        for each in found.sums
    ]
    left = {reason: list(rows) for reason, rows in found.left_out.items()}
    document = {"by": found.by, "sums": sums, "left_out": left}
    return json.dumps(document, ensure_ascii=False, indent=2)


def show_drift(groups: Sequence[DriftGroup]) -> None:
    """Print a line for each group; what stands out has a mark."""
    counts = ("commitments", "policy_events", "refused", "doubts")
    table = _table("Group", "Articles", "Pledges", "Acts", "Refused", "Doubts", "Confidence")
    for group in groups:
        cells = []
        for count in counts:
            mark = {"more": " ▲", "fewer": " ▼"}.get(group.stands_out.get(count, ""), "")
            cells.append(f"{group.rate(count):.2f}{mark}")
        confidence = "–" if group.confidence is None else f"{group.confidence:.2f}"
        table.add_row(group.name, str(group.articles), *cells, confidence)
    console = _console()
    console.print(table)
    console.print("Numbers are for an article. ▲ more, ▼ fewer than the other groups have (99 %).")
    for group in groups:
        reasons = [count for count in sorted(group.stands_out) if ": " in count]
        for count in reasons:
            console.print(f"  {group.name}: {group.stands_out[count]} {count}")


def drift_as_json(groups: Iterable[DriftGroup]) -> str:
    """Groups as a JSON document."""
    told = [
        {
            "group": group.name,
            "articles": group.articles,
            "counts": dict(sorted(group.counts.items())),
            "confidence": group.confidence,
            "stands_out": dict(sorted(group.stands_out.items())),
        }
        for group in groups
    ]
    return json.dumps(told, ensure_ascii=False, indent=2)


def _amount(row: PledgeRow) -> str:
    told = [_figure(each) for each in (row.amount, row.quantity) if each is not None]
    return ", ".join(told)


def _figure(figure: FigureSeen) -> str:
    high = f"-{figure.value_max:,.0f}" if figure.value_max is not None else ""
    value = f"{figure.value:,.2f}".removesuffix(".00")
    extra = "" if figure.per == "once" else f" a {figure.per}"
    each = " each" if figure.scope == "each" else ""
    return f"{_QUALIFIERS[figure.qualifier]}{value}{high} {figure.unit}{extra}{each}"


def _parties(parties: Iterable[PartySeen]) -> str:
    return ", ".join(party.name for party in parties)


def _words(reasons: Iterable[str]) -> str:
    return ", ".join(reason.replace("_", " ") for reason in reasons)


def _short(quote: str, length: int = 90) -> str:
    line = " ".join(quote.split())
    return line if len(line) <= length else f"{line[: length - 1]}…"


def _table(*columns: str) -> Table:
    table = Table(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        show_edge=False,
        collapse_padding=True,
        header_style="dim",
    )
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column in _WHOLE)
    return table


def _console() -> Console:
    return Console(markup=False, emoji=False, highlight=False)
