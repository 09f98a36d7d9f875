"""Flowed text of mails: which lines go on in the next one, and where the signature begins."""

from __future__ import annotations

from typing import Final

_SIGNATURE: Final = "-- "


def unflowed(text: str, *, joins_words: bool = False) -> str:
    """The text of RFC 3676: a line that ends in a space goes on in the next one."""
    joined: list[str] = []
    goes_on = False
    for line in text.split("\n"):
        words = line[1:] if line.startswith(" ") else line
        if goes_on and not words.startswith(">"):
            joined[-1] += words
        else:
            joined.append(words)
        goes_on = words.endswith(" ")
        if goes_on and joins_words:
            joined[-1] = joined[-1][:-1]
    return "\n".join(joined)


def without_signature(text: str) -> str:
    """The text up to the line that begins a signature."""
    lines = text.split("\n")
    return "\n".join(lines[: lines.index(_SIGNATURE)] if _SIGNATURE in lines else lines)
