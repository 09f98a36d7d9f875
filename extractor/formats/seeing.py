"""The characters of a PDF page that a reader sees, with their places.

Not seen are: what is drawn in no ink or white on white, too small to read, outside the page, or
askew as watermarks are. Undrawn text is believed only over a picture of the whole page: a program
has recognised it there.
"""

from __future__ import annotations

from collections.abc import Iterator
from ctypes import byref, c_float, c_int, c_uint, c_void_p, cast
from math import tau
from typing import Any, Final, Literal, NamedTuple, TypeAlias

import pypdfium2.raw as pdfium

from extractor.formats.layout import Char

_Ink: TypeAlias = Literal["seen", "undrawn", "hidden", "white"]
_Box: TypeAlias = tuple[float, float, float, float]
_SMALLEST: Final = 2.0
_SLANT: Final = 0.1
_HYPHENS_AT_LINE_ENDS: Final = (0x02, 0xFFFE)
_WHITE: Final = 250
_UNDRAWN: Final = (3, 7)
_FEWEST_DRAWN: Final = 20
_COVERED: Final = 0.5
_LIGATURES: Final = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl"}


def pictured(page: Any) -> bool:
    """Whether pictures cover most of the page."""
    width, height = page.get_size()
    covered = 0.0
    for item in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_IMAGE,), max_depth=2):
        x0, y0, x1, y1 = _bounds(item.raw)
        covered += max(0.0, x1 - x0) * max(0.0, y1 - y0)
    return bool(covered > _COVERED * width * height)


def characters_of(page: Any, text: Any) -> list[Char]:
    """The characters that are seen, in the order of drawing, and the spaces between them."""
    found = list(_characters(page, text))
    drawn = [char for ink, char in found if ink == "seen"]
    if sum(not char.sign.isspace() for char in drawn) < _FEWEST_DRAWN and pictured(page):
        return [char for ink, char in found if ink in ("seen", "undrawn")]
    return drawn


def _characters(page: Any, text: Any) -> Iterator[tuple[_Ink, Char]]:
    frame = _Frame(page)
    inks = _Inks(page)
    ink: _Ink = "seen"
    high = 0
    for index in range(text.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text.raw, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000 and high:
            code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00
        high = 0
        if not (sign := _sign(code)):
            continue
        if pdfium.FPDFText_IsGenerated(text.raw, index) == 1:
            yield ink, Char(sign, None)
            continue
        box = text.get_charbox(index, loose=True)
        ink = inks.of(text, index, box)
        if not frame.holds(box) or not frame.is_level(text, index):
            ink = "hidden"
        yield ink, Char(sign, frame.as_shown(box))


def _sign(code: int) -> str:
    if code in _HYPHENS_AT_LINE_ENDS:
        return "\u00ad"
    if code < 0x20:
        return " " if code in (0x09, 0x0A, 0x0D) else ""
    if 0xD800 <= code < 0xE000 or code in (0xFFFF, 0xFEFF) or code > 0x10FFFF:
        return ""
    return _LIGATURES.get(code) or chr(code)


class _Frame:
    """The page as it is shown: what of it, and which way up."""

    def __init__(self, page: Any) -> None:
        self._left, self._bottom, right, top = page.get_cropbox()
        self._width, self._height = right - self._left, top - self._bottom
        self._turns = page.get_rotation() // 90

    def holds(self, box: _Box) -> bool:
        x, y = (box[0] + box[2]) / 2 - self._left, (box[1] + box[3]) / 2 - self._bottom
        return bool(0 <= x <= self._width and 0 <= y <= self._height)

    def is_level(self, text: Any, index: int) -> bool:
        """Whether it stands upright: watermarks and words along the margin do not."""
        angle = pdfium.FPDFText_GetCharAngle(text.raw, index) + self._turns * tau / 4
        return bool(min(angle % tau, -angle % tau) < _SLANT)

    def as_shown(self, box: _Box) -> _Box:
        """Left, top, right and bottom, counted from the top left corner."""
        x0, y0 = box[0] - self._left, box[1] - self._bottom
        x1, y1 = box[2] - self._left, box[3] - self._bottom
        width, height = self._width, self._height
        return (
            (x0, height - y1, x1, height - y0),
            (y0, x0, y1, x1),
            (width - x1, y0, width - x0, y1),
            (height - y1, width - x1, height - y0, width - x0),
        )[self._turns]


class _Inks:
    """How characters are drawn; found once for each object of the page, which has one ink."""

    def __init__(self, page: Any) -> None:
        self._shapes = list(_shapes(page))
        self._known: dict[int, _Ink] = {}

    def of(self, text: Any, index: int, box: _Box) -> _Ink:
        if box[3] - box[1] < _SMALLEST and box[2] - box[0] < _SMALLEST:
            return "hidden"
        drawn = pdfium.FPDFText_GetTextObject(text.raw, index)
        key = cast(drawn, c_void_p).value
        if key is None:
            return "seen"
        if key not in self._known:
            self._known[key] = _ink(drawn)
        ink = self._known[key]
        if ink != "white":
            return ink
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        under = any(x0 <= x <= x1 and y0 <= y <= y1 for x0, y0, x1, y1 in self._shapes)
        return "seen" if under else "hidden"


def _ink(drawn: Any) -> _Ink:
    if pdfium.FPDFTextObj_GetTextRenderMode(drawn) in _UNDRAWN:
        return "undrawn"
    fill = _fill(drawn)
    if fill is not None and fill.alpha == 0:
        return "hidden"
    return "white" if fill is not None and fill.is_white else "seen"


class _Fill(NamedTuple):
    red: int
    green: int
    blue: int
    alpha: int

    @property
    def is_white(self) -> bool:
        return min(self.red, self.green, self.blue) >= _WHITE


def _fill(item: Any) -> _Fill | None:
    parts = [c_uint() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetFillColor(item, *map(byref, parts)):
        return None
    return _Fill(*(part.value for part in parts))


def _shapes(page: Any) -> Iterator[_Box]:
    """The places of whatever white words can be read on."""
    kinds = (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING)
    for item in page.get_objects(filter=kinds, max_depth=1):
        if item.type == pdfium.FPDF_PAGEOBJ_PATH:
            mode, stroked = c_int(), c_int()
            pdfium.FPDFPath_GetDrawMode(item.raw, byref(mode), byref(stroked))
            fill = _fill(item.raw)
            if not mode.value or fill is None or fill.is_white or fill.alpha == 0:
                continue
        yield _bounds(item.raw)


def _bounds(item: Any) -> _Box:
    """Left, bottom, right and top."""
    parts = [c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(item, *map(byref, parts)):
        return 0.0, 0.0, 0.0, 0.0
    left, bottom, right, top = (part.value for part in parts)
    return left, bottom, right, top
