"""A small writer of PDFs: words at places, in one font whose characters are all of Unicode."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 595
HEIGHT: Final = 842
# The width of every character, in the size of the font.
_CHARACTER: Final = 0.5


@dataclass(frozen=True)
class Line:
    """Words whose baseline begins at x, and at y from the top."""

    text: str
    x: float = 60
    y: float = 100
    size: float = 10
    mode: int = 0
    """How it is drawn; 3 is not at all."""
    color: str = "0 0 0"
    turned: bool = False


def paragraph(
    text: str, *, y: float, x: float = 60, characters: int = 90, size: float = 10
) -> list[Line]:
    """The text in lines of so many characters at most."""
    lines: list[str] = [""]
    for word in text.split(" "):
        if len(lines[-1]) + len(word) >= characters:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    return [Line(line, x, y + 1.2 * size * at, size) for at, line in enumerate(lines)]


def width_of(text: str, size: float = 10) -> float:
    return len(text) * size * _CHARACTER


def pdf(
    *pages: Iterable[Line],
    title: str | None = None,
    before: str = "",
    trailer: str = "",
    rotate: int = 0,
) -> bytes:
    """A document of these pages; `before` is drawn under their words."""
    codes: dict[str, int] = {}
    contents = [_content(list(page), codes, before, rotate) for page in pages]
    objects: list[bytes] = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{_kids(len(pages))}]>>".encode(),
        b"<</Type/Font/Subtype/Type0/BaseFont/Any/Encoding/Identity-H"
        b"/DescendantFonts[4 0 R]/ToUnicode 6 0 R>>",
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Any/DW %d"
        % round(1000 * _CHARACTER)
        + b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        b"/FontDescriptor 5 0 R>>",
        b"<</Type/FontDescriptor/FontName/Any/Flags 4/FontBBox[0 -200 500 800]/ItalicAngle 0"
        b"/Ascent 800/Descent -200/CapHeight 700/StemV 80>>",
        _stream(_names(codes)),
        f"<</Title({title or ''})>>".encode("latin-1"),
    ]
    for number, content in enumerate(contents):
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {WIDTH} {HEIGHT}]/Rotate {rotate}"
            f"/Resources<</Font<</F 3 0 R>>>>/Contents {9 + 2 * number} 0 R>>".encode()
        )
        objects.append(_stream(content))
    return _file(objects, trailer)


def _kids(count: int) -> str:
    return " ".join(f"{8 + 2 * number} 0 R" for number in range(count))


def _content(lines: Sequence[Line], codes: dict[str, int], before: str, rotate: int) -> bytes:
    drawn = [before]
    for line in lines:
        code = "".join(f"{codes.setdefault(char, len(codes) + 1):04x}" for char in line.text)
        drawn.append(
            f"BT /F {line.size} Tf {line.mode} Tr {line.color} rg {_matrix(line, rotate)} Tm "
            f"<{code}> Tj ET"
        )
    return "\n".join(drawn).encode()


def _matrix(line: Line, rotate: int) -> str:
    """Where the line begins and which way it runs, so that it is level once the page is turned."""
    if line.turned:
        return f"0.7 0.7 -0.7 0.7 {line.x} {HEIGHT - line.y}"
    return {
        0: f"1 0 0 1 {line.x} {HEIGHT - line.y}",
        90: f"0 1 -1 0 {line.y} {line.x}",
        180: f"-1 0 0 -1 {WIDTH - line.x} {line.y}",
        270: f"0 -1 1 0 {WIDTH - line.y} {HEIGHT - line.x}",
    }.get(rotate, f"1 0 0 1 {line.x} {line.y}")


def _names(codes: dict[str, int]) -> bytes:
    pairs = [
        f"<{code:04x}> <{char.encode('utf-16-be', 'surrogatepass').hex()}>"
        for char, code in codes.items()
    ]
    blocks = [pairs[at : at + 100] for at in range(0, len(pairs), 100)]
    body = "\n".join(
        f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks
    )
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /N def\n"
        "/CMapType 2 def 1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{body}\nendcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode()


def _stream(data: bytes) -> bytes:
    packed = zlib.compress(data)
    return b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed)


def _file(objects: Sequence[bytes], trailer: str) -> bytes:
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R/Info 7 0 R{trailer}>>\n".encode()
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)
