"""Cues around a number: ranges, and the words that say about, over, up to, a year, each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from extractor.languages import Rules, language_of
from extractor.languages.amount_words import PerWords
from extractor.languages.patterns import any_of, any_word, joined
from extractor.languages.prefilter import Letters, Sparing, letters_of
from extractor.mentions.amounts.numerals import Quantity
from extractor.mentions.amounts.tokens import DASHES, plain
from extractor.records import Per, Qualifier, Scope

_WINDOW = 160
_QUALIFIER_WINDOW = 48
_CHANGE_WINDOW = 80
_LEAST_UNSCALED = 10_000
"""A bound as large as this needs no scale word, and is no year: "from 500,000 to 2 million"."""
_FOOTNOTES = re.compile(r"(?:\s?\[[0-9a-z]{1,3}\])*")


@dataclass(frozen=True, slots=True)
class Cues:
    """What the words around a number say; `start` is where those before it begin."""

    qualifier: Qualifier
    per: Per
    scope: Scope
    start: int


def join_range(
    text: str, low: Quantity, high: Quantity, language: Rules, *, told_twice: bool = False
) -> Quantity | None:
    """Return the range from low to high if the words between them say so, else None.

    A scale word of the upper bound alone counts for both: "30 à 50 milliards". "5-8,000" may leave
    out the thousands, unless `told_twice` says that both bounds have their currency: it is tied.
    """
    if low.value is None or high.value is None or low.upper is not None:
        return None
    cues = language_of(language).amounts.cues
    gap = text[low.end : high.start].strip().lower()
    before = text[max(0, low.start - _QUALIFIER_WINDOW) : low.start]
    if gap == cues.pair_connector:
        if _ends_with(cues.pair_opening, before) is None:
            return None
    elif gap not in cues.connectors and gap not in tuple(DASHES):
        return None
    changing = text[max(0, low.start - _CHANGE_WINDOW) : low.start]
    if _ends_with(_change(language, told_twice), changing) is not None:
        return None
    value = low.value * high.scale if low.scale == 1 else low.value
    if value >= high.value and low.value >= _LEAST_UNSCALED:
        value = low.value
    if value >= high.value:
        return None
    abbreviated = not told_twice and _may_be_abbreviated(low, high)
    return replace(high, start=low.start, value=plain(value), upper=high.value, tied=abbreviated)


def _may_be_abbreviated(low: Quantity, high: Quantity) -> bool:
    """Say whether the lower bound may leave out the thousands that the upper one has."""
    if low.scale != 1 or high.scale != 1 or low.value is None or high.value is None:
        return False
    leading = f"{int(high.value):,}".partition(",")
    return bool(leading[1]) and low.value < 1000 and len(str(int(low.value))) <= len(leading[0])


def read_cues(
    text: str, start: int, end: int, language: Rules, *, ranged: bool, resume: int = 0
) -> Cues:
    """Return what the words around `text[start:end]` say about it.

    `ranged` allows for a word like "between" before it; `resume` is where the clause goes on if a
    bracket stands behind it.
    """
    patterns = _patterns(language)
    before = text[max(0, start - _WINDOW) : start]
    qualifier, left = patterns.qualifier_before(before)
    if qualifier is None and ranged:
        words = language_of(language).amounts.cues
        opening = _ends_with(f"{words.pair_opening}|{words.opening}", before)
        if opening is not None:
            qualifier, left = patterns.qualifier_before(before[:opening])
    end = _after_footnotes(text, end)
    clauses = [_clause(text, at, language) for at in sorted({end, max(end, resume)})]
    if qualifier is None:
        # "$40+ million" and "$40 million-plus".
        or_more = patterns.or_more.search(text, start, end) or patterns.or_more_after.match(
            text, end
        )
        qualifier = "at_least" if or_more else patterns.qualifier_after(clauses[0])
    letters = letters_of(text)
    return Cues(
        qualifier=qualifier or "exact",
        per=patterns.per(left, clauses, letters),
        scope=patterns.scope(left, clauses, letters),
        start=start - len(before) + len(left),
    )


def _after_footnotes(text: str, end: int) -> int:
    """Return where the words go on behind the marks of footnotes: "200 schools[3][4] a year"."""
    marks = _FOOTNOTES.match(text, end)
    return end if marks is None else marks.end()


@cache
def _change(language: Rules, told_twice: bool) -> str:
    """What names two states and not a range: "rise from 2 to 3 billion".

    Of bounds that both have their currency so does a step: "rise by $2 billion to $5 billion".
    """
    cues = language_of(language).amounts.cues
    openings = (cues.opening, cues.step) if told_twice and cues.step else (cues.opening,)
    words = 8 if told_twice else 4
    return rf"{any_of(cues.changes)}\s+(?:[^\s,;.]+\s+){{0,{words}}}?{any_of(openings)}"


def _clause(text: str, start: int, language: Rules) -> str:
    window = text[start : start + _WINDOW // 2]
    stop = _clause_end(language).search(window)
    return window if stop is None else window[: stop.start()]


@cache
def _clause_end(language: Rules) -> re.Pattern[str]:
    and_words = joined(lambda one: one.amounts.cues.and_words, language)
    openings = joined(lambda one: one.amounts.cues.clause_openings, language)
    return re.compile(
        rf"[,;:!?()0-9]|\.(?:\s|$)|\s{and_words}\s{openings}(?!\w)",
        re.IGNORECASE,
    )


@cache
def _and(language: Rules) -> str:
    return joined(lambda one: one.amounts.cues.and_words + one.amounts.cues.with_words, language)


@cache
def _clause_start(language: Rules) -> str:
    return rf"(?:^|[;:.!?(]\s|,\s|(?<!\w){_and(language)}\s)"


def _ends_with(words: str, text: str) -> int | None:
    match = re.search(rf"(?<!\w)(?:{words})\s*$", text, re.IGNORECASE)
    return None if match is None else match.start()


@dataclass(frozen=True, slots=True)
class _Patterns:
    cue: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    meanings: dict[str, Qualifier]
    meanings_after: dict[str, Qualifier]
    per_after: dict[Per, Sparing]
    per_before: dict[Per, Sparing]
    each_after: Sparing
    each_before: Sparing
    or_more: re.Pattern[str]
    or_more_after: re.Pattern[str]

    def qualifier_before(self, before: str) -> tuple[Qualifier | None, str]:
        """Return the qualifier that ends the words, the nearest one but "about", and the rest."""
        match = self.before.search(before, max(0, len(before) - _QUALIFIER_WINDOW))
        if match is None:
            return None, before
        found = [self.meanings[cue[0].strip().lower()] for cue in self.cue.finditer(match[0])]
        precise = [qualifier for qualifier in found if qualifier != "about"]
        return (precise or found)[-1], before[: match.start()]

    def qualifier_after(self, clause: str) -> Qualifier | None:
        match = self.after.match(clause)
        return None if match is None else self.meanings_after[match[0].strip().lower()]

    def per(self, left: str, clauses: list[str], letters: Letters) -> Per:
        for per, pattern in self.per_after.items():
            if pattern.may_match_within(letters) and any(map(pattern.pattern.match, clauses)):
                return per
        for per, pattern in self.per_before.items():
            if pattern.may_match_within(letters) and pattern.pattern.search(left):
                return per
        return "once"

    def scope(self, left: str, clauses: list[str], letters: Letters) -> Scope:
        behind, before = self.each_after, self.each_before
        if behind.may_match_within(letters) and any(map(behind.pattern.match, clauses)):
            return "each"
        if before.may_match_within(letters) and before.pattern.search(left):
            return "each"
        return "total"


@cache
def _patterns(language: Rules) -> _Patterns:
    cues = language_of(language).amounts.cues
    meanings, meanings_after = _by_words(cues.before), _by_words(cues.after)
    longest_first = sorted(meanings, key=len, reverse=True)
    cue = any_of(_cue(words, cues.not_behind.get(words, ())) for words in longest_first)
    time = any_of(cues.each.times)
    noun = rf"(?!{time}(?!\w))\w"
    each_after = any_of(cues.each.behind).replace("{noun}", noun)
    of_each = joined(lambda one: one.amounts.cues.each.of, language)
    of_number = joined(lambda one: one.amounts.cues.each.of_number, language)
    or_more = any_of(language_of(language).amounts.or_more)
    clause_start, and_words = _clause_start(language), _and(language)
    each_before = any_of(cues.each.before).replace("{noun}", noun).replace("{time}", time)
    return _Patterns(
        cue=re.compile(cue, re.IGNORECASE),
        before=re.compile(rf"(?<!\w)(?:{cue})+$", re.IGNORECASE),
        after=re.compile(rf"\s{any_word(meanings_after)}(?!\w)", re.IGNORECASE),
        meanings=meanings,
        meanings_after=meanings_after,
        per_after={per: _per_after(per, cues.per) for per in cues.per.anywhere},
        per_before={per: _per_before(per, cues.per, clause_start) for per in cues.per.anywhere},
        or_more=re.compile(rf"(?<=\w){or_more}(?=[ -]?\w)", re.IGNORECASE),
        or_more_after=re.compile(rf"{or_more}(?!\w)", re.IGNORECASE),
        each_after=Sparing(rf"/ ?{noun}|(?:\s\S+){{0,3}}?\s{each_after}", re.IGNORECASE),
        each_before=Sparing(
            rf"{clause_start}[^0-9,;:()]{{0,40}}?(?<!\w){each_before}"
            rf"(?!\w*\s{of_each}(?:\s\w+){{0,2}}\s*$)"
            rf"(?:[^0-9,;:()]{{0,20}}{of_number} [0-9]+)?"
            r"[^0-9,;:()]{0,80}$"
            rf"|(?<!\w){each_before}\w*(?: (?!{and_words}\s)\w+)?\s*$",
            re.IGNORECASE,
        ),
    )


def _cue(words: str, not_behind: Iterable[str]) -> str:
    """Return the pattern of a qualifier and of the blanks that part it from what follows."""
    guard = "".join(f"(?<!{word} )" for word in not_behind)
    return guard + re.escape(words) + (r"\s+" if words[-1].isalpha() else r"\s*")


def _by_words(table: Mapping[Qualifier, Iterable[str]]) -> dict[str, Qualifier]:
    return {words: qualifier for qualifier, listed in table.items() for words in listed}


def _per_after(per: Per, words: PerWords) -> Sparing:
    refused = "".join(rf"(?<!(?<!\w){word})" for word in words.refused)
    return Sparing(
        rf".*?(?<!\w){any_of(words.anywhere[per])}(?!\w)"
        rf"|(?: \S+){{0,3}}?{refused}[ -]{any_of(words.behind[per])}(?!\w)",
        re.IGNORECASE | re.DOTALL,
    )


def _per_before(per: Per, words: PerWords, clause_start: str) -> Sparing:
    anywhere = words.anywhere[per]
    return Sparing(
        rf"(?<!\w){any_of((*anywhere, *words.before[per]))}\s*$"
        rf"|{clause_start}[^0-9,;:()]{{0,60}}?(?<!\w){any_of(anywhere)},?[^0-9,;:()]{{0,60}}$",
        re.IGNORECASE,
    )
