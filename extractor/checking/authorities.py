"""Public authorities: which party of a record is one, and which one a sentence names.

Small models often name the programme, or nobody, where the sentence names the authority that acts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractor.article import Article, Sentence, find_name
from extractor.languages.cues import cue_spans, has_cue
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
# A word with a capital, but none that opens a sentence; in Vietnamese the second syllable has none.
_PROPER = (
    r"(?:Tổng thống|Thủ tướng|Trung ương|Nhà nước|Quốc gia|"
    r"(?!(?:The|An?|This|Its|Le|La|Les|Une?|Ces?|Cette|Các|Những|Theo)\b)"
    rf"[{_CAPITALS}][\w'-]*)"
)
_MINISTRIES = frozenset({"bộ", "sở", "cục", "tổng cục"})
_SYLLABLE = (
    r"(?:\s+(?!(?:cho|đã|sẽ|đang|vừa|cũng|là|có|về|và|với|tại|của|trong|do|để|ở|đưa)\b)"
    rf"(?![{_CAPITALS}])[^\W\d_]+)?"
)
_LINK = r"(?:of|for|and|the|de|des|du|la|le|les|et|tỉnh|TP|thành phố|và)"
_AFTER = re.compile(rf"(?:\s+(?:{_LINK}\s+|d'|l'|de l'){{0,2}}{_PROPER})*")
_AFTER_VI = re.compile(rf"(?:\s+(?:{_LINK}\s+)?{_PROPER}{_SYLLABLE})*")
_BEFORE = re.compile(rf"(?:{_PROPER}\s+)*$")


def is_authority(actor: Actor, sentences: Sequence[Sentence], article: Article) -> bool:
    """Tell by its kind, by its name, or by the office that a sentence gives it."""
    if actor.type in _PUBLIC or has_cue("authority", actor.name, article.rules):
        return True
    return any(_holds_office(actor.name, sentence, article) for sentence in sentences)


def authority_named(sentence: Sentence, article: Article) -> str | None:
    """The first authority that the sentence names by its office; else its only country."""
    text = sentence.text
    for start, end in cue_spans("authority", text, article.rules):
        long_name = text[start:end].casefold() in _MINISTRIES
        before = _BEFORE.search(text, 0, start)
        after = (_AFTER_VI if long_name else _AFTER).match(text, end)
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
    """Where words for an office stand; a ministry is none, and its word in Vietnamese many more."""
    return [
        (start, end)
        for start, end in cue_spans("authority", text, article.rules)
        if text[start:end].casefold() not in _MINISTRIES
    ]
