"""How what a regular expression matches begins: with which words, letters or figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final, TypeAlias

from extractor.languages.cases import caseless
from extractor.languages.regex_parts import EDGE, Either, Node, Repeated, has_edge

_Strings: TypeAlias = frozenset[str]
_EMPTY: Final[_Strings] = frozenset(("",))
_NONE: Final[_Strings] = frozenset()
_MOST_STRINGS: Final = 200
_FIRST_WORD: Final = re.compile(rf"{EDGE}+(\w+)(?=\W)")
_WORD: Final = re.compile(r"\w+")


def openings_of(node: Node) -> frozenset[str] | None:
    """The words with which all that it matches begins; None where they are not known."""
    opened = _opened(node, _EMPTY)
    return None if opened is None or opened.begun else opened.words


def firsts_of(node: Node) -> _Strings | None:
    """The letters and figures that its matches begin with, if they begin where a word does."""
    firsts, may_be_empty = _firsts(node) or (_EMPTY, True)
    known = not may_be_empty and has_edge(node, 0) and all(map(_WORD.fullmatch, firsts))
    return firsts if known else None


@dataclass(frozen=True, slots=True)
class _Opened:
    """The words with which matches begin, and what is read of those that still go on."""

    words: _Strings
    begun: _Strings


def _opened(node: Node, begun: _Strings) -> _Opened | None:
    """What a part makes of words that are begun; None if that is not known."""
    if not begun:
        return _Opened(_NONE, _NONE)
    if isinstance(node, Either):
        return _joined_openings([_opened_in_a_row(row, begun) for row in node.rows])
    if isinstance(node, Repeated):
        once = _opened(node.node, begun)
        if node.optional:
            return _joined_openings([once, _Opened(_NONE, begun)])
        return once if once is not None and not once.begun else None
    if node is None or len(begun) > _MOST_STRINGS:
        return None
    strings = {node} if isinstance(node, str) else node
    found = [(_FIRST_WORD.match(one), one) for one in map("".join, product(begun, strings))]
    words = frozenset(caseless(word[1]) for word, _ in found if word)
    return _Opened(words, frozenset(one for word, one in found if not word))


def _opened_in_a_row(nodes: Sequence[Node], begun: _Strings) -> _Opened | None:
    words = _NONE
    for node in nodes:
        opened = _opened(node, begun)
        if opened is None:
            return None
        words, begun = words | opened.words, opened.begun
    return _Opened(words, begun)


def _joined_openings(each: Sequence[_Opened | None]) -> _Opened | None:
    known = [opened for opened in each if opened is not None]
    if len(known) < len(each):
        return None
    words = frozenset[str]().union(*(opened.words for opened in known))
    return _Opened(words, frozenset[str]().union(*(opened.begun for opened in known)))


def _firsts(node: Node) -> tuple[_Strings, bool] | None:
    """The first characters of what it matches, and whether that may be empty."""
    if isinstance(node, str):
        return (frozenset((caseless(node)[0],)), False) if node.strip(EDGE) else (_NONE, True)
    if isinstance(node, frozenset):
        return frozenset(caseless(char)[0] for char in node), False
    if isinstance(node, Repeated):
        found = _firsts(node.node)
        return found and (found[0], found[1] or node.optional)
    if not isinstance(node, Either):
        return None
    rows = [_firsts_in_a_row(row) for row in node.rows]
    known = [row for row in rows if row is not None]
    if len(known) < len(rows):
        return None
    return frozenset[str]().union(*(row[0] for row in known)), any(row[1] for row in known)


def _firsts_in_a_row(nodes: Sequence[Node]) -> tuple[_Strings, bool] | None:
    firsts = _NONE
    for node in nodes:
        found = _firsts(node)
        if found is None:
            return None
        firsts |= found[0]
        if not found[1]:
            return firsts, False
    return firsts, True
