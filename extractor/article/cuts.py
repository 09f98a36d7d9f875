"""Cuts: which stretches of an article are not read, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from extractor.article.captions import holds_word, is_caption
from extractor.article.types import Article

CutReason = Literal["page_furniture", "caption", "addressed_to_a_program", "footnote_mark"]


@dataclass(frozen=True, slots=True)
class Cut:
    """A stretch of the original article that no sentence holds, or that is taken out of one."""

    start: int
    end: int
    reason: CutReason


def cuts_of(article: Article) -> tuple[Cut, ...]:
    """What is not read of the article, in order; stretches without a letter or figure are not told.

    An order to a program may have stood within a sentence: its stretch then lies inside of it.
    """
    found = [*_lines_left_out(article), *_taken_out(article)]
    return tuple(sorted(found, key=lambda cut: (cut.start, cut.end)))


def _lines_left_out(article: Article) -> Iterator[Cut]:
    """Lines outside the sentences; those of one reason that stand together are one cut."""
    folded = article.folding.text
    held = {sentence.folded_start for sentence in article.sentences}
    open_cut: Cut | None = None
    begin = 0
    for line in folded.split("\n"):
        end = begin + len(line)
        is_held = any(start in held for start in range(begin, end))
        text = line.strip()
        if is_held or (text and not holds_word(text)):
            cut = None if is_held else open_cut
        elif not text:
            cut = open_cut
        else:
            reason: CutReason = "caption" if is_caption(text) else "page_furniture"
            start, stop = article.folding.span(
                begin + len(line) - len(line.lstrip()), begin + len(line.rstrip())
            )
            if open_cut and open_cut.reason == reason:
                cut = Cut(open_cut.start, stop, reason)
            else:
                if open_cut:
                    yield open_cut
                cut = Cut(start, stop, reason)
        if cut is None and open_cut:
            yield open_cut
        open_cut = cut
        begin = end + 1
    if open_cut:
        yield open_cut


def _taken_out(article: Article) -> Iterator[Cut]:
    """What is taken out of sentences: marks of footnotes, and what speaks to a program."""
    starts, ends = article.folding.starts, article.folding.ends
    if starts is None or ends is None:
        return
    last = 0
    for start, end in zip((*starts, len(article.original)), (*ends, 0), strict=True):
        if start - last > 1 and holds_word(article.original[last:start]):
            words = article.original[last:start]
            stripped = words.strip()
            at = last + words.index(stripped)
            told = any(map(str.isalpha, stripped))
            reason: CutReason = "addressed_to_a_program" if told else "footnote_mark"
            yield Cut(at, at + len(stripped), reason)
        last = max(last, end)
