"""GGUF files for tests: a header that tells what it is told to, and no weights."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path

_CODES = {bool: (7, "?"), int: (4, "I"), float: (6, "f")}


def write_gguf(path: Path, values: Mapping[str, object] | None = None) -> Path:
    """Write a file with these values in its header, and give its path."""
    pairs = values or {}
    head = struct.pack("<4sIQQ", b"GGUF", 3, 0, len(pairs))
    path.write_bytes(head + b"".join(_string(key) + _typed(pairs[key]) for key in pairs))
    return path


def _typed(value: object) -> bytes:
    if isinstance(value, list):
        members = [_typed(member) for member in value]
        kind = members[0][:4] if members else struct.pack("<I", 8)
        return struct.pack("<I", 9) + kind + struct.pack("<Q", len(value)) + _bare(members)
    if isinstance(value, str):
        return struct.pack("<I", 8) + _string(value)
    code, form = _CODES[type(value)]
    return struct.pack(f"<I{form}", code, value)


def _bare(members: list[bytes]) -> bytes:
    return b"".join(member[4:] for member in members)


def _string(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<Q", len(data)) + data
