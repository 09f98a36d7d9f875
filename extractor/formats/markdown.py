"""Markdown: its words without its signs; tables stay tables, code stays as it is."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from extractor.formats import text as plain
from extractor.formats.document import Extracted
from extractor.formats.limits import TITLE_CHARACTERS, Limits
from extractor.version import VERSION

_FENCE: Final = re.compile(r" {0,3}(`{3,}|~{3,})")
_FRONT_MATTER: Final = re.compile(r"\A---[ \t]*\r?\n(?:.{0,500}\r?\n){0,100}?---[ \t]*(?:\r?\n|\Z)")
_TITLE: Final = re.compile(r"(?m)^title:[ \t]*([\"']?)(\S.*?)\1[ \t]*\r?$")
_DATE: Final = re.compile(r"(?m)^date:[ \t]*[\"']?(\d{4}-\d{2}-\d{2})(?!\d)")
_COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_HEADING: Final = re.compile(r" {0,3}#{1,6}[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*\r?$")
_UNDERLINE: Final = re.compile(r" {0,3}(?:=+|-{2,}|(?:\* *){3,}|(?:_ *){3,})[ \t]*\r?$")
_QUOTED: Final = re.compile(r"(?: {0,3}> ?)+")
_DEFINITION: Final = re.compile(r" {0,3}\[[^\]\n]{1,200}\]:[ \t]*\S+.*$")
_RULE_OF_TABLE: Final = re.compile(r"[ \t]*\|?(?:[ \t]*:?-+:?[ \t]*\|)*[ \t]*:?-+:?[ \t]*\|?\r?$")
_IMAGE: Final = re.compile(r"!\[([^\[\]\n]{0,1000})\]\([^()\s]{0,2000}(?:[ \t]+[^()\n]{0,500})?\)")
_LINK: Final = re.compile(
    r"\[([^\[\]\n]{1,1000})\](?:\((?:[^()\n]|\([^()\n]{0,500}\)){0,2000}\)|\[[^\[\]\n]{0,200}\])"
)
_ADDRESS: Final = re.compile(r"<((?:https?|mailto):[^<>\s]{1,2000})>")
_CODE: Final = re.compile(r"(?<!`)(`{1,3})(?!`)([^`\n]{1,1000})\1(?!`)")
_EMPHASIS: Final = re.compile(
    r"(?<![\w*])(\*{1,3})(?=\S)([^*\n]{1,2000}?)(?<=\S)\1(?!\*)"
    r"|(?<![\w_])(_{1,3})(?=\S)([^_\n]{1,2000}?)(?<=\S)\3(?![\w_])"
    r"|~~(?=\S)([^~\n]{1,2000}?)~~"
)
# What begins a line of its own, and after what a line ends: else the next one goes on with it.
_STARTS: Final = re.compile(r"\s*(?:$|[-*+][ \t]|\d{1,9}[.)][ \t]|#{1,6}[ \t]|\|)")
_ENDS: Final = re.compile(r"\s*(?:#{1,6}[ \t]|\|)|.*(?:  |\\)\r?$")
_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])")


def read(data: bytes, charset: str | None, most: Limits) -> list[Extracted]:
    """The text without its markup, and its first heading of the first level as title."""
    (source,) = plain.read(data, charset, most)
    front = _FRONT_MATTER.match(source.text)
    title, day = _declared(front[0] if front else "")
    text = _COMMENT.sub("", source.text[front.end() if front else 0 :])
    lines: list[str] = []
    fence = ""
    goes_on = False
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
            goes_on = False
        elif fence:
            lines.append(line)
        elif _leaves_nothing(line):
            goes_on = False
        else:
            words = _words(line)
            if goes_on and not _STARTS.match(line):
                lines[-1] = f"{lines[-1].rstrip()} {words.lstrip()}"
            else:
                lines.append(words)
            goes_on = bool(words.strip()) and not _ENDS.match(line)
            if title is None and line.lstrip().startswith("# "):
                title = lines[-1].strip()[:TITLE_CHARACTERS] or None
    return [
        Extracted(
            text="\n".join(lines),
            title=title,
            published_at=day,
            published_at_source="markdown:front-matter" if day else None,
            extractor="markdown",
            extractor_version=VERSION,
        )
    ]


def _declared(front: str) -> tuple[str | None, date | None]:
    """Title and date of the lines before the text that programs write for each other."""
    title = _TITLE.search(front)
    told = _DATE.search(front)
    try:
        day = date.fromisoformat(told[1]) if told else None
    except ValueError:
        day = None
    return (title[2][:TITLE_CHARACTERS] if title else None), day


def _leaves_nothing(line: str) -> bool:
    """Whether the line is nothing but markup."""
    return bool(
        _UNDERLINE.match(line)
        or _DEFINITION.match(line)
        or ("|" in line and _RULE_OF_TABLE.match(line))
    )


def _words(line: str) -> str:
    line = _QUOTED.sub("", line, count=1) if _QUOTED.match(line) else line
    if heading := _HEADING.match(line):
        line = heading[1]
    line = _CODE.sub(r"\2", _IMAGE.sub(r"\1", line))
    line = _ADDRESS.sub(r"\1", _LINK.sub(r"\1", line))
    for _ in range(3):  # *one **in** another*
        line = _EMPHASIS.sub(lambda found: found[2] or found[4] or found[5], line)
    return _ESCAPED.sub(r"\1", line)
