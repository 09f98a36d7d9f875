"""How errors and foreign text are told to a person: one clean line, nothing that was not asked for.

The message of an unforeseen exception may hold article text or a key, so of a defect only types
and source lines are told.
"""

from __future__ import annotations

import traceback
import unicodedata

from extractor.errors import ExtractorError

_UNPRINTABLE = {"Cc", "Cf", "Cs"}


def tell_error(error: ExtractorError) -> str:
    """What is wrong and what to do, in one line."""
    detail = "; ".join(error.detail.splitlines())
    return clean_line(f"{detail.rstrip('.')}. {error.advice}")


def tell_defect(error: BaseException) -> str:
    """The type of the exception and its stack, without any message or value."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    return f"{type(error).__qualname__}\n{frames}".rstrip()


def clean_line(text: str) -> str:
    """The text in one line, without characters that could steer a terminal or hide words."""
    return "".join(
        character
        for character in " ".join(text.split())
        if unicodedata.category(character) not in _UNPRINTABLE
    )
