"""`extractor ledger`: from what articles tell to one row for each pledge."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from extractor.errors import InputError, require

if TYPE_CHECKING:
    from extractor.pledges.ledger import PledgeLedger
    from extractor.pledges.sampling import DrawnSample
    from extractor.pledges.turn import BuildReport
    from extractor.results.reviews import ReviewVerdict
    from extractor.storage import Store

_FORMATS = ("table", "json")
_BY = ("year", "giver", "recipient", "currency", "place", "kind")


def _store_option(command: Any) -> Any:
    return click.option(
        "--store",
        "address",
        default="sqlite:///tracker.db",
        show_default=True,
        metavar="STORE",
        help="The store that `extractor batch --into` fills.",
    )(command)


def _person_option(command: Any) -> Any:
    return click.option(
        "--by",
        "person",
        metavar="NAME",
        envvar="EXTRACTOR_PERSON",
        help="Who says so; your user name if not given.",
    )(command)


def _format_option(command: Any) -> Any:
    return click.option(
        "--format",
        "output_format",
        type=click.Choice(_FORMATS),
        default="table",
        show_default=True,
    )(command)


def _open_store(address: str) -> Store:
    from extractor.storage import open_store

    return open_store(address)


def _ledger(store: Store, *, vectors: bool = True) -> PledgeLedger:
    require("rapidfuzz", extra="ledger", wanted="The ledger")
    from extractor.pledges.ledger import PledgeLedger
    from extractor.pledges.parties import load_parties
    from extractor.selection.embedding import open_embedding
    from extractor.settings import load_settings

    return PledgeLedger(
        store, load_parties(load_settings().parties), open_embedding() if vectors else None
    )


def _who(person: str | None) -> str:
    import getpass

    return person or getpass.getuser()


@click.group()
def ledger() -> None:
    """One row for each pledge, from all articles that tell of it."""


@ledger.command()
@_store_option
@click.option("--afresh", is_flag=True, help="Judge all again by today's rules and parties.")
@click.option("--no-vectors", is_flag=True, help="Do without sentence vectors.")
def build(address: str, afresh: bool, no_vectors: bool) -> None:
    """Take in results that are new or were reviewed since; what people said stays."""
    from extractor.cli.ledger_view import tell_report

    with _open_store(address) as store:
        report = _ledger(store, vectors=not no_vectors).build(afresh=afresh, progress=_progress)
    tell_report(report)


def _progress(results: int) -> None:
    click.echo(f"{results} results taken in", err=True)


@ledger.command()
@click.argument("pledge", required=False)
@_store_option
@click.option("--countable", is_flag=True, help="Only rows that may be summed.")
@click.option("--unsure", is_flag=True, help="Only rows that may be one with another row.")
@_format_option
def show(
    pledge: str | None,
    address: str,
    countable: bool,
    unsure: bool,
    output_format: Literal["table", "json"],
) -> None:
    """List the rows, or tell all of one PLEDGE: history, sources, and who judged what."""
    import json

    from extractor.cli.ledger_view import show_row, show_rows

    with _open_store(address) as store:
        kept = _ledger(store, vectors=False)
        if pledge is not None:
            rows, judgements = [kept.row(pledge)], kept.judgements_of(pledge)
            pledge_of = kept.pledges_of({each for one in judgements for each in one.pair})
        else:
            rows, judgements, pledge_of = kept.rows(), [], {}
    rows = [row for row in rows if row.countable or not countable]
    rows = [row for row in rows if "maybe_repetition" in row.why_not or not unsure]
    if output_format == "json":
        told = [row.model_dump(mode="json") for row in rows]
        document = told if pledge is None else told[0]
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    elif pledge is not None and rows:
        show_row(rows[0], judgements, pledge_of)
    else:
        show_rows(rows)


@ledger.command()
@click.argument("pledge")
@click.argument("other")
@_store_option
@_person_option
def merge(pledge: str, other: str, address: str, person: str | None) -> None:
    """Say that two pledges are one; `undo` takes it back."""
    with _open_store(address) as store:
        report = _ledger(store).merge(pledge, other, _who(person))
    _tell(report)


@ledger.command()
@click.argument("pledge")
@click.argument("mentions", nargs=-1, required=True)
@_store_option
@_person_option
def split(pledge: str, mentions: tuple[str, ...], address: str, person: str | None) -> None:
    """Say that MENTIONS of a pledge tell of another one; `show PLEDGE` lists them."""
    with _open_store(address) as store:
        report = _ledger(store).split(pledge, mentions, _who(person))
    _tell(report)


@ledger.command()
@click.argument("judgement", type=int, required=False)
@_store_option
@_person_option
def undo(judgement: int | None, address: str, person: str | None) -> None:
    """Undo the last merge or split, or the one that a JUDGEMENT belongs to, by its number."""
    with _open_store(address) as store:
        report = _ledger(store).undo(_who(person), judgement)
    _tell(report)


def _tell(report: BuildReport) -> None:
    from extractor.cli.ledger_view import tell_report

    tell_report(report)


@ledger.command("sum")
@_store_option
@click.option("--by", type=click.Choice(_BY), default="year", show_default=True)
@_format_option
def sum_(
    address: str,
    by: Literal["year", "giver", "recipient", "currency", "place", "kind"],
    output_format: Literal["table", "json"],
) -> None:
    """Sum what may be summed, each currency for itself, and tell what is left out and why."""
    from extractor.cli.ledger_view import show_sum, sum_as_json
    from extractor.pledges.sums import sum_rows

    with _open_store(address) as store:
        found = sum_rows(_ledger(store, vectors=False).rows(), by)
    if output_format == "json":
        click.echo(sum_as_json(found))
    else:
        show_sum(found)


@ledger.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_store_option
@click.option(
    "--since",
    metavar="N|TIME",
    help="Only what changed after this, rows that are gone or merged included.",
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["csv", "xlsx", "parquet", "json", "html"]),
    help="Where the name of FILE does not end in it.",
)
def export(file: Path, address: str, since: str | None, output_format: str | None) -> None:
    """Write the ledger to FILE: .csv, .xlsx, .parquet, .json or .html, as its name ends.

    .html is one page with filters, sums and sources, which opens offline.
    """
    from extractor.pledges.exports import take_export, write_export

    form = output_format or file.suffix[1:].lower()
    if form == "html" and since is not None:
        raise InputError("A page holds the whole ledger.", hint="Leave --since out.")
    with _open_store(address) as store:
        taken = take_export(store, since)
    if form == "html":
        from extractor.pages.ledger_page import render_ledger

        file.write_text(render_ledger(taken.rows), encoding="utf-8")
        files = [file]
    else:
        files = write_export(taken, file, form)
    gone = f", {len(taken.gone)} gone or merged" if taken.gone else ""
    click.echo(f"{len(taken.rows)} rows{gone} in {' and '.join(str(each) for each in files)}")
    click.echo(f"The next time: --since {taken.until}")


@ledger.command()
@click.argument("count", type=click.IntRange(min=1), metavar="N")
@_store_option
@click.option("--seed", default=0, show_default=True, help="Another one draws other rows.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="A CSV for reviewers.")
def sample(count: int, address: str, seed: int, out: Path | None) -> None:
    """Draw N rows for review, in proportion from all kinds of rows."""
    from extractor.pledges.sampling import keep_sample

    with _open_store(address) as store:
        drawn = keep_sample(store, _ledger(store, vectors=False).rows(), count, seed)
    if out is not None:
        _write_review_sheet(drawn, out)
    click.echo(f"sample {drawn.id}: {len(drawn.drawn)} rows" + (f" in {out}" if out else ""))
    if out is None:
        for each in drawn.drawn:
            click.echo(f"  {each.row.id}  {each.stratum}  x {each.weight:.1f}  {each.row.title}")


_REVIEW_COLUMNS = (
    *("id", "verdict", "note", "title", "givers", "receivers"),
    *("amount", "stage", "quotes"),
)


def _write_review_sheet(drawn: DrawnSample, out: Path) -> None:
    from extractor.pledges.exports import row_cells, safe_text

    with out.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(_REVIEW_COLUMNS)
        for each in drawn.drawn:
            cells = row_cells(each.row)
            amount = f"{cells['amount']:f} {cells['currency']}" if each.row.amount else ""
            quotes = "\n".join(source.quotes[0].quote for source in each.row.sources)
            told = [cells[name] for name in ("title", "givers", "receivers")]
            line = [each.row.id, "", "", *told, amount, cells["stage"], quotes]
            writer.writerow([safe_text(str(cell or "")) for cell in line])


@ledger.command()
@click.argument("name", required=False, metavar="[SAMPLE]")
@_store_option
@_person_option
@click.option(
    "--reviews",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The CSV of `sample --out`, its column `verdict` filled: right, wrong or unsure.",
)
def precision(name: str | None, address: str, person: str | None, reviews: Path | None) -> None:
    """Tell how many rows are right, with an interval, by the reviews of a sample."""
    from extractor.pledges.sampling import keep_reviews, precision_of

    with _open_store(address) as store:
        if reviews is not None:
            new = keep_reviews(store, _reviews_in(reviews), _who(person))
            click.echo(f"{new} reviews kept")
        sample_id, found = precision_of(store, name)
    click.echo(
        f"{sample_id}: precision {found.share:.3f} "
        f"(95 % interval {found.low:.3f}-{found.high:.3f}), "
        f"{found.right} of {found.reviewed} rows right"
    )
    if found.unsure or found.open:
        click.echo(f"{found.unsure} unsure, {found.open} not reviewed")


def _reviews_in(file: Path) -> list[tuple[str, ReviewVerdict, str | None]]:
    from extractor.results.reviews import REVIEW_VERDICTS

    found: list[tuple[str, ReviewVerdict, str | None]] = []
    with file.open(encoding="utf-8-sig", newline="") as stream:
        for number, line in enumerate(csv.DictReader(stream), start=2):
            told = (line.get("verdict") or "").strip().lower()
            if not told:
                continue
            verdict = next((each for each in REVIEW_VERDICTS if each == told), None)
            if verdict is None or not line.get("id"):
                raise InputError(
                    f"{file.name}, line {number}: no verdict that is known.",
                    hint=f"Use one of: {', '.join(REVIEW_VERDICTS)}; leave it empty for later.",
                )
            found.append((line["id"], verdict, line.get("note") or None))
    return found


@ledger.command()
@_store_option
@click.option(
    "--by",
    type=click.Choice(["day", "week", "month", "source"]),
    default="day",
    show_default=True,
)
@_format_option
def drift(
    address: str,
    by: Literal["day", "week", "month", "source"],
    output_format: Literal["table", "json"],
) -> None:
    """Tell what was found, refused and doubted, by day or source, and which of them stand out."""
    from extractor.cli.ledger_view import drift_as_json, show_drift
    from extractor.pledges.drift import drift_of

    with _open_store(address) as store:
        groups = drift_of(store, by)
    if output_format == "json":
        click.echo(drift_as_json(groups))
    else:
        show_drift(groups)
