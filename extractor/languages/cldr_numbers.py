"""Numbers of a language as CLDR has them: digits, marks, and scale words.

The scale words are those of CLDR's compact numbers ("5 Milliarden", "5 Mrd."). They are sure where
they stand right behind a figure in a form that a number governs; other cases of a language that
inflects them, and scale words before their figure, are not in CLDR.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final, Literal

from extractor.languages.amount_words import AmountCues, AmountWords
from extractor.languages.locales import UNKNOWN, locale_of
from extractor.languages.part import nothing

Width = Literal["long", "short"]
Mark = Literal[".", ",", ""]

_DIRECTIONS: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Every digit of Unicode is in its first two planes.
_LAST_DIGIT: Final = 0x1FFFF
_BLANKS: Final = " \u00a0\u202f"
_ARABIC_DECIMAL: Final = "\N{ARABIC DECIMAL SEPARATOR}"
_ARABIC_GROUP: Final = "\N{ARABIC THOUSANDS SEPARATOR}"


def as_text(name: str) -> str:
    """A name of CLDR as folded text has it: composed, without marks of direction."""
    straight = _DIRECTIONS.sub("", name).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return unicodedata.normalize("NFC", re.sub(f"[{_BLANKS}]", " ", straight))


@cache
def scale_words(code: str, width: Width) -> dict[str, int]:
    """Scale word to power of ten, as CLDR abbreviates large numbers in the language."""
    found: dict[str, int] = {}
    formats = locale_of(code).compact_decimal_formats.get(width) or {}
    for forms in formats.values():
        for magnitude, pattern in forms.items():
            figure = as_text(pattern.pattern.partition(";")[0]).replace("'", "")
            before, zero, behind = figure.partition("0")
            if zero and before.strip():
                # A scale word before its figure is none that the engines read.
                continue
            zeros = figure.count("0")
            word = (behind.lstrip("0") if zero else before).strip()
            if word:
                found[word] = len(magnitude) - max(1, zeros)
    return found


def amount_words(code: str) -> AmountWords:
    """What CLDR knows of how numbers are said and written."""
    # Any word behind "per" or a slash may be one of time, so none makes an amount one of each.
    each = {"times": (r"\w+",), "behind": (), "before": (), "of": (), "of_number": ()}
    return nothing(
        AmountWords,
        cues=nothing(AmountCues, each=each),
        thousands_mark=thousands_mark(code),
        scales=_by_power(code, "long"),
        short_scales=_by_power(code, "short"),
    )


def thousands_mark(code: str) -> Mark:
    """The mark that separates thousands, whatever else may; empty if nothing tells.

    A language that separates them with a blank has the mark that is not its decimal one.
    """
    if code == UNKNOWN:
        return ""
    symbols = locale_of(code).number_symbols["latn"]
    return "." if symbols["decimal"] == "," else ","


def digits(code: str) -> dict[str, str]:
    """The digits of every script, and the marks of Arabic numbers as the language has them."""
    group = thousands_mark(code) or ","
    decimal = "," if group == "." else "."
    return {**_native_digits(), _ARABIC_DECIMAL: decimal, _ARABIC_GROUP: group}


def groups_in_pairs(code: str) -> bool:
    """Whether digits above the thousands are grouped in pairs: 12,34,567."""
    return bool(locale_of(code).decimal_formats[None].grouping == (3, 2))


def _by_power(code: str, width: Width) -> dict[int, tuple[str, ...]]:
    words = scale_words(code, width)
    if words == scale_words(UNKNOWN, width):
        # Nobody said how the language abbreviates them: "5G" is a network.
        return {}
    powers: dict[int, tuple[str, ...]] = {}
    for word, power in words.items():
        # The full stop of an abbreviation is also that of a sentence.
        written = dict.fromkeys((word, word.rstrip(".")))
        lower = tuple(one.lower() if width == "long" else one for one in written)
        powers[power] = (*powers.get(power, ()), *lower)
    return powers


@cache
def _native_digits() -> dict[str, str]:
    numerals = map(chr, range(128, _LAST_DIGIT + 1))
    return {
        char: str(unicodedata.decimal(char))
        for char in numerals
        if unicodedata.category(char) == "Nd"
    }
