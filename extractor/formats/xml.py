"""XML of documents: a tree, from a parser that takes no document type and no endless depth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from extractor.errors import ArticleError, ArticleTooLarge
from extractor.formats import limits

_SEPARATOR: Final = "}"


def parse_xml(data: bytes) -> Element:
    """The root element of a document.

    Raises:
        ArticleError: it is not well-formed, or declares a document type, which could hold bombs.
        ArticleTooLarge: it has too many elements, or nests them too deeply.
    """
    builder = TreeBuilder()
    parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
    parser.buffer_text = True
    depth = count = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > limits.DEPTH or count > limits.ELEMENTS:
            raise ArticleTooLarge("The document has too many elements, or nests them too deeply.")
        builder.start(name, attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(name)

    def refuse(*_: object) -> None:
        # Entities are declared there, which can grow without end or lead to other files.
        raise ArticleError(
            "The document declares a document type.", hint="Save it anew, or give its text."
        )

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(data, True)
        return builder.close()
    except (expat.ExpatError, AssertionError, LookupError, ValueError):
        raise ArticleError(
            "The document is damaged: its XML is not well-formed.", hint="Save it anew."
        ) from None


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition(_SEPARATOR)[2]


def attribute(element: Element, name: str) -> str | None:
    """An attribute by its name without namespace."""
    for key, value in element.attrib.items():
        if key.rpartition(_SEPARATOR)[2] == name:
            return value
    return None


def children(element: Element, *names: str) -> Iterator[Element]:
    """The child elements of these names, in order."""
    return (child for child in element if local(child) in names)


def words(element: Element | None) -> str:
    """All text in an element, in one line."""
    return "" if element is None else " ".join("".join(element.itertext()).split())
