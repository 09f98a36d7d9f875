"""Counted things that are not money: a number and the noun or measure that follows it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from extractor.languages import Rules, language_of
from extractor.languages.count_words import CountWords
from extractor.languages.patterns import any_of, any_word, joined
from extractor.languages.prefilter import Sparing
from extractor.languages.unit_lists import UnitLists
from extractor.mentions.amounts.cues import join_range, read_cues
from extractor.mentions.amounts.labels import is_label, is_name, is_whole
from extractor.mentions.amounts.numerals import Quantity, find_figures
from extractor.mentions.amounts.tokens import boundaries
from extractor.mentions.amounts.units import UnitForm, singular, unit_forms
from extractor.mentions.types import CountMention

_COST_UNIT = "percent_of_cost"
_MAX_MODIFIERS = 4
_LEFT_WINDOW = 40
_MILLION = 1_000_000

_MODIFIER = re.compile(r" (?=[0-9]{0,3}[^\W\d])([\w'&/-]+)")


@dataclass(frozen=True, slots=True)
class _Found:
    """A quantity widened to its unit; `or_more` if a plus sign stands between ("500+ jobs")."""

    quantity: Quantity
    unit: str
    or_more: bool = False


@dataclass(frozen=True, slots=True)
class _Grammar:
    words: CountWords
    units: UnitLists
    nouns: Mapping[str, UnitForm]
    noun: re.Pattern[str]
    no_noun: re.Pattern[str]
    plural_noun: re.Pattern[str]
    unlisted: re.Pattern[str]
    measures: Mapping[str, UnitForm]
    measure: re.Pattern[str]
    not_paid: re.Pattern[str]
    """What stands before a share of a cost that is saved or described, rather than paid."""
    counts_nothing: re.Pattern[str]
    percent_of_cost: re.Pattern[str]
    share_of_cost: Sparing


def find_counts(
    text: str, language: Rules, taken: Iterable[tuple[int, int]] = ()
) -> tuple[CountMention, ...]:
    """Return the counted things of one folded sentence, in order, none overlapping `taken`.

    A unit must follow the number; ordinals, years, ages, times, names with a number and
    percentages are not counts, except a share of a cost. A lone article counts nothing.
    """
    spans = tuple(taken)
    found: list[CountMention] = []
    for item in sorted(_candidates(text, language, spans), key=lambda one: one.quantity.start):
        start, end = item.quantity.start, item.quantity.end
        if not _overlaps(start, end, spans) and (not found or found[-1].end <= start):
            found.append(_mention(text, item, language))
    return tuple(found)


def _mention(text: str, item: _Found, language: Rules) -> CountMention:
    quantity = item.quantity
    ranged = quantity.upper is not None
    cues = read_cues(text, quantity.start, quantity.end, language, ranged=ranged)
    qualifier = cues.qualifier
    if qualifier == "exact" and (quantity.approximate or item.or_more):
        qualifier = "about" if quantity.approximate else "at_least"
    return CountMention(
        start=quantity.start,
        end=quantity.end,
        value=quantity.value or Decimal(0),
        value_max=quantity.upper,
        unit=item.unit,
        qualifier=qualifier,
        per=cues.per,
        scope=cues.scope,
    )


def _candidates(text: str, language: Rules, taken: tuple[tuple[int, int], ...]) -> Iterable[_Found]:
    free = [
        quantity
        for quantity in find_figures(text, language)
        if quantity.value is not None and not _overlaps(quantity.start, quantity.end, taken)
    ]
    index = 0
    while index < len(free):
        quantity = free[index]
        pair = free[index : index + 2]
        joined = join_range(text, pair[0], pair[1], language) if len(pair) == 2 else None
        index += 1 if joined is None else 2
        item = _counted(text, joined or quantity, language)
        if item is not None:
            yield item
    yield from _shares(text, language)


def _overlaps(start: int, end: int, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start < stop and begin < end for begin, stop in spans)


def _counted(text: str, quantity: Quantity, language: Rules) -> _Found | None:
    if quantity.tied or quantity.loose or (quantity.lone_article and quantity.upper is None):
        return None
    cost = _grammar(language).percent_of_cost.match(text, quantity.end)
    if cost is not None:
        return _cost_share(text, replace(quantity, end=cost.end()), language)
    if _grammar(language).counts_nothing.match(text, quantity.end):
        return None
    whole = is_whole(text, quantity)
    or_more = text[quantity.end : quantity.end + 1] == "+"
    quantity = replace(quantity, end=quantity.end + 1) if or_more else quantity
    counted = _measured(text, quantity, language)
    if counted is None and whole:
        counted = _noun(text, quantity, language)
    if counted is None or is_label(text, quantity, language):
        return None
    if _grammar(language).words.modifiers_first and is_name(text, quantity, counted.quantity.end):
        return None
    return replace(counted, or_more=True) if or_more else counted


def _cost_share(text: str, quantity: Quantity, language: Rules) -> _Found | None:
    left = text[max(0, quantity.start - _LEFT_WINDOW) : quantity.start]
    return None if _grammar(language).not_paid.search(left) else _Found(quantity, _COST_UNIT)


def _shares(text: str, language: Rules) -> Iterable[_Found]:
    """Return the shares of a cost that are given in words: "half the cost"."""
    for match in _grammar(language).share_of_cost.finditer(text):
        value = Decimal(_grammar(language).words.shares.of_a_cost[match["share"].lower()])
        share = Quantity(match.start(), match.end(), value)
        found = _cost_share(text, share, language)
        if found is not None:
            yield found


def _measured(text: str, quantity: Quantity, language: Rules) -> _Found | None:
    grammar = _grammar(language)
    match = grammar.measure.match(text, quantity.end)
    if match is None:
        return None
    return _found(quantity, grammar.measures[match["unit"].lower()], match.end())


def _found(quantity: Quantity, form: UnitForm, end: int) -> _Found | None:
    return None if form.unit is None else _Found(replace(quantity, end=end), form.unit)


def _noun(text: str, quantity: Quantity, language: Rules) -> _Found | None:
    grammar = _grammar(language)
    if grammar.words.modifiers_first:
        return _modified_noun(text, quantity, grammar)
    match = grammar.noun.match(text, quantity.end)
    if match is None:
        word = grammar.unlisted.match(text, quantity.end)
        if quantity.scale >= _MILLION and grammar.words.before_unit:
            return None  # in "45 millions versés" nothing is counted: things would follow "de"
        return _unlisted(quantity, word["noun"], word.end(), grammar) if word else None
    if match["of"] and quantity.scale == 1 and not quantity.approximate:
        return None
    form = grammar.nouns[match["unit"].lower()]
    fits = form.plural if _is_plural(quantity, grammar) else form.singular
    return _found(quantity, form, match.end()) if fits else None


def _modified_noun(text: str, quantity: Quantity, grammar: _Grammar) -> _Found | None:
    """Find the noun behind its modifiers: the first in the plural ("20 new school buses")."""
    plural = _is_plural(quantity, grammar)
    position = quantity.end
    before = ""
    for _ in range(_MAX_MODIFIERS + 1):
        noun = grammar.noun.match(text, position)
        form = grammar.nouns[noun["unit"].lower()] if noun is not None else None
        if noun is not None and form is not None and (form.plural if plural else form.singular):
            return _found(quantity, form, noun.end())
        word = _MODIFIER.match(text, position)
        if word is None:
            return None
        if word[1] in grammar.words.joints:
            # "Direct and indirect jobs", but not "cats and buses".
            if not before or before.endswith(grammar.units.plural_ending):
                return None
        elif grammar.no_noun.fullmatch(word[1]):
            return None
        # "40 tugs/year"
        elif grammar.plural_noun.fullmatch(things := word[1].partition("/")[0]):
            end = word.start(1) + len(things)
            return _unlisted(quantity, things, end, grammar) if plural else None
        before, position = word[1], word.end()
    return None


def _unlisted(quantity: Quantity, noun: str, end: int, grammar: _Grammar) -> _Found:
    """What the table of units does not hold: the noun itself, in the singular, is its unit."""
    return _Found(replace(quantity, end=end), singular(noun, grammar.units))


def _is_plural(quantity: Quantity, grammar: _Grammar) -> bool:
    most = quantity.upper or quantity.value or Decimal(0)
    return most >= 2 if grammar.words.plural_from_two else most != 1


@cache
def _grammar(language: Rules) -> _Grammar:
    forms = unit_forms(language)
    nouns = {written: form for written, form in forms.items() if not form.measure}
    measures = {written: form for written, form in forms.items() if form.measure or not form.unit}
    words = language_of(language).counts
    of, shares, cost = any_of(words.before_unit), words.shares, any_of(words.shares.cost)
    plural_noun = words.plural_noun or "(?!)"
    return _Grammar(
        words=words,
        units=language_of(language).units,
        nouns=nouns,
        noun=re.compile(
            rf" (?P<of>{of})?(?:{any_of(words.before_noun)} ){{0,3}}"
            rf"(?=[^\W\d])(?P<unit>{any_word(nouns)})"
            r"(?!\w|-\w)",
            re.IGNORECASE,
        ),
        no_noun=re.compile(any_of(words.no_nouns), re.IGNORECASE),
        plural_noun=re.compile(plural_noun),
        unlisted=re.compile(
            rf" (?:{any_of(words.before_plural_noun)} )?"
            rf"(?!{any_of(words.no_plural_nouns)}(?!\w))(?P<noun>{plural_noun})(?!\w|-\w)"
        ),
        measures=measures,
        measure=re.compile(
            rf"(?: (?:{of})?|-)?(?=[^\W\d])(?P<unit>{any_word(measures)})(?!\w)"
            rf"(?!/(?! ?{joined(lambda one: one.counts.rates, language)}))",
            re.IGNORECASE | boundaries(language),
        ),
        not_paid=re.compile(
            rf"(?<!\w){joined(lambda one: one.counts.shares.not_paid, language)}(?!\w)",
            re.IGNORECASE,
        ),
        counts_nothing=re.compile(any_of(words.counts_nothing), re.IGNORECASE),
        percent_of_cost=re.compile(
            rf"{any_of((' ?%', *shares.percent))}{any_of(shares.of)}{cost}(?!\w)", re.IGNORECASE
        ),
        share_of_cost=Sparing(
            rf"(?<!\w)(?P<share>{any_word(shares.of_a_cost)})"
            rf"{any_of(shares.of_cost)}{cost}(?!\w)",
            re.IGNORECASE,
        ),
    )
