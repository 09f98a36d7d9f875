"""Dates of records as days between which they lie."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from extractor.records import DateValue

_YEAR: Final = re.compile(r"(\d{4})")
_MONTH: Final = re.compile(r"(\d{4})-(\d{2})")
_DAY: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
# Level 2 of EDTF: seasons, quarters, thirds and halves of a year, as first and last month.
_PARTS: Final = {
    21: (3, 5),
    22: (6, 8),
    23: (9, 11),
    24: (12, 12),
    33: (1, 3),
    34: (4, 6),
    35: (7, 9),
    36: (10, 12),
    37: (1, 4),
    38: (5, 8),
    39: (9, 12),
    40: (1, 6),
    41: (7, 12),
}


@dataclass(frozen=True, slots=True)
class Days:
    """From a first to a last day, both in it."""

    first: date
    last: date

    def gap(self, other: Days) -> int:
        """How many days lie between the two; 0 if they meet."""
        return max((other.first - self.last).days, (self.first - other.last).days, 0)


def days_of(value: DateValue | str | None) -> Days | None:
    """The days that a date may mean; None without a year."""
    text = value.edtf if isinstance(value, DateValue) else value
    if not text:
        return None
    ends = [_one(part) for part in re.sub(r"[~?%\[\]{}]", "", text).split("/")]
    known = [end for end in ends if end is not None]
    return Days(known[0].first, known[-1].last) if known else None


def _one(text: str) -> Days | None:
    try:
        if match := _DAY.fullmatch(text):
            day = date(*(int(part) for part in match.groups()))
            return Days(day, day)
        if match := _MONTH.fullmatch(text):
            year, month = int(match[1]), int(match[2])
            first, last = _PARTS.get(month, (month, month))
            return Days(date(year, first, 1), _end(year, last))
        if match := _YEAR.fullmatch(text):
            return Days(date(int(match[1]), 1, 1), date(int(match[1]), 12, 31))
    except ValueError:
        pass
    return None


def _end(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return following - timedelta(days=1)
