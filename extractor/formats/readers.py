"""The readers by media type, each imported when it is used: their packages are extras."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Final, TypeAlias

from extractor.formats import media
from extractor.formats.document import Extracted
from extractor.formats.limits import Limits

Reader: TypeAlias = Callable[[bytes, str | None, Limits], list[Extracted]]
"""Bytes, the declared charset and the limits to articles; raises only `InputError`."""


def _reader(module: str) -> Reader:
    def read(data: bytes, charset: str | None, most: Limits) -> list[Extracted]:
        found: list[Extracted] = import_module(f"extractor.formats.{module}").read(
            data, charset, most
        )
        return found

    return read


READERS: Final[Mapping[str, Reader]] = {
    media.TEXT: _reader("text"),
    media.MARKDOWN: _reader("markdown"),
    media.HTML: _reader("html"),
    media.PDF: _reader("pdf"),
    media.DOCX: _reader("docx"),
    media.MAIL: _reader("mail"),
    media.RSS: _reader("feeds"),
    media.ATOM: _reader("feeds"),
}
OWN: Final = frozenset({media.TEXT, media.MARKDOWN})
"""Simple enough for our own process."""
_HTML: Final = (("trafilatura", "html"), ("htmldate", "html"))
EXTRAS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    media.HTML: _HTML,
    media.PDF: (("pypdfium2", "pdf"),),
    media.RSS: _HTML,
    media.ATOM: _HTML,
}
"""The packages that a format cannot do without, and the extra that brings each."""
