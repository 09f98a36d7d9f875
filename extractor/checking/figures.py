"""Figures: what a claim points at, an offered mention or exact words, read from the article.

The model's words are only looked for: the number, the unit and the date are our own reading of the
sentence in which they stand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from extractor.article import Article, Sentence, find_names
from extractor.checking.claims import DateClaim, FigureClaim
from extractor.checking.values import Verbatim, to_count, to_date, to_dates, to_money
from extractor.drafts import Offer, Offers
from extractor.mentions import CountMention, DateMention, MoneyMention
from extractor.mentions.amounts.currencies import WORLD, settle
from extractor.mentions.amounts.open_units import unit_name
from extractor.mentions.calendar.loose import tells_time
from extractor.mentions.cells import is_bare, read_cell
from extractor.mentions.elided import read_amount
from extractor.mentions.parties.provinces import find_provinces
from extractor.mentions.quoted import (
    currencies_borne,
    lengths_in,
    read_count,
    read_date,
    read_length,
)
from extractor.mentions.quoted_counts import read_vague
from extractor.mentions.told_units import unit_told
from extractor.records import Actor, Count, DateValue, Money, Qualifier

ValueT_co = TypeVar("ValueT_co", covariant=True)
ValueT = TypeVar("ValueT", Money, Count)
MentionT = TypeVar("MentionT", MoneyMention, CountMention, DateMention)


@dataclass(frozen=True, slots=True)
class Found(Generic[ValueT_co]):
    """A value and the number of the sentence that bears it."""

    value: ValueT_co
    sentence: int


def amount_of(
    claim: FigureClaim,
    offers: Offers,
    cited: Sequence[int],
    article: Article,
    payers: Sequence[Actor] = (),
) -> Found[Money] | None:
    """The amount; with the words only where they give no number; None if they stand nowhere.

    A bare dollar is of the payers' country, where nobody has judged otherwise.
    """
    if offer := _offered(claim.reference, offers.money):
        sentence = article.sentences[offer.sentence - 1]
        mention = _in_currency(offer.mention, sentence, claim.currency, article)
        mention = _as_paid(mention, payers, article)
        money = to_money(mention, verbatim_of(sentence, article))
        return Found(_as_judged(money, claim), sentence.id)
    unread: Found[Money] | None = None
    for sentence, span in _places(claim.reference, cited, article):
        verbatim = verbatim_of(sentence, article)
        if read := amount_at(sentence, span, claim.currency, article):
            money = to_money(_as_paid(read, payers, article), verbatim)
            return Found(_as_judged(money, claim), sentence.id)
        if unread is None and currencies_borne(sentence.text, span, article.rules):
            unread = Found(_as_judged(_unread_money(verbatim(*span)), claim), sentence.id)
    return unread


def amount_at(
    sentence: Sentence, span: tuple[int, int], currency: str | None, article: Article
) -> MoneyMention | None:
    """The amount that a stretch of a sentence points at, in the unit that is told of it.

    Where a lead line, a caption or a heading tells a scale, a bare figure is never taken as it is.
    """
    text = article.with_its_habits(sentence)
    if of_cell := read_cell(text, span, sentence.cells, article.rules, currency):
        return article.in_its_currency(of_cell, sentence)
    read = read_amount(sentence.text, span, article.rules, currency)
    if read is not None and is_bare(read, sentence.text, article.rules):
        leads = (article.sentences[number - 1].text for number in sentence.leads)
        units = (unit_told(lead, article.rules) for lead in leads)
        if any(unit is not None and unit.scale > 1 for unit in units):
            return None
    return None if read is None else article.in_its_currency(read, sentence)


def quantity_of(
    claim: FigureClaim, offers: Offers, cited: Sequence[int], article: Article
) -> Found[Count] | None:
    """The quantity; with the words only where they give no number; None if they stand nowhere."""
    if offer := _offered(claim.reference, offers.counts):
        sentence = article.sentences[offer.sentence - 1]
        return Found(
            _as_judged(to_count(offer.mention, verbatim_of(sentence, article)), claim), sentence.id
        )
    unread: Found[Count] | None = None
    words = claim.reference
    # A bare figure that counts nothing there is of something else.
    may_count = any(map(str.isdigit, words)) and any(map(str.isalpha, words))
    for sentence, span in _places(words, cited, article):
        verbatim = verbatim_of(sentence, article)
        if read := read_count(sentence.text, span, article.rules, claim.unit):
            return Found(_as_judged(to_count(read, verbatim), claim), sentence.id)
        if unread is not None:
            continue
        if vague := read_vague(sentence.text, span, article.rules):
            told = _unread_count(verbatim(vague.start, vague.end), claim.unit, vague.qualifier)
            unread = Found(_as_judged(told, claim), sentence.id)
        elif may_count:
            told = _unread_count(verbatim(*span), claim.unit)
            unread = Found(_as_judged(told, claim), sentence.id)
    return unread


def date_mention_of(
    claim: DateClaim, offers: Offers, cited: Sequence[int], article: Article
) -> Found[DateMention | str] | None:
    """The date, or its words where we cannot read them; None if they stand nowhere.

    What is claimed to be a duration is a length of time, or None.
    """
    if offer := _offered(claim.reference, offers.dates):
        return Found(offer.mention, offer.sentence)
    for sentence, span in _places(claim.reference, cited, article):
        read = read_date(sentence.text, span, article.rules, article.published_at)
        if claim.role == "duration" and not (read and read.duration):
            if length := read_length(sentence.text, span, article.rules):
                return Found(length, sentence.id)
        elif read:
            return Found(read, sentence.id)
        elif tells_time(claim.reference, article.rules):
            return Found(article.verbatim(sentence, *span), sentence.id)
    return None


def date_value(found: Found[DateMention | str], article: Article) -> DateValue | None:
    """The value of the public contract; None for a bare duration."""
    if isinstance(found.value, str):
        return DateValue(edtf=None, text=found.value, basis="external", modifier=None)
    sentence = article.sentences[found.sentence - 1]
    return to_date(found.value, verbatim_of(sentence, article))


def moneys_in(article: Article, number: int) -> Iterator[tuple[Money, tuple[int, int]]]:
    """The amounts that our rules find in a sentence, with where they stand."""
    verbatim = verbatim_of(article.sentences[number - 1], article)
    for mention in article.mentions(number).money:
        yield to_money(mention, verbatim), (mention.start, mention.end)


def counts_in(article: Article, number: int) -> Iterator[tuple[Count, tuple[int, int]]]:
    """The quantities that our rules find in a sentence, with where they stand."""
    verbatim = verbatim_of(article.sentences[number - 1], article)
    for mention in article.mentions(number).counts:
        yield to_count(mention, verbatim), (mention.start, mention.end)


def dates_in(article: Article, number: int) -> Iterator[DateValue]:
    """The dates that our rules find in a sentence, each with all that it can mean."""
    verbatim = verbatim_of(article.sentences[number - 1], article)
    for mention in article.mentions(number).dates:
        yield from to_dates(mention, verbatim)


def durations_in(article: Article, number: int) -> Iterator[str]:
    """The lengths of time in a sentence, bare ones too."""
    bare = lengths_in(article.sentences[number - 1].text, article.rules)
    for mention in (*article.mentions(number).dates, *bare):
        if mention.duration:
            yield mention.duration


def verbatim_of(sentence: Sentence, article: Article) -> Verbatim:
    """What gives the article's own characters behind a stretch of the sentence."""
    return lambda start, end: article.verbatim(sentence, start, end)


def _offered(reference: str, offers: Iterable[Offer[MentionT]]) -> Offer[MentionT] | None:
    return next((offer for offer in offers if offer.id == reference), None)


def _places(
    words: str, cited: Sequence[int], article: Article
) -> Iterator[tuple[Sentence, tuple[int, int]]]:
    """Where the words stand: in the cited sentences first, then nearest to the first of them."""
    near = sorted(
        (sentence.id for sentence in article.sentences if sentence.id not in cited),
        key=lambda number: abs(number - cited[0]),
    )
    for number in (*cited, *near):
        sentence = article.sentences[number - 1]
        for span in find_names(words, sentence):
            yield sentence, span


def _in_currency(
    mention: MoneyMention, sentence: Sentence, currency: str | None, article: Article
) -> MoneyMention:
    """The mention in the model's currency, where the words leave it open and allow that one."""
    if not currency:
        return mention
    borne = currencies_borne(sentence.text, (mention.start, mention.end), article.rules)
    if not borne or currency not in borne:
        return mention
    return replace(mention, currency=currency, open_to=())


def _as_paid(mention: MoneyMention, payers: Sequence[Actor], article: Article) -> MoneyMention:
    """The mention in the money of those who pay, where that is left open.

    States and provinces pay in their own, international bodies in US dollars.
    """
    if not mention.open_to:
        return mention
    if WORLD in mention.open_to and any(payer.type == "igo" for payer in payers):
        return replace(mention, currency=WORLD)
    at_home: Counter[str] = Counter()
    for payer in payers:
        at_home.update(
            [payer.country] if payer.country else find_provinces(payer.name, article.rules)
        )
    told = settle(("", *mention.open_to), at_home)
    return mention if told is None else replace(mention, currency=told)


def _as_judged(value: ValueT, claim: FigureClaim) -> ValueT:
    """The value with what the model judges of it: its unit in English, `per` and `scope`."""
    judged: dict[str, str | None] = {"per": claim.per, "scope": claim.scope}
    if isinstance(value, Count):
        judged["unit"] = unit_name(claim.unit)
    return value.model_copy(update={name: told for name, told in judged.items() if told})


def _unread_money(words: str) -> Money:
    return Money(
        value=None,
        value_max=None,
        currency=None,
        qualifier="exact",
        per="once",
        scope="total",
        raw=words,
        converted=[],
    )


def _unread_count(words: str, unit: str | None, qualifier: Qualifier = "exact") -> Count:
    return Count(
        value=None,
        value_max=None,
        unit=unit or "item",
        qualifier=qualifier,
        per="once",
        scope="total",
        raw=words,
    )
