"""The body: which stretch of a page's text is the article and not page furniture.

Text taken from web pages carries menus, link lists, share buttons and feed footers, some of which
state real facts about other stories. Three things end an article: the mark that news agencies
print at the end of their copy, the footer that blogs add to their feed, and a link list. The first
two are unmistakable wherever they stand. A link list is believed only if headlines outweigh prose
in what follows, because many sites put a small list between two paragraphs. The words are in
`furniture.toml` of each language.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Final

from extractor.languages import all_languages
from extractor.languages.patterns import joined

_END_MARK: Final = re.compile(r"\./\.[\"')\]]*(?=\s*(?:\([^()]{0,60}\)\s*)?$)")

_STAMP: Final = re.compile(
    r"(?:\d{1,2}[:h]\d{2} ?[|,-]? ?\d{1,2}[/.-]\d{1,2}[/.-]\d{4}"
    r"|\d{1,2}[/.-]\d{1,2}[/.-]\d{4} ?[|,-]? ?\d{1,2}[:h]\d{2})\b.{0,60}"
)
_MOST_LINES_BETWEEN_STAMPS: Final = 3

# Buttons and signs that look the same in any language.
_SOCIAL: Final = "facebook|twitter|linkedin|whatsapp|telegram|zalo|messenger|pinterest"
_OWNED: Final = r"©|\(c\) ?\d{4}"

# Headlines may end in ! or ?, and teasers in an ellipsis; only prose ends in one full stop.
_SHORTEST_PARAGRAPH: Final = 40
_PROSE_END: Final = re.compile(r"(?<!\.\.)\.[\"')\]]*$")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that is not blank, without the white space around it."""

    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def phrase(self) -> str:
        """The words of a heading, without bullets, colons and capitals."""
        return self.text.strip(" #*>|-:.»").casefold()

    @property
    def is_prose(self) -> bool:
        return len(self.text) >= _SHORTEST_PARAGRAPH and bool(_PROSE_END.search(self.text))


def find_body(text: str) -> tuple[int, int]:
    """Start and end of the article in folded text, trimmed; (0, 0) if there is no article.

    The first end mark at the end of a line ends the article even if prose follows: whoever prints
    it means that the copy is over, so what follows is another story.
    """
    lines = _without_menu(_lines(text))
    lines = _up_to_closing_words(lines)
    lines = lines[: _link_list(lines)]
    while lines and _closing().fullmatch(lines[-1].text):
        lines = lines[:-1]
    if not any(char.isalnum() for line in lines for char in line.text):
        return 0, 0
    return lines[0].start, lines[-1].end


def _lines(text: str) -> list[_Line]:
    lines = []
    start = 0
    for raw in text.split("\n"):
        stripped = raw.strip()
        if stripped:
            lines.append(_Line(start + len(raw) - len(raw.lstrip()), stripped))
        start += len(raw) + 1
    return lines


def _without_menu(lines: list[_Line]) -> list[_Line]:
    for index, line in enumerate(lines):
        if line.phrase not in _menu() and not _breadcrumb().fullmatch(line.text):
            return lines[index:]
    return []


def _up_to_closing_words(lines: list[_Line]) -> list[_Line]:
    """The lines up to the end mark, which is kept, or the feed footer, which is not."""
    for index, line in enumerate(lines):
        if mark := _END_MARK.search(line.text):
            return [*lines[:index], _Line(line.start, line.text[: mark.end()])]
        if footer := _feed_footer().search(line.text):
            before = line.text[: footer.start()].rstrip()
            return [*lines[:index], *([_Line(line.start, before)] if before else [])]
    return lines


def _link_list(lines: Sequence[_Line]) -> int:
    """Index of the line with which a closing link list begins; the number of lines if none."""
    weights = (len(line.text) if line.is_prose else -len(line.text) for line in reversed(lines))
    prose_surplus = list(accumulate(weights, initial=0))[::-1]
    dated = _dated_lists(lines)
    for index, line in enumerate(lines):
        if prose_surplus[index] < 0 and (index in dated or line.phrase in _list_headings()):
            return index
    return len(lines)


def _dated_lists(lines: Sequence[_Line]) -> set[int]:
    """First lines of runs of two or more headlines that each carry a time and a date."""
    begins = set()
    first = previous = -1
    for index, line in enumerate(lines):
        if line.is_prose:
            first = previous = -1
        elif _STAMP.fullmatch(line.text):
            near = previous >= 0 and index - previous <= _MOST_LINES_BETWEEN_STAMPS + 1
            if near:
                begins.add(first)
            else:
                has_headline = index > 0 and not lines[index - 1].is_prose
                first = index - 1 if has_headline else index
            previous = index
    return begins


@cache
def _list_headings() -> frozenset[str]:
    return frozenset(line for one in all_languages() for line in one.furniture.list_headings)


@cache
def _menu() -> frozenset[str]:
    return frozenset(line for one in all_languages() for line in one.furniture.menu)


@cache
def _breadcrumb() -> re.Pattern[str]:
    home = joined(lambda language: language.furniture.home)
    return re.compile(rf"(?i){home}(?: ?[>/|] ?[^>/|.]{{1,40}}){{1,5}}")


@cache
def _feed_footer() -> re.Pattern[str]:
    footers = joined(lambda language: language.furniture.feed_footers)
    return re.compile(rf"(?:^|(?<=[.!?\"')] )){footers}$")


@cache
def _closing() -> re.Pattern[str]:
    """Lines that are furniture only where nothing but furniture follows."""
    owned = rf"(?:{_OWNED}|{joined(lambda language: language.furniture.copyright)})"
    rights = joined(lambda language: language.furniture.rights)
    see_also = joined(lambda language: language.furniture.see_also)
    tagged = joined(lambda language: language.furniture.tagged)
    subscribe = joined(lambda language: language.furniture.subscribe)
    share = joined(lambda language: language.furniture.share)
    return re.compile(
        rf"(?i){owned}.{{0,200}}"
        rf"|.{{0,100}}\b{rights}\b.{{0,60}}"
        rf"|(?:>>+|{see_also} ?[:|]).{{0,250}}"
        rf"|{tagged} ?:.{{0,250}}"
        rf"|{subscribe}.{{0,200}}"
        rf"|(?:{_SOCIAL}|{share})[ :|]*"
        r"|[^\w]{1,80}"
    )
