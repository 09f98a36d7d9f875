"""What a reader of a format makes, and what becomes of it: a document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from extractor.records import Source

CALLER = "caller"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """What a reader found in the bytes of one article."""

    text: str
    """The article; all offsets of a result count its characters."""
    title: str | None = None
    published_at: date | None = None
    published_at_source: str | None = None
    """Where in the document the date stands, such as `html:meta`; None if there is none."""
    url: str | None = None
    """The address that the document gives itself: stored, never fetched."""
    pages: tuple[int, ...] | None = None
    """Where in the text each page begins; None where a format has no pages."""
    extractor: str
    """Who turned the bytes into text."""
    extractor_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Extracted):
    """An article taken out of a document, and where it came from."""

    media_type: str
    bytes_sha256: str
    """Digest of the document as it came."""

    def source(self, *, dated_by_caller: bool = False) -> Source:
        """What a result says of the document; a date of the caller is used in place of its own."""
        return Source(
            media_type=self.media_type,
            bytes_sha256=self.bytes_sha256,
            extractor=self.extractor,
            extractor_version=self.extractor_version,
            published_at_source=CALLER if dated_by_caller else self.published_at_source,
            pages=None if self.pages is None else list(self.pages),
        )
