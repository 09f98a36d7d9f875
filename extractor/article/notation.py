"""Notation: stretches of a text that are written for programs, whatever they say.

Comments of HTML, blocks of code, replies in JSON, the marks with which models are told who speaks,
and imitations of our own questions. Readers of a newspaper see none of them; whoever puts them into
an article means the program that reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from extractor.languages.patterns import joined
from extractor.languages.prefilter import Sparing

_LONGEST: Final = 1500
_LONGEST_REPLY: Final = 6000
_MOST_OF_TEXT: Final = 0.67

_COMMENT: Final = Sparing(
    rf"<!--.*?(?:-->|\Z)|/\*.{{3,{_LONGEST}}}?\*/|(?m:^\[//\]: # [^\n]*)", re.DOTALL
)
_ROLES: Final = "system|user|assistant|human|developer|admin|model|tool|ipython"
_OWN_TAGS: Final = (
    "news|article|document|text|content|context|data|input|source|passage|query|title|body"
)
_SPEAKER_TAGS: Final = (
    f"{_ROLES}|instructions?|prompt|rules|output|answer|response|thinking|think"
    "|(?:function|tool)_calls?|tool_result"
)
_OPENS: Final = (
    rf"<\|[a-z_]*(?:start|begin)[a-z_]*\|>\s*(?:{_ROLES})\b|<start_of_turn>\s*(?:{_ROLES})\b"
    rf"|<\|(?:{_ROLES})\|>|\[INST\]|<<SYS>>|\[SYSTEM_PROMPT\]"
)
_CLOSES: Final = (
    r"<\|(?:(?!end_header)[a-z_]*end[a-z_]*|eot_id|eom_id|eos)\|>|<end_of_turn>|\[/INST\]|<</SYS>>"
    r"|\[/SYSTEM_PROMPT\]|</s>"
)
_BLOCKS: Final = (
    Sparing(
        rf"(?i)(?<![%=*~#-])([%=*~#-]{{3,20}})\s{{0,3}}(?:{_ROLES})\b.{{0,{_LONGEST}}}?\1\s{{0,3}}end\b[^\n]{{0,20}}?\1",
        re.DOTALL,
    ),
    Sparing(rf"```.{{0,{_LONGEST}}}?```", re.DOTALL),
    Sparing(rf"(?i)\[({_ROLES}|instructions?)\].{{0,{_LONGEST}}}?\[/\1\]", re.DOTALL),
    Sparing(rf"(?i)(?:{_OPENS}).{{0,{_LONGEST}}}?(?:{_CLOSES})", re.DOTALL),
    Sparing(
        rf"(?i)<({_SPEAKER_TAGS})(?:\s[^<>]{{0,80}})?>.{{0,{_LONGEST}}}?</\s*\1\s*>", re.DOTALL
    ),
    Sparing(
        rf"(?i)<(\w+)\s[^<>]{{0,200}}(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0"
        rf"|opacity\s*:\s*0|aria-hidden|\bhidden\b)[^<>]{{0,200}}>.{{0,{_LONGEST}}}?</\s*\1\s*>",
        re.DOTALL,
    ),
    # What stands after our frame was closed and before it is opened again is outside of it.
    Sparing(rf"(?i)</\s*({_OWN_TAGS})\s*>.{{0,{_LONGEST}}}?<\s*\1(?:\s[^<>]{{0,80}})?>", re.DOTALL),
)
_MARK: Final = Sparing(
    rf"(?im)<\|[^|<>\n]{{1,40}}\|>|</?(?:s|bos|eos|pad|unk|mask)>|</?(?:start|end)_of_turn>"
    rf"|\[/?(?:INST|SYSTEM_PROMPT)\]|\[/(?:{_ROLES}|instructions?)\]|<</?SYS>>|```\w*"
    rf"|<\s*/?\s*(?:{_OWN_TAGS}|{_SPEAKER_TAGS})(?:\s[^<>]{{0,80}})?>"
)
_OBJECT: Final = Sparing(
    r"\{\s*(?:[\"'][\w -]{1,40}[\"']\s*:|\w{1,20}: ?[^{}\n]{1,100}, ?\w{1,20}: ?[^{}\n]{1,100}\})"
)
_LIST_OPENS: Final = re.compile(r"\[\s*\Z")
_LIST_CLOSES: Final = re.compile(r"\s*[\]}][\]}]*")
_INTRODUCTION: Final = re.compile(r"(?:^|(?<=[.!?] ))[^.!?]{0,80}:\s*\Z")
_NEXT_OBJECT: Final = re.compile(r"\s*,\s*(?=\{)")
_BLANK_LINE: Final = re.compile(r"\n[ ]*\n")

_OFFERED: Final = r"[mnd]\d{1,2}[ ]+\"[^\"\n]{1,120}\""
_OFFERS: Final = rf"(?:money|counts|dates):[ ]*{_OFFERED}(?:,[ ]*{_OFFERED})*"
_REQUEST: Final = (
    r"List[ ]the[ ](?:commitments|events)(?:[ ]and[ ]events)?[ ]of"
    r"[ ]\[\d+\](?:[ ]to[ ]\[\d+\])?[ ]as[ ]JSON\.?"
)
_QUESTION: Final = Sparing(rf"(?:\[\d{{1,3}}\][ ][^\n]{{0,400}}?)?(?:{_OFFERS}|{_REQUEST})")
_OF_A_QUESTION: Final = re.compile(
    rf"[ ]*(?:\[\d{{1,3}}\][ ].*|(?:Title|Before):[ ].*|<\s*/?\s*news\s*>"
    rf"|(?:(?:{_OFFERS}|(?:money|counts|dates):[ ]*none|{_REQUEST})[ ]*)+)"
)
_GOES_ON: Final = re.compile(rf"(?:[ ]*\n|[ ]+)(?:{_OF_A_QUESTION.pattern})(?=\n|\Z)")


class Notation(NamedTuple):
    """A stretch that is no part of the article."""

    start: int
    end: int
    opens: bool = False
    """Whether it tells that what follows is said to a program."""


def find_notation(text: str) -> tuple[Notation, ...]:
    """All such stretches of a folded text, in order, without overlaps.

    A block that makes up most of the text is the article itself, wrapped: only its marks count.
    """
    most = _MOST_OF_TEXT * len(text.strip())
    found = [Notation(*match.span()) for match in _COMMENT.finditer(text)]
    found += [Notation(*span) for span in _questions(text)]
    found += [Notation(*span) for span in _replies(text)]
    for pattern in _BLOCKS:
        found += [
            Notation(*match.span())
            for match in pattern.finditer(text)
            if match.end() - match.start() <= most
        ]
    found += [Notation(*match.span(), opens=True) for match in _turn().finditer(text)]
    found += [Notation(*match.span()) for match in _MARK.finditer(text)]
    return tuple(_joined(sorted(found)))


@cache
def _turn() -> Sparing:
    """What tells that a program is spoken to from here on."""
    named = joined(lambda language: language.addressing.turn_headings)
    headings = f"(?:system|user|assistant|human|{named})"
    ends = joined(lambda language: language.addressing.turn_ends)
    return Sparing(
        rf"(?im)(?:{_OPENS}):?"
        rf"|^[ ]*#{{2,}}[ ]*{headings}\b[^\n:]{{0,30}}:?[ ]*$"
        rf"|(?<=[ ])#{{2,}}[ ]*{headings}[ ]*:"
        rf"|(?<![-=#*\[<])[-=#*\[<]{{2,20}}[ ]*{ends}[^\n<>]{{0,30}}[-=#*\]>]{{2,20}}"
    )


def _joined(found: list[Notation]) -> Iterator[Notation]:
    """The stretches without those inside others; those that touch are one."""
    if not found:
        return
    current = found[0]
    for following in found[1:]:
        if following.start > current.end:
            yield current
            current = following
        elif following.end > current.end:
            current = Notation(current.start, following.end, following.opens)
    yield current


def _replies(text: str) -> Iterator[tuple[int, int]]:
    """Objects of JSON or of a programming language, with what introduces them on their line."""
    done = 0
    for match in _OBJECT.finditer(text):
        if match.start() < done:
            continue
        end = _object_end(text, match.start())
        while follower := _NEXT_OBJECT.match(text, end):
            end = _object_end(text, follower.end())
        opened = _LIST_OPENS.search(text, done, match.start())
        start = opened.start() if opened else match.start()
        closed = _LIST_CLOSES.match(text, end)
        end = closed.end() if closed else end
        if end == len(text) or text[end] == "\n":
            line = text.rfind("\n", 0, start) + 1
            introduction = _INTRODUCTION.search(text[line:start])
            start = line + introduction.start() if introduction else start
        yield start, end
        done = end


def _object_end(text: str, start: int) -> int:
    """Behind the brace that closes the one at `start`; the end of its paragraph if none does."""
    depth = 0
    for position in range(start, min(len(text), start + _LONGEST_REPLY)):
        depth += {"{": 1, "}": -1}.get(text[position], 0)
        if depth == 0:
            return position + 1
    blank = _BLANK_LINE.search(text, start)
    return blank.start() if blank else len(text)


def _questions(text: str) -> Iterator[tuple[int, int]]:
    """Imitations of our own questions: offered mentions or the request, and the lines around."""
    done = 0
    for match in _QUESTION.finditer(text):
        start, end = match.span()
        if start < done:
            continue
        while (line := text.rfind("\n", 0, start) + 1) and not text[line:start].strip():
            above = text.rfind("\n", 0, line - 1) + 1
            if not _OF_A_QUESTION.fullmatch(text, above, line - 1):
                break
            start = above
        while below := _GOES_ON.match(text, end):
            end = below.end()
        yield start, end
        done = end
