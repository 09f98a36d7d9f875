"""Numbers that count nothing: years, prices, parts of things, and those that name something."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import Final

from extractor.languages import Rules, language_of
from extractor.languages.patterns import any_of, joined
from extractor.mentions.amounts.numerals import Quantity
from extractor.mentions.amounts.tokens import DASHES

_LEFT_WINDOW: Final = 40
# "5.5 schools" are none, and "14.30 people" may be people at half past two.
_BROKEN: Final = re.compile(r"[0-9][.,][0-9]{1,2}$")
_YEAR: Final = re.compile(rf"(?:19|20)[0-9]{{2}}(?=$|\s?[{DASHES}]| [^\W\d_]+ )")
_CURRENCY_SIGNS: Final = "$€£¥₩₫"


def is_whole(text: str, quantity: Quantity) -> bool:
    """Say whether it is a number of things, of which there are no halves."""
    bounds = (quantity.value, quantity.upper)
    broken = quantity.scale == 1 and _BROKEN.search(text, quantity.start, quantity.end)
    return not broken and all(bound is None or bound % 1 == 0 for bound in bounds)


def is_label(text: str, quantity: Quantity, language: Rules) -> bool:
    """Say whether the number is a year, a price, or names something ("phase 2")."""
    left = text[max(0, quantity.start - _LEFT_WINDOW) : quantity.start]
    if left[-1:] in tuple(_CURRENCY_SIGNS) or _touches(left, language):
        return True
    if _refused(language).search(left):
        return True
    if _YEAR.match(text[quantity.start : quantity.end]) is None:
        return False
    value = quantity.value or Decimal(0)
    return value % 50 != 0 or _before_year(language).search(left) is not None


def _touches(left: str, language: Rules) -> bool:
    """Say whether a letter touches the number; one that needs no blank behind it does not."""
    unspaced = language_of(language).writing.unspaced
    return left[-1:].isalpha() and (left[-1].isascii() or not unspaced)


def is_name(text: str, quantity: Quantity, end: int) -> bool:
    """Say whether the number belongs to the capitalised word before it ("Llama 3 models")."""
    number = text[quantity.start : quantity.end]
    words = text[max(0, quantity.start - _LEFT_WINDOW) : quantity.start].split()
    if not number.isdigit() or len(number) > 4 or len(words) < 2:
        return False
    noun = (text[quantity.end : end].split() or [""])[-1]
    in_title = noun[:1].isupper() and noun[1:].islower()
    named = words[-1][0].isupper() and words[-1][-1].isalnum() and words[-2][-1] not in ".!?:"
    return named and not in_title


def refused_left(language: Rules) -> str:
    """Return the pattern of what stands before a number that names something or is one of so many.

    "Phase 2" counts no phases, and "one in five companies" no companies.
    """
    words = language_of(language).counts
    one = joined(lambda each: each.counts.one_in_numbers, language)
    return (
        rf"(?<!\w){any_of(words.labels)}[ -]?$"
        rf"|(?:[0-9]|(?<!\w){one}) {any_of(words.one_in)} $"
    )


@cache
def _refused(language: Rules) -> re.Pattern[str]:
    return re.compile(refused_left(language), re.IGNORECASE)


@cache
def _before_year(language: Rules) -> re.Pattern[str]:
    words = any_of(language_of(language).counts.before_year)
    return re.compile(rf"(?<!\w){words}\s*$", re.IGNORECASE)
