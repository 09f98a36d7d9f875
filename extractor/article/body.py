"""The body: which stretch of a page's text is the article and not page furniture.

Text taken from web pages carries menus, link lists, share buttons and feed footers, some of which
state real facts about other stories. Three things end an article: the mark that news agencies
print at the end of their copy, the footer that blogs add to their feed, and a link list. The first
two are unmistakable wherever they stand. A link list is believed only if headlines outweigh prose
in what follows, or if headlines and summaries take turns, because many sites put a small list
between two paragraphs; such a small list holds no sentence. Comments end an article where they are
counted, and so do the sections that press releases end with, if nothing else comes after them. The
words are in `furniture.toml` of each language.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from typing import Final

from extractor.languages import all_languages
from extractor.languages.patterns import joined
from extractor.languages.prefilter import Sparing

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
_FEWEST_TEASERS: Final = 2
_LARGEST_BOX: Final = 4
"""Headlines in a box between paragraphs."""
# "Comments (3)", "3 comments"
_COUNTED: Final = re.compile(r"\(?\b\d{1,5}\b\)?")

# How a press release ends: how many lines may belong to each of its last sections.
_ABOUT, _CAUTION, _CONTACT = "about", "caution", "contact"
_REACH: Final = {_ABOUT: 3, _CAUTION: 8, _CONTACT: 6}
_LONGEST_HEADING: Final = 100
_NAME_STANDS_WITHIN: Final = 80
_REACHED: Final = re.compile(
    r"[\w.+-]{1,64}@[\w-]{1,64}\.\w|https?://|\bwww\.|(?:\+|\b0|\()[\d(][\d ().-]{6,20}\d"
)
_ENDED: Final = re.compile(r"#{3,10}|[-*# ]{0,5}\b30\b[-*# ]{1,5}")

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
    lines = _without_closing_lines(lines[: _link_list(lines)])
    lines = _without_closing_lines(lines[: _last_sections(lines)])
    if not any(char.isalnum() for line in lines for char in line.text):
        return 0, 0
    return lines[0].start, lines[-1].end


def find_boxes(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Where in the body small boxes of links stand between paragraphs: a heading and headlines."""
    lines = [line for line in _lines(text[:end]) if line.start >= start]
    boxes = []
    for place, line in enumerate(lines):
        if line.phrase not in _list_headings():
            continue
        last = place
        for headline in lines[place + 1 : place + 1 + _LARGEST_BOX]:
            if headline.is_prose or headline.text[-1] in ".:;":
                break
            last += 1
        # What no prose follows is no box between paragraphs, and may be a section of the article.
        if place < last and last + 1 < len(lines) and lines[last + 1].is_prose:
            boxes.append((line.start, lines[last].end))
    return tuple(boxes)


def _without_closing_lines(lines: list[_Line]) -> list[_Line]:
    while lines and _closing().fullmatch(lines[-1].text):
        lines = lines[:-1]
    return lines


def _last_sections(lines: Sequence[_Line]) -> int:
    """Index of the line with which the last sections of a press release begin.

    About whom it tells, cautions, whom to ask: nothing but these may follow. A section about
    somebody stands alone only if it begins with a name from the article.
    """
    prose = next((i for i, line in enumerate(lines) if line.is_prose), len(lines))
    begin = following = len(lines)
    alone = True
    for place in range(len(lines) - 1, prose, -1):
        kind = _section(lines, place)
        if kind is None:
            continue
        if following > place + _REACH[kind] + 1:
            break
        following = place
        alone = alone and kind == _ABOUT
        if not alone or _tells_of_a_party(lines, place):
            begin = place
    return begin


def _section(lines: Sequence[_Line], place: int) -> str | None:
    """Which of the last sections of a press release a line is the heading of."""
    line = lines[place]
    heading = line.text.strip(" #*")
    if len(heading) <= _LONGEST_HEADING:
        if _about().fullmatch(heading):
            return _ABOUT
        if _cautions().fullmatch(line.phrase):
            return _CAUTION
        if _contacts().match(line.phrase):
            near = lines[place : place + 1 + _REACH[_CONTACT]]
            whole = heading.endswith(":") or bool(_contacts().fullmatch(line.phrase))
            whole = whole or bool(_REACHED.search(line.text))
            if whole and any(_REACHED.search(each.text) for each in near):
                return _CONTACT
    if _ENDED.fullmatch(line.text):
        return _CAUTION
    return None


def _tells_of_a_party(lines: Sequence[_Line], place: int) -> bool:
    """Whether the paragraph under "About …" begins with that name, and the article has it too."""
    heading = _about().fullmatch(lines[place].text.strip(" #*"))
    name = heading["name"].strip(" :") if heading else ""
    following = lines[place + 1].text[:_NAME_STANDS_WITHIN] if place + 1 < len(lines) else ""
    return bool(name) and name in following and any(name in line.text for line in lines[:place])


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
        if line.phrase in _list_headings() and _is_teasers(lines[index + 1 :]):
            return index
        if _COUNTED.search(line.phrase) and index and _counted_comments().fullmatch(line.phrase):
            return index
    return len(lines)


def _is_teasers(lines: Sequence[_Line]) -> bool:
    """Whether headlines and summaries of one paragraph take turns up to the end."""
    lines = _without_closing_lines(list(lines))
    told = [line.is_prose for line in lines]
    headlines = sum(not prose for prose in told)
    if headlines < _FEWEST_TEASERS or not lines or told[0]:
        return False
    return not any(one and other for one, other in pairwise(told))


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
def _counted_comments() -> re.Pattern[str]:
    words = joined(lambda language: language.furniture.comments)
    return re.compile(rf"(?i)(?:{words} ?\(?\d{{1,5}}\)?|\(?\d{{1,5}}\)? {words})")


@cache
def _about() -> re.Pattern[str]:
    """The case counts: a name begins with a capital letter."""
    about = joined(lambda language: language.furniture.about)
    return re.compile(rf"{about} (?P<name>[^\W\d_a-zà-öø-ÿ][^.!?:]{{1,80}}?):?")


@cache
def _cautions() -> re.Pattern[str]:
    return re.compile(rf"(?i){joined(lambda language: language.furniture.cautions)}")


@cache
def _contacts() -> re.Pattern[str]:
    return re.compile(rf"(?i){joined(lambda language: language.furniture.contacts)}\b")


@cache
def _breadcrumb() -> re.Pattern[str]:
    home = joined(lambda language: language.furniture.home)
    return re.compile(rf"(?i){home}(?: ?[>/|] ?[^>/|.]{{1,40}}){{1,5}}")


@cache
def _feed_footer() -> Sparing:
    footers = joined(lambda language: language.furniture.feed_footers)
    return Sparing(rf"(?:^|(?<=[.!?\"')] )){footers}$")


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
