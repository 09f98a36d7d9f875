"""FurnitureMarks: what pages in a language print around articles, their captions and credits.

Patterns are regular expressions, matched in any case unless said otherwise.
"""

from __future__ import annotations

from extractor.languages.part import Part

Words = tuple[str, ...]


class FurnitureMarks(Part):
    """What `furniture.toml` of a language holds."""

    list_headings: Words
    """Lines above lists of links, in small letters, without marks."""
    menu: Words
    """Lines of menus, likewise."""

    home: Words = ()
    """Patterns of the first step of a breadcrumb trail."""
    feed_footers: Words = ()
    """Patterns of a whole sentence with which blogs end their feed; their case counts."""

    copyright: Words = ()
    """Patterns of how a line about rights begins."""
    rights: Words = ()
    """Patterns of what stands somewhere in one."""
    see_also: Words = ()
    """Patterns that point to other articles before a colon or bar."""
    tagged: Words = ()
    """Patterns that list keywords behind a colon."""
    subscribe: Words = ()
    """Patterns of how an invitation to follow or subscribe begins."""
    share: Words = ()
    """Patterns of a whole button: to share, to print, to go back."""

    comments: Words = ()
    """Patterns of a word for comments of readers, which counts them: "Comments (3)"."""
    about: Words = ()
    """Patterns of how a heading begins under which a press release tells of a party.

    Their case counts."""
    cautions: Words = ()
    """Patterns of a whole heading over legal cautions, in small letters."""
    notes: Words = ()
    """Patterns of a whole heading over notes to editors, in small letters."""
    contacts: Words = ()
    """Patterns of how a heading begins under which stands whom to ask, in small letters."""

    photo: Words = ()
    """Patterns of a word for a photograph, behind which a colon and its source stand."""
    photo_before: Words = ()
    """What may stand before that word."""
    photo_after: Words = ()
    """What may stand between that word and the colon."""
    credit: Words = ()
    """Patterns of other words for a credit: such lines have no figures."""
    credit_after: Words = ()
    """What may stand between that word and the colon."""
    illustrated: Words = ()
    """Patterns of a word for a picture, behind which it is said to be illustrative."""
    illustrative: Words = ()
    """Patterns of what then says it, also between a photograph and the colon."""
    credit_lines: Words = ()
    """Patterns of other whole lines."""
