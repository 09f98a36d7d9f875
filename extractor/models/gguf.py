"""What the header of a GGUF file tells: pairs of a key and a value, before the weights."""

from __future__ import annotations

import struct
from io import BytesIO
from typing import Any, Final

MAGIC: Final = b"GGUF"
# What is told of a model comes first; after so much of a file nothing is looked for any more.
HEADER_BYTES: Final = 16 << 20

_CONTEXT_KEY: Final = b".context_length"
# The kinds of numbers, as `struct` writes them, by the format's own codes.
_NUMBERS: Final = dict(zip((0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12), "BbHhIif?Qqd", strict=True))
_STRING: Final = 8
_ARRAY: Final = 9


def context_length(header: bytes) -> int | None:
    """The tokens of context it was trained for; None if the header does not tell them."""
    stream = BytesIO(header)
    try:
        _magic, _version, _tensors, pairs = _unpack("4sIQQ", stream)
        for _ in range(pairs):
            key = _string(stream)
            value = _value(stream)
            if key.endswith(_CONTEXT_KEY) and isinstance(value, int) and value > 0:
                return value
    except (struct.error, ValueError, OverflowError):  # it is damaged, or was cut
        return None
    return None


def _value(stream: BytesIO) -> object:
    """The next value; an array is passed over."""
    (kind,) = _unpack("I", stream)
    if kind != _ARRAY:
        return _single(kind, stream)
    kind, count = _unpack("IQ", stream)
    if kind in _NUMBERS:
        stream.seek(count * struct.calcsize(_NUMBERS[kind]), 1)
    else:
        # Every turn reads some bytes, so a wrong count ends with the header.
        for _ in range(count):
            _single(kind, stream)
    return None


def _single(kind: int, stream: BytesIO) -> object:
    if kind == _STRING:
        return _string(stream)
    if kind not in _NUMBERS:
        raise ValueError("a value of an unknown kind")
    return _unpack(_NUMBERS[kind], stream)[0]


def _string(stream: BytesIO) -> bytes:
    (length,) = _unpack("Q", stream)
    return stream.read(length)


def _unpack(form: str, stream: BytesIO) -> tuple[Any, ...]:
    form = f"<{form}"
    return struct.unpack(form, stream.read(struct.calcsize(form)))
