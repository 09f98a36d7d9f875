"""Finding the article of a page: where its prose stands together, from its headline to its end.

What is left of a page without its boxes is read line by line. The prose of an article stands in one
element; its headline in the same one or before it. Lines that are neither prose nor rows, items or
headings between prose are bylines, dates, buttons and the like.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from extractor.formats.lines import Line, lines_of, prose_by_element

_MOST_OF_IT: Final = 0.6
_SHORT: Final = 100
_END: Final = re.compile(r"[.!?:;…。]['\"»”’)\]]*$")
_WORD: Final = re.compile(r"\w+")
_ALIKE: Final = 0.6
_FEWEST_LINKS: Final = 2
_MOSTLY_SET_OFF: Final = 0.9
_NOTES: Final = 2
_MOST_QUOTATIONS: Final = 20
_QUOTING: Final = frozenset({"blockquote", "aside", "q"})
_PULLED: Final = re.compile(r"(?i)pull|quote")
_MARKS: Final = "\"'«»“”‘’ \u00a0"


def find_article(tree: Any, headline: str | None) -> list[str]:
    """The lines of the article in a page without boxes, its headline first; none if it has none."""
    lines = lines_of(tree)
    prose = prose_by_element(tree, lines)
    body = tree.find("body")
    cluster = _cluster(tree if body is None else body, prose, lines)
    inside = _places(lines, cluster)
    if not inside:
        return []
    title = _title(lines, headline, inside)
    inside = _with_like_parts(lines, cluster, inside, title)
    kept = _without_tail(_from_title(lines, inside, title))
    kept = _without_repetitions(_without_orphans(kept))
    return [line.told for line in kept if line.kind != "hole"]


def _cluster(node: Any, prose: dict[Any, int], lines: Sequence[Line]) -> Any:
    """The innermost element that has most of the prose around it."""
    own: dict[Any, int] = {}
    for line in lines:
        if line.is_prose:
            own[line.block] = own.get(line.block, 0) + 1
    counts: dict[Any, int] = {}
    for element in reversed(list(node.iter())):
        counts[element] = counts.get(element, 0) + own.get(element, 0)
        parent = element.getparent()
        if parent is not None and counts[element]:
            counts[parent] = counts.get(parent, 0) + counts[element]
    while True:
        best = max(node, key=lambda child: prose.get(child, 0), default=None)
        if best is None or prose.get(best, 0) < _MOST_OF_IT * max(1, prose.get(node, 0)):
            return node
        if counts.get(best, 0) == 1 and best.tag not in ("div", "section", "article", "main"):
            return node
        if counts.get(best, 0) == 1 and counts.get(node, 0) > 1:
            return node
        node = best


def _places(lines: Sequence[Line], element: Any) -> list[int]:
    within = set(element.iter())
    return [place for place, line in enumerate(lines) if line.block in within]


def _title(lines: Sequence[Line], headline: str | None, inside: Sequence[int]) -> int | None:
    """Where the headline stands: it is like the declared one, or a heading of the first order."""
    last = inside[-1]
    headings = [p for p in range(last + 1) if lines[p].kind in ("title", "heading")]
    alike = [place for place in headings if is_like(lines[place].text, headline)]
    first = [place for place in headings if lines[place].kind == "title"]
    found = alike or first
    return found[0] if found else None


def is_like(text: str, headline: str | None) -> bool:
    """Whether most words of a text are in the headline."""
    one = set(_WORD.findall(text.casefold()))
    other = set(_WORD.findall((headline or "").casefold()))
    return bool(one and other) and len(one & other) >= _ALIKE * max(len(one), 1)


def _with_like_parts(
    lines: Sequence[Line], cluster: Any, inside: list[int], title: int | None
) -> list[int]:
    """With the brothers of the same shape: an article may stand in several parts."""
    if cluster.tag in ("body", "html"):
        return inside
    parts = list(inside)
    shape = (cluster.tag, cluster.get("class"))
    for brother in cluster.itersiblings():
        if (brother.tag, brother.get("class")) == shape and brother.get("class") is not None:
            found = _places(lines, brother)
            if any(lines[place].kind == "title" for place in found):
                break
            parts += found
    return sorted(set(parts))


def _from_title(lines: Sequence[Line], inside: list[int], title: int | None) -> list[Line]:
    """The headline, what introduces the article, and the article without its byline."""
    first_prose = next((p for p in inside if lines[p].is_prose), inside[0])
    if title is None or title > first_prose:
        kept = [lines[place] for place in inside]
        return kept
    before = [p for p in range(title + 1, first_prose) if _introduces(lines[p])]
    after = [place for place in inside if place >= first_prose]
    end = next((p for p in after if lines[p].kind == "title" and p != title), None)
    if end is not None:
        after = [place for place in after if place < end]
    return [lines[title], *(lines[place] for place in [*before, *after])]


def _introduces(line: Line) -> bool:
    """Whether a line between headline and prose says something of the article."""
    if line.is_prose or line.kind in ("row", "item", "heading") and not line.is_link:
        return True
    return line.kind == "text" and line.text.startswith("(") and line.text.endswith(")")


def _without_tail(lines: list[Line]) -> list[Line]:
    """Without a list of links, notes and single words at the end."""
    lines = lines[: _link_list(lines)]
    end = len(lines)
    if sum(_is_set_off(line) for line in lines) <= _NOTES:
        while end and (lines[end - 1].kind == "hole" or _is_set_off(lines[end - 1])):
            end -= 1
    while end > 1 and _says_nothing(lines[end - 1]):
        end -= 1
    return lines[:end]


def _link_list(lines: Sequence[Line]) -> int:
    """Where links begin that make a third of all lines from there on."""
    first = len(lines)
    links = told = 0
    for place in range(len(lines) - 1, -1, -1):
        links += lines[place].is_link
        told += lines[place].kind != "hole"
        if lines[place].is_link and links >= _FEWEST_LINKS and 3 * links >= told:
            first = place
    return first


def _is_set_off(line: Line) -> bool:
    return line.set_off >= _MOSTLY_SET_OFF * len(line.text) > 0


def _says_nothing(line: Line) -> bool:
    """A hole, a heading over nothing, or a few words that are no sentence."""
    if line.kind in ("hole", "heading") or line.is_link:
        return True
    return line.kind == "text" and len(line.text) < _SHORT and not _END.search(line.text)


def _without_orphans(lines: list[Line]) -> list[Line]:
    """Without headings of what was taken out: they stand before a hole, and then none of theirs."""
    kept: list[Line] = []
    for place, line in enumerate(lines):
        after = lines[place + 1 :]
        if line.kind == "heading" and after and after[0].kind == "hole":
            following = next((each for each in after if each.kind != "hole"), None)
            if following is None or following.kind == "heading":
                continue
        kept.append(line)
    return kept


def _without_repetitions(lines: list[Line]) -> list[Line]:
    """Without sentences of the article that are shown once more in large letters."""
    quoted = [line for line in lines if line.is_prose and _is_quotation(line.block)]
    if not quoted or len(quoted) > _MOST_QUOTATIONS:
        return lines
    others = "\n".join(line.text for line in lines if line not in quoted)
    return [line for line in lines if line not in quoted or line.text.strip(_MARKS) not in others]


def _is_quotation(block: Any) -> bool:
    element = block
    for _ in range(4):
        if element is None:
            return False
        if element.tag in _QUOTING or _PULLED.search(element.get("class", "")):
            return True
        element = element.getparent()
    return False
