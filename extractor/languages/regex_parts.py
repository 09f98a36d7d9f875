"""The parts of a regular expression, as far as they tell what it matches.

What is looked at beside a place takes no room, so it is left out; what is not understood is None.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

EDGE: Final = "\0"
"""Stands where a word begins or ends for certain."""
_MOST_OF_CLASS: Final = 10
_PLAIN: Final = re.compile(r"[^\W_]+(?![?*+{])")
_REPEATED: Final = re.compile(r"(?:([?*+])|\{(\d*)(,?)(\d*)\})[?+]?")
_GROUP: Final = re.compile(r"\(\?(?:P<\w+>|[imsu]*(?:-[ims]+)?:)")
_LOOKAROUND: Final = re.compile(r"\(\?<?[=!]")
_FLAGS: Final = re.compile(r"\(\?[aiLmsux]+\)")
_SAME: Final = re.compile(r"\(\?P=\w+\)")
_CONDITION: Final = re.compile(r"\(\?\(\w+\)")
_ESCAPED: Final = re.compile(
    r"\\(?:x\w{2}|u\w{4}|U\w{8}|N\{[^}]*\}|[0-9]{1,3}|(?P<plain>.))", re.DOTALL
)
_NOTHING: Final = re.compile(r"\(\?!\)")
_EDGES: Final = re.compile(r"\(\?<!\\w\)|\(\?!\\w\)|\\b")
_CLASS: Final = re.compile(r"\[(\^?\]?(?:[^\]\\]|\\.)*)\]", re.DOTALL)
_RANGE: Final = re.compile(r"(.)(?:-(.))?", re.DOTALL)
_MAYBE_BLANKS: Final = re.compile(r"\\s\*[?+]?")
_BLANKS: Final = re.compile(r"\\s(?:\+[?+]?|(?![*?{]))")


class _NotUnderstood(Exception):
    """Syntax that is not read here."""


@dataclass(frozen=True, slots=True)
class Either:
    """Any of these rows."""

    rows: Sequence[Sequence[Node]]


@dataclass(frozen=True, slots=True)
class Repeated:
    """Something that stands there at most once, or else at least once."""

    node: Node
    optional: bool


Node: TypeAlias = "str | frozenset[str] | Either | Repeated | None"
"""A string (an edge, or empty for what takes no room), one of some characters, or what is not
known."""


def read_pattern(pattern: re.Pattern[str]) -> Node:
    """The parts of a pattern; None where it is not understood."""
    if pattern.flags & re.VERBOSE:
        return None
    try:
        return _Reader(pattern.pattern, ascii_words=bool(pattern.flags & re.ASCII)).whole()
    except _NotUnderstood:
        return None


def has_edge(node: Node, place: int) -> bool:
    """Whether it begins (0) or ends (-1) where a word does, be it in any of its rows."""
    if isinstance(node, Either):
        return all(bool(row) and has_edge(row[place], place) for row in node.rows)
    return node == EDGE


class _Reader:
    """Reads the syntax of `re` from left to right."""

    def __init__(self, pattern: str, *, ascii_words: bool) -> None:
        self._pattern = pattern
        self._at = 0
        # Where only ASCII letters are of words, an edge may be within one.
        self._edge = "" if ascii_words else EDGE

    def whole(self) -> Node:
        """All of the pattern."""
        node = self._alternatives()
        if self._at < len(self._pattern):
            raise _NotUnderstood
        return node

    def _alternatives(self) -> Node:
        rows = [[node for node in self._row() if node != ""]]
        while self._pattern.startswith("|", self._at):
            self._at += 1
            rows.append([node for node in self._row() if node != ""])
        return Either(rows)

    def _row(self) -> Iterator[Node]:
        while self._at < len(self._pattern) and self._pattern[self._at] not in "|)":
            if self._taken(_BLANKS):
                # A word ends before blanks, and one begins behind them.
                yield from (self._edge, None, self._edge)
                continue
            if self._taken(_MAYBE_BLANKS):
                edges: list[Node] = [self._edge] * bool(self._edge)
                yield Repeated(Either([[*edges, None, *edges]]), optional=True)
                continue
            if plain := _PLAIN.match(self._pattern, self._at):
                self._at = plain.end()
                yield plain[0]
                continue
            node = self._one()
            repeated = _REPEATED.match(self._pattern, self._at)
            if repeated is None:
                yield node
                continue
            self._at = repeated.end()
            yield from _again(node, *repeated.groups())

    def _one(self) -> Node:
        char = self._pattern[self._at]
        if self._taken(_NOTHING):
            return frozenset()
        if self._taken(_EDGES):
            return self._edge
        if self._taken(_FLAGS):
            return ""
        if char == "(":
            return self._group()
        if char == "[":
            return self._class()
        if escaped := _ESCAPED.match(self._pattern, self._at):
            self._at = escaped.end()
            char = escaped["plain"]
            if char is None or (char.isalnum() and char not in "BAZ"):
                return None
            return "" if char in "BAZ" else char
        self._at += 1
        if char in "^$":
            return ""
        return None if char == "." else char

    def _group(self) -> Node:
        if self._taken(_LOOKAROUND):
            self._inner()
            return ""
        if self._taken(_GROUP):
            return self._inner()
        if self._taken(_SAME):
            return None
        if self._taken(_CONDITION):
            self._inner()
            return None
        if self._pattern.startswith("(?", self._at):
            raise _NotUnderstood
        self._at += 1
        return self._inner()

    def _inner(self) -> Node:
        node = self._alternatives()
        if not self._pattern.startswith(")", self._at):
            raise _NotUnderstood
        self._at += 1
        return node

    def _taken(self, syntax: re.Pattern[str]) -> bool:
        found = syntax.match(self._pattern, self._at)
        if found is not None:
            self._at = found.end()
        return found is not None

    def _class(self) -> Node:
        """The characters of a class of few; of any other it is not known which."""
        found = _CLASS.match(self._pattern, self._at)
        if found is None:
            raise _NotUnderstood
        self._at = found.end()
        inside = found[1]
        if inside.startswith("^") or "\\" in inside:
            return None
        chars: set[str] = set()
        for first, last in _RANGE.findall(inside):
            if ord(last or first) - ord(first) > _MOST_OF_CLASS:
                return None
            chars.update(map(chr, range(ord(first), ord(last or first) + 1)))
        return frozenset(chars) if len(chars) <= _MOST_OF_CLASS else None


def _again(node: Node, sign: str, least: str, comma: str, most: str) -> Iterator[Node]:
    once = sign == "+" or (not sign and int(least or 0) > 0)
    if not once:
        yield Repeated(node, optional=True) if sign == "?" or most == "1" else None
    elif sign or comma:
        yield Repeated(node, optional=False)
    else:
        yield from [node] * int(least)
