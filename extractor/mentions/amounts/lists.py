"""Amounts of a list that leave out what another one of it says.

"5 and 6 million euros respectively" leaves out the scale and the currency, "€5 million for A, 6
million for B" the currency. They are read where the words make a list sure. "$5 and 6 million"
alone may be five dollars or five million: it has no value.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from extractor.languages import Rules, language_of
from extractor.languages.patterns import any_of
from extractor.mentions.amounts.priced import Priced
from extractor.mentions.amounts.tokens import grammar_of, plain

_WINDOW = 24
_LEAST_UNSCALED = 1000
"""A number as large as this has no scale word that it leaves out."""


@dataclass(frozen=True, slots=True)
class _Grammar:
    joint: re.Pattern[str]
    """Between two members that leave out their scale."""
    opening: re.Pattern[str]
    """Right before a member that leaves out its currency."""
    closing: re.Pattern[str]
    """Right behind every member of such a list."""
    respectively: re.Pattern[str]
    label: re.Pattern[str]


def completed(text: str, amounts: Sequence[Priced], language: Rules) -> list[Priced]:
    """The amounts with the scale and the currency that others in their lists tell."""
    if len(amounts) == 1 or not any(one.currency for one in amounts):
        return [*amounts]
    grammar = _grammar(language)
    return _with_currency(text, _with_scale(text, [*amounts], grammar), grammar)


def _with_scale(text: str, amounts: list[Priced], grammar: _Grammar) -> list[Priced]:
    sure = grammar.respectively.search(text) is not None
    for index, last in enumerate(amounts):
        first = index
        if last.quantity.scale > 1:
            while first and _leads_to(text, amounts[first - 1], amounts[first], grammar):
                first -= 1
        members = amounts[first:index]
        codes = last.currency or next((one.currency for one in members if one.currency), None)
        if (
            not members
            or codes is None
            or any(one.currency not in (None, codes) for one in members)
        ):
            continue
        for place, member in enumerate(members, start=first):
            if sure:
                amounts[place] = _scaled(member, last, codes)
            elif member.currency is not None:
                amounts[place] = _doubtful(member)
        if sure:
            amounts[index] = replace(last, currency=codes)
    return amounts


def _leads_to(text: str, member: Priced, following: Priced, grammar: _Grammar) -> bool:
    quantity = member.quantity
    if quantity.value is None or quantity.scale != 1 or quantity.upper is not None:
        return False
    if quantity.lone_article or quantity.value >= _LEAST_UNSCALED:
        return False
    joint = grammar.joint.fullmatch(text, quantity.end, following.quantity.start)
    before = max(0, quantity.start - _WINDOW)
    return joint is not None and grammar.label.search(text, before, quantity.start) is None


def _scaled(member: Priced, last: Priced, codes: tuple[str, ...]) -> Priced:
    value, scale = member.quantity.value, last.quantity.scale
    quantity = replace(member.quantity, value=value and plain(value * scale), scale=scale)
    return replace(member, quantity=quantity, currency=codes)


def _doubtful(member: Priced) -> Priced:
    return replace(member, quantity=replace(member.quantity, value=None, doubtful=True))


def _with_currency(text: str, amounts: list[Priced], grammar: _Grammar) -> list[Priced]:
    codes: tuple[str, ...] | None = None
    word = ""
    for place, one in enumerate(amounts):
        quantity = one.quantity
        closing = grammar.closing.match(text, quantity.end)
        if one.currency is not None:
            codes = one.currency if quantity.scale > 1 and closing else None
            word = closing["word"].lower() if closing else ""
        elif (
            codes is not None
            and quantity.scale > 1
            and quantity.value is not None
            and closing
            and closing["word"].lower() == word
            and grammar.opening.search(text, max(0, quantity.start - _WINDOW), quantity.start)
        ):
            amounts[place] = replace(one, currency=codes)
    return amounts


@cache
def _grammar(language: Rules) -> _Grammar:
    cues, words = language_of(language).amounts.cues, language_of(language).amounts.list_joints
    and_ = any_of(cues.and_words)
    return _Grammar(
        joint=re.compile(rf",? {and_} |, ", re.IGNORECASE),
        opening=re.compile(rf"(?:[,;]|\s{and_}) $", re.IGNORECASE),
        closing=re.compile(rf" (?P<word>(?!{and_}\s){any_of(words)}) ", re.IGNORECASE),
        label=grammar_of(language).labels,
        respectively=re.compile(rf"(?<!\w){any_of(cues.respectively)}(?!\w)", re.IGNORECASE),
    )
