"""Tokens of numerals: the figures, number words and scale words of a text, each with its value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from itertools import chain, zip_longest
from typing import Literal

from extractor.languages import Rules, language_of
from extractor.languages.amount_words import AmountWords, by_word
from extractor.languages.common import common_names
from extractor.languages.patterns import any_of, any_word, joined
from extractor.languages.prefilter import Sparing
from extractor.languages.regex_needs import Needs
from extractor.languages.writing import Writing
from extractor.mentions.amounts.currencies import currency_marks
from extractor.mentions.amounts.figures import FIGURE, Marks, NoValue, may_be_in_pairs, value_of
from extractor.mentions.amounts.scales import (
    ScaleWord,
    abbreviations,
    behind_signs,
    marks_before,
    marks_of,
    other_words,
    own_words,
)

Kind = Literal["figure", "word", "article", "half", "plus_half", "ten", "hundred", "scale"]

# A figure may touch a currency's code ("EUR20bn", "RM5bn") but no other letter ("H100").
# "N95" is a mask and "R2" a region: after one letter only a scale word makes a number an amount.
_FIGURE_LEFT = (
    r"(?:(?<![\w+])|(?<=\b[A-Z]{3})|(?<=\bR[MPps])|(?<=\bSh)|(?<=\bShs)|(?<=\bTk)|(?<=\b[DNS]Kr)|(?<=\bSFr)"
    r"|(?<=\b[KTU][Ss]h)|(?<=\bJD)|(?<=\bRwf)"
    rf"|(?<=\b[NR])(?=[0-9.,]+ ?{joined(lambda one: one.amounts.behind_letters)}\b))"
    r"(?<![0-9][.,/:])(?<![0-9][.,][.,])"
)
DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015"
_SIGN_LEFT = re.compile(r"(?:[$€£¥₩₹₫]|\b[A-Z]{3}) ?$")
# "125 million", "125 USD million".
_SCALE_GAP = re.compile(r"[ -]?| [A-Z]{3} ")
_LABEL_WINDOW = 24
_NO_LETTER_LEFT = r"(?<![^\W0-9])"


@dataclass(frozen=True, slots=True)
class Token:
    """One word or figure; `short` is an abbreviation, `collective` a word like "dozens".

    `doubtful` ones have a value that nobody knows, `void` ones none at all; `lent` scale words need
    a currency, `home` ones the language's own.
    """

    kind: Kind
    start: int
    end: int
    value: Decimal
    text: str
    collective: bool = False
    short: bool = False
    doubtful: bool = False
    void: bool = False
    lent: bool = False
    home: bool = False


@dataclass(frozen=True, slots=True)
class Grammar:
    """How a language writes numbers, compiled."""

    spoken: AmountWords
    writing: Writing
    token: re.Pattern[str]
    needs: Needs
    """What a text must have to hold a number that is not a lone article."""
    words: Mapping[str, int]
    multipliers: Mapping[str, int]
    collectives: Mapping[str, int]
    scales: Mapping[str, int]
    shorts: Mapping[str, ScaleWord]
    others: Mapping[str, ScaleWord]
    signed: Mapping[str, ScaleWord]
    marks: Marks
    labels: re.Pattern[str]
    gap: re.Pattern[str]
    vague: re.Pattern[str]
    vague_gap: re.Pattern[str]
    or_more: re.Pattern[str]
    """What stands between a number and its scale word to say "or more": "40+ million"."""
    unread_scale: re.Pattern[str]
    """A scale word behind a number, in a language or a form that nobody reads here."""
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


def _fractions(spoken: AmountWords) -> str:
    """The parts of a scale word, each in a group that tells which of the table's it is."""
    words = enumerate(spoken.fractions.values())
    return "".join(rf"(?P<fraction{at}>{any_of(patterns)})|" for at, patterns in words)


@cache
def grammar_of(language: Rules) -> Grammar:
    """Return the grammar of a language, its scale words from CLDR and from its folder."""
    spoken, writing = language_of(language).amounts, language_of(language).writing
    scales, shorts, others = own_words(language), abbreviations(language), other_words(language)
    collectives = by_word(spoken.collectives)
    multipliers = by_word(spoken.hundreds) | collectives
    words = by_word(spoken.numbers)
    codes = "|".join(mark for mark in currency_marks(language) if len(mark) == 3 and mark.isupper())
    year_left = any_of(spoken.year_word.behind if spoken.year_word else ())
    long_shorts = [word for word in shorts if len(word) > 1]
    # The next figure of a number may touch the scale word before it.
    flags = boundaries(language)
    end = r"(?![^\W0-9])" if writing.unspaced else r"(?!\w)"
    counted = [word for word in words if word not in spoken.lone_numbers]
    spelled = any_word([*scales, *others, *spoken.tens, *multipliers, *counted])
    parts = any_of((*spoken.plus_half, *spoken.half, *chain(*spoken.fractions.values())))
    spoken_numbers = (
        rf"{_fractions(spoken)}"
        rf"(?P<plus_half>{any_of(spoken.plus_half)})|(?P<half>{any_of(spoken.half)})"
        rf"|(?P<article>{any_word(spoken.articles)})|(?P<ten>{any_word(spoken.tens)})"
        rf"|(?P<hundred>{any_word(multipliers)})|(?P<word>{any_word(words)})"
    )
    token = re.compile(
        rf"(?:(?=[0-9 -])|{_NO_LETTER_LEFT})(?:{_FIGURE_LEFT}(?P<figure>{FIGURE})"
        rf"|(?<=[0-9+]) ?(?P<short>{alternation(shorts)})(?:{end}|(?=(?:{codes})(?!\w)))"
        rf"|{_NO_LETTER_LEFT}(?P<scale>{any_word(scales)}){end}"
        rf"|(?<=[0-9+])[ -]?(?P<other>{any_word(others)}){end}"
        rf"|(?<!\w)(?i:{spoken_numbers})(?!\w))",
        flags,
    )
    return Grammar(
        spoken=spoken,
        writing=writing,
        token=token,
        needs=Sparing(rf"[0-9]|(?<!\w)(?:{parts}|{spelled})(?!\w)", flags).needs,
        words=words,
        multipliers=multipliers,
        collectives=collectives,
        scales=scales,
        shorts=shorts,
        others=others,
        signed=behind_signs(language),
        marks=marks_of(language),
        labels=re.compile(
            rf"(?<!\w){any_of(language_of(language).counts.labels)}[ -]$", re.IGNORECASE
        ),
        gap=re.compile(any_of(("[ -]?", *spoken.joints)), re.IGNORECASE),
        vague=re.compile(rf"(?<!\w){any_of(spoken.vague)}[ -]$", re.IGNORECASE),
        vague_gap=re.compile(any_of(spoken.vague_joints), re.IGNORECASE),
        or_more=re.compile(rf"{any_of(spoken.or_more)}[ -]?", re.IGNORECASE),
        unread_scale=re.compile(
            rf"{any_of(spoken.or_more)}[ -](?:{alternation(long_shorts)}){end}"
            rf"|{any_of(spoken.or_more)}?[ -](?i:{any_of(common_names().scales)}){end}",
        ),
        year_left=re.compile(rf"(?:[0-9]|(?<!\w){year_left})\s*$", re.IGNORECASE),
    )


def tokens_of(text: str, grammar: Grammar) -> list[Token]:
    """Return the tokens of a text in order, without figures that are codes."""
    tokens: list[Token] = []
    matches = list(grammar.token.finditer(text))
    for match, following in zip_longest(matches, matches[1:]):
        name = match.lastgroup or ""
        if name == "figure":
            figure = _figure(text, match, following, grammar)
            if figure is not None and not _is_code(text, figure, tokens[-1] if tokens else None):
                tokens.append(figure)
        elif name in ("short", "scale", "other"):
            scale = _scale(text, match, name, tokens[-1] if tokens else None, grammar)
            if scale is not None:
                tokens.append(scale)
        else:
            tokens.append(_word(match, name, grammar))
    return tokens


def _figure(
    text: str, match: re.Match[str], following: re.Match[str] | None, grammar: Grammar
) -> Token | None:
    """Return a figure, None if it means nothing and no scale word goes on with it."""
    start, end = match.span()
    figure = match[0]
    scaled = _scaled(text, end, following, grammar)
    marks = grammar.marks
    if not figure.isdigit():
        marks = _marks(text, match, following if scaled else None, grammar)
    value = value_of(figure, marks, scaled=scaled)
    labelled = " " in figure and grammar.labels.search(text, max(0, start - _LABEL_WINDOW), start)
    word = following[following.lastgroup or 0].lower() if scaled and following else ""
    if labelled or (word in grammar.spoken.singular_scales and _is_thousands(figure, value)):
        # "Phase 2 500 million", and "1.250 milliard", which is less than two.
        value = NoValue.TWO_MEANINGS
    if isinstance(value, Decimal):
        return Token("figure", start, end, value, figure)
    if value is NoValue.NO_MEANING and not scaled:
        return None
    void = value is NoValue.NO_MEANING
    return Token("figure", start, end, Decimal(1), figure, doubtful=True, void=void)


def _is_thousands(figure: str, value: Decimal | NoValue) -> bool:
    return isinstance(value, Decimal) and value >= 1000 and not figure.isdigit()


def _scaled(text: str, end: int, following: re.Match[str] | None, grammar: Grammar) -> bool:
    if following is None or following.lastgroup not in ("short", "scale", "other", "hundred"):
        return False
    start = following.start(following.lastgroup)
    gaps = (_SCALE_GAP, grammar.or_more)
    return any(gap.fullmatch(text, end, start) is not None for gap in gaps)


def _marks(text: str, match: re.Match[str], scale: re.Match[str] | None, grammar: Grammar) -> Marks:
    """Return how the figure is written: by its scale word, its sign and its language."""
    marks = grammar.marks
    if may_be_in_pairs(match[0]) and not marks.pairs:
        return replace(marks, pairs=_pairs_beside().search(text) is not None)
    if scale is None:
        return marks
    word = scale[scale.lastgroup or 0]
    signed = _is_signed(text, match.start())
    lent = grammar.others.get(word.lower()) or grammar.shorts.get(word)
    if lent is not None and lent.lent:
        # "$1.250 billion" is English in any text, "1.250 billion" its word in another's figures.
        theirs = marks_before(word, lent.power)
        return theirs if signed or theirs.thousands == marks.thousands else Marks("")
    if signed and (sign := grammar.signed.get(word.lower())):
        return marks_before(word, sign.power)
    if signed and grammar.spoken.signs_behind:
        # "$1.250 million" in French may be a quote.
        return marks_before(word, grammar.scales.get(word.lower()))
    return marks


def _is_signed(text: str, start: int) -> bool:
    return _SIGN_LEFT.search(text, max(0, start - 4), start) is not None


@cache
def _pairs_beside() -> re.Pattern[str]:
    """What stands in a sentence of which the figures are grouped in pairs."""
    return re.compile(joined(lambda one: one.amounts.pairs_beside), re.IGNORECASE)


def _scale(
    text: str, match: re.Match[str], name: str, previous: Token | None, grammar: Grammar
) -> Token | None:
    """Return a scale word, None for letters that are one only behind a sign."""
    start, end = match.span(name)
    written = match[name]
    word = written if name == "short" else written.lower()
    own = ScaleWord(grammar.scales[word]) if name == "scale" else None
    scale = own or (grammar.shorts if name == "short" else grammar.others)[word]
    figure = previous if previous is not None and previous.kind == "figure" else None
    if scale.signed or word in grammar.signed:
        signed = figure is not None and _is_signed(text, figure.start)
        touches = figure is not None and text[figure.end : start] in ("", "+")
        if scale.signed and not (signed and touches):
            return None
        scale = grammar.signed.get(word, scale) if signed else scale
    return Token(
        "scale",
        start,
        end,
        Decimal(10) ** (scale.power or 0),
        word,
        short=name == "short",
        doubtful=scale.power is None,
        lent=scale.lent,
        home=scale.home,
    )


def _word(match: re.Match[str], name: str, grammar: Grammar) -> Token:
    start, end = match.span(name)
    word = match[name].lower()
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
    if name.startswith("fraction"):
        told = [*grammar.spoken.fractions][int(name.removeprefix("fraction"))]
        doubtful = told == "other"
        part = Decimal(1) if doubtful else Decimal(told)
        return Token("half", start, end, part, word, doubtful=doubtful)
    return Token("half" if name == "half" else "plus_half", start, end, Decimal("0.5"), word)


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
