"""What runs along: headers, footers and numbers of pages, which are no part of the article."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from extractor.formats.layout import Page, Segment

# Which part of the height of a page, above and below, is its margin.
_MARGIN: Final = 0.12
# On how many pages it must stand, at the same height to so many points: chapters have their own.
_FEWEST: Final = 2
_OF_MANY: Final = 3
_MANY: Final = 5
_SAME: Final = 6
_DIGITS: Final = re.compile(r"\d+")
_NUMBER: Final = re.compile(r"[^\w]*(?:\d{1,4}|[ivxlc]{1,6})(?:\s*/\s*\d{1,4})?[^\w]*")


def without_running(pages: Sequence[Page]) -> list[Page]:
    """The pages without what stands in the margins of many, numbers apart, and without numbers."""
    counts = Counter(key for page in pages for key in {*_keys(page)})
    enough = _OF_MANY if len(pages) > _MANY else _FEWEST
    return [
        replace(
            page,
            segments=tuple(
                each
                for each in page.segments
                if not _is_in_margin(each, page)
                or not (_NUMBER.fullmatch(each.text) or counts[_key(each)] >= enough)
            ),
        )
        for page in pages
    ]


def _keys(page: Page) -> list[tuple[str, int]]:
    return [_key(each) for each in page.segments if _is_in_margin(each, page)]


def _key(segment: Segment) -> tuple[str, int]:
    return _DIGITS.sub("#", segment.text).casefold(), round(segment.middle / _SAME)


def _is_in_margin(segment: Segment, page: Page) -> bool:
    return segment.bottom < _MARGIN * page.height or segment.top > (1 - _MARGIN) * page.height
