"""Which characters the bytes stand for, where a document may say so in several ways."""

from __future__ import annotations

import codecs
import re
from typing import Final

from extractor.errors import ArticleError

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META: Final = re.compile(rb"(?i)<meta[^>]{0,500}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})")
_XML: Final = re.compile(rb"(?i)\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})")
_LOOKED_AT: Final = 4_096
# As browsers do: pages that declare the smaller set use the larger one.
_MEANT: Final = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254"}
# Codecs of Python that are no charsets, or that hold state no document should set.
_TEXTUAL: Final = re.compile(r"(?i)utf|cp\d|iso|koi|mac|big5|gb|shift|euc|tis|viscii|latin|ascii")


def decode(data: bytes, charset: str) -> str:
    """The text in this charset, exactly.

    Raises:
        ArticleError: the charset is not known, or the bytes are not in it.
    """
    codec = _codec(charset)
    if codec is None:
        raise ArticleError("The declared charset is not known.", hint="Declare utf-8 and send it.")
    try:
        return data.decode(codec).removeprefix("\ufeff")
    except (UnicodeError, ValueError):
        raise ArticleError(
            "The text is not in the charset that was declared.", hint="Send it as UTF-8."
        ) from None


def decode_markup(data: bytes, declared: str | None = None) -> str:
    """The text of a page: by its mark, as UTF-8 if it is that, as declared, else as it looks.

    That it is UTF-8 counts more than what is declared: other text is almost never valid UTF-8,
    and pages that were converted often keep their old declaration.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    inside = _META.search(data[:_LOOKED_AT]) or _XML.match(data[:_LOOKED_AT])
    named = [declared, inside[1].decode("ascii") if inside else None]
    codecs_named = [codec for name in named if name and (codec := _codec(name))]
    wide = next((each for each in codecs_named if each.startswith(("utf-16", "utf-32"))), None)
    for codec in [wide, "utf-8", *codecs_named]:
        if codec is not None:
            try:
                return data.decode(codec)
            except (UnicodeError, ValueError):
                continue
    return data.decode(_sniffed(data), "replace")


def _sniffed(data: bytes) -> str:
    try:
        from charset_normalizer import from_bytes
    except ImportError:
        return "cp1252"
    best = from_bytes(data[:100_000]).best()
    return (best and _codec(best.encoding)) or "cp1252"


def _codec(name: str) -> str | None:
    try:
        found = codecs.lookup(name.strip()).name
    except (LookupError, ValueError):
        return None
    return _MEANT.get(found, found) if _TEXTUAL.match(found) else None
