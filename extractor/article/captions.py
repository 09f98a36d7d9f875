"""Captions: lines that tell whose picture stands there; they hold no sentence."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from extractor.languages.patterns import joined

_PICTURE: Final = re.compile(r"!\[[^\]]{0,500}\](?:\([^)]{0,2000}\))?")
_SINGLE_CELL: Final = re.compile(r"\|?[^|]{0,250}\|")
# How pictures are signed in any language.
_SIGNED: Final = r"© ?.{1,100}|(?:reuters|afp|getty images)/.{1,80}"


def is_caption(line: str) -> bool:
    """Whether a line is a caption, a credit or nothing but a picture."""
    words = _PICTURE.sub("", line).strip("| ")
    if not holds_word(words) or _credit().fullmatch(words):
        return True
    # Captions taken from a layout table keep the bar that closed their only cell.
    return bool(_SINGLE_CELL.fullmatch(line)) and words[-1] not in ".!?\"'"


def holds_word(text: str) -> bool:
    """Whether a text has a letter or digit."""
    return any(char.isalnum() for char in text)


@cache
def _credit() -> re.Pattern[str]:
    """Photo: Reuters; a caption (Photo: Reuters); an illustrative picture; © Reuters."""
    illustrative = joined(lambda language: language.furniture.illustrative)
    photo = (
        rf"(?:{joined(lambda language: language.furniture.photo_before)} )?"
        rf"{joined(lambda language: language.furniture.photo)}"
        rf"(?: (?:{illustrative}|{joined(lambda language: language.furniture.photo_after)}))?"
    )
    # Words that also head lines about public money, which have figures.
    other = (
        rf"{joined(lambda language: language.furniture.credit)}"
        rf"(?: {joined(lambda language: language.furniture.credit_after)})?"
    )
    illustrated = joined(lambda language: language.furniture.illustrated)
    return re.compile(
        rf"(?i)(?:.{{0,250}}\()?(?:{photo} ?:[^()]{{1,100}}|{other} ?:[^()\d]{{1,80}})\)?\.?"
        rf"|\(?{joined(lambda language: language.furniture.credit_lines)}"
        rf"|\(?{illustrated} {illustrative}\b.{{0,60}}"
        rf"|{_SIGNED}"
    )
