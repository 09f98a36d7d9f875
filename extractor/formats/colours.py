"""Colours: whether words have the colour of what is behind them, as far as a page itself tells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

Colour: TypeAlias = tuple[int, int, int]
Sheet: TypeAlias = Mapping[tuple[str, str, str], str]
"""Declarations by tag, sign and name of a simple selector."""

_WHITE: Final = (255, 255, 255)
_NAMES: Final[Mapping[str, Colour]] = {
    "white": _WHITE,
    "snow": (255, 250, 250),
    "ivory": (255, 255, 240),
    "ghostwhite": (248, 248, 255),
    "floralwhite": (255, 250, 240),
    "whitesmoke": (245, 245, 245),
    "black": (0, 0, 0),
    "silver": (192, 192, 192),
    "red": (255, 0, 0),
    "green": (0, 128, 0),
    "blue": (0, 0, 255),
    "navy": (0, 0, 128),
    "yellow": (255, 255, 0),
}
_MOST_APART: Final = 12
"""Of 255, in any of red, green and blue: nobody tells such colours apart."""
_HEX: Final = re.compile(r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})\b")
_RGB: Final = re.compile(r"rgba?\(([^)]{1,60})\)")
_FOREGROUND: Final = re.compile(r"(?:^|[;{\s])color\s*:\s*([^;}!]{1,60})")
_BACKGROUND: Final = re.compile(r"(?:^|[;{\s])background(?:-color|-image)?\s*:\s*([^;}!]{1,200})")
_CLEAR: Final = re.compile(r"\b(?:transparent|none|inherit|initial|unset)\b")


def is_unseen(element: Any, sheet: Sheet) -> bool:
    """Whether an element gives its words the colour of their background, or none.

    Where no background is declared it is white.
    """
    told = _declared(_FOREGROUND, element, sheet) or element.get("color", "").lower()
    if not told or next(element.iter("h1"), None) is not None:
        return False
    colour = _colour(told)
    if colour is None:
        return "transparent" in told
    behind = _behind(element, sheet)
    return behind is not None and _are_alike(colour, behind)


def _behind(element: Any, sheet: Sheet) -> Colour | None:
    """The nearest background; None where it is a picture or no colour that we know."""
    for each in (element, *element.iterancestors()):
        told = _declared(_BACKGROUND, each, sheet) or each.get("bgcolor", "").lower()
        if told and not _CLEAR.search(told):
            return _colour(told)
    return _WHITE


def _declared(pattern: re.Pattern[str], element: Any, sheet: Sheet) -> str:
    """What the element's own style declares last, else the sheet for its names."""
    for style in (element.get("style", ""), *_rules(element, sheet)):
        if found := pattern.findall(style.lower()):
            return str(found[-1]).strip()
    return ""


def _rules(element: Any, sheet: Sheet) -> Iterator[str]:
    if sheet:
        names = [(".", name) for name in element.get("class", "").split()]
        names += [("#", element.get("id", "")), ("", "")]
        for sign, name in names:
            for tag in ("", str(element.tag)):
                if rules := sheet.get((tag, sign, name)):
                    yield rules


def _colour(told: str) -> Colour | None:
    """The colour of a declaration; None of what is no plain colour, or almost transparent."""
    if "(" in told and not _RGB.search(told):
        return None
    if found := _HEX.search(told):
        digits = found[1]
        if len(digits) < 6:
            digits = "".join(2 * digit for digit in digits)
        return (int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16))
    if found := _RGB.search(told):
        parts = [int(part) for part in re.findall(r"\d+", found[1])[:3]]
        return (parts[0], parts[1], parts[2]) if len(parts) == 3 else None
    names = [_NAMES[word] for word in re.findall(r"[a-z]+", told) if word in _NAMES]
    return names[0] if names else None


def _are_alike(one: Colour, other: Colour) -> bool:
    return all(abs(a - b) <= _MOST_APART for a, b in zip(one, other, strict=True))
