"""DOCX: paragraphs, headings and the rows of tables; neither hidden nor deleted text.

Headers, footers, notes and comments are other parts of the file and are not read. Its dates are
not taken: they say when the file was made.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from io import BytesIO
from typing import Final
from xml.etree.ElementTree import Element
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError

from extractor.errors import ArticleError, ArticleTooLarge
from extractor.formats import limits
from extractor.formats.document import Extracted
from extractor.formats.layout import CELLS
from extractor.formats.limits import TITLE_CHARACTERS, Limits
from extractor.formats.xml import attribute, children, local, parse_xml, words
from extractor.version import VERSION

_OLD_FILE: Final = b"\xd0\xcf\x11\xe0"
_SMALL_BYTES: Final = 1_000_000
_MOST_PARTS: Final = 10_000
_DELETED: Final = frozenset({"del", "moveFrom"})
_OFF: Final = frozenset({"0", "false", "off"})
_SIGNS: Final = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": "\u00ad"}
_PROPERTIES: Final = frozenset(
    {"pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr", "sdtPr"}
)


def read(data: bytes, charset: str | None, most: Limits) -> list[Extracted]:
    """The text, a paragraph or row of a table a line.

    Raises:
        ArticleError: it is damaged, locked, of the old format, or holds no text.
        ArticleTooLarge: it has more characters than an article may, or unpacks to too much.
    """
    if data.startswith(_OLD_FILE):
        raise ArticleError(
            "The file is an old .doc, or a .docx that is locked by a password.",
            hint="Save it as .docx without a password.",
        )
    try:
        with ZipFile(BytesIO(data)) as packed:
            if len(packed.namelist()) > _MOST_PARTS:
                raise ArticleTooLarge("The document has too many parts.")
            main = _main_part(packed)
            document = _part(packed, main)
            styles = _part(packed, posixpath.join(posixpath.dirname(main), "styles.xml"))
            core = _part(packed, "docProps/core.xml")
    except (
        BadZipFile,
        ZlibError,
        OSError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ):
        raise _damaged() from None
    if document is None:
        raise _damaged()
    reader = _Reader(_hidden_styles(styles))
    text = "\n".join(line for line in reader.lines(document) if line.strip())
    if not text:
        raise ArticleError("The document holds no text.", hint="Give the text itself.")
    if len(text) > most.characters:
        raise ArticleTooLarge(f"The article has over {most.characters} characters.")
    declared = next((words(each) for each in (core or ()) if local(each) == "title"), "")
    return [
        Extracted(
            text=text,
            title=(declared or reader.title or "")[:TITLE_CHARACTERS] or None,
            extractor="docx",
            extractor_version=VERSION,
        )
    ]


def _damaged() -> ArticleError:
    return ArticleError("The DOCX is damaged or is none.", hint="Save it anew, or give its text.")


def _main_part(packed: ZipFile) -> str:
    relations = _part(packed, "_rels/.rels")
    for each in children(relations, "Relationship") if relations is not None else ():
        if (each.get("Type") or "").endswith("/officeDocument"):
            return (each.get("Target") or "").lstrip("/")
    return "word/document.xml"


def _part(packed: ZipFile, name: str) -> Element | None:
    """A part of the file as a tree; None if there is none. No more is unpacked than may be."""
    try:
        info = packed.getinfo(name)
    except KeyError:
        return None
    grows = info.file_size > _SMALL_BYTES and info.file_size > limits.RATIO * info.compress_size
    if grows or info.file_size > limits.UNPACKED_BYTES:
        raise ArticleTooLarge(
            "The document unpacks to far more than it is.", hint="Save it anew, or give its text."
        )
    with packed.open(info) as opened:
        data = opened.read(limits.UNPACKED_BYTES + 1)
    return parse_xml(data)


def _hidden_styles(styles: Element | None) -> frozenset[str]:
    """The ids of styles whose text is not shown."""
    if styles is None:
        return frozenset()
    return frozenset(
        attribute(style, "styleId") or ""
        for style in children(styles, "style")
        if any(_vanishes(properties) for properties in children(style, "rPr"))
    )


def _vanishes(properties: Element) -> bool:
    return any(
        (attribute(each, "val") or "true") not in _OFF
        for each in children(properties, "vanish", "webHidden", "specVanish")
    )


class _Reader:
    """Goes through the body once; knows the styles, and the title if a paragraph is styled so."""

    def __init__(self, hidden_styles: frozenset[str]) -> None:
        self._hidden_styles = hidden_styles
        self._boxes: list[Element] = []
        self.title: str | None = None

    def lines(self, parent: Element) -> Iterator[str]:
        """The paragraphs and rows below, in order; those of a text box after its paragraph."""
        for element in parent:
            match local(element):
                case "p":
                    yield from self._paragraph(element)
                case "tbl":
                    yield from self._rows(element)
                case "AlternateContent":
                    yield from self.lines(_chosen(element))
                case name if name not in _DELETED and name not in _PROPERTIES:
                    yield from self.lines(element)

    def _paragraph(self, element: Element) -> Iterator[str]:
        style = self._style(element, "pPr", "pStyle")
        if style in self._hidden_styles:
            return
        outer, self._boxes = self._boxes, []
        text = "".join(self._pieces(element))
        if style == "Title" and self.title is None:
            self.title = " ".join(text.split())
        yield from (" ".join(line.split()) for line in text.split("\n"))
        boxes, self._boxes = self._boxes, outer
        for box in boxes:
            yield from self.lines(box)

    def _rows(self, table: Element) -> Iterator[str]:
        for row in _own(table, "tr"):
            if not any(any(children(each, "del")) for each in children(row, "trPr")):
                cells = (" ".join(filter(None, self.lines(cell))) for cell in _own(row, "tc"))
                yield CELLS.join(filter(None, cells))

    def _pieces(self, parent: Element) -> Iterator[str]:
        for element in parent:
            name = local(element)
            if name == "t":
                yield element.text or ""
            elif name in _SIGNS:
                yield _SIGNS[name]
            elif name == "txbxContent":
                self._boxes.append(element)
            elif name == "AlternateContent":
                yield from self._pieces(_chosen(element))
            elif name not in _DELETED and name not in _PROPERTIES and not self._is_hidden(element):
                yield from self._pieces(element)

    def _is_hidden(self, element: Element) -> bool:
        if local(element) != "r":
            return False
        if self._style(element, "rPr", "rStyle") in self._hidden_styles:
            return True
        return any(_vanishes(properties) for properties in children(element, "rPr"))

    @staticmethod
    def _style(element: Element, properties: str, name: str) -> str | None:
        for each in children(element, properties):
            for style in children(each, name):
                return attribute(style, "val")
        return None


def _own(parent: Element, name: str) -> Iterator[Element]:
    """The elements of this name below, but those of a table in a table."""
    for element in parent:
        if local(element) == name:
            yield element
        elif local(element) not in ("tbl", "p", *_DELETED):
            yield from _own(element, name)


def _chosen(alternatives: Element) -> Element:
    """Of several forms of the same content the first, which newer programs show."""
    return next(iter(alternatives), alternatives)
