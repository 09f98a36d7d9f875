"""CheckWords: what the checks ask of a language beside its cues: how names are built and joined."""

from __future__ import annotations

from extractor.languages.part import Part

Words = tuple[str, ...]


class CheckWords(Part):
    """What `checks.toml` of a language holds; patterns are regular expressions."""

    conjunctions: Words
    """Words that join two parties."""
    openers: Words
    """Patterns of words that have a capital only because they open a sentence."""
    links: Words
    """Words in small letters that go on with the name of an authority."""
    elided_links: Words = ()
    """The same, written together with the next word."""
    proper: Words = ()
    """Names of more words of which only the first has a capital."""
    ministries: Words = ()
    """Words for authorities whose names go on in small letters; none is the office of a person."""
    name_ends: Words = ()
    """Words in small letters that are no part of such a name."""
    source_units: Words = ()
    """What is counted where a few people are the sources of a rumour."""
    ahead: Words = ()
    """Patterns of words of a date that lies ahead."""
    locative_of_receivers: bool = False
    """Whether the cues of a place (`locative`) stand before receivers too."""
