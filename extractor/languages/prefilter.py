"""Prefilter: what a pattern cannot do without, so that most texts are told at a glance.

Most sentences hold nothing of what most patterns look for, and a regular expression takes long to
say so. What it needs is read from the expression itself: one for "in 2030" or "by 2030" needs the
word "in" or "by", and a figure. Whatever is not understood needs nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import chain, product
from typing import Final, TypeAlias

from extractor.languages.language import all_languages

_EDGE: Final = "\0"
"""Stands in a string where a word begins or ends for certain."""
_Strings: TypeAlias = frozenset[str]
_EMPTY: Final[_Strings] = frozenset(("",))
_NONE: Final[_Strings] = frozenset()
_FIGURES: Final[_Strings] = frozenset("0123456789")
_MOST_JOINED: Final = 130
_MOST_STRINGS: Final = 200
_MOST_OF_CLASS: Final = 10
_FEW_PARTS: Final = 10
_PLAIN: Final = re.compile(r"[^\W_]+(?![?*+{])")
_REPEATED: Final = re.compile(r"(?:([?*+])|\{(\d*)(,?)(\d*)\})[?+]?")
_GROUP: Final = re.compile(r"\(\?(?:P<\w+>|[aiLmsux]*(?:-[imsx]+)?:)")
_LOOKAROUND: Final = re.compile(r"\(\?<?[=!]")
_FLAGS: Final = re.compile(r"\(\?[aiLmsux]+\)")
_AGAIN: Final = re.compile(r"\(\?P=\w+\)")
_CONDITION: Final = re.compile(r"\(\?\(\w+\)")
_NOTHING: Final = re.compile(r"\(\?!\)")
_EDGES: Final = re.compile(r"\(\?<!\\w\)|\(\?!\\w\)|\\b")
_CLASS: Final = re.compile(r"\[(\^?\]?(?:[^\]\\]|\\.)*)\]", re.DOTALL)
_RANGE: Final = re.compile(r"(.)(?:-(.))?", re.DOTALL)
_MAYBE_BLANKS: Final = re.compile(r"\\s\*[?+]?")
_BLANKS: Final = re.compile(r"\\s(?:\+[?+]?|(?![*?{]))")
_WHOLE_WORD: Final = re.compile(r"(?<=\W)\w+(?=\W)")
_FIRST_WORD: Final = re.compile(rf"{_EDGE}+(\w+)(?=\W)")
_WORD: Final = re.compile(r"\w+")
# Letters of which the other case is known: those of our languages, and the like.
_CASED: Final = frozenset(
    "abcdefghijklmnopqrstuvwxyzàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþăđĩœũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộ"
    "ớờởỡợụủứừửữựỳỵỷỹ"
)
# What matches these where case is ignored, beside their capitals.
_ALSO: Final = {"i": "\u0130\u0131", "k": "\u212a", "s": "\u017f", "\u00e5": "\u212b"}
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


def caseless(text: str) -> str:
    """The text in one case: what a pattern that ignores case takes for the same is the same."""
    plain = text.casefold()
    return plain if plain.isascii() else plain.replace("i\u0307", "i").replace("\u0131", "i")


def cases_of(letter: str) -> str:
    """What matches a small letter or another sign where case is ignored; empty if not known."""
    if len(letter) != 1 or (letter.isalpha() and letter not in _CASED):
        return ""
    return "".join(dict.fromkeys((letter, letter.upper(), *_ALSO.get(letter, ""))))


def needs_of(pattern: re.Pattern[str]) -> Needs:
    """What is in all that the pattern matches; nothing where it is not understood."""
    return _part(_read(pattern), begins=False, ends=False).told


def _firsts_of(node: _Node) -> _Strings | None:
    """The letters and figures that its matches begin with, if they begin where a word does."""
    firsts, may_be_empty = _firsts(node) or (_EMPTY, True)
    known = not may_be_empty and _has_edge(node, 0) and all(map(_WORD.fullmatch, firsts))
    return firsts if known else None


def openings_of(pattern: re.Pattern[str]) -> frozenset[str] | None:
    """The words with which what the pattern matches begins; None where they are not known."""
    return _openings_of(_read(pattern))


def _openings_of(node: _Node) -> _Strings | None:
    opened = _opened(node, _EMPTY)
    return None if opened is None or opened.begun else opened.words


class Letters:
    """The words and letters of a text, where each need is looked for once."""

    def __init__(self, text: str) -> None:
        self._original = text
        self.caseless = caseless(text)
        self._met: dict[Need, bool] = {}
        self._met_within: dict[Need, bool] = {}

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(_WORD.findall(self.caseless))

    @cached_property
    def _places(self) -> Mapping[str, Sequence[int]]:
        """Where each word begins."""
        places: defaultdict[str, list[int]] = defaultdict(list)
        if self._original.isascii():
            for word in _WORD.finditer(self.caseless):
                places[word[0]].append(word.start())
        else:
            for word in _WORD.finditer(self._original):
                places[caseless(word[0])].append(word.start())
        return places

    def places(self, words: frozenset[str]) -> Sequence[int]:
        """Where these words begin, in order."""
        found = [self._places[word] for word in words.intersection(self._places)]
        return found[0] if len(found) == 1 else sorted(chain(*found))

    @cached_property
    def _starts(self) -> Mapping[str, Sequence[int]]:
        """Where words begin, by their first letter or figure."""
        starts: defaultdict[str, list[int]] = defaultdict(list)
        for word, places in self._places.items():
            starts[word[0]] += places
        return starts

    def starts(self, firsts: _Strings) -> Sequence[int]:
        """Where words begin with one of these letters or figures, in order."""
        return sorted(chain(*(self._starts[first] for first in firsts.intersection(self._starts))))

    def share(self, words: frozenset[str]) -> frozenset[str]:
        """Those of the words that are in the text."""
        return words & self._words

    def meet(self, needs: Needs) -> bool:
        """Whether a pattern with these needs may match in the text."""
        for need in needs:
            met = self._met.get(need)
            if met is None:
                met = self._met[need] = self._meets(need)
            if not met:
                return False
        return True

    def may_meet_within(self, needs: Needs) -> bool:
        """The same of any stretch of the text, which may begin and end within a word."""
        for need in needs:
            met = self._met_within.get(need)
            if met is None:
                met = self._holds(need.words) or self._holds(need.parts)
                self._met_within[need] = met
            if not met:
                return False
        return True

    def _meets(self, need: Need) -> bool:
        if need.words and not need.words.isdisjoint(self._words):
            return True
        return self._holds(need.parts)

    def _holds(self, parts: _Strings) -> bool:
        text = self.caseless
        # Faster than `any`, and asked dozens of times of every sentence.
        for part in parts:  # noqa: SIM110
            if part in text:
                return True
        return False


@lru_cache(maxsize=16)
def letters_of(text: str) -> Letters:
    """The letters of a text: many patterns ask for those of the same one."""
    return Letters(text)


class Sparing:
    """A pattern that is tried only in texts that have what it needs."""

    def __init__(self, pattern: str, flags: re.RegexFlag = re.NOFLAG) -> None:
        self.pattern = re.compile(pattern, flags)
        node = _read(self.pattern)
        self.needs = _part(node, begins=False, ends=False).told
        self._openings = _openings_of(node)
        self._firsts = _firsts_of(node)

    def may_match_within(self, letters: Letters) -> bool:
        """Whether it may match in any stretch of a text of these letters."""
        return letters.may_meet_within(self.needs)

    def search(self, text: str) -> re.Match[str] | None:
        """The first match in the text."""
        return next(self.finditer(text), None)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """All matches in the text."""
        letters = letters_of(text)
        return self.matches(text, letters) if letters.meet(self.needs) else iter(())

    def matches(self, text: str, letters: Letters) -> Iterator[re.Match[str]]:
        """All matches in a text of these letters, which are known to meet the needs."""
        if self._openings is not None:
            starts = letters.places(self._openings)
        elif self._firsts is not None:
            starts = letters.starts(self._firsts)
        else:
            yield from self.pattern.finditer(text)
            return
        done = 0
        for start in starts:
            match = self.pattern.match(text, start) if start >= done else None
            if match is not None:
                done = match.end()
                yield match

    def match(self, text: str) -> re.Match[str] | None:
        """The match at the beginning of the text."""
        return self.pattern.match(text) if letters_of(text).meet(self.needs) else None


class Choice:
    """Of many patterns those that may match in a text, all told at once."""

    def __init__(self, patterns: Sequence[Sparing]) -> None:
        self._needs = [_few_parts(pattern.needs) for pattern in patterns]
        every = frozenset[Need]().union(*self._needs)
        by_word: defaultdict[str, set[Need]] = defaultdict(set)
        by_part: defaultdict[str, set[Need]] = defaultdict(set)
        for need in every:
            for word in need.words:
                by_word[word].add(need)
            for part in need.parts:
                by_part[part].add(need)
        self._words, self._by_word = frozenset(by_word), dict(by_word)
        self._by_part = tuple(by_part.items())

    def of(self, letters: Letters) -> list[int]:
        """The places of those patterns, in order."""
        text = letters.caseless
        met = [needs for part, needs in self._by_part if part in text]
        met += [self._by_word[word] for word in letters.share(self._words)]
        all_met = frozenset[Need]().union(*met)
        return [place for place, needs in enumerate(self._needs) if needs <= all_met]


def _few_parts(needs: Needs) -> frozenset[Need]:
    """The needs that are soon looked for, at least one if there are any."""
    fewest = sorted(needs, key=lambda need: len(need.parts))
    return frozenset(need for need in needs if len(need.parts) <= _FEW_PARTS or need is fewest[0])


class _NotUnderstood(Exception):
    """Syntax that is not read here."""


@dataclass(frozen=True, slots=True)
class _Either:
    """Any of these rows."""

    rows: Sequence[Sequence[_Node]]


@dataclass(frozen=True, slots=True)
class _Repeated:
    """Something that stands there at most once, or else at least once."""

    node: _Node
    optional: bool


_Node: TypeAlias = "str | frozenset[str] | _Either | _Repeated | None"
"""A string (an edge, or empty for what takes no room), one of some characters, or what is not
known."""


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


@dataclass(frozen=True, slots=True)
class _Opened:
    """The words with which matches begin, and what is read of those that still go on."""

    words: _Strings
    begun: _Strings


def _opened(node: _Node, begun: _Strings) -> _Opened | None:
    """What a part makes of words that are begun; None if that is not known."""
    if not begun:
        return _Opened(_NONE, _NONE)
    if isinstance(node, _Either):
        return _joined_openings([_opened_in_a_row(row, begun) for row in node.rows])
    if isinstance(node, _Repeated):
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


def _opened_in_a_row(nodes: Sequence[_Node], begun: _Strings) -> _Opened | None:
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


def _firsts(node: _Node) -> tuple[_Strings, bool] | None:
    """The first characters of what it matches, and whether that may be empty."""
    if isinstance(node, str):
        return (frozenset((caseless(node)[0],)), False) if node.strip(_EDGE) else (_NONE, True)
    if isinstance(node, frozenset):
        return frozenset(caseless(char)[0] for char in node), False
    if isinstance(node, _Repeated):
        found = _firsts(node.node)
        return found and (found[0], found[1] or node.optional)
    if not isinstance(node, _Either):
        return None
    rows = [_firsts_in_a_row(row) for row in node.rows]
    known = [row for row in rows if row is not None]
    if len(known) < len(rows):
        return None
    return frozenset[str]().union(*(row[0] for row in known)), any(row[1] for row in known)


def _firsts_in_a_row(nodes: Sequence[_Node]) -> tuple[_Strings, bool] | None:
    firsts = _NONE
    for node in nodes:
        found = _firsts(node)
        if found is None:
            return None
        firsts |= found[0]
        if not found[1]:
            return firsts, False
    return firsts, True


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
        word, part = max(whole, key=len, default=""), string.replace(_EDGE, "")
        if not part:
            return ()
        if len(word) >= min(len(part), _LONG_ENOUGH) and not _MARK.match(part):
            words.add(caseless(word))
        else:
            parts.add(caseless(part))
    kept = frozenset(one for one in parts if not any(o in one for o in parts if o != one))
    return (_need(frozenset(words), kept),)


def _in_a_row(nodes: Sequence[_Node], *, begins: bool = False, ends: bool = False) -> _Part:
    """What follows each other; `begins` and `ends` say that words do so at either end."""
    nodes = _with_edges([*[_EDGE] * begins, *nodes, *[_EDGE] * ends])
    run, whole = _EMPTY, True
    needs: list[Need] = []
    for before, node, behind in zip(["", *nodes], nodes, [*nodes[1:], ""], strict=False):
        part = _part(node, begins=before == _EDGE, ends=behind == _EDGE)
        strings = part.strings
        # Any figure at all tells little of what stands before it.
        joins = node != _FIGURES and strings and len(run) * len(strings) <= _MOST_JOINED
        if strings is not None and (run == _EMPTY or joins):
            run = frozenset(map("".join, product(run, strings)))
            continue
        needs += (*_needed(run), *part.needs)
        run, whole = _EMPTY if strings is None else strings, False
    return _Part(run) if whole else _Part(None, _least((*needs, *_needed(run))))


def _with_edges(nodes: Sequence[_Node]) -> Sequence[_Node]:
    """The nodes with the edges of words that hold whether something optional is there or not.

    A word begins behind "the ", and where "(?:the )?" matches nothing, where that began.
    """
    told = [*nodes]
    for at in range(len(nodes) - 1, -1, -1):
        node = nodes[at]
        if isinstance(node, _Repeated) and node.optional:
            if nodes[at - 1 : at] == [_EDGE] and _has_edge(node.node, -1):
                told.insert(at + 1, _EDGE)
            if told[at + 1 : at + 2] == [_EDGE] and _has_edge(node.node, 0):
                told.insert(at, _EDGE)
    return told


def _has_edge(node: _Node, place: int) -> bool:
    """Whether it begins (0) or ends (-1) where a word does, be it in any of its rows."""
    if isinstance(node, _Either):
        return all(bool(row) and _has_edge(row[place], place) for row in node.rows)
    return node == _EDGE


def _part(node: _Node, *, begins: bool, ends: bool) -> _Part:
    if isinstance(node, str):
        return _Part(frozenset((node,)))
    if isinstance(node, frozenset):
        return _Part(node)
    if isinstance(node, _Either):
        return _either([_in_a_row(row, begins=begins, ends=ends) for row in node.rows])
    if isinstance(node, _Repeated):
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


def _read(pattern: re.Pattern[str]) -> _Node:
    """The parts of a pattern; None where it is not understood."""
    try:
        return _Reader(pattern.pattern, ascii_words=bool(pattern.flags & re.ASCII)).whole()
    except _NotUnderstood:
        return None


class _Reader:
    """Reads the syntax of `re` from left to right."""

    def __init__(self, pattern: str, *, ascii_words: bool) -> None:
        self._pattern = pattern
        self._at = 0
        # Where only ASCII letters are of words, an edge may be within one.
        self._edge = "" if ascii_words else _EDGE

    def whole(self) -> _Node:
        """All of the pattern."""
        node = self._alternatives()
        if self._at < len(self._pattern):
            raise _NotUnderstood
        return node

    def _alternatives(self) -> _Node:
        rows = [[node for node in self._row() if node != ""]]
        while self._pattern.startswith("|", self._at):
            self._at += 1
            rows.append([node for node in self._row() if node != ""])
        return _Either(rows)

    def _row(self) -> Iterator[_Node]:
        while self._at < len(self._pattern) and self._pattern[self._at] not in "|)":
            if self._taken(_BLANKS):
                # A word ends before blanks, and one begins behind them.
                yield from (self._edge, None, self._edge)
                continue
            if self._taken(_MAYBE_BLANKS):
                edges: list[_Node] = [self._edge] * bool(self._edge)
                yield _Repeated(_Either([[*edges, None, *edges]]), optional=True)
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
            yield from _repeated(node, *repeated.groups())

    def _one(self) -> _Node:
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
        self._at += 1
        if char == "\\":
            char = self._pattern[self._at]
            self._at += 1
            if char in "BAZ":
                return ""
            return None if char.isalnum() else char
        if char in "^$":
            return ""
        return None if char == "." else char

    def _group(self) -> _Node:
        if self._taken(_LOOKAROUND):
            self._inner()
            return ""
        if self._taken(_GROUP):
            return self._inner()
        if self._taken(_AGAIN):
            return None
        if self._taken(_CONDITION):
            self._inner()
            return None
        if self._pattern.startswith("(?", self._at):
            raise _NotUnderstood
        self._at += 1
        return self._inner()

    def _inner(self) -> _Node:
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

    def _class(self) -> _Node:
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


def _repeated(node: _Node, sign: str, least: str, comma: str, most: str) -> Iterator[_Node]:
    once = sign == "+" or (not sign and int(least or 0) > 0)
    if not once:
        yield _Repeated(node, optional=True) if sign == "?" or most == "1" else None
    elif sign or comma:
        yield _Repeated(node, optional=False)
    else:
        yield from [node] * int(least)
