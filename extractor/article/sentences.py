"""Sentences: the body cut into numbered stretches that can be cited one by one.

Lines are cut first: a line of an article is a paragraph, a title or a list item. Within a line a
sentence ends at . ! ? followed by white space and no small letter, unless the word before the full
stop is an abbreviation. The tables (`text.toml` of each language) are small because few
abbreviations can stand before a capital letter or a figure. (Learned models such as Punkt take
short words of Vietnamese and French for abbreviations and glue "… l'IA. Elle …".)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise
from typing import Final

from extractor.article.captions import holds_word, is_caption
from extractor.article.tables import rows_in
from extractor.languages import Rules, language_of
from extractor.languages.patterns import read_in

_STOP: Final = re.compile(r"([.!?]+)[\"')\]]*\s+(?=\S)")
_DAY: Final = re.compile("[0-9]{1,2}")
_LAST_WORD: Final = re.compile(r"[^\s\"'(\[/]+$")
_LONGEST_WORD: Final = 40
# Web pages lose the blank where a tag ends: "in 2027.The bank". "U.S.Steel" and addresses do not.
_GLUED: Final = re.compile(r"([.!?](?<=[^\W_]{2}[.!?])[.!?]*)[\"')\]]*(?=[^\W\d_][^\W\d_A-Z.])")
_DOMAINS: Final = frozenset({"ai", "co", "com", "edu", "eu", "fr", "gov", "io", "net", "org", "vn"})
_AMOUNT: Final = re.compile(r"[\s\"'(\[]*[^\w\s\"'(\[.,;]{0,3}\d")
_LONGEST_ASIDE: Final = 200
_NEXT_WORD: Final = re.compile(r"[\s\"'(\[*•-]*(\w*)")
_SMALL_INITIAL_BRAND: Final = re.compile(r"[a-z]{1,2}[A-Z]")  # iPhone, eBay
_ENUMERATOR: Final = re.compile(r"[-*•]?\s*\(?(?:\d{1,3}|[A-Za-z]|[ivx]{1,5})[.)]\s*")
_INITIALS: Final = re.compile(r"[^\W\d_](?:\.-?[^\W\d_])*")  # J, U.S, J.-C, a.m


@lru_cache(maxsize=4)
def split_sentences(
    text: str, start: int, end: int, language: Rules
) -> tuple[tuple[int, int, int], ...]:
    """Start, end and paragraph number of each sentence of the folded `text[start:end]`, in order.

    A line without final punctuation is a sentence of its own. Captions, credits and lines without
    a letter or digit hold no sentence and are not counted as paragraphs; every other character
    except white space belongs to exactly one sentence. Of an article without furniture it is asked
    twice: what speaks to a program is taken out by the sentence, and mostly nothing is.
    """
    sentences: list[tuple[int, int, int]] = []
    paragraph = 0
    lines = list(_lines(text, start, end))
    rows = rows_in([line for _, line in lines]) if "|" in text else frozenset[int]()
    for number, (line_start, line) in enumerate(lines):
        is_row = number in rows
        if not holds_word(line) or (is_caption(line) and not is_row):
            continue
        breaks = () if is_row else _breaks(line, language)
        for first, last in pairwise((0, *breaks, len(line))):
            trimmed = len(line[first:last].rstrip())
            sentences.append((line_start + first, line_start + first + trimmed, paragraph))
        paragraph += 1
    return tuple(sentences)


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    for raw in text[start:end].split("\n"):
        yield start + len(raw) - len(raw.lstrip()), raw.strip()
        start += len(raw) + 1


def _breaks(line: str, language: Rules) -> Iterator[int]:
    """Where the second and later sentences of the line begin."""
    last_word_end = next(at for at in range(len(line) - 1, -1, -1) if line[at].isalnum())
    begin = seen = quotes = 0
    has_word = False
    for stop in _stops(line, language):
        position = stop.end()
        if position > last_word_end:
            return
        has_word = has_word or holds_word(line[seen:position])
        quotes += line.count('"', seen, position)
        seen = position
        if quotes % 2 and line.startswith('" ', position):
            # French sets quotation marks apart: this one closes the sentence before it.
            position = len(line) - len(line[position + 1 :].lstrip())
        if has_word and _ends_sentence(line, begin, stop, position, language):
            yield position
            begin, has_word = position, False


def _stops(line: str, language: Rules) -> list[re.Match[str]]:
    """What may end a sentence, in order."""
    stops = list(_stop(language).finditer(line))
    glued = [stop for stop in _GLUED.finditer(line) if _is_glued(line, stop)]
    return sorted((*stops, *glued), key=lambda stop: stop.end()) if glued else stops


def _is_glued(line: str, stop: re.Match[str]) -> bool:
    before, after = line[stop.start() - 1], line[stop.end()]
    following = _NEXT_WORD.match(line, stop.end())
    word = following.group(1).casefold() if following else ""
    return (before.islower() or before.isdigit()) and after.isupper() and word not in _DOMAINS


def _is_within_brackets(line: str, begin: int, position: int) -> bool:
    """Whether a bracket is open there that is closed soon."""
    begin = max(begin, position - _LONGEST_ASIDE)
    is_open = line.count("(", begin, position) > line.count(")", begin, position)
    return is_open and ")" in line[position : position + _LONGEST_ASIDE]


def _ends_sentence(
    line: str, begin: int, stop: re.Match[str], position: int, language: Rules
) -> bool:
    """Whether the stop ends the sentence from `begin`; the text goes on at `position`."""
    following = _NEXT_WORD.match(line, position)
    next_word = following.group(1) if following else ""
    if next_word[:1].islower() and not _SMALL_INITIAL_BRAND.match(next_word):
        return False
    if _ENUMERATOR.fullmatch(line, begin, stop.end()):
        return False
    if _is_within_brackets(line, begin, position):
        return False
    marks = stop.group(1) or ""
    if not marks:
        return True
    found = _LAST_WORD.search(line, max(begin, stop.start() - _LONGEST_WORD), stop.start())
    word = found.group() if found else ""
    if marks != ".":
        return word + marks not in _titles(language)
    if next_word in _behind_ordinals(language) and _DAY.fullmatch(word):
        return False
    if word in _titles(language) or word.rpartition(".")[2] in _dotted_titles(language):
        return False
    if word in _before_figures(language) and _AMOUNT.match(line, position):
        return False
    if next_word in _company_forms(language):
        return False
    if word in _ambiguous(language) or _is_initials(word):
        return next_word in language_of(language).text.starters
    return True


def _is_initials(word: str) -> bool:
    # A lone small letter is a word: Vietnamese "ý", French "y".
    return bool(_INITIALS.fullmatch(word)) and (word.isupper() or "." in word)


@cache
def _stop(language: Rules) -> re.Pattern[str]:
    """What may end a sentence: the second group does in any case."""
    own = language_of(language).writing.stops
    more = rf"|([{own}]+)[\"')\]\u300d\u300f\u3011]*\s*(?=\S)" if own else ""
    return re.compile(_STOP.pattern + more)


@cache
def _behind_ordinals(language: Rules) -> frozenset[str]:
    return frozenset(language_of(language).writing.behind_ordinals)


@cache
def _titles(language: Rules) -> frozenset[str]:
    return frozenset(title for one in read_in(language) for title in one.text.titles)


@cache
def _dotted_titles(language: Rules) -> frozenset[str]:
    """Those that may follow another full stop ("Th.S"); a letter there is an initial."""
    return frozenset(title for title in _titles(language) if len(title) > 1)


@cache
def _before_figures(language: Rules) -> frozenset[str]:
    return frozenset(word for one in read_in(language) for word in one.text.before_figures)


@cache
def _company_forms(language: Rules) -> frozenset[str]:
    return frozenset(form for one in read_in(language) for form in one.text.company_forms)


@cache
def _ambiguous(language: Rules) -> frozenset[str]:
    words = language_of(language).text
    return frozenset((*words.ambiguous, *words.company_forms))
