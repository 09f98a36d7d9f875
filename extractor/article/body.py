"""The body: which stretch of a page's text is the article and not page furniture.

Text taken from web pages carries menus, link lists, share buttons and feed footers, some of which
state real facts about other stories. Three things end an article: the mark that news agencies
print at the end of their copy, the footer that blogs add to their feed, and a link list. The first
two are unmistakable wherever they stand. A link list is believed only if headlines outweigh prose
in what follows, or if headlines and summaries take turns, because many sites put a small list
between two paragraphs; such a small list holds no sentence. Comments end an article where they are
counted, and so do the sections that press releases end with, if nothing else comes after them; of
those, lines that tell of the story are kept (`release_sections`). The words are in `furniture.toml`
of each language.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import accumulate, pairwise
from typing import Final

from extractor.article.lines import PageLine, lines_in
from extractor.article.release_sections import ReleaseEnd, release_end
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

_FEWEST_TEASERS: Final = 2
_LARGEST_BOX: Final = 4
"""Headlines in a box between paragraphs."""
# "Comments (3)", "3 comments"
_COUNTED: Final = re.compile(r"\(?\b\d{1,5}\b\)?")


def find_body(text: str) -> tuple[int, int]:
    """Start and end of the article in folded text, trimmed; (0, 0) if there is no article.

    The first end mark at the end of a line ends the article even if prose follows: whoever prints
    it means that the copy is over, so what follows is another story.
    """
    lines, last = _article(text)
    lines = _without_closing_lines(lines[: last.end])
    if not any(char.isalnum() for line in lines for char in line.text):
        return 0, 0
    return lines[0].start, lines[-1].end


def find_boxes(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Where furniture stands within the body: small boxes of links, sections of a press release.

    A box stands between paragraphs, and is a heading and headlines.
    """
    lines, last_sections = _article(text)
    boxes = [(lines[at].start, lines[at].end) for at in last_sections.dropped]
    lines = [line for line in lines_in(text[:end]) if line.start >= start]
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
    return tuple(sorted(boxes))


def _article(text: str) -> tuple[list[PageLine], ReleaseEnd]:
    """The lines of the article, and the last sections of a press release among them."""
    lines = _up_to_closing_words(_without_menu(lines_in(text)))
    lines = _without_closing_lines(lines[: _link_list(lines)])
    return lines, release_end(lines)


def _without_closing_lines(lines: list[PageLine]) -> list[PageLine]:
    while lines and _closing().fullmatch(lines[-1].text):
        lines = lines[:-1]
    return lines


def _without_menu(lines: list[PageLine]) -> list[PageLine]:
    for index, line in enumerate(lines):
        if line.phrase not in _menu() and not _breadcrumb().fullmatch(line.text):
            return lines[index:]
    return []


def _up_to_closing_words(lines: list[PageLine]) -> list[PageLine]:
    """The lines up to the end mark, which is kept, or the feed footer, which is not."""
    for index, line in enumerate(lines):
        if mark := _END_MARK.search(line.text):
            return [*lines[:index], PageLine(line.start, line.text[: mark.end()])]
        if footer := _feed_footer().search(line.text):
            before = line.text[: footer.start()].rstrip()
            return [*lines[:index], *([PageLine(line.start, before)] if before else [])]
    return lines


def _link_list(lines: Sequence[PageLine]) -> int:
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


def _is_teasers(lines: Sequence[PageLine]) -> bool:
    """Whether headlines and summaries of one paragraph take turns up to the end."""
    lines = _without_closing_lines(list(lines))
    told = [line.is_prose for line in lines]
    headlines = sum(not prose for prose in told)
    if headlines < _FEWEST_TEASERS or not lines or told[0]:
        return False
    return not any(one and other for one, other in pairwise(told))


def _dated_lists(lines: Sequence[PageLine]) -> set[int]:
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
