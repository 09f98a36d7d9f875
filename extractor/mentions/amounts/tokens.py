"""Tokens of numerals: the figures, number words and scale words of a text, each with its value.

Marks: a mark before groups of exactly three digits separates thousands where it is the thousands
mark of the language, and is decimal otherwise (in a language of which nobody knows the mark it is
not read); the other mark is decimal unless it occurs several
times or exactly three zeros follow it, because nobody writes three decimal zeros. Where both occur,
the last one is decimal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Literal

from extractor.languages import Rules, find_language, language_of
from extractor.languages.amount_words import AmountWords, by_word
from extractor.languages.cldr_numbers import scale_words
from extractor.languages.patterns import any_of, joined
from extractor.languages.writing import Writing

Kind = Literal["figure", "word", "article", "half", "plus_half", "ten", "hundred", "scale"]

_MAX_FIGURE_CHARACTERS = 24
_FIGURE = r"[0-9]{1,3}(?:[ ][0-9]{3})+(?![0-9])(?:[.,][0-9]+)?|[0-9]+(?:[.,'][0-9]+)*"
# A figure may touch a currency's code ("EUR20bn", "RM5bn") but no other letter ("H100").
# "N95" is a mask and "R2" a region: after one letter only a scale word makes a number an amount.
_FIGURE_LEFT = (
    r"(?:(?<![\w+])|(?<=\b[A-Z]{3})|(?<=\bR[Mps])|(?<=\bSh)|(?<=\bTk)|(?<=\b[DNS]Kr)|(?<=\bSFr)"
    rf"|(?<=\bK[Ss]h)|(?<=\b[NR])(?=[0-9.,]+ ?{joined(lambda one: one.amounts.behind_letters)}\b))"
    r"(?<![0-9][.,/:])"
)
DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015"
_IN_PAIRS = re.compile(r"[1-9][0-9]?(?:,[0-9]{2})*,[0-9]{3}(?:\.[0-9]+)?")
_NO_LETTER_LEFT = r"(?<![^\W0-9])"


@dataclass(frozen=True, slots=True)
class Token:
    """One word or figure; `short` is an abbreviation, `collective` a word like "dozens"."""

    kind: Kind
    start: int
    end: int
    value: Decimal
    text: str
    collective: bool = False
    short: bool = False


@dataclass(frozen=True, slots=True)
class Grammar:
    """How a language writes numbers, compiled."""

    spoken: AmountWords
    writing: Writing
    token: re.Pattern[str]
    words: Mapping[str, int]
    multipliers: Mapping[str, int]
    collectives: Mapping[str, int]
    scales: Mapping[str, int]
    shorts: Mapping[str, int]
    gap: re.Pattern[str]
    vague: re.Pattern[str]
    vague_gap: re.Pattern[str]
    year_left: re.Pattern[str]


def alternation(words: Iterable[str]) -> str:
    """Return a regular expression for any of the words, longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or "(?!)"


@cache
def boundaries(language: Rules) -> re.RegexFlag:
    """Return the flag by which words end: where no blank parts them, only ASCII ones have ends."""
    return re.ASCII if language_of(language).writing.unspaced else re.NOFLAG


def plain(value: Decimal) -> Decimal:
    """Return the same number without trailing zeros or exponent."""
    whole = value.to_integral_value()
    return whole if whole == value else value.normalize()


@cache
def grammar_of(language: Rules) -> Grammar:
    """Return the grammar of a language, its scale words from CLDR and from its folder."""
    spoken, writing = language_of(language).amounts, language_of(language).writing
    scales = by_word(spoken.scales)
    shorts = by_word(spoken.short_scales)
    if find_language(language) is not None:
        # What a folder has adds to CLDR; of other languages CLDR tells all.
        scales = scale_words(language, "long") | scales
        shorts = scale_words(language, "short") | shorts
    # A scale word of two words is read as two.
    scales = {word: power for word, power in scales.items() if " " not in word}
    collectives = by_word(spoken.collectives)
    multipliers = by_word(spoken.hundreds) | collectives
    words = by_word(spoken.numbers)
    year_left = any_of(spoken.year_word.behind if spoken.year_word else ())
    # The next figure of a number may touch the scale word before it.
    end = r"(?![^\W0-9])" if writing.unspaced else r"(?!\w)"
    token = re.compile(
        rf"{_FIGURE_LEFT}(?P<figure>{_FIGURE})"
        rf"|(?<=[0-9]) ?(?P<short>{alternation(shorts)}){end}"
        rf"|{_NO_LETTER_LEFT}(?i:(?P<scale>{alternation(scales)})){end}"
        r"|(?<!\w)(?i:"
        rf"(?P<plus_half>{any_of(spoken.plus_half)})|(?P<half>{any_of(spoken.half)})"
        rf"|(?P<article>{alternation(spoken.articles)})|(?P<ten>{alternation(spoken.tens)})"
        rf"|(?P<hundred>{alternation(multipliers)})|(?P<word>{alternation(words)})"
        r")(?!\w)",
        boundaries(language),
    )
    return Grammar(
        spoken=spoken,
        writing=writing,
        token=token,
        words=words,
        multipliers=multipliers,
        collectives=collectives,
        scales=scales,
        shorts=shorts,
        gap=re.compile(any_of(("[ -]?", *spoken.joints)), re.IGNORECASE),
        vague=re.compile(rf"(?<!\w){any_of(spoken.vague)}[ -]$", re.IGNORECASE),
        vague_gap=re.compile(any_of(spoken.vague_joints), re.IGNORECASE),
        year_left=re.compile(rf"(?:[0-9]|(?<!\w){year_left})\s*$", re.IGNORECASE),
    )


def tokens_of(text: str, grammar: Grammar) -> list[Token]:
    """Return the tokens of a text in order, without figures that are codes."""
    tokens: list[Token] = []
    for match in grammar.token.finditer(text):
        token = _token(match, grammar)
        if token is None:
            continue
        if token.kind == "figure" and _is_code(text, token, tokens[-1] if tokens else None):
            continue
        tokens.append(token)
    return tokens


def _token(match: re.Match[str], grammar: Grammar) -> Token | None:
    name = match.lastgroup or ""
    start, end = match.span(name)
    written = match[name]
    word = written.lower()
    if name == "figure":
        value = _figure_value(written, grammar)
        return None if value is None else Token("figure", start, end, value, written)
    if name == "short":
        scale = Decimal(10) ** grammar.shorts[written]
        return Token("scale", start, end, scale, written, short=True)
    if name == "scale":
        return Token("scale", start, end, Decimal(10) ** grammar.scales[word], word)
    if name == "hundred":
        collective = word in grammar.collectives
        value = Decimal(grammar.multipliers[word])
        return Token("hundred", start, end, value, word, collective=collective)
    if name == "word":
        return Token("word", start, end, Decimal(grammar.words[word]), word)
    if name == "article":
        return Token("article", start, end, Decimal(1), word)
    if name == "ten":
        return Token("ten", start, end, Decimal(10), word)
    return Token("half" if name == "half" else "plus_half", start, end, Decimal("0.5"), word)


def _figure_value(figure: str, grammar: Grammar) -> Decimal | None:
    if len(figure) > _MAX_FIGURE_CHARACTERS or re.match("0[0-9]", figure):
        return None
    if "'" in figure or " " in figure:
        if not re.fullmatch(r"[0-9]{1,3}(?:([ '])[0-9]{3})(?:\1[0-9]{3})*(?:[.,][0-9]+)?", figure):
            return None
        return Decimal(re.sub("[ ']", "", figure).replace(",", "."))
    if grammar.writing.pairs and _IN_PAIRS.fullmatch(figure):
        return Decimal(figure.replace(",", ""))
    marks = re.findall("[.,]", figure)
    if not marks:
        return Decimal(figure)
    last = marks[-1]
    if len(set(marks)) == 2:
        whole, _, fraction = figure.rpartition(last)
        return Decimal(f"{_joined(whole)}.{fraction}") if _is_grouped(whole) else None
    if len(marks) > 1:
        return Decimal(_joined(figure)) if _is_grouped(figure) else None
    thousands_mark = grammar.spoken.thousands_mark
    is_thousands = last == thousands_mark or figure.endswith("000")
    if is_thousands and _is_grouped(figure):
        return Decimal(_joined(figure))
    if not thousands_mark and _is_grouped(figure):
        return None
    return Decimal(figure.replace(",", "."))


def _is_grouped(figure: str) -> bool:
    return re.fullmatch(r"[1-9][0-9]{0,2}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*", figure) is not None


def _joined(figure: str) -> str:
    return re.sub("[.,]", "", figure)


def _is_code(text: str, token: Token, previous: Token | None) -> bool:
    """Say whether the figure is part of a date, a time, a telephone number or a name (GPT-4)."""
    left = text[max(0, token.start - 5) : token.start]
    right = text[token.end : token.end + 2]
    if right[:1] in ("/", ":") and right[1:].isdigit():
        return True
    if "+" in left and re.search(r"\+[0-9]+[ -]$", left):
        return True
    named = left[-2:-1].isalpha() and left[-1] in DASHES
    return named and (previous is None or previous.end != token.start - 1)
