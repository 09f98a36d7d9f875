"""Numerals: figures, number words and scale words of a sentence, read as exact decimals.

Marks: a mark before groups of exactly three digits separates thousands where it is the thousands
mark of the language (vi, fr: the dot; en: the comma), and is decimal otherwise; the other mark is
decimal unless it occurs several times or exactly three zeros follow it, because nobody writes
three decimal zeros. Where both occur, the last one is decimal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal

from babel import Locale

from extractor.languages import language_of
from extractor.languages.amount_words import AmountWords, by_word
from extractor.languages.patterns import any_of, joined
from extractor.records import Language

_Kind = Literal["figure", "word", "article", "half", "plus_half", "ten", "hundred", "scale"]

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
_NO_LETTER_LEFT = r"(?<![^\W0-9])"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of the sentence, scale words applied; `value` is None for a vague magnitude.

    `scale` is the product of the scale words that end it, 1 without any. `lone_article` marks what
    may be an article only, `approximate` a collective (a hundred or so), `tied` a figure bound by a
    dash to another number, which means nothing by itself, and `loose` an abbreviated scale word
    after a space ("3 M"), which only a currency can confirm.
    """

    start: int
    end: int
    value: Decimal | None
    upper: Decimal | None = None
    scale: Decimal = Decimal(1)
    lone_article: bool = False
    approximate: bool = False
    tied: bool = False
    loose: bool = False


# Money and counts read the numbers of the same sentence, one after the other.
@lru_cache(maxsize=256)
def find_quantities(text: str, language: Language) -> tuple[Quantity, ...]:
    """Return every number of the text in order, without joining ranges."""
    grammar = _grammar(language)
    tokens = _tokens(text, grammar)
    found = []
    index = 0
    while index < len(tokens):
        quantity, index = _quantity(text, tokens, index, grammar)
        if quantity is not None:
            found.append(quantity)
    return tuple(found)


def alternation(words: Iterable[str]) -> str:
    """Return a regular expression for any of the words, longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or "(?!)"


def plain(value: Decimal) -> Decimal:
    """Return the same number without trailing zeros or exponent."""
    whole = value.to_integral_value()
    return whole if whole == value else value.normalize()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: _Kind
    start: int
    end: int
    value: Decimal
    text: str
    collective: bool = False
    short: bool = False


@dataclass(frozen=True, slots=True)
class _Grammar:
    spoken: AmountWords
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


@cache
def _grammar(language: Language) -> _Grammar:
    spoken = language_of(language).amounts
    scales = _cldr_scales(language, "long") | by_word(spoken.scales)
    # A scale word of two words is read as two.
    scales = {word: power for word, power in scales.items() if " " not in word}
    shorts = _cldr_scales(language, "short") | by_word(spoken.short_scales)
    collectives = by_word(spoken.collectives)
    multipliers = by_word(spoken.hundreds) | collectives
    words = by_word(spoken.numbers)
    year_left = any_of(spoken.year_word.behind if spoken.year_word else ())
    token = re.compile(
        rf"{_FIGURE_LEFT}(?P<figure>{_FIGURE})"
        rf"|(?<=[0-9]) ?(?P<short>{alternation(shorts)})(?!\w)"
        rf"|{_NO_LETTER_LEFT}(?i:(?P<scale>{alternation(scales)}))(?!\w)"
        r"|(?<!\w)(?i:"
        rf"(?P<plus_half>{any_of(spoken.plus_half)})|(?P<half>{any_of(spoken.half)})"
        rf"|(?P<article>{alternation(spoken.articles)})|(?P<ten>{alternation(spoken.tens)})"
        rf"|(?P<hundred>{alternation(multipliers)})|(?P<word>{alternation(words)})"
        r")(?!\w)"
    )
    return _Grammar(
        spoken=spoken,
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


def _cldr_scales(language: Language, width: Literal["short", "long"]) -> dict[str, int]:
    """Return scale word to power of ten, as CLDR abbreviates large numbers in the language."""
    found: dict[str, int] = {}
    for forms in Locale(language).compact_decimal_formats[width].values():
        for magnitude, pattern in forms.items():
            figure = pattern.pattern
            word = figure.strip("0 \u00a0\u202f")
            if word:
                found[word] = len(magnitude) - max(1, figure.count("0"))
    return found


def _tokens(text: str, grammar: _Grammar) -> list[_Token]:
    tokens: list[_Token] = []
    for match in grammar.token.finditer(text):
        token = _token(match, grammar)
        if token is None:
            continue
        if token.kind == "figure" and _is_code(text, token, tokens[-1] if tokens else None):
            continue
        tokens.append(token)
    return tokens


def _token(match: re.Match[str], grammar: _Grammar) -> _Token | None:
    name = match.lastgroup or ""
    start, end = match.span(name)
    written = match[name]
    word = written.lower()
    if name == "figure":
        value = _figure_value(written, grammar.spoken.thousands_mark)
        return None if value is None else _Token("figure", start, end, value, written)
    if name == "short":
        scale = Decimal(10) ** grammar.shorts[written]
        return _Token("scale", start, end, scale, written, short=True)
    if name == "scale":
        return _Token("scale", start, end, Decimal(10) ** grammar.scales[word], word)
    if name == "hundred":
        collective = word in grammar.collectives
        value = Decimal(grammar.multipliers[word])
        return _Token("hundred", start, end, value, word, collective=collective)
    if name == "word":
        return _Token("word", start, end, Decimal(grammar.words[word]), word)
    if name == "article":
        return _Token("article", start, end, Decimal(1), word)
    if name == "ten":
        return _Token("ten", start, end, Decimal(10), word)
    return _Token("half" if name == "half" else "plus_half", start, end, Decimal("0.5"), word)


def _figure_value(figure: str, thousands_mark: str) -> Decimal | None:
    if len(figure) > _MAX_FIGURE_CHARACTERS or re.match("0[0-9]", figure):
        return None
    if "'" in figure or " " in figure:
        if not re.fullmatch(r"[0-9]{1,3}(?:([ '])[0-9]{3})(?:\1[0-9]{3})*(?:[.,][0-9]+)?", figure):
            return None
        return Decimal(re.sub("[ ']", "", figure).replace(",", "."))
    marks = re.findall("[.,]", figure)
    if not marks:
        return Decimal(figure)
    last = marks[-1]
    if len(set(marks)) == 2:
        whole, _, fraction = figure.rpartition(last)
        return Decimal(f"{_joined(whole)}.{fraction}") if _is_grouped(whole) else None
    if len(marks) > 1:
        return Decimal(_joined(figure)) if _is_grouped(figure) else None
    is_thousands = last == thousands_mark or figure.endswith("000")
    if is_thousands and _is_grouped(figure):
        return Decimal(_joined(figure))
    return Decimal(figure.replace(",", "."))


def _is_grouped(figure: str) -> bool:
    return re.fullmatch(r"[1-9][0-9]{0,2}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*", figure) is not None


def _joined(figure: str) -> str:
    return re.sub("[.,]", "", figure)


def _is_code(text: str, token: _Token, previous: _Token | None) -> bool:
    """Say whether the figure is part of a date, a time, a telephone number or a name (GPT-4)."""
    left = text[max(0, token.start - 5) : token.start]
    right = text[token.end : token.end + 2]
    if right[:1] in ("/", ":") and right[1:].isdigit():
        return True
    if "+" in left and re.search(r"\+[0-9]+[ -]$", left):
        return True
    named = left[-2:-1].isalpha() and left[-1] in DASHES
    return named and (previous is None or previous.end != token.start - 1)


class _Reading:
    """A numeral taken in token by token, the way it is spoken."""

    def __init__(self, spoken: AmountWords) -> None:
        self.spoken = spoken
        self.parts: list[tuple[Decimal, Decimal]] = []
        self.group: Decimal | None = None
        self.last_word = Decimal(0)
        self.multiplier = Decimal(1)
        self.trailing_scale = Decimal(1)
        self.figure = False

    @property
    def empty(self) -> bool:
        return self.group is None and not self.parts

    @property
    def value(self) -> Decimal:
        return sum((part for part, _ in self.parts), self.group or Decimal(0))

    def take(self, token: _Token, following: _Token | None) -> bool:
        """Add the token if the numeral can go on with it; else leave everything as it was."""
        begins = token.kind in ("figure", "half") or (token.kind == "article" and self.empty)
        if begins:
            return self._take_start(token, following)
        if token.kind == "word" or (token.kind == "article" and self.spoken.article_is_one):
            return self._take_word(token, following)
        if token.kind == "ten":
            return self._take_ten()
        if token.kind == "hundred":
            return self._take_hundred(token)
        if token.kind == "scale":
            return self._take_scale(token)
        return token.kind == "plus_half" and self._take_half()

    def _take_start(self, token: _Token, following: _Token | None) -> bool:
        if token.kind == "half" and self.group == 1 and not self.parts and self.last_word == 0:
            self.group = token.value
            return True
        scaled_next = following is not None and following.kind in ("scale", "hundred")
        if self.group is not None or (self.parts and not (token.kind == "figure" and scaled_next)):
            return False
        self.group, self.trailing_scale = token.value, Decimal(1)
        self.figure = token.kind == "figure"
        self.last_word, self.multiplier = Decimal(0), Decimal(1)
        return True

    def _take_word(self, token: _Token, following: _Token | None) -> bool:
        value = token.value
        goes_on = following is not None and following.kind in ("ten", "hundred", "scale")
        year = self.spoken.year_word
        if year and token.text == year.word and not self.empty and not goes_on:
            return False
        if self.group is None:
            if self.parts and not goes_on:
                small = self.parts[-1][1] == 1000 and self.spoken.rest_after_thousands
                if not small and (following is None or following.kind != "word"):
                    return False
            self.group = value
        elif self._fits(value):
            self.group += value
        else:
            return False
        self.figure = False
        self.last_word, self.trailing_scale = value, Decimal(1)
        return True

    def _fits(self, value: Decimal) -> bool:
        spoken = not self.figure and (self.last_word > 0 or self.multiplier > 1)
        group = self.group or Decimal(0)
        if not spoken:
            return False
        if group % 100 == 0:
            return value < 100
        if group % 100 in self.spoken.twenties:
            return value < 20
        return group % 10 == 0 and value < 10

    def _take_ten(self) -> bool:
        if self.group is None or self.figure or not 2 <= self.last_word <= 9:
            return False
        self.group += self.last_word * 9
        self.last_word = Decimal(10)
        return True

    def _take_hundred(self, token: _Token) -> bool:
        if self.group is None and token.text not in self.spoken.standing_alone:
            return False
        if self.group is not None and self.group >= 20 and not self.figure:
            return False
        self.group = plain((self.group or Decimal(1)) * token.value)
        self.multiplier, self.figure = token.value, False
        return True

    def _take_scale(self, token: _Token) -> bool:
        scale = token.value
        if self.group is None:
            if not self.parts:
                if token.text not in self.spoken.standing_alone:
                    return False
                self.parts.append((scale, scale))
                self.trailing_scale = scale
                return True
            if self.trailing_scale == 1 or self.parts[-1][1] >= scale:
                return False
        elif any(1000 < below <= scale or below == scale for _, below in self.parts):
            return False
        total = self.group or Decimal(0)
        while self.parts and self.parts[-1][1] < scale:
            total += self.parts.pop()[0]
        self.parts.append((total * scale, scale))
        self.group, self.figure = None, False
        self.trailing_scale *= scale
        return True

    def _take_half(self) -> bool:
        if self.group is not None:
            self.group += self.multiplier / 2
        elif self.parts:
            value, scale = self.parts[-1]
            self.parts[-1] = (value + scale / 2, scale)
        else:
            return False
        return True


def _quantity(
    text: str, tokens: list[_Token], index: int, grammar: _Grammar
) -> tuple[Quantity | None, int]:
    """Read the longest numeral that begins at a token; return it and the next token's index."""
    first, spoken = tokens[index], grammar.spoken
    if _is_no_number(text, first, grammar):
        return None, index + 1
    reading = _Reading(spoken)
    taken = index
    while taken < len(tokens):
        token = tokens[taken]
        if taken > index and not _adjacent(text, tokens[taken - 1], token, grammar):
            break
        following = tokens[taken + 1] if taken + 1 < len(tokens) else None
        if following is not None and not _adjacent(text, token, following, grammar):
            following = None
        if not reading.take(token, following):
            break
        taken += 1
    if taken == index:
        return _magnitude(text, tokens, index, grammar)
    last = tokens[taken - 1]
    only = first.kind if taken == index + 1 else None
    no_one = first.kind == "article" and not spoken.article_is_one
    if only in ("half", "plus_half") or (only == "article" and no_one):
        return None, taken
    # "A billion-dollar deal" tells the order of magnitude only.
    vague = no_one and text[last.end : last.end + 1] == "-"
    quantity = Quantity(
        start=first.start,
        end=last.end,
        value=None if vague else plain(reading.value),
        scale=reading.trailing_scale,
        lone_article=only == "article" or (only == "word" and first.text in spoken.lone_numbers),
        approximate=any(_is_collective(token, grammar) for token in tokens[index:taken]),
        tied=_is_tied(text, first.start, last.end),
        loose=last.short and text[last.start - 1] == " ",
    )
    return quantity, taken


def _is_no_number(text: str, token: _Token, grammar: _Grammar) -> bool:
    """Say whether the word is the one for a year here, or part of a phrase that counts nothing."""
    left = text[max(0, token.start - 12) : token.start]
    year = grammar.spoken.year_word
    if year and token.text == year.word:
        figure_follows = re.match(" ?[0-9]", text[token.end : token.end + 2])
        if figure_follows or grammar.year_left.search(left):
            return True
    before = grammar.spoken.not_behind.get(token.text)
    return before is not None and left.lower().endswith(before)


def _magnitude(
    text: str, tokens: list[_Token], index: int, grammar: _Grammar
) -> tuple[Quantity | None, int]:
    """Read scale words without a number: "hundreds of millions"."""
    first = tokens[index]
    countable = first.kind in ("scale", "hundred") and not first.short
    if not countable or first.text in grammar.spoken.never_vague:
        return None, index + 1
    taken = index + 1
    while taken < len(tokens) and tokens[taken].kind in ("scale", "hundred"):
        if not grammar.vague_gap.fullmatch(text, tokens[taken - 1].end, tokens[taken].start):
            break
        taken += 1
    vague = grammar.vague.search(text, max(0, first.start - 12), first.start)
    start = first.start if vague is None else vague.start()
    scale = Decimal(1)
    for token in tokens[index:taken]:
        scale *= token.value if token.kind == "scale" else 1
    return Quantity(start, tokens[taken - 1].end, None, scale=scale), taken


def _adjacent(text: str, left: _Token, right: _Token, grammar: _Grammar) -> bool:
    if right.kind == "figure":
        return text[left.end : right.start] == " "
    pattern = grammar.vague_gap if _is_collective(left, grammar) else grammar.gap
    return pattern.fullmatch(text, left.end, right.start) is not None


def _is_collective(token: _Token, grammar: _Grammar) -> bool:
    return token.collective or token.text in grammar.spoken.collective_scales


def _is_tied(text: str, start: int, end: int) -> bool:
    left, right = text[max(0, start - 2) : start], text[end : end + 2]
    after_dash = left[-1:] in tuple(DASHES) and left[:-1].isalnum()
    return after_dash or (right[:1] in tuple(DASHES) and right[1:].isdigit())
