"""Public authorities: which party of a record is one, and which one a sentence names.

Small models often name the programme, or nobody, where the sentence names the authority that acts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from extractor.article import Article, Sentence, find_name
from extractor.languages import Rules, language_of
from extractor.languages.cues import cue_spans, has_cue
from extractor.languages.patterns import joined
from extractor.mentions.parties.country_words import country_adjectives
from extractor.mentions.parties.names import find_countries
from extractor.records import Actor

_PUBLIC = frozenset({"government", "gov_agency", "igo", "university_research", "person"})
_TITLE_WORDS = 8
# Between a title and its bearer nothing stands but a comma: "the energy minister, Ann Example".
_APPOSED = re.compile(r"[^,;:.]*,?\s*$")
_FOLLOWING = re.compile(r",\s*(?:[^\W\d_]+\s+){0,2}$")
# All capitals of Latin scripts: those of Vietnamese lie scattered between small letters.
_CAPITALS = "".join(filter(str.isupper, map(chr, range(0x41, 0x1F00))))


def is_authority(actor: Actor, sentences: Sequence[Sentence], article: Article) -> bool:
    """Tell by its kind, by its name, or by the office that a sentence gives it."""
    if actor.type in _PUBLIC or has_cue("authority", actor.name, article.rules):
        return True
    return any(_holds_office(actor.name, sentence, article) for sentence in sentences)


def authority_named(sentence: Sentence, article: Article) -> str | None:
    """The first authority that the sentence names by its office; else its only country."""
    text = sentence.text
    ministries, known = language_of(article.rules).parties.names.ministries, _names(article.rules)
    for start, end in cue_spans("authority", text, article.rules):
        long_name = text[start:end].casefold() in ministries
        before = known.before.search(text, 0, start)
        after = (known.after_ministry if long_name else known.after).match(text, end)
        first = before.start() if before else start
        last = after.end() if after else end
        if last > end or first < start:
            return text[first:last]
    countries = find_countries(text, article.rules)
    names = [text[country.start : country.end] for country in countries]
    nouns = [name for name in names if name not in country_adjectives(article.rules)]
    return nouns[0] if nouns and len({country.code for country in countries}) == 1 else None


def _holds_office(name: str, sentence: Sentence, article: Article) -> bool:
    """Its office stands beside the name: "the energy minister, Ann Example" or the reverse."""
    span = find_name(name, sentence)
    if span is None or not sentence.text[span[0]].isupper():
        return False
    if sentence.text[span[1] : span[1] + 2].strip()[:1].isupper():
        # The office is that of the longer name: "the president of Alderon Ann Example".
        return False
    before = _APPOSED.search(sentence.text[: span[0]])
    title = " ".join(before.group().split()[-_TITLE_WORDS:]) if before else ""
    follows = any(
        start > span[1] and _FOLLOWING.fullmatch(sentence.text, span[1], start)
        for start, _ in _offices(sentence.text, article)
    )
    return follows or bool(_offices(title, article))


def _offices(text: str, article: Article) -> list[tuple[int, int]]:
    """Where words for an office stand; a ministry is none."""
    ministries = language_of(article.rules).parties.names.ministries
    return [
        (start, end)
        for start, end in cue_spans("authority", text, article.rules)
        if text[start:end].casefold() not in ministries
    ]


@dataclass(frozen=True, slots=True)
class _Names:
    """How the name of an authority goes on before and behind the word for its office."""

    before: re.Pattern[str]
    after: re.Pattern[str]
    after_ministry: re.Pattern[str]
    """A name with words in small letters."""


@cache
def _names(language: Rules) -> _Names:
    openers = joined(lambda one: one.parties.names.openers, language)
    # A word with a capital, but none that opens a sentence.
    capitalised = rf"(?!{openers}\b)[{_CAPITALS}][\w'-]*"
    proper = f"(?:{joined(lambda one: one.parties.names.proper, language)}|{capitalised})"
    link = joined(lambda one: one.parties.names.links, language)
    elided = joined(lambda one: one.parties.names.elided_links, language)
    ends = joined(lambda one: one.parties.names.name_ends, language)
    small = rf"(?:\s+(?!{ends}\b)(?![{_CAPITALS}])[^\W\d_]+)?"
    return _Names(
        before=re.compile(rf"(?:{proper}\s+)*$"),
        after=re.compile(rf"(?:\s+(?:{link}\s+|{elided}){{0,2}}{proper})*"),
        after_ministry=re.compile(rf"(?:\s+(?:{link}\s+)?{proper}{small})*"),
    )
