"""The phrases of a language that tell a time, as compiled patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from extractor.languages import Rules, language_of
from extractor.languages.amount_words import by_word
from extractor.languages.calendar_names import CalendarNames
from extractor.languages.date_phrases import Kind, Need, PhraseGroup
from extractor.languages.patterns import any_of, joined
from extractor.languages.prefilter import Choice, Sparing
from extractor.mentions.calendar.words import CalendarWords, calendar_words


@dataclass(frozen=True, slots=True)
class Phrase:
    """A way to write a time; `need` says what must stand before it to make it one."""

    kind: Kind
    need: Need
    pattern: Sparing


@dataclass(frozen=True, slots=True)
class CalendarPatterns:
    """All phrases of a language and what may stand before them.

    `cue` has the groups deadline, start and point, `modifier` the groups start, mid and end; both
    end where the time begins, as do `year_names`, which may name two years, `numbered`, which
    makes it the number of something, and `not_lone`, from which a time told from today may count.
    `future` finds what puts the words behind it into the future, `past` what says that a time is
    over, `told_year` what stands behind a time of another year, and `to` what is between the ends
    of a range. `lengths` are bare lengths of time, which are none without a model's word.
    """

    phrases: tuple[Phrase, ...]
    choice: Choice
    cue: re.Pattern[str]
    modifier: re.Pattern[str]
    future: re.Pattern[str]
    past: re.Pattern[str]
    numbered: re.Pattern[str]
    year_names: re.Pattern[str]
    not_lone: re.Pattern[str]
    told_year: re.Pattern[str]
    to: re.Pattern[str]
    lengths: tuple[Sparing, ...]


# Phrases without a word, which are the same in every language.
_COMMON_PHRASES: Final = (
    PhraseGroup(kind="day", patterns=("<y>(?P<sep>[-/.])<mm>(?P=sep)<dd>",)),
    PhraseGroup(kind="month", need="cue", patterns=("<m>/<y>",)),
    PhraseGroup(kind="iso_month", need="cue", patterns=("<y>-<mm>",)),
    PhraseGroup(kind="quarter", patterns=("Q<q> ?[/-]? ?<y>", "<q>Q ?<y>", "<y>-? ?Q<q>")),
    PhraseGroup(kind="half", patterns=("H<h> ?[/-]? ?<y>", "<h>H ?<y>", "<y>-? ?H<h>")),
    PhraseGroup(
        kind="range",
        patterns=(
            "<y><dash><y2>",
            "<y><dash>(?P<yy>1[3-9]|[2-9][0-9])",
            "<y> ?(?P<slash>/) ?(?:<y2>|(?P<yy>[0-9]{2}))",
            "FY ?(?:<y>|<ys>)[-/](?:<y2>|(?P<yy>[0-9]{2}))",
        ),
    ),
)


def _one_of(words: Iterable[str]) -> str:
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", " ") for word in longest_first)


def _month_fragments(names: CalendarNames, words: CalendarWords) -> dict[str, str]:
    full, short = list(words.months), list(words.short_months)
    if names.capital_months:
        # "may" is a verb: the capital tells. In capitals only more words do.
        full, short = [[w.capitalize() for w in months] for months in (full, short)]
        shouted = [word.upper() for word in full]
        shouted_short = [word.upper() for word in short]
    else:
        shouted = shouted_short = []
    sensitive = "-i" if names.capital_months else ""
    wide = rf"(?{sensitive}:{_one_of(full)})(?!\w)"
    # "17 May. 2039" does not end behind the name.
    same = any_of(f"(?<={word})" for word in full if word in short and word.isalpha())
    either = rf"(?{sensitive}:{_one_of([*full, *shouted])})(?!\w)(?:{same}\.(?= [0-9]))?"
    if short:
        either += rf"|(?{sensitive}:{_one_of([*short, *shouted_short])})(?!\w)\.?"
    return {
        "mon": f"(?P<mon>{either})",
        "mon2": f"(?P<mon2>{either})",
        "monw": f"(?P<mon>{wide})",
        "mona": f"(?P<mon>{_one_of(words.months)})",
    }


def _number(language: Rules) -> str:
    """A number up to a thousand, in figures or in the words of the language."""
    spoken = language_of(language).amounts
    tables = (spoken.numbers, spoken.hundreds)
    words = [word for table in tables for word in by_word(table)] + [*spoken.tens]
    words += spoken.articles if spoken.article_is_one else ()
    if not words:
        return "[0-9]{1,3}"
    word = rf"(?:{_one_of(words)})(?!\w)"
    return rf"[0-9]{{1,3}}|{word}(?:{any_of((' ?', '-', *spoken.joints))}{word}){{0,4}}"


def _uncounted(language: Rules) -> str:
    """A number of this size is a year unless the thing it counts follows."""
    counted = joined(lambda one: one.calendar.counted, language)
    return rf"(?!\s?(?:[€$£¥]|(?:USD|EUR|[MG]Wh?|km|ha|{counted})\b))"


def _fragments(names: CalendarNames, words: CalendarWords, language: Rules) -> dict[str, str]:
    year, day, month = "(?:19|20|21)[0-9]{2}", "3[01]|[12][0-9]|0?[1-9]", "1[0-2]|0?[1-9]"
    dash = " ?[-\N{EN DASH}] ?"
    of = f"{any_of(names.of_year)}?"
    weekdays = list(words.weekdays)
    if names.capital_weekdays:
        weekdays = [word.capitalize() for word in weekdays]
    sensitive = "-i" if names.capital_weekdays else ""
    number, articles = _number(language), _one_of(names.articles) or "(?!)"
    told_years = _one_of(words.years)
    period_years = _one_of([*words.years, *names.the_year])
    units = "|".join(f"{unit}s?" for unit in sorted(words.units, key=len, reverse=True))
    ordinals = _one_of(words.ordinals)
    return _month_fragments(names, words) | {
        "y": f"(?P<y>{year})(?![0-9])",
        "y2": f"(?P<y2>{year})(?![0-9])",
        "d": f"(?P<d>{day})",
        "d2": f"(?P<d2>{day})",
        "dd": "(?P<d>[0-3][0-9])",
        "m": f"(?P<m>{month})(?![0-9])",
        "m2": f"(?P<m2>{month})(?![0-9])",
        "mm": "(?P<m>[01][0-9])",
        "ys": "(?P<ys>[0-9]{2})",
        "dy": f"(?P<dy>{told_years})",
        "year": f"{of}(?:(?P<y>{year})(?![0-9])|(?P<dy>{told_years}))",
        "period": f"{of}(?:(?P<y>{year})(?![0-9])|(?P<dy>{period_years}))",
        "dir": f"(?P<dir>{_one_of(words.directions)})",
        "week": f"(?P<week>{_one_of(words.directions)})",
        "near": f"(?P<near>{_one_of(words.near)})",
        "whole": f"(?P<near>{_one_of(words.whole)})",
        "wd": f"(?P<wd>(?{sensitive}:{_one_of(weekdays)}))",
        "weekday": rf"(?:{_one_of([*words.weekdays, *words.short_weekdays])})\.?",
        "n": f"(?P<n>{number})",
        "n2": f"(?P<n2>{number})",
        "some": f"(?P<n>{number}|{articles})",
        "unit": f"(?P<unit>{units})",
        "q": "(?P<q>[1-4])",
        "ordinal": f"(?P<ordinal>{ordinals})",
        "half": f"(?P<half>{_one_of(words.halves)})",
        "h": "(?P<half>[12])",
        "side": f"(?P<side>{_one_of(words.sides)})",
        "decade": "(?P<decade>(?:19|20)[0-9])",
        "dash": dash,
        "to": f"(?:{dash}| {any_of(names.range_words)} )",
        "uncounted": _uncounted(language),
        "lone": "(?P<lone>)",
        "close": r"(?(paren) ?\))",
    }


def _filled(notation: str, fragments: Mapping[str, str]) -> str:
    return re.sub(r"(?<!\?P)<([a-z]+2?)>", lambda name: fragments[name[1]], notation)


def _expanded(notation: str, fragments: Mapping[str, str]) -> str:
    filled = _filled(notation, fragments)
    # A look-behind needs a fixed width, so its blank stays a blank.
    parts = re.split(r"(\(\?<!.*?\))", filled)
    for index in range(0, len(parts), 2):
        blanks = re.sub(r" (\??)", lambda blank: rf"\s{'*' if blank[1] else '+'}", parts[index])
        parts[index] = blanks.replace("'", "['\N{RIGHT SINGLE QUOTATION MARK}]")
    return "".join(parts)


@cache
def calendar_patterns(language: Rules) -> CalendarPatterns:
    """The phrases of one language, ready to search with."""
    names, told = language_of(language).calendar, language_of(language).dates
    fragments = _fragments(names, calendar_words(language), language)
    for name, part in told.fragments.items():
        fragments[name] = _filled(part, fragments)

    def searched(notation: str) -> Sparing:
        body = _expanded(notation, fragments)
        guarded = rf"(?<!\w)(?<![0-9][.,/:-])(?:{body})(?!\w)(?![.,/:-][0-9]|/\w|\s?%)"
        # Where no blank parts the words, only ASCII ones have ends.
        ends = re.ASCII if language_of(language).writing.unspaced else re.NOFLAG
        return Sparing(guarded, re.IGNORECASE | ends)

    def preceding(groups: Iterable[tuple[str, Iterable[str]]]) -> re.Pattern[str]:
        either = {name: _expanded(any_of(words), {}) for name, words in groups}
        body = "|".join(f"(?P<{name}>{words})" for name, words in either.items())
        return re.compile(rf"(?<!\w)(?:{body})\s*$", re.IGNORECASE)

    phrases = tuple(
        Phrase(group.kind, group.need, searched(notation))
        for group in (*_COMMON_PHRASES, *told.phrases)
        for notation in group.patterns
    )
    return CalendarPatterns(
        phrases=phrases,
        choice=Choice([phrase.pattern for phrase in phrases]),
        cue=preceding(told.cues.items()),
        modifier=preceding(told.modifiers.items()),
        told_year=re.compile(rf",?\s{_expanded(any_of(told.told_years), {})}(?!\w)", re.IGNORECASE),
        lengths=tuple(map(searched, told.loose.lengths)),
        to=re.compile(rf"\s*(?:-|{_expanded(any_of(names.range_words), {})})\s*", re.IGNORECASE),
        not_lone=re.compile(rf"(?:[0-9]|(?<!\w){any_of(names.not_lone)}) $", re.IGNORECASE),
        year_names=re.compile(
            rf"(?<!\w){_expanded(any_of(told.year_names), {})}\s*$", re.IGNORECASE
        ),
        numbered=re.compile(rf"(?<!\w){any_of(names.numbering)} ?$", re.IGNORECASE),
        future=re.compile(rf"(?<!\w){_expanded(any_of(told.future), {})}(?!\w)", re.IGNORECASE),
        past=re.compile(rf"(?<!\w){_expanded(any_of(told.past), {})}(?!\w)", re.IGNORECASE),
    )
