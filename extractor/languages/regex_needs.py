"""What a regular expression cannot do without: words and letters that are in all it matches."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Final, TypeAlias

from extractor.languages.cases import caseless
from extractor.languages.lookup import all_languages
from extractor.languages.regex_parts import EDGE, Either, Node, Repeated, has_edge

_Strings: TypeAlias = frozenset[str]
_EMPTY: Final[_Strings] = frozenset(("",))
_FIGURES: Final[_Strings] = frozenset("0123456789")
_MOST_JOINED: Final = 130
_MOST_STRINGS: Final = 200
_WHOLE_WORD: Final = re.compile(r"(?<=\W)\w+(?=\W)")
_MARK: Final = re.compile(r"[<>|\[\]{}#`*=~@]")
_LONG_ENOUGH: Final = 3
"""A word as long as this tells more than the longer string that it stands in."""
_MARKED: Final = 10
"""How many letters more a mark counts for that prose seldom has."""


@dataclass(frozen=True, slots=True, eq=False)
class Need:
    """One of these, in the form that `caseless` gives, is in whatever a pattern matches."""

    words: frozenset[str]
    """Whole words."""
    parts: frozenset[str]
    """The same, wherever they stand."""

    @property
    def rarity(self) -> int:
        """How few texts meet it: those of prose have few marks, and seldom the longer words."""
        return min(map(_rarity, (*self.words, *self.parts)), default=_MOST_STRINGS)


Needs: TypeAlias = tuple[Need, ...]
"""All of these are met by whatever a pattern matches."""


@cache
def _need(words: frozenset[str], parts: frozenset[str]) -> Need:
    """The one object for these: looking one up costs nothing of what it holds."""
    return Need(words, parts)


def needs_of(node: Node) -> Needs:
    """What is in all that a pattern of these parts matches; nothing where it is not understood."""
    return _part(node, begins=False, ends=False).told


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a pattern: all strings that it matches, if they are few; else what it needs."""

    strings: _Strings | None
    needs: Needs = ()

    @property
    def told(self) -> Needs:
        """All that it needs."""
        return self.needs if self.strings is None else _needed(self.strings)


_UNKNOWN: Final = _Part(None)


def _rarity(string: str) -> int:
    if string in _common_words():
        return 0
    return len(string) + _MARKED * bool(_MARK.search(string))


@cache
def _common_words() -> frozenset[str]:
    return frozenset(word for one in all_languages() for word in one.text.common_words)


@cache
def _needed(strings: _Strings) -> Needs:
    """The need for one of the strings; none if one of them is in any text."""
    words, parts = set(), set()
    for string in strings:
        whole = _WHOLE_WORD.findall(string)
        word, part = max(whole, key=len, default=""), string.replace(EDGE, "")
        if not part:
            return ()
        if len(word) >= min(len(part), _LONG_ENOUGH) and not _MARK.match(part):
            words.add(caseless(word))
        else:
            parts.add(caseless(part))
    kept = frozenset(one for one in parts if not any(o in one for o in parts if o != one))
    return (_need(frozenset(words), kept),)


def _in_a_row(nodes: Sequence[Node], *, begins: bool = False, ends: bool = False) -> _Part:
    """What follows each other; `begins` and `ends` say that words do so at either end."""
    nodes = _with_edges([*[EDGE] * begins, *nodes, *[EDGE] * ends])
    run, whole = _EMPTY, True
    needs: list[Need] = []
    for before, node, behind in zip(["", *nodes], nodes, [*nodes[1:], ""], strict=False):
        part = _part(node, begins=before == EDGE, ends=behind == EDGE)
        strings = part.strings
        # Any figure at all tells little of what stands before it.
        joins = node != _FIGURES and strings and len(run) * len(strings) <= _MOST_JOINED
        if strings is not None and (run == _EMPTY or joins):
            run = frozenset(map("".join, product(run, strings)))
            continue
        needs += (*_needed(run), *part.needs)
        run, whole = _EMPTY if strings is None else strings, False
    return _Part(run) if whole else _Part(None, _least((*needs, *_needed(run))))


def _with_edges(nodes: Sequence[Node]) -> Sequence[Node]:
    """The nodes with the edges of words that hold whether something optional is there or not.

    A word begins behind "the ", and where "(?:the )?" matches nothing, where that began.
    """
    told = [*nodes]
    for at in range(len(nodes) - 1, -1, -1):
        node = nodes[at]
        if isinstance(node, Repeated) and node.optional:
            if nodes[at - 1 : at] == [EDGE] and has_edge(node.node, -1):
                told.insert(at + 1, EDGE)
            if told[at + 1 : at + 2] == [EDGE] and has_edge(node.node, 0):
                told.insert(at, EDGE)
    return told


def _part(node: Node, *, begins: bool, ends: bool) -> _Part:
    if isinstance(node, str):
        return _Part(frozenset((node,)))
    if isinstance(node, frozenset):
        return _Part(node)
    if isinstance(node, Either):
        return _either([_in_a_row(row, begins=begins, ends=ends) for row in node.rows])
    if isinstance(node, Repeated):
        part = _part(node.node, begins=False, ends=False)
        if node.optional:
            return _UNKNOWN if part.strings is None else _Part(part.strings | _EMPTY)
        return _Part(None, part.told)
    return _UNKNOWN


def _least(needs: Needs) -> Needs:
    """The needs without those that are met wherever another one is."""
    kept: list[Need] = []
    for need in sorted(dict.fromkeys(needs), key=lambda one: -one.rarity):
        if not any(_implies(other, need) for other in kept):
            kept.append(need)
    return tuple(kept)


def _implies(need: Need, other: Need) -> bool:
    return need.words <= other.words | _holding(need.words, other) and all(
        any(part in one for part in other.parts) for one in need.parts
    )


def _holding(words: frozenset[str], need: Need) -> frozenset[str]:
    """Those of the words that hold one of the parts of a need."""
    return frozenset(word for word in words if any(part in word for part in need.parts))


def _either(parts: list[_Part]) -> _Part:
    if len(parts) == 1:
        return parts[0]
    known = [part.strings for part in parts if part.strings is not None]
    if len(known) == len(parts):
        strings = frozenset[str]().union(*known)
        if len(strings) <= _MOST_STRINGS:
            return _Part(strings)
    told = [part.told for part in parts]
    if not all(told):
        return _UNKNOWN
    rarest = [max(needs, key=lambda need: need.rarity) for needs in told]
    words = frozenset[str]().union(*(need.words for need in rarest))
    any_part = frozenset[str]().union(*(need.parts for need in rarest))
    return _Part(None, (_need(words, any_part),))
