"""Figures: what digits and marks are worth, by the evidence of how they are grouped.

The two marks of a figure mean what its language says, and where they can mean but one thing they
mean that in any language: "1,234.5", "12.500.000", "3.75". One mark before exactly three digits may
be either. It separates thousands where it is the thousands mark. The other one is decimal before a
scale word ("1,125 milliard"), for nobody writes a price so, and it separates thousands before three
zeros, for nobody writes those as decimals. All else has two meanings, and no value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Final

FIGURE: Final = r"[0-9]{1,3}(?:[ ][0-9]{3})+(?![0-9])(?:[.,][0-9]+)?|[0-9]+(?:[.,'][0-9]+)*"

_MAX_CHARACTERS: Final = 24
_IN_PAIRS: Final = re.compile(r"[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}(?:\.[0-9]+)?")
_SPACED: Final = re.compile(r"[0-9]{1,3}([ '])[0-9]{3}(?:\1[0-9]{3})*(?:([.,])([0-9]+))?")
_GROUPED: Final = re.compile(r"[1-9][0-9]{0,2}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*")
_LEADING_ZERO: Final = re.compile("0[0-9]")


class NoValue(Enum):
    """Why a figure has no value."""

    TWO_MEANINGS = 2
    NO_MEANING = 0


@dataclass(frozen=True, slots=True)
class Marks:
    """How figures are written in a place: `thousands` is empty where nothing tells the mark.

    `loose` says that writers separate thousands by the decimal mark as well, `pairs` that digits
    above the thousands may be grouped in pairs, `padded` that small numbers may begin with a zero.
    """

    thousands: str
    loose: bool = False
    pairs: bool = False
    padded: bool = False


def may_be_in_pairs(figure: str) -> bool:
    """Whether the digits are grouped as in India: 12,34,567."""
    return _IN_PAIRS.fullmatch(figure) is not None


def value_of(figure: str, marks: Marks, *, scaled: bool) -> Decimal | NoValue:
    """The value of a figure that matches FIGURE; `scaled` says that a scale word follows it."""
    if figure.isdigit():
        return _whole(figure, marks, scaled=scaled)
    if len(figure) > _MAX_CHARACTERS or _LEADING_ZERO.match(figure):
        return NoValue.NO_MEANING
    if "'" in figure or " " in figure:
        return _spaced(figure, marks)
    if marks.pairs and _IN_PAIRS.fullmatch(figure):
        return Decimal(figure.replace(",", ""))
    kinds = {*figure} & {*".,"}
    if len(kinds) == 2:
        return _with_both(figure, marks)
    mark = kinds.pop()
    if figure.count(mark) > 1:
        return (
            Decimal(figure.replace(mark, "")) if _GROUPED.fullmatch(figure) else NoValue.NO_MEANING
        )
    if not _GROUPED.fullmatch(figure):
        return Decimal(figure.replace(",", "."))
    return _with_one(figure, mark, marks, scaled=scaled)


def _whole(figure: str, marks: Marks, *, scaled: bool) -> Decimal | NoValue:
    padded = marks.padded and scaled and len(figure) == 2
    if len(figure) > _MAX_CHARACTERS or (_LEADING_ZERO.match(figure) and not padded):
        return NoValue.NO_MEANING
    return Decimal(figure)


def _spaced(figure: str, marks: Marks) -> Decimal | NoValue:
    match = _SPACED.fullmatch(figure)
    if match is None:
        return NoValue.NO_MEANING
    if match[3] and len(match[3]) == 3 and match[2] == marks.thousands:
        return NoValue.TWO_MEANINGS
    return Decimal(figure.replace(match[1], "").replace(",", "."))


def _with_both(figure: str, marks: Marks) -> Decimal | NoValue:
    """The value of a figure with both marks: the last one is decimal."""
    last = max(".,", key=figure.rfind)
    whole, _, fraction = figure.rpartition(last)
    if not _GROUPED.fullmatch(whole):
        return NoValue.NO_MEANING
    if len(fraction) == 3 and last == marks.thousands:
        return NoValue.TWO_MEANINGS
    return Decimal(f"{re.sub('[.,]', '', whole)}.{fraction}")


def _with_one(figure: str, mark: str, marks: Marks, *, scaled: bool) -> Decimal | NoValue:
    """The value of a figure with one mark before exactly three digits."""
    separates = mark == marks.thousands
    if figure.endswith("000"):
        separates = separates or not scaled or marks.loose
    elif not separates and (not marks.thousands or marks.loose or not scaled):
        return NoValue.TWO_MEANINGS
    elif not separates:
        return Decimal(figure.replace(",", "."))
    return Decimal(figure.replace(mark, "")) if separates else NoValue.TWO_MEANINGS
