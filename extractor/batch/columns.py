"""Rows of a table as articles: which column holds what, and what a row says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Final

from extractor.errors import InputError
from extractor.results.store import Submission

_USUAL: Final[Mapping[str, tuple[str, ...]]] = {
    "text": ("text", "body", "content", "article", "article_text"),
    "title": ("title", "headline"),
    "language": ("language", "lang"),
    "published_at": ("published_at", "published", "date", "publication_date"),
    "article_id": ("article_id", "id", "doc_id"),
    "source_url": ("source_url", "url", "link"),
    "publisher": ("publisher", "outlet", "site"),
}
"""Names that a column of each meaning has, in the order in which they are looked for."""


@dataclass(frozen=True, slots=True)
class ColumnNames:
    """Which columns hold what; None for the usual names (text or body, title, date, url, …)."""

    text: str | None = None
    title: str | None = None
    language: str | None = None
    published_at: str | None = None
    article_id: str | None = None
    source_url: str | None = None
    publisher: str | None = None

    def chosen(self) -> dict[str, str]:
        """Those that were named."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        return {meaning: str(name) for meaning, name in named.items() if name is not None}

    def among(self, names: Iterable[str]) -> dict[str, str]:
        """The column of each meaning, of a table with these columns.

        Raises:
            InputError: a column that was named is not there, or none holds the text.
        """
        there = list(names)
        by_spelling = {name.strip().lower(): name for name in reversed(there)}
        found = {}
        for meaning, usual in _USUAL.items():
            asked = getattr(self, meaning)
            if asked is not None and asked not in there:
                raise InputError(f"There is no column {asked!r}.", hint=_hint(there))
            column = asked or next((by_spelling[n] for n in usual if n in by_spelling), None)
            if column is not None:
                found[meaning] = column
        if "text" not in found:
            raise InputError("No column holds the text of articles.", hint=_hint(there))
        return found


def article_of(row: Mapping[str, object], columns: Mapping[str, str]) -> Submission:
    """The article in a row, by the columns that `ColumnNames.among` found.

    Raises:
        InputError: it has no text, or its date is none.
    """

    def said(meaning: str) -> str | None:
        value = row.get(columns[meaning]) if meaning in columns else None
        return None if value is None or value == "" else str(value)

    text = row.get(columns["text"])
    if not isinstance(text, str) or not text.strip():
        raise InputError("The row has no text.", hint="Give the article in its column.")
    return Submission(
        text=text,
        title=said("title"),
        language=said("language"),
        published_at=_day(row.get(columns.get("published_at", ""))),
        article_id=said("article_id"),
        source_url=said("source_url"),
    )


def publisher_of(row: Mapping[str, object], columns: Mapping[str, str]) -> str | None:
    """Who published the article in a row, where a column tells."""
    value = row.get(columns.get("publisher", ""))
    return str(value) if value else None


def _day(value: object) -> date | None:
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip()[:10])
    except ValueError:
        raise InputError(
            "The date of publication is no date.", hint="Write it as 2026-01-31."
        ) from None


def _hint(names: list[str]) -> str:
    return f"Name it with an option such as --text-column; there are: {', '.join(names) or 'none'}."
