"""The ledger as tables for others: CSV, XLSX, Parquet and JSON, whole or since the last time.

Cells are text or numbers, never formulas, whatever an article says. What is gone or went into
another row is a row too, so that a copy can follow.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from extractor.errors import InputError, require
from extractor.pledges.keeping import Keeping
from extractor.pledges.rows import FigureSeen, PartySeen, PledgeRow

if TYPE_CHECKING:
    from extractor.storage import Store

ExportFormat: TypeAlias = Literal["csv", "xlsx", "parquet", "json"]
FORMATS: Final[tuple[ExportFormat, ...]] = ("csv", "xlsx", "parquet", "json")
Cell: TypeAlias = str | int | Decimal | bool | None
_TableRow: TypeAlias = Mapping[str, Cell]

_ROW_COLUMNS: Final = (
    *("id", "change", "merged_into", "kind", "title", "givers", "giver_ids"),
    *("receivers", "receiver_ids", "places", "resource_kind", "event_type", "instrument"),
    *("jurisdictions", "amount", "amount_max", "currency", "qualifier", "per", "scope"),
    *("quantity", "quantity_max", "unit", "stage", "told_on", "deadline", "part_of"),
    *("countable", "why_not", "history", "conflicts", "publishers", "articles"),
)
_SOURCE_COLUMNS: Final = (
    *("pledge", "mention", "publisher", "published_at", "language", "source_url", "copy_of"),
    *("stage", "words", "value", "unit", "quote", "start", "end", "article_sha256", "record_id"),
)
_NUMBERS: Final = frozenset({"amount", "amount_max", "quantity", "quantity_max", "value"})
_WHOLE: Final = frozenset({"articles", "start", "end"})
_FORMULA: Final = re.compile(r"^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_LONGEST_CELL: Final = 32_000


@dataclass(frozen=True, slots=True)
class Gravestone:
    """A row that is no more."""

    id: str
    merged_into: str | None
    at: str


@dataclass(frozen=True, slots=True)
class LedgerExport:
    """What is exported."""

    rows: tuple[PledgeRow, ...]
    changes: Mapping[str, str]
    """What happened to a row since the last time, by its id; empty for a whole export."""
    gone: tuple[Gravestone, ...]
    until: int
    """Number of the last change in it: what the next one is since."""


def take_export(store: Store, since: str | None = None) -> LedgerExport:
    """All rows, or what has changed since a change or a time.

    Args:
        store: an open store.
        since: the `until` of an earlier export, or an ISO 8601 time.

    Raises:
        InputError: `since` is neither.
    """
    with store.reading() as connection:
        keeping = Keeping(connection, "")
        until = keeping.last_change()
        if since is None:
            kept = keeping.summaries()
            return LedgerExport(_rows(kept.values()), {}, (), until)
        changes = keeping.changes(_number(keeping, since))
        last = {change.pledge_id: change for change in changes}
        kept = keeping.summaries(last)
        what = {name: _what([c.what for c in changes if c.pledge_id == name]) for name in kept}
        gone = tuple(
            Gravestone(name, change.other, change.at)
            for name, change in sorted(last.items())
            if name not in kept
        )
        return LedgerExport(_rows(kept[name] for name in sorted(kept)), what, gone, until)


def _rows(summaries: Iterable[str]) -> tuple[PledgeRow, ...]:
    return tuple(PledgeRow.model_validate_json(summary) for summary in summaries)


def _what(told: Sequence[str]) -> str:
    return "created" if told[0] in ("created", "split") else "changed"


def _number(keeping: Keeping, since: str) -> int:
    if since.isdigit():
        return int(since)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}([T ][\d:.]+([+-][\d:]+|Z)?)?", since):
        return keeping.seq_at(since.replace(" ", "T"))
    raise InputError(
        "--since is neither a number nor a date.",
        hint="Give the number that the last export told, or a time such as 2026-01-31.",
    )


def write_export(export: LedgerExport, file: Path, form: str = "") -> list[Path]:
    """Write a format, by default the one that the file's name ends in; the files written.

    CSV and Parquet have a second file for sources; XLSX has a sheet for them.

    Raises:
        InputError: the name ends in no format that is known.
        MissingExtra: the packages of the format are not installed.
    """
    writers: dict[str, Callable[[LedgerExport, Path], list[Path]]] = {
        "csv": _write_csv,
        "xlsx": _write_xlsx,
        "parquet": _write_parquet,
        "json": _write_json,
    }
    writer = writers.get(form or file.suffix[1:].lower())
    if writer is None:
        raise InputError(
            f"{file.name} ends in no format that is known.",
            hint=f"End it in one of: {', '.join(f'.{one}' for one in writers)}, .html.",
        )
    return writer(export, file)


def row_cells(row: PledgeRow, change: str | None = None) -> dict[str, Cell]:
    """A row as the cells of a table."""
    amount, quantity = row.amount, row.quantity
    cells: dict[str, Cell] = {
        "id": row.id,
        "change": change,
        "merged_into": None,
        "kind": row.kind,
        "title": row.title,
        "givers": _names(row.givers),
        "giver_ids": _ids(row.givers),
        "receivers": _names(row.receivers),
        "receiver_ids": _ids(row.receivers),
        "places": "; ".join(row.places),
        "resource_kind": row.resource_kind,
        "event_type": row.event_type,
        "instrument": row.instrument,
        "jurisdictions": "; ".join(row.jurisdictions),
        "currency": amount.unit if amount else None,
        "qualifier": amount.qualifier if amount else None,
        "per": amount.per if amount else None,
        "scope": amount.scope if amount else None,
        "unit": quantity.unit if quantity else None,
        "stage": row.stage,
        "told_on": row.told_on,
        "deadline": row.deadline,
        "part_of": row.part_of,
        "countable": row.countable,
        "why_not": "; ".join(row.why_not),
        "history": "; ".join(f"{step.stage} {step.on or '?'}" for step in row.history),
        "conflicts": "; ".join(f"{c.field}: {' / '.join(c.values)}" for c in row.conflicts),
        "publishers": "; ".join(row.publishers),
        "articles": len({source.article_sha256 for source in row.sources}),
    }
    cells |= _bounds("amount", amount) | _bounds("quantity", quantity)
    return {column: cells[column] for column in _ROW_COLUMNS}


def source_cells(row: PledgeRow) -> Iterator[dict[str, Cell]]:
    """What the sources of a row say: a line for each quote, with its place in the article."""
    for source in row.sources:
        for quote in source.quotes:
            yield {
                "pledge": row.id,
                "mention": source.mention,
                "publisher": source.publisher,
                "published_at": source.published_at,
                "language": source.language,
                "source_url": source.source_url,
                "copy_of": source.wire,
                "stage": source.stage,
                "words": source.words,
                "value": source.figure.value if source.figure else None,
                "unit": source.figure.unit if source.figure else None,
                "quote": quote.quote,
                "start": quote.start,
                "end": quote.end,
                "article_sha256": source.article_sha256,
                "record_id": source.record_id,
            }


def _bounds(name: str, figure: FigureSeen | None) -> dict[str, Cell]:
    return {
        name: figure.value if figure else None,
        f"{name}_max": figure.value_max if figure else None,
    }


def _names(parties: Iterable[PartySeen]) -> str:
    return "; ".join(party.name for party in parties)


def _ids(parties: Iterable[PartySeen]) -> str:
    return "; ".join(party.id or "?" for party in parties)


def _tables(export: LedgerExport) -> tuple[list[_TableRow], list[_TableRow]]:
    rows: list[_TableRow] = [row_cells(row, export.changes.get(row.id)) for row in export.rows]
    for stone in export.gone:
        empty: dict[str, Cell] = dict.fromkeys(_ROW_COLUMNS)
        change = "merged" if stone.merged_into else "gone"
        rows.append(empty | {"id": stone.id, "change": change, "merged_into": stone.merged_into})
    sources: list[_TableRow] = [cells for row in export.rows for cells in source_cells(row)]
    return rows, sources


def _beside(file: Path) -> Path:
    return file.with_name(f"{file.stem}-sources{file.suffix}")


def safe_text(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def _write_csv(export: LedgerExport, file: Path) -> list[Path]:
    rows, sources = _tables(export)
    _write_text_table(file, _ROW_COLUMNS, rows)
    _write_text_table(_beside(file), _SOURCE_COLUMNS, sources)
    return [file, _beside(file)]


def _write_text_table(file: Path, columns: Sequence[str], rows: Iterable[_TableRow]) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_as_text(row[column]) for column in columns])
    # With this mark a spreadsheet reads UTF-8 as such.
    file.write_text(out.getvalue(), encoding="utf-8-sig", newline="")


def _as_text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case Decimal():
            return f"{cell:f}"
        case int():
            return str(cell)
        case _:
            return safe_text(cell)


def _write_xlsx(export: LedgerExport, file: Path) -> list[Path]:
    require("openpyxl", extra="ledger", wanted="XLSX")
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    for name, columns, rows in zip(
        ("pledges", "sources"), (_ROW_COLUMNS, _SOURCE_COLUMNS), _tables(export), strict=True
    ):
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "C2"
        heads = [WriteOnlyCell(sheet, value=column) for column in columns]
        for head in heads:
            head.font = Font(bold=True)
        sheet.append(heads)
        for row in rows:
            cells = []
            for column in columns:
                value = row[column]
                if isinstance(value, str):
                    value = ILLEGAL_CHARACTERS_RE.sub(" ", value)[:_LONGEST_CELL]
                cell = WriteOnlyCell(sheet, value=value)
                if isinstance(value, str):
                    # As text, even if it begins with "=".
                    cell.data_type = "s"
                    cell.quotePrefix = bool(_FORMULA.match(value))
                elif column in _NUMBERS:
                    cell.number_format = "#,##0.##"
                cells.append(cell)
            sheet.append(cells)
    book.save(file)
    return [file]


def _write_parquet(export: LedgerExport, file: Path) -> list[Path]:
    require("pyarrow", extra="parquet", wanted="Parquet")
    import pyarrow as pa
    import pyarrow.parquet as pq

    def type_of(column: str) -> pa.DataType:
        if column in _NUMBERS:
            return pa.decimal128(38, 6)
        return pa.int64() if column in _WHOLE else _BOOLEAN.get(column, pa.string())

    _BOOLEAN = {"countable": pa.bool_()}
    files = [file, _beside(file)]
    for place, columns, rows in zip(
        files, (_ROW_COLUMNS, _SOURCE_COLUMNS), _tables(export), strict=True
    ):
        schema = pa.schema([(column, type_of(column)) for column in columns])
        pq.write_table(pa.Table.from_pylist([dict(row) for row in rows], schema=schema), place)
    return files


def _write_json(export: LedgerExport, file: Path) -> list[Path]:
    content = {
        "until": export.until,
        "pledges": [
            row.model_dump(mode="json") | {"change": export.changes.get(row.id)}
            for row in export.rows
        ],
        "gone": [
            {"id": stone.id, "merged_into": stone.merged_into, "at": stone.at}
            for stone in export.gone
        ],
    }
    text = json.dumps(content, ensure_ascii=False, indent=1)
    file.write_text(text + "\n", encoding="utf-8")
    return [file]
