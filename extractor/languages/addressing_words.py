"""AddressingWords: how an article in a language would speak to the program that reads it.

Everything is a regular expression, matched in any case, in which a space stands for any white space
unless said otherwise. `{name}` calls a list: `tell`, `leave`, `first` or `here` of the same file,
or one of `shared`, which is joined over all languages, since articles mix them.
"""

from __future__ import annotations

from collections.abc import Mapping

from extractor.languages.part import Part

Patterns = tuple[str, ...]


class AddressingWords(Part):
    """What `addressing.toml` of a language holds."""

    program: Patterns
    """A program that reads."""
    here: Patterns
    """This page, as only something that reads it would be told."""
    before: Patterns
    """What a program was told before, or has read so far."""
    answer: Patterns = ()
    """What a program is to hand back."""

    tell: Patterns = ()
    """What a program is told to do."""
    leave: Patterns = ()
    """What it is told to leave out."""
    first: Patterns = ()
    """What may precede a verb that opens a sentence."""
    orders: Patterns
    """Worded as an order to whoever reads, wherever it stands."""
    opening_orders: Patterns = ()
    """The same, where a sentence opens with it."""
    reads: Patterns = ()
    """A program that reads just this page."""
    obliged: Patterns
    """An obligation, whoever has it."""
    must_tell: Patterns = ()
    """An obligation to tell something."""
    must_leave: Patterns = ()
    """An obligation to leave something out."""
    void: Patterns = ()
    """What is said of rules that no longer count."""
    more: Patterns = ()
    """More of the same order: only believed right after one."""
    announces: Patterns = ()
    """Tells that its matter comes next."""

    labels: Patterns = ()
    """Openings that name a program: what follows is meant for it, whatever it says."""
    shouted_labels: Patterns = ()
    """The same, in this case only."""
    salutations: Patterns = ()
    """What stands before the name of a program that is greeted or warned."""
    meant_for: Patterns = ()
    """What stands before the name of a program and `only`."""
    speakers: Patterns = ()
    """Who speaks, in the transcripts that programs are shown."""
    asking: Patterns = ()
    """What a request to a program called by its name begins with."""
    label_words: Patterns = ()
    """Signs that a text may have such an opening; a space is one space here."""
    label_nouns: Patterns = ()
    """The same, with a colon behind; a space is one space here."""

    turn_headings: Patterns = ()
    """Headings of a part of a question to a program; a space is one space here."""
    turn_ends: Patterns = ()
    """How the end of such a part is marked; a space is one space here."""

    shared: Mapping[str, Patterns]
    """Lists that patterns of any language call."""
