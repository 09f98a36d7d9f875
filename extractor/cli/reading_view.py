"""A reading as a person reads it: sentences with what is found in them, and what is cut."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from extractor.messages import clean_line
from extractor.phrases import plain
from extractor.reading import CountRead, DateRead, MoneyRead, Reading
from extractor.records import Number

_KINDS = {"commitment": "c", "policy_event": "p"}


class ReadingView:
    """Renders one reading: a row for each sentence, then the cuts and the notices."""

    def __init__(self, name: str, reading: Reading) -> None:
        self._name = name
        self._reading = reading

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for title, body in self._sections():
            if title:
                yield Text(title, style="bold cyan")
            yield body
            yield Text()

    def _sections(self) -> Iterator[tuple[str, RenderableType]]:
        reading = self._reading
        yield "", _header(self._name, reading)
        yield f"Sentences ({len(reading.sentences)})", _sentences(reading)
        if reading.cut:
            yield f"Not read ({len(reading.cut)})", _cuts(reading)
        if reading.notices:
            lines = (f"{plain(one.code)}: {clean_line(one.detail)}" for one in reading.notices)
            yield f"Notices ({len(reading.notices)})", Text("\n".join(lines), style="yellow")


def _header(name: str, reading: Reading) -> Text:
    article = reading.article
    facts = [article.language, f"{article.characters:,} characters"]
    if article.source is not None:
        facts.append(f"{article.source.media_type} by {article.source.extractor}")
    if article.published_at:
        facts.append(article.published_at)
    facts.append(f"finder: {reading.finder or 'none'}")
    return Text.assemble(
        (clean_line(name), "bold"), ("  " + " · ".join(clean_line(fact) for fact in facts), "dim")
    )


def _sentences(reading: Reading) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="dim")
    table.add_column("", justify="right", style="cyan", no_wrap=True)
    table.add_column("Kind", style="dim")
    table.add_column("Sentence, and what is found in it", overflow="fold", ratio=1)
    table.add_column("Worth asking", no_wrap=True)
    for sentence in reading.sentences:
        kind = "heading" if sentence.heading and sentence.kind == "sentence" else sentence.kind
        led = "".join(f" [{number}]" for number in sentence.completed_by)
        words = Text(clean_line(sentence.text))
        for told in _found(reading, sentence.id):
            words.append(f"\n  {told}", style="green")
        chances = ", ".join(
            f"{_KINDS[one.record_type]} {one.probability:.2f}"
            for one in reading.candidates
            if one.sentence == sentence.id
        )
        table.add_row(str(sentence.id), kind + led, words, chances)
    table.caption = "Worth asking: probability of a commitment (c), of a policy event (p)."
    table.caption_justify = "left"
    return table


def _found(reading: Reading, sentence: int) -> Iterator[str]:
    mentions: tuple[MoneyRead | CountRead | DateRead, ...] = (
        *reading.money,
        *reading.counts,
        *reading.dates,
    )
    for mention in mentions:
        if mention.sentence == sentence:
            yield f"{clean_line(mention.raw)} = {_value(mention)}"


def _value(mention: MoneyRead | CountRead | DateRead) -> str:
    match mention:
        case DateRead():
            parts = [mention.edtf or mention.duration or "open", mention.modifier]
            parts.append(None if mention.role == "point" else mention.role)
        case MoneyRead():
            parts = [_range(mention.value, mention.value_max), mention.currency or "?"]
            parts += [
                f"({_range(one.value, None)} {one.currency or '?'})" for one in mention.converted
            ]
        case CountRead():
            parts = [_range(mention.value, mention.value_max), mention.unit]
    if not isinstance(mention, DateRead):
        parts.append(None if mention.qualifier == "exact" else plain(mention.qualifier))
        parts.append(None if mention.per == "once" else f"per {mention.per}")
        parts.append(None if mention.scope == "total" else mention.scope)
    return " ".join(part for part in parts if part)


def _range(value: Number | None, most: Number | None) -> str:
    told = "no figure" if value is None else f"{value:,}"
    return told if most is None else f"{told} to {most:,}"


def _cuts(reading: Reading) -> Table:
    table = Table.grid(padding=(0, 1))
    table.add_column(style="cyan", no_wrap=True)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for cut in reading.cut:
        table.add_row(f"{cut.start:,}-{cut.end:,}", plain(cut.reason), clean_line(cut.text))
    return table
