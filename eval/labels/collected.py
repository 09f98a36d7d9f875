"""Files of many: labelled articles in one file, each with its name, its text and its labels.

    [{"name": "en-04-each", "text": ["First line.", "Last line.", ""], "labels": {...}}, ...]

A text is told line by line, so that it reads as it stands and a change shows as the lines that it
changes. Line feeds stand between the lines, so a text that ends with one has an empty line at last.
It is left out where the article has a file of its own, as if there were a file of the labels.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from eval.errors import GoldError
from eval.labels.gold import faults_told

_LINE_BREAK: Final = "\n"


class CollectedArticle(BaseModel):
    """One article of a file of many."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    name: str = Field(pattern=r"^[^/\\]+$")
    """What its files would be called without their endings, if it had files of its own."""
    text: list[str] | None = Field(None, min_length=1)
    """Its lines; left out if the article has a file of its own."""
    labels: dict[str, Any]
    """What a file of its labels alone would hold."""

    @property
    def article_bytes(self) -> bytes | None:
        """The bytes of a file of the text alone, None if there is that file."""
        return None if self.text is None else _LINE_BREAK.join(self.text).encode()

    @property
    def label_bytes(self) -> bytes:
        """The bytes of a file of the labels alone, however they are laid out among the others.

        Digests of labels are taken of them, so they stay the same whichever way labels are kept.
        """
        return (json.dumps(self.labels, indent=1, ensure_ascii=False) + "\n").encode()


def read_collected(file: str, entries: Sequence[object]) -> list[CollectedArticle]:
    """The articles of a file of many, in its order.

    Raises:
        GoldError: an entry is no labelled article; the message tells of all of them.
    """
    found, faults = [], []
    for number, entry in enumerate(entries, start=1):
        try:
            found.append(CollectedArticle.model_validate(entry))
        except ValidationError as error:
            name = entry.get("name") if isinstance(entry, dict) else None
            faults.append(f"{file}: {name or f'article {number}'}: {faults_told(error)}")
    if faults:
        raise GoldError("\n".join(faults))
    return found
