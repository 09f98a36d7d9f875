"""PartyWords: what the name of a party says about its kind, and how it goes on.

A name keeps its language in an article of another one, so engines read the words of all languages
together.
"""

from __future__ import annotations

from collections.abc import Mapping

from extractor.languages.part import Part

Words = tuple[str, ...]


class NameWords(Part):
    """How names are joined and go on, in a text's own language and in all that are shared."""

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


class PartyWords(Part):
    """What `parties.toml` of a language holds: kinds by what a name begins with, ends in or holds.

    All of that are regular expressions.

    Keys of kinds that the language tells in another way are left out.
    """

    honorifics: Words
    """Right before the name of a person."""
    before_title: str
    """One expression of what may stand before a title, or none of it."""
    titles: Words
    """The name of a person begins with one."""
    international: Words
    """The name of a body of several countries begins with one."""
    government: Words
    """Anywhere in the name of a government."""
    state_openings: Words
    """What a country's own name may be wrapped in, before it."""
    group_openings: Words
    """Several parties without a name begin so."""
    group_nouns: Words
    """Plural nouns that make any name one of several parties."""
    consortium: Words
    """Anywhere in the name of a consortium."""
    research_openings: Words
    agency_openings: Words
    institutions: Mapping[str, Words]
    """Names of the institutions in `common.toml`, by the English one."""
    names: NameWords

    articles: Words = ()
    """Before a name, if the language has articles."""
    elided_articles: Words = ()
    """Articles that touch the name."""
    not_titles: Words = ()
    """Words that make a title before them part of another name."""
    state_endings: Words = ()
    """The same as `state_openings`, anywhere behind it."""
    state_qualifiers: Words = ()
    """With a word for a government and a country's name, what leaves it that country's own."""
    regional: Words = ()
    """In a government's name, what makes it that of a part of a country."""
    administrations: Words = ()
    """The whole name of a government by who leads it; case-sensitive."""
    group_quantifiers: Words = ()
    """What makes a group of a lower-case word behind it."""
    fund_openings: Words = ()
    fund_words: Words = ()
    """Anywhere in a name, like the following ones."""
    company_openings: Words = ()
    company_words: Words = ()
    research_words: Words = ()
    agency_words: Words = ()
    name_articles: Words = ()
    """Articles, case-sensitive, that the short form of a name leaves out."""
    elided_name_articles: Words = ()
    """The same, touching the name."""
    legal_prefixes: Words = ()
    """Words for a company that the short form of its name leaves out."""
