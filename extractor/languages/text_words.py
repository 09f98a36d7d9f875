"""TextWords: how text in a language is written: its own letters, and what ends no sentence."""

from __future__ import annotations

from collections.abc import Mapping

from extractor.languages.part import Part

Words = tuple[str, ...]


class TextWords(Part):
    """What `text.toml` of a language holds; full stops are left out of its abbreviations."""

    starters: Words
    """Words that begin a sentence behind an abbreviation, as written there."""
    common_words: Words
    """Words, lower case, of almost every text in it and of hardly any in another language."""
    titles: Words
    """Abbreviations behind which a name or a further word always follows."""
    before_figures: Words = ()
    """Abbreviations that are part of a reference or a date if a figure follows."""
    ambiguous: Words = ()
    """Abbreviations that are followed by a name as often as they end a sentence."""
    company_forms: Words = ()
    """The same, of companies; behind an abbreviation one goes on with the name."""
    own_texts_only: bool = False
    """Set where words of amounts, times, names and abbreviations count in texts of its own only."""
    plain_letters: Mapping[str, str] = {}
    """Letters that Unicode does not take apart, and how they are written without their mark."""
    own_letters: str = ""
    """Letters, as the inside of a regular expression's class, that no other language writes."""
