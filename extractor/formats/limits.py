"""How much of a document is read, and for how long; over a limit it is refused, not cut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one reading, the same for every format."""

    characters: int = 200_000
    """Of the text of one article."""
    seconds: float = 30.0
    """Until the process that reads it is killed."""


BYTES: Final = 20_000_000
"""Of a document, where nobody sets another limit."""
PAGES: Final = 500
ENTRIES: Final = 1_000
"""Articles in one feed."""
PARTS: Final = 500
"""Of a mail."""
DEPTH: Final = 200
"""Of elements in each other, in XML."""
ELEMENTS: Final = 1_000_000
UNPACKED_BYTES: Final = 50_000_000
"""Of one part of a packed document, however small it was packed."""
RATIO: Final = 250
"""Bytes that one packed byte may become, where a part is not small anyway."""
MEMORY_BYTES: Final = 2 * 1024**3
"""Of the address space of a process that reads documents."""
URL_CHARACTERS: Final = 2_048
TITLE_CHARACTERS: Final = 1_000
