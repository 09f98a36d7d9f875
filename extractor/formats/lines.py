"""Lines: a page as its reader sees it, line by line, each with where it stands in the tree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

_ON_LINES_OF_THEIR_OWN = """
address article aside blockquote body br caption center dd details div dl dt fieldset figcaption
figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody
tfoot thead tr ul
"""
BLOCKS: Final = frozenset(_ON_LINES_OF_THEIR_OWN.split())
CELLS: Final = frozenset({"td", "th"})
_HEADINGS: Final = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_SET_OFF: Final = frozenset(["em", "i", "small"])
Kind = Literal["text", "title", "heading", "item", "row", "hole"]

_SHORTEST_PROSE: Final = 40
_LONG: Final = 100
_END: Final = re.compile(r"[.!?:;…。]['\"»”’)\]]*(?:\[\d+\])*$")
_LONGEST_CELL: Final = 250
_LONGEST_BROKEN: Final = 2_000
_BULLETS: Final = ("-", "\u2022", "*")
"""Of a list, of one in it, and so on."""
_BULLET: Final = re.compile(
    r"[-*\u2022\u2023\u25aa\u25cf\u25a0\u2013]|\(?(?:\d{1,3}|[A-Za-z])[.)] "
)


@dataclass(slots=True)
class Line:
    """A line of a page; a row of a table is one, with bars between its cells."""

    text: str
    kind: Kind
    block: Any
    """The innermost element with lines of its own around it."""
    linked: int = 0
    """How many of its characters lead elsewhere."""
    set_off: int = 0
    """How many are slanted or small."""
    mark: str = ""
    """The bullet of an item."""

    @property
    def told(self) -> str:
        """Its words, behind its bullet if it has one."""
        return f"{self.mark} {self.text}" if self.mark else self.text

    @property
    def is_prose(self) -> bool:
        """Whether it has a sentence."""
        if self.kind not in ("text", "item") or 2 * self.linked > len(self.text):
            return False
        ends = bool(_END.search(self.text))
        return len(self.text) >= (_SHORTEST_PROSE if ends else _LONG)

    @property
    def is_link(self) -> bool:
        """Whether all but all of it leads elsewhere."""
        return self.linked > 0 and 10 * self.linked >= 9 * len(self.text)


def is_foreign_link(element: Any) -> bool:
    """Whether an anchor leads away from the page."""
    address = element.get("href")
    return bool(address) and not address.startswith("#")


def text_length(element: Any) -> int:
    """How many characters it holds, white space as one."""
    return len(" ".join("".join(element.itertext()).split()))


def lengths(tree: Any) -> tuple[dict[Any, int], dict[Any, int]]:
    """How many characters, and how many that lead elsewhere, are in every element; in one walk."""
    whole: dict[Any, int] = {}
    linked: dict[Any, int] = {}
    for element in reversed(list(tree.iter())):
        parent = element.getparent()
        own = whole.get(element, 0) + (
            len(" ".join((element.text or "").split())) if isinstance(element.tag, str) else 0
        )
        whole[element] = own
        leads = element.tag == "a" and is_foreign_link(element)
        linked[element] = own if leads else linked.get(element, 0)
        if parent is not None:
            tail = len(" ".join((element.tail or "").split()))
            whole[parent] = whole.get(parent, 0) + own + tail
            linked[parent] = linked.get(parent, 0) + linked[element]
    return whole, linked


def prose_by_element(tree: Any, lines: Iterable[Line]) -> dict[Any, int]:
    """How many characters of prose, of these lines, are in every element that has any."""
    found: dict[Any, int] = {}
    for line in lines:
        if line.is_prose:
            found[line.block] = found.get(line.block, 0) + len(line.text)
    if found:
        # Those within an element come before it.
        for element in reversed(list(tree.iter())):
            parent = element.getparent()
            if parent is not None and element in found:
                found[parent] = found.get(parent, 0) + found[element]
    return found


def lines_of(tree: Any) -> list[Line]:
    """The lines of a stripped tree, and holes where boxes were taken out."""
    body = tree.find("body")
    found: list[Line] = []
    for line in _Reader(tree if body is None else body).lines():
        if found and _goes_on(found[-1], line):
            before = found[-1]
            before.text = f"{before.text} {line.text}"
            before.linked += line.linked
            before.set_off += line.set_off
        else:
            found.append(line)
    return found


def _goes_on(before: Line, line: Line) -> bool:
    """Whether a break stands within a sentence: two lines of one element, the second in small."""
    if len(before.text) > _LONGEST_BROKEN:
        return False
    same = line.block is before.block and line.kind == before.kind and not line.mark
    return same and line.text[:1].islower() and not _END.search(before.text)


class _Reader:
    def __init__(self, root: Any) -> None:
        self._root = root
        self._tables = {table: is_of_data(table) for table in root.iter("table")}
        self._blocks: list[Any] = [root]
        self._pieces: list[str] = []
        self._linked = self._set_off = self._links = self._slants = 0
        self._row: Any = None
        self._cells = 0
        self._begun: set[Any] = set()

    def lines(self) -> Iterator[Line]:
        """Walk without recursion: trees are deep."""
        stack: list[tuple[Any, bool]] = [(self._root, True)]
        while stack:
            element, opens = stack.pop()
            if not isinstance(element.tag, str) or element.tag in ("head", "title"):
                self._say(element.tail if element is not self._root else None)
                continue
            if opens:
                yield from self._open(element)
                stack.append((element, False))
                stack.extend((child, True) for child in reversed(element))
            else:
                yield from self._close(element)
        yield from self._flush()

    def _open(self, element: Any) -> Iterator[Line]:
        if self._breaks(element):
            yield from self._flush()
            self._blocks.append(element)
            if element.get("data-hole") is not None:
                yield Line("", "hole", element)
            if element.tag == "tr" and self._of_data(element):
                self._row, self._cells = element, 0
        elif self._row is not None and (element.tag in BLOCKS or element.tag == "br"):
            self._pieces.append(" ")
        if element.tag in CELLS and self._row is not None:
            if self._cells:
                self._pieces.append(" | ")
            self._cells += 1
        self._links += element.tag == "a" and is_foreign_link(element)
        self._slants += element.tag in _SET_OFF
        self._say(element.text)

    def _close(self, element: Any) -> Iterator[Line]:
        self._links -= element.tag == "a" and is_foreign_link(element)
        self._slants -= element.tag in _SET_OFF
        if element is self._row:
            yield from self._flush()
            self._row = None
            self._blocks.pop()
        elif self._breaks(element):
            yield from self._flush()
            self._blocks.pop()
        if element is not self._root:
            self._say(element.tail)

    def _breaks(self, element: Any) -> bool:
        if self._row is not None:
            return False
        return element.tag in BLOCKS or element.tag in CELLS

    def _of_data(self, row: Any) -> bool:
        table = next(row.iterancestors("table"), None)
        return table is not None and self._tables.get(table, False)

    def _say(self, text: str | None) -> None:
        if not text:
            return
        told = re.sub(r"\s+", " ", text)
        self._pieces.append(told)
        self._linked += len(told) if self._links else 0
        self._set_off += len(told) if self._slants else 0

    def _flush(self) -> Iterator[Line]:
        text = " ".join("".join(self._pieces).split()).strip("| ")
        linked, set_off = self._linked, self._set_off
        self._pieces, self._linked, self._set_off = [], 0, 0
        if text:
            block = self._blocks[-1]
            kind = self._kind(block)
            mark = self._mark(text) if kind == "item" else ""
            yield Line(text, kind, block, min(linked, len(text)), min(set_off, len(text)), mark)

    def _mark(self, text: str) -> str:
        """The bullet of the first line of an item that is no article of its own."""
        items = [element for element in self._blocks if element.tag == "li"]
        item = items[-1]
        if item in self._begun:
            return ""
        self._begun.add(item)
        inner = (e for e in item.iterdescendants() if isinstance(e.tag, str) and e.tag in BLOCKS)
        alone = self._blocks[-1] is item or sum(1 for _ in inner) == 1
        return _BULLETS[len(items) % len(_BULLETS) - 1] if alone and not _BULLET.match(text) else ""

    def _kind(self, block: Any) -> Kind:
        if self._row is not None:
            return "row"
        for element in reversed(self._blocks):
            if element.tag == "h1":
                return "title"
            if element.tag in _HEADINGS:
                return "heading"
            if element.tag == "caption":
                return "text"
            if element.tag == "li":
                return "item"
            if element.tag not in ("p", "div", "br", "dd", "dt"):
                break
        return "text"


def is_of_data(table: Any) -> bool:
    """Whether a table holds data, and not the columns of a page."""
    if next(table.iterdescendants("table"), None) is not None:
        return False
    if any(next(table.iter(tag), None) is not None for tag in ("h1", "form")):
        return False
    rows = [[cell for cell in row if cell.tag in CELLS] for row in table.iter("tr")]
    wide = [row for row in rows if len(row) > 1]
    longest = max((text_length(cell) for row in rows for cell in row), default=0)
    return len(wide) > 1 and longest <= _LONGEST_CELL
