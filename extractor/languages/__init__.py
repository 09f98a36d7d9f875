"""Languages: the words of each, as data in a folder of its own; engines elsewhere hold none."""

from extractor.languages.language import Language, Rules
from extractor.languages.lookup import (
    LANGUAGES,
    all_languages,
    find_language,
    language_of,
    rules_of,
)

__all__ = [
    "LANGUAGES",
    "Language",
    "Rules",
    "all_languages",
    "find_language",
    "language_of",
    "rules_of",
]
