"""Lines of a page: what stands on each, and whether it is prose or a heading."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

# Headlines may end in ! or ?, and teasers in an ellipsis; only prose ends in one full stop.
_SHORTEST_PARAGRAPH: Final = 40
_PROSE_END: Final = re.compile(r"(?<!\.\.)\.[\"')\]]*$")


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line that is not blank, without the white space around it."""

    start: int
    text: str

    @property
    def end(self) -> int:
        """Where what stands on it ends."""
        return self.start + len(self.text)

    @property
    def phrase(self) -> str:
        """The words of a heading, without bullets, colons and capitals."""
        return self.text.strip(" #*>|-:.»").casefold()

    @property
    def is_prose(self) -> bool:
        """Whether it is long enough for a paragraph and ends as a sentence does."""
        return len(self.text) >= _SHORTEST_PARAGRAPH and bool(_PROSE_END.search(self.text))


def lines_in(text: str) -> list[PageLine]:
    """The lines of a text that are not blank."""
    lines = []
    start = 0
    for raw in text.split("\n"):
        stripped = raw.strip()
        if stripped:
            lines.append(PageLine(start + len(raw) - len(raw.lstrip()), stripped))
        start += len(raw) + 1
    return lines
