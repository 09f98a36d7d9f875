"""Numerals: figures, number words and scale words of a sentence, read as exact decimals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from extractor.languages import Rules
from extractor.languages.prefilter import letters_of
from extractor.mentions.amounts.spoken import Numeral
from extractor.mentions.amounts.tokens import DASHES, Grammar, Token, grammar_of, plain, tokens_of


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of the sentence, scale words applied; `value` is None for a vague magnitude.

    `scale` is the product of the scale words that end it, 1 without any. `lone_article` marks what
    may be an article only, `approximate` a collective (a hundred or so), `tied` a figure bound by a
    dash to another number, or a row of digits that is none, which means nothing by itself, and
    `loose` a scale word that only a currency can confirm: abbreviated after a space ("3 M"), or of
    another language; `home` one that only the language's own currency can. `doubtful` says that the
    value is unknown because the words have two meanings.
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
    home: bool = False
    doubtful: bool = False


# Money and counts read the numbers of the same sentence, one after the other.
@lru_cache(maxsize=256)
def find_quantities(text: str, language: Rules) -> tuple[Quantity, ...]:
    """Return every number of the text in order, without joining ranges."""
    grammar = grammar_of(language)
    tokens = tokens_of(text, grammar)
    found = []
    index = 0
    while index < len(tokens):
        quantity, index = _quantity(text, tokens, index, grammar)
        if quantity is not None:
            found.append(quantity)
    return tuple(found)


def find_figures(text: str, language: Rules) -> tuple[Quantity, ...]:
    """Return the numbers of a text that has any but lone articles; none of other texts."""
    needs = grammar_of(language).needs
    return find_quantities(text, language) if letters_of(text).meet(needs) else ()


def _quantity(
    text: str, tokens: list[Token], index: int, grammar: Grammar
) -> tuple[Quantity | None, int]:
    """Read the longest numeral that begins at a token; return it and the next token's index."""
    first, spoken = tokens[index], grammar.spoken
    if _is_no_number(text, first, grammar) or _is_alone(text, tokens, index, grammar):
        return None, index + 1
    numeral = Numeral(spoken)
    taken = index
    while taken < len(tokens):
        token = tokens[taken]
        if taken > index and not _adjacent(text, tokens[taken - 1], token, grammar):
            break
        following = tokens[taken + 1] if taken + 1 < len(tokens) else None
        if following is not None and not _adjacent(text, token, following, grammar):
            following = None
        if not numeral.take(token, following):
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
    doubtful = any(token.doubtful for token in tokens[index:taken])
    end = last.end
    if last.kind != "scale" and (unread := grammar.unread_scale.match(text, end)):
        # "R$ 40 milhões" is no forty of anything.
        end, doubtful = unread.end(), True
    quantity = Quantity(
        start=first.start,
        end=end,
        value=None if vague or doubtful else plain(numeral.value),
        scale=numeral.trailing_scale,
        lone_article=only == "article" or (only == "word" and first.text in spoken.lone_numbers),
        approximate=any(_is_collective(token, grammar) for token in tokens[index:taken]),
        tied=first.void or _is_tied(text, first.start, end),
        loose=last.lent or (last.short and text[last.start - 1] == " "),
        home=last.home,
        doubtful=doubtful,
    )
    return quantity, taken


def _is_alone(text: str, tokens: list[Token], index: int, grammar: Grammar) -> bool:
    """Say whether the word is an article that is no number, and none goes on behind it."""
    first, following = tokens[index], tokens[index + 1 : index + 2]
    if first.kind != "article" or grammar.spoken.article_is_one:
        return False
    return not following or not _adjacent(text, first, following[0], grammar)


def _is_no_number(text: str, token: Token, grammar: Grammar) -> bool:
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
    text: str, tokens: list[Token], index: int, grammar: Grammar
) -> tuple[Quantity | None, int]:
    """Read scale words without a number: "hundreds of millions"."""
    first = tokens[index]
    countable = first.kind in ("scale", "hundred") and not (first.short or first.lent)
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


def _adjacent(text: str, left: Token, right: Token, grammar: Grammar) -> bool:
    if right.kind == "figure":
        gap = text[left.end : right.start]
        return gap == " " or (not gap and grammar.writing.unspaced)
    if right.kind == "scale" and grammar.or_more.fullmatch(text, left.end, right.start):
        return True
    pattern = grammar.vague_gap if _is_collective(left, grammar) else grammar.gap
    return pattern.fullmatch(text, left.end, right.start) is not None


def _is_collective(token: Token, grammar: Grammar) -> bool:
    return token.collective or token.text in grammar.spoken.collective_scales


def _is_tied(text: str, start: int, end: int) -> bool:
    left, right = text[max(0, start - 2) : start], text[end : end + 2]
    after_dash = left[-1:] in tuple(DASHES) and left[:-1].isalnum()
    return after_dash or (right[:1] in tuple(DASHES) and right[1:].isdigit())
