"""Self-contained pages of extractions: they open offline, ask nothing of anybody, run one script.

Articles, titles and replies are strangers' texts: everything is escaped, and the policy of the page
names the digests of the only style sheet and the only script that a browser may use.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from extractor.article import Article, read_article
from extractor.errors import InputError, require
from extractor.kinds import COMMITMENT, POLICY_EVENT, RecordKind
from extractor.pages.articles import TextPart, passages_of, shown
from extractor.pages.records import (
    ShownRecord,
    ShownRefusal,
    flattened,
    records_of,
    refusals_of,
    under_umbrellas,
)
from extractor.phrases import cell, many, plain
from extractor.records import Extraction

if TYPE_CHECKING:
    from jinja2 import Environment

_FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Shown:
    """An extraction and the article that it was taken from, exactly as it was given."""

    name: str
    text: str
    extraction: Extraction


@dataclass(frozen=True, slots=True)
class ArticleSection:
    """Everything that the page shows of one article."""

    anchor: str
    """What all its ids begin with."""
    title: str
    """That of the document, else its first heading, else its name."""
    extraction: Extraction
    passages: tuple[TextPart, ...]
    records: tuple[ShownRecord, ...]
    """Those that are part of no other."""
    tables: tuple[tuple[RecordKind, tuple[tuple[int, ShownRecord], ...]], ...]
    refusals: tuple[ShownRefusal, ...]
    summary: str


def render_extractions(articles: Sequence[Shown]) -> str:
    """The page of one article, or of several, one after the other.

    Raises:
        InputError: an article is not the one that its extraction was made of.
        MissingExtra: Jinja2 is not installed.
    """
    template = open_templates().get_template("extraction.html.j2")
    style, script = asset("pages.css"), asset("pages.js")
    return template.render(
        sections=[section(one, f"a{number}") for number, one in enumerate(articles, start=1)],
        style=style,
        script=script,
        policy=policy_of(style, script),
    )


def section(one: Shown, anchor: str) -> ArticleSection:
    """What a page shows of an article.

    Raises:
        InputError: it is not the article that the extraction was made of.
    """
    known = one.extraction.article
    if hashlib.sha256(one.text.encode()).hexdigest() != known.sha256:
        raise InputError(
            "This is not the article that the extraction was made of.",
            hint="Give the article exactly as it was read.",
        )
    return section_of(read_again(one.text, one.extraction), one.extraction, anchor, one.name)


def read_again(text: str, extraction: Extraction) -> Article:
    """The article, read as it was for the extraction; takes milliseconds for each sentence.

    Raises:
        InputError: it is no article.
    """
    known = extraction.article
    return read_article(
        text,
        title=known.title,
        language=known.language,
        published_at=date.fromisoformat(known.published_at) if known.published_at else None,
        max_characters=len(text),
    )


def section_of(article: Article, extraction: Extraction, anchor: str, name: str) -> ArticleSection:
    """What a page shows of an article that was read as it was for the extraction."""
    sentences = {sentence.id: (sentence.start, sentence.end) for sentence in article.sentences}
    records = records_of(extraction, article.original, sentences)
    cited = [
        (proof.start, proof.end, each.record.id) for each in records for proof in each.evidence
    ]
    passages = passages_of(article, (words for each in records for words in each.words), cited)
    top = under_umbrellas(records)
    return ArticleSection(
        anchor=anchor,
        title=shown(extraction.article.title or next(_headings(article), name)),
        extraction=extraction,
        passages=passages,
        records=top,
        tables=tuple(_tables(top)),
        refusals=refusals_of(extraction),
        summary=_summary(extraction),
    )


def _headings(article: Article) -> Iterator[str]:
    return (sentence.text for sentence in article.sentences if sentence.is_heading)


def _tables(
    top: Sequence[ShownRecord],
) -> Iterator[tuple[RecordKind, tuple[tuple[int, ShownRecord], ...]]]:
    rows = tuple(flattened(top))
    for kind in (COMMITMENT, POLICY_EVENT):
        of_kind = tuple(row for row in rows if isinstance(row[1].record, kind.record))
        if of_kind:
            yield kind, of_kind


def _summary(extraction: Extraction) -> str:
    doubts = sum(len(one.doubts) for one in (*extraction.commitments, *extraction.policy_events))
    counts = (
        (len(extraction.commitments), "commitment"),
        (len(extraction.policy_events), "policy event"),
        (doubts, "doubt"),
        (len(extraction.rejected), "refusal"),
    )
    told = [many(number, noun) for number, noun in counts if number]
    return ", ".join(told) or "No commitments and no policy events"


def policy_of(style: str, script: str) -> str:
    """The policy of a page that runs this script, has this style, and asks nothing of anybody."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_digest(style)}'",
            f"script-src '{_digest(script)}'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _digest(text: str) -> str:
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@cache
def asset(name: str) -> str:
    """The text of a style sheet or a script of the pages."""
    return (_FOLDER / "assets" / name).read_text(encoding="utf-8")


@cache
def open_templates(*folders: Path) -> Environment:
    """The templates, and those of other folders; everything that is put into them is escaped.

    Raises:
        MissingExtra: Jinja2 is not installed.
    """
    require("jinja2", extra="service", wanted="The page")
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader([*folders, _FOLDER / "templates"]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"plain": plain, "shown": shown}
    environment.globals |= {"cell": cell}
    return environment
