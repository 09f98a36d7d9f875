"""Files for tests: GGUF of a header and no weights, and a catalogue of a model with an adapter."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_CODES = {bool: (7, "?"), int: (4, "I"), float: (6, "f")}
PLAIN_AND_TUNED: Final = f"""
[[models]]
name = "plain"
title = "Plain"
licence = "MIT"
file = "plain.gguf"
bytes = 9
sha256 = "{"0" * 64}"
context_tokens = 512
strategy = "passage"

[[models]]
name = "tuned"
base = "plain"
adapter = {{ file = "tuned.gguf", sha256 = "{"1" * 64}" }}
"""


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
