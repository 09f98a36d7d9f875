"""Which format it is: by what the caller says, by the first bytes, by the name of the file."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Final

from extractor.errors import ArticleError

TEXT: Final = "text/plain"
MARKDOWN: Final = "text/markdown"
HTML: Final = "text/html"
PDF: Final = "application/pdf"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MAIL: Final = "message/rfc822"
RSS: Final = "application/rss+xml"
ATOM: Final = "application/atom+xml"

SUFFIXES: Final = {
    ".txt": TEXT,
    ".text": TEXT,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".html": HTML,
    ".htm": HTML,
    ".xhtml": HTML,
    ".pdf": PDF,
    ".docx": DOCX,
    ".eml": MAIL,
    ".rss": RSS,
    ".atom": ATOM,
}
_SYNONYMS: Final = {
    "application/xhtml+xml": HTML,
    "application/x-pdf": PDF,
    "text/x-markdown": MARKDOWN,
    "application/xml": RSS,
    "text/xml": RSS,
}
FEEDS: Final = frozenset({RSS, ATOM})
_KNOWN: Final = frozenset(SUFFIXES.values())

_LOOKED_AT: Final = 4_096
_MARKS: Final = re.compile(rb"\A(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*")
_COMMENT: Final = re.compile(rb"\s*<!--.{0,2000}?-->\s*", re.DOTALL)
_HTML: Final = re.compile(rb"(?i)<(?:!doctype\s+html|html|head|body)\b")
_FEED: Final = re.compile(rb"(?:<\?xml[^>]{0,200}\?>\s*)?<(rss|feed|rdf:RDF)\b")
_XHTML: Final = re.compile(rb"(?i)<\?xml[^>]{0,200}\?>\s*<(?:!doctype\s+html|html)\b")


def media_type_of(data: bytes, name: str | None = None, declared: str | None = None) -> str:
    """The media type as this package spells it.

    What is declared is believed. Else the signature of a packed format counts more than the name,
    and the name more than what text looks like: a file .txt is text even if it holds tags.

    Raises:
        ArticleError: the declared one is none that is read.
    """
    if declared is not None:
        essence = declared.partition(";")[0].strip().lower()
        known = _SYNONYMS.get(essence, essence)
        if known not in _KNOWN:
            raise ArticleError(
                "Documents of this media type are not read.",
                hint=f"These are: {', '.join(sorted(_KNOWN))}.",
            )
        return known
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return PDF
    if data.startswith(b"PK\x03\x04") and b"word/" in data:
        return DOCX
    suffix = PurePath(name).suffix.lower() if name else ""
    return SUFFIXES.get(suffix) or _looks_like(data[:_LOOKED_AT])


def _looks_like(start: bytes) -> str:
    start = _COMMENT.sub(b"", start[_end_of(_MARKS, start) :].replace(b"\0", b""))
    if feed := _FEED.match(start):
        return ATOM if feed[1] == b"feed" else RSS
    return HTML if _HTML.match(start) or _XHTML.match(start) else TEXT


def _end_of(pattern: re.Pattern[bytes], data: bytes) -> int:
    found = pattern.match(data)
    return found.end() if found else 0
