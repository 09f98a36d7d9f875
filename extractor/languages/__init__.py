"""Languages: the words of each, as data in a folder of its own; engines elsewhere hold none."""

from extractor.languages.language import LANGUAGES, Language, find_language

__all__ = ["LANGUAGES", "Language", "find_language"]
