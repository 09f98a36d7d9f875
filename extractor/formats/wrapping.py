"""Lines that a mail program broke at a fixed width become paragraphs again."""

from __future__ import annotations

import re
from typing import Final

# Mail is broken at 72 to 78 characters by most programs; longer lines were not broken at all.
_WIDEST: Final = 100
_NARROWEST: Final = 50
_STARTS: Final = re.compile(r"\s|[>*•-]|\(?\d{1,2}[.)] |$")
_SIGNATURE: Final = "-- "


def unwrapped(text: str) -> str:
    """The text with its broken lines joined: those on which the next word had no room."""
    lines = _without_signature(text.split("\n"))
    width = max((len(line) for line in lines), default=0)
    if not _NARROWEST <= width <= _WIDEST:
        return "\n".join(lines)
    joined: list[str] = []
    was_full = False
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if was_full and not _STARTS.match(line):
            joined[-1] += f" {line.strip()}"
        else:
            joined.append(line)
        first = following.split(" ", 1)[0]
        was_full = bool(line.strip()) and len(line.rstrip()) + 1 + len(first) > width
    return "\n".join(joined)


def unflowed(text: str, *, joins_words: bool = False) -> str:
    """The text of RFC 3676: a line that ends in a space goes on in the next one."""
    joined: list[str] = []
    goes_on = False
    for line in _without_signature(text.split("\n")):
        words = line[1:] if line.startswith(" ") else line
        if goes_on and not words.startswith(">"):
            joined[-1] += words
        else:
            joined.append(words)
        goes_on = words.endswith(" ")
        if goes_on and joins_words:
            joined[-1] = joined[-1][:-1]
    return "\n".join(joined)


def _without_signature(lines: list[str]) -> list[str]:
    return lines[: lines.index(_SIGNATURE)] if _SIGNATURE in lines else lines
