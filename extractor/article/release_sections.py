"""Release sections: how a press release ends, and what in it still tells of the story.

About whom it tells, cautions, whom to ask, notes to editors. They are page furniture, but under
notes and beside addresses authorities often put the sums and the dates of what they announce.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, TypeAlias

from extractor.article.lines import PageLine
from extractor.languages.patterns import joined

_Kind: TypeAlias = Literal["about", "caution", "contact", "notes", "ended"]
_REACH: Final[dict[_Kind, int]] = {"about": 3, "caution": 8, "contact": 6, "notes": 8, "ended": 8}
"""How many lines may belong to each section."""
_TELLING: Final = ("contact", "notes")
_LONGEST_HEADING: Final = 100
_NAME_STANDS_WITHIN: Final = 80
_REACHED: Final = re.compile(
    r"[\w.+-]{1,64}@[\w-]{1,64}\.\w|https?://|\bwww\.|(?:\+|\b0|\()[\d(][\d ().-]{6,20}\d"
)
_ENDED: Final = re.compile(r"#{3,10}|[-*# ]{0,5}\b30\b[-*# ]{1,5}")

# Prose, or an item of a list, in which a sum, a number or a date may be.
_FIGURE: Final = re.compile(r"\d")
_TOLD: Final = re.compile(r"(?:[-*•] |\(?\d{1,2}[.)] ).*|.*[.;][\"')\]]*")
_FEWEST_WORDS: Final = 3


@dataclass(frozen=True, slots=True)
class ReleaseEnd:
    """Where the last sections begin, and which of their lines tell of the story all the same."""

    begin: int
    kept: tuple[int, ...] = ()

    @property
    def end(self) -> int:
        """How many lines there are up to the last one that is kept."""
        return self.kept[-1] + 1 if self.kept else self.begin

    @property
    def dropped(self) -> tuple[int, ...]:
        """The lines before that one which are furniture."""
        return tuple(sorted({*range(self.begin, self.end)} - {*self.kept}))


def release_end(lines: Sequence[PageLine]) -> ReleaseEnd:
    """The last sections of a press release: about whom it tells, cautions, whom to ask, notes.

    Nothing but these may follow. A section about somebody stands alone only if it begins with a
    name from the article. Behind the mark that the copy is over nothing is kept.
    """
    prose = next((i for i, line in enumerate(lines) if line.is_prose), len(lines))
    begin = following = len(lines)
    alone = True
    kept: list[int] = []
    for place in range(len(lines) - 1, prose, -1):
        kind = _section(lines, place)
        if kind is None:
            continue
        if following > place + _REACH[kind] + 1:
            break
        if kind in _TELLING:
            kept = [*_telling(lines, place + 1, following), *kept]
        elif kind == "ended":
            kept = []
        following = place
        alone = alone and kind == "about"
        if not alone or _tells_of_a_party(lines, place):
            begin = place
    return ReleaseEnd(begin, tuple(kept))


def _telling(lines: Sequence[PageLine], first: int, end: int) -> list[int]:
    """The lines from `first` up to `end` with a figure of the story, and those that lead to one."""
    kept: list[int] = []
    for place in range(end - 1, first - 1, -1):
        text = lines[place].text
        leads = text.endswith(":") and place + 1 in kept[:1]
        told = _FIGURE.search(text) and _TOLD.fullmatch(text) and len(text.split()) >= _FEWEST_WORDS
        furniture = _REACHED.search(text) or _cautions().match(lines[place].phrase)
        if (leads or told) and not furniture:
            kept.insert(0, place)
    return kept


def _section(lines: Sequence[PageLine], place: int) -> _Kind | None:
    """Which of the last sections of a press release a line is the heading of."""
    line = lines[place]
    heading = line.text.strip(" #*")
    if len(heading) <= _LONGEST_HEADING:
        if _about().fullmatch(heading):
            return "about"
        if _notes().fullmatch(line.phrase):
            return "notes"
        if _cautions().fullmatch(line.phrase):
            return "caution"
        if _contacts().match(line.phrase):
            near = lines[place : place + 1 + _REACH["contact"]]
            whole = heading.endswith(":") or bool(_contacts().fullmatch(line.phrase))
            whole = whole or bool(_REACHED.search(line.text))
            if whole and any(_REACHED.search(each.text) for each in near):
                return "contact"
    return "ended" if _ENDED.fullmatch(line.text) else None


def _tells_of_a_party(lines: Sequence[PageLine], place: int) -> bool:
    """Whether the paragraph under "About …" begins with that name, and the article has it too."""
    heading = _about().fullmatch(lines[place].text.strip(" #*"))
    name = heading["name"].strip(" :") if heading else ""
    following = lines[place + 1].text[:_NAME_STANDS_WITHIN] if place + 1 < len(lines) else ""
    return bool(name) and name in following and any(name in line.text for line in lines[:place])


@cache
def _about() -> re.Pattern[str]:
    """The case counts: a name begins with a capital letter."""
    about = joined(lambda language: language.furniture.about)
    return re.compile(rf"{about} (?P<name>[^\W\d_a-zà-öø-ÿ][^.!?:]{{1,80}}?):?")


@cache
def _notes() -> re.Pattern[str]:
    return re.compile(rf"(?i){joined(lambda language: language.furniture.notes)}")


@cache
def _cautions() -> re.Pattern[str]:
    return re.compile(rf"(?i){joined(lambda language: language.furniture.cautions)}")


@cache
def _contacts() -> re.Pattern[str]:
    return re.compile(rf"(?i){joined(lambda language: language.furniture.contacts)}\b")
