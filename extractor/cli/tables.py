"""An extraction as a person reads it: tables of records, the quotes that prove them, the cost."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich import box
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from extractor.kinds import COMMITMENT, POLICY_EVENT, AnyRecord, RecordKind
from extractor.messages import clean_line
from extractor.phrases import cell, many, plain
from extractor.records import Doubt, Extraction, Record, RecordType, Rejected

_NARROW = 100
_PAIRED: Mapping[RecordType, Mapping[str, tuple[str, ...]]] = {
    "commitment": {
        "Who": ("Who",),
        "What, how much": ("What", "How much"),
        "To": ("To",),
        "By when, status": ("By when", "Status"),
    },
    "policy_event": {"Who": ("Who",), "Act": ("Act",), "Date, status": ("Date", "Status")},
}


class ExtractionView:
    """Renders one extraction, with fewer and taller columns on a narrow console."""

    def __init__(self, name: str, extraction: Extraction) -> None:
        self._name = name
        self._extraction = extraction

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for title, body in self._sections(narrow=options.max_width < _NARROW):
            if title:
                yield Text(title, style="bold cyan")
            yield body
            yield Text()

    def _sections(self, *, narrow: bool) -> Iterator[tuple[str, RenderableType]]:
        extraction = self._extraction
        records = [*extraction.commitments, *extraction.policy_events]
        yield "", _header(self._name, extraction)
        if not records:
            yield "", Text("No commitments and no policy events.")
        tabled = _narrow if narrow else _wide
        if found := extraction.commitments:
            yield f"Commitments ({len(found)})", tabled(COMMITMENT, found)
        if events := extraction.policy_events:
            yield f"Policy events ({len(events)})", tabled(POLICY_EVENT, events)
        if records:
            pages = extraction.article.source.pages if extraction.article.source else None
            yield "Evidence", _evidence(records, pages or ())
        if any(record.doubts for record in records):
            yield f"Doubts ({sum(len(record.doubts) for record in records)})", _doubts(records)
        if rejected := extraction.rejected:
            yield f"Refused ({len(rejected)})", _refused(rejected)
        if notices := extraction.notices:
            lines = (_cited(f"{plain(one.code)}: {one.detail}", one.sentences) for one in notices)
            yield f"Notices ({len(notices)})", Text("\n".join(lines), style="yellow")
        yield "", _usage(extraction)


def _header(name: str, extraction: Extraction) -> Text:
    article, provenance = extraction.article, extraction.provenance
    span = article.body_span
    source = article.source.published_at_source if article.source else None
    # What the caller gave is known to the caller; what was found in the document is not.
    dated = source is not None and source != "caller"
    facts = (
        article.language,
        *([f"{article.published_at} ({source})"] if dated else []),
        f"{many(article.sentences, 'sentence')} in characters {span.start:,}-{span.end:,}"
        f" of {article.characters:,}",
        f"{provenance.model} ({provenance.strategy})",
        f"{extraction.usage.seconds.total:.1f} s",
    )
    return Text.assemble(
        (clean_line(name), "bold"), ("  " + " · ".join(clean_line(fact) for fact in facts), "dim")
    )


def _wide(kind: RecordKind, records: Iterable[AnyRecord]) -> Table:
    table = _table("", *kind.headings, "Cites")
    for record in records:
        cells = (Text(cell(record, heading)) for heading in kind.headings)
        table.add_row(record.id, *cells, _cites(record))
    return table


def _narrow(kind: RecordKind, records: Iterable[AnyRecord]) -> Table:
    """Two headings to a column, where there is no room for all."""
    columns = _PAIRED[kind.name]
    table = _table("", *columns, "Cites")
    for record in records:
        cells = (_stack(*(cell(record, h) for h in headings)) for headings in columns.values())
        table.add_row(record.id, *cells, _cites(record))
    return table


def _evidence(records: Iterable[Record], pages: Sequence[int]) -> Table:
    quotes: dict[tuple[int, int, str], list[str]] = {}
    for record in records:
        for evidence in record.evidence:
            quotes.setdefault((evidence.sentence, evidence.start, evidence.quote), []).append(
                record.id
            )
    table = _grid()
    for (sentence, start, quote), ids in sorted(quotes.items()):
        # The page on which it begins, where the document has pages.
        page = f" p. {bisect_right(pages, start)}" if pages else ""
        table.add_row(Text(f"[{sentence}]{page}"), Text(" ".join(ids)), Text(clean_line(quote)))
    return table


def _doubts(records: Iterable[Record]) -> Table:
    table = _grid()
    for record in records:
        for doubt in record.doubts:
            table.add_row(
                Text(record.id),
                Text(f"{doubt.field}: {plain(doubt.rule)}"),
                Text(
                    _cited(f"“{clean_line(doubt.words)}”" if doubt.words else "", _numbers(doubt))
                ),
            )
    return table


def _numbers(doubt: Doubt) -> list[int]:
    return [] if doubt.sentence is None else [doubt.sentence]


def _refused(rejected: Iterable[Rejected]) -> Table:
    table = _grid()
    for item in rejected:
        table.add_row(
            Text(item.record_id or plain(item.record_type)),
            Text(f"{item.field}: {plain(item.reason)}"),
            Text(_cited(f"“{clean_line(item.value)}”", item.sentences)),
        )
    return table


def _usage(extraction: Extraction) -> Text:
    usage = extraction.usage
    cost = f", {usage.cost_usd:.4f} USD" if usage.cost_usd else ""
    return Text(
        f"{many(usage.calls, 'call')} ({many(usage.repairs, 'repair')}), "
        f"{usage.prompt_tokens:,} prompt tokens ({usage.cached_tokens:,} cached), "
        f"{usage.output_tokens:,} output tokens, {usage.seconds.total:.1f} s{cost}",
        style="dim",
    )


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="dim")
    for column in columns:
        match column:
            case "":
                table.add_column(no_wrap=True)
            case "Cites":
                table.add_column(column, max_width=8)
            case _:
                ratio = 2 if column.startswith(("What", "Act")) else 1
                table.add_column(column, overflow="fold", ratio=ratio)
    return table


def _grid() -> Table:
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right", no_wrap=True, style="cyan")
    table.add_column(max_width=30, style="cyan")
    table.add_column(overflow="fold")
    return table


def _stack(*lines: str) -> Text:
    return Text("\n".join(line for line in lines if line))


def _cites(record: Record) -> Text:
    numbers = sorted({evidence.sentence for evidence in record.evidence})
    return Text(" ".join(f"[{number}]" for number in numbers))


def _cited(text: str, sentences: Iterable[int]) -> str:
    return " ".join((clean_line(text), *(f"[{number}]" for number in sentences)))
