"""What others get of the ledger: tables, samples, precision, drift, and the command line."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from extractor.cli import main
from extractor.errors import InputError
from extractor.pledges.drift import drift_of
from extractor.pledges.exports import (
    LedgerExport,
    row_cells,
    safe_text,
    take_export,
    write_export,
)
from extractor.pledges.ledger import PledgeLedger
from extractor.pledges.parties import load_parties
from extractor.pledges.rows import PledgeRow
from extractor.pledges.sampling import DrawnRow, draw, estimate, stratum_of
from extractor.records import Rejected
from extractor.results.reviews import ReviewVerdict
from extractor.storage import Store, open_store
from extractor.storage.tables import ARTICLES, RESULTS
from tests.pledges.cases import Told, told_articles


def keep(store: Store, articles: tuple[Told, ...], at: str = "2026-01-01T00") -> None:
    with store.writing() as connection:
        for number, told in enumerate(articles):
            article = told.extraction.article
            connection.execute(
                insert(ARTICLES).values(
                    sha256=article.sha256,
                    text=told.text,
                    publisher=told.publisher,
                    published_at=article.published_at,
                    kept_at=at,
                )
            )
            connection.execute(
                insert(RESULTS).values(
                    key=told.name,
                    kept_at=f"{at}:{number:04d}",
                    extraction=told.extraction.model_dump_json(),
                    article_sha256=article.sha256,
                )
            )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small store with a ledger."""
    file = tmp_path_factory.mktemp("ledger") / "ledger.db"
    with open_store(file) as store:
        keep(store, told_articles())
        PledgeLedger(store, load_parties()).build()
    return file


@pytest.fixture
def store(built: Path, tmp_path: Path) -> Iterator[Store]:
    copy = tmp_path / "copy.db"
    copy.write_bytes(built.read_bytes())
    with open_store(copy) as opened:
        yield opened


def _run(store: Store, *arguments: str) -> Result:
    found = CliRunner().invoke(main, ["ledger", *arguments, "--store", store.address])
    assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
    return found


def test_all_formats_hold_the_same_rows_and_each_quote_with_its_place(
    store: Store, tmp_path: Path
) -> None:
    taken = take_export(store)
    for name in ("t.csv", "t.xlsx", "t.parquet", "t.json"):
        write_export(taken, tmp_path / name)
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as stream:
        lines = list(csv.DictReader(stream))
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    table = pq.read_table(tmp_path / "t.parquet").to_pylist()
    content = json.loads((tmp_path / "t.json").read_text("utf-8"))
    ids = [row.id for row in taken.rows]
    sheet = list(book["pledges"].iter_rows(values_only=True))
    assert [line["id"] for line in lines] == ids
    assert [line[0] for line in sheet[1:]] == ids
    assert [line["id"] for line in table] == ids
    assert [row["id"] for row in content["pledges"]] == ids
    amounts = [row.amount.value if row.amount else None for row in taken.rows]
    assert [line["amount"] for line in table] == amounts
    assert [Decimal(line["amount"]) if line["amount"] else None for line in lines] == amounts
    texts = {told.extraction.article.sha256: told.text for told in told_articles()}
    head, *sources = book["sources"].iter_rows(values_only=True)
    place = {str(name): number for number, name in enumerate(head)}
    assert sources
    for line in sources:
        text = texts[str(line[place["article_sha256"]])]
        start, end = (int(str(line[place[name]])) for name in ("start", "end"))
        assert text[start:end] == line[place["quote"]]


def test_a_table_opens_in_a_spreadsheet_with_its_letters(store: Store, tmp_path: Path) -> None:
    [file, _] = write_export(take_export(store), tmp_path / "t.csv")
    data = file.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in data
    assert "Đắk" not in data.decode("utf-8-sig")


_DANGEROUS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1＋1"]


@pytest.mark.parametrize("text", _DANGEROUS)
def test_no_cell_is_a_formula(store: Store, tmp_path: Path, text: str) -> None:
    row = take_export(store).rows[0].model_copy(update={"title": text})
    taken = LedgerExport((row,), {}, (), 1)
    write_export(taken, tmp_path / "t.csv")
    write_export(taken, tmp_path / "t.xlsx")
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as stream:
        [line] = csv.DictReader(stream)
    assert line["title"] == f"'{text}"
    cells = list(openpyxl.load_workbook(tmp_path / "t.xlsx")["pledges"].iter_rows())[1]
    assert all(cell.data_type != "f" for cell in cells)


@settings(deadline=None)
@given(st.text(max_size=20))
def test_text_is_kept_or_has_one_mark_before_it(text: str) -> None:
    safe = safe_text(text)
    assert safe in (text, f"'{text}")
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_copy_that_follows_is_the_ledger_whatever_happened(store: Store) -> None:
    ledger = PledgeLedger(store, load_parties())
    first = take_export(store)
    copy = {row.id: row for row in first.rows}
    rows = ledger.rows()
    ledger.merge(rows[0].id, rows[3].id, "ann")
    ledger.split(*_splittable(rows), "ann")
    second = take_export(store, str(first.until))
    assert len(second.gone) == 1
    assert second.gone[0].merged_into in {rows[0].id, rows[3].id}
    assert 0 < len(second.rows) < len(rows)
    assert "created" in second.changes.values()
    for stone in second.gone:
        del copy[stone.id]
    copy |= {row.id: row for row in second.rows}
    assert sorted(copy) == [row.id for row in ledger.rows()]
    assert [copy[name] for name in sorted(copy)] == ledger.rows()
    third = take_export(store, str(second.until))
    assert not third.rows + third.gone


def _splittable(rows: list[PledgeRow]) -> tuple[str, list[str]]:
    row = next(row for row in reversed(rows) if len(row.sources) > 2)
    return row.id, [row.sources[0].mention]


def test_since_a_time_is_what_came_after_it(store: Store) -> None:
    assert take_export(store, "2999-01-01").rows == ()
    assert len(take_export(store, "1999-01-01T00:00:00Z").rows) == len(take_export(store).rows)
    with pytest.raises(InputError, match="neither a number nor a date"):
        take_export(store, "yesterday")


def test_a_name_that_ends_in_no_format_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no format"):
        write_export(take_export(store), tmp_path / "t.docx")


# ---- samples and precision


def _rows(store: Store) -> list[PledgeRow]:
    return PledgeLedger(store, load_parties()).rows()


def test_a_sample_has_every_stratum_and_stands_for_all_rows(store: Store) -> None:
    rows = _rows(store)
    drawn = draw(rows, 20, seed=1)
    assert {each.stratum for each in drawn} == {stratum_of(row) for row in rows}
    assert sum(each.weight for each in drawn) == pytest.approx(len(rows))
    assert draw(list(reversed(rows)), 20, seed=1) == drawn
    assert draw(rows, 20, seed=2) != drawn
    assert len(draw(rows, 1_000, seed=1)) == len(rows)


def test_precision_weighs_rows_by_what_they_stand_for() -> None:
    found = estimate([(3.0, "right"), (1.0, "wrong"), (1.0, "unsure"), (1.0, None)])
    assert found.share == 0.75
    assert (found.reviewed, found.right, found.unsure, found.open) == (2, 1, 1, 1)
    assert 0 < found.low < 0.75 < found.high < 1


def test_with_equal_weights_the_interval_is_wilsons() -> None:
    right: list[tuple[float, ReviewVerdict | None]] = [(1.0, "right")] * 8
    wrong: list[tuple[float, ReviewVerdict | None]] = [(1.0, "wrong")] * 2
    found = estimate(right + wrong)
    assert (round(found.low, 3), round(found.high, 3)) == (0.490, 0.943)


def test_reviews_in_a_sheet_become_precision(store: Store, tmp_path: Path) -> None:
    sheet = tmp_path / "review.csv"
    assert "12 rows" in _run(store, "sample", "12", "--out", str(sheet)).output or sheet.exists()
    with sheet.open(encoding="utf-8-sig", newline="") as stream:
        lines = list(csv.DictReader(stream))
    for number, line in enumerate(lines):
        line["verdict"] = "wrong" if number == 0 else "right"
    with sheet.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)
    told = _run(store, "precision", "--reviews", str(sheet), "--by", "ann").output
    assert f"{len(lines)} reviews kept" in told
    assert f"{len(lines) - 1} of {len(lines)} rows right" in told
    assert (
        "0 reviews kept" in _run(store, "precision", "--reviews", str(sheet), "--by", "ann").output
    )
    sheet.write_text("id,verdict\nP1,perhaps\n", encoding="utf-8")
    refused = _run(store, "precision", "--reviews", str(sheet))
    assert refused.exit_code == 3
    assert "line 2" in refused.output


def test_precision_without_reviews_says_what_to_do(store: Store) -> None:
    assert "no such sample" in _run(store, "precision").output
    _run(store, "sample", "3")
    assert "reviewed yet" in _run(store, "precision").output


def test_a_sample_is_of_rows_that_are_there(store: Store) -> None:
    drawn = draw(_rows(store), 5, seed=0)
    assert all(isinstance(each, DrawnRow) and each.weight >= 1 for each in drawn)


# ---- drift


def test_a_source_that_refuses_more_than_others_stands_out(tmp_path: Path) -> None:
    articles = told_articles()
    refused = Rejected(
        record_type="commitment",
        record_id=None,
        field="record",
        value="x",
        reason="not_in_evidence",
        sentences=[1],
    )
    odd = articles[0].publisher
    changed = tuple(
        Told(
            told.name,
            told.text,
            told.publisher,
            told.extraction.model_copy(
                update={"rejected": [refused] * (9 if told.publisher == odd else 1)}
            ),
            told.keys,
        )
        for told in articles
    )
    with open_store(tmp_path / "drift.db") as store:
        keep(store, changed)
        groups = {group.name: group for group in drift_of(store, "source")}
        days = drift_of(store, "day")
    assert groups[odd].stands_out["refused: not_in_evidence"] == "more"
    assert groups[odd].rate("refused") == 9
    assert all(
        "refused" not in groups[name].stands_out
        or name == odd
        or groups[name].stands_out["refused"] == "fewer"
        for name in groups
    )
    assert sum(group.articles for group in days) == len(articles)
    assert [group.name for group in days] == sorted(group.name for group in days)


# ---- the command line


def test_the_ledger_is_built_shown_changed_and_summed_by_commands(
    tmp_path: Path,
) -> None:
    with open_store(tmp_path / "cli.db") as store:
        keep(store, told_articles())
        assert "65 mentions new" in _run(store, "build", "--no-vectors").output
        shown = json.loads(_run(store, "show", "--format", "json").output)
        one, other = (next(r for r in shown if r["title"] == "x" and r["countable"])["id"], None)
        other = next(r["id"] for r in shown if r["id"] != one and r["kind"] == "commitment")
        merged = _run(store, "merge", one, other, "--by", "ann").output
        assert "1 merged" in merged
        told = _run(store, "show", one).output
        assert "person:ann" in told
        assert "history" in told
        assert "1 merged" not in _run(store, "undo", "--by", "ann").output
        assert json.loads(_run(store, "show", "--format", "json").output) == shown
        sums = json.loads(_run(store, "sum", "--by", "currency", "--format", "json").output)
        counted = {row["id"] for row in shown if row["countable"]}
        assert {name for each in sums["sums"] for name in each["pledges"]} == counted
        assert sums["left_out"]["within_umbrella"]
        table = _run(store, "sum", "--by", "giver").output
        assert "Left out:" in table
        for by in ("year", "recipient", "place", "kind"):
            assert _run(store, "sum", "--by", by).exit_code == 0
        assert "rows, " in _run(store, "show", "--countable").output
        assert "rows, " in _run(store, "show", "--unsure").output
        assert _run(store, "show", "P0000000000").exit_code == 3
        assert _run(store, "drift", "--by", "week").exit_code == 0
        assert json.loads(_run(store, "drift", "--format", "json").output)
        exported = _run(store, "export", str(tmp_path / "t.csv"), "--since", "1").output
        assert "--since" in exported


def test_cells_of_a_row_are_those_of_its_columns(store: Store) -> None:
    for row in _rows(store):
        cells = row_cells(row)
        assert cells["id"] == row.id
        assert (cells["amount"] is None) == (row.amount is None)
