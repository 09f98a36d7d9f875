"""Normalising: a mention becomes a value of the public contract, with the article's own words."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from extractor.mentions import CountMention, DateMention, MoneyMention
from extractor.records import Conversion, Count, DateValue, Money, Number

Verbatim = Callable[[int, int], str]
"""The original characters behind a stretch of the folded sentence."""


def to_number(value: Decimal) -> Number:
    """An int where the value is whole, else the nearest float."""
    return int(value) if value == value.to_integral_value() else float(value)


def to_money(mention: MoneyMention, verbatim: Verbatim) -> Money:
    """The amount in units of its currency, as the sentence gives it."""
    return Money(
        value=_optional(mention.value),
        value_max=_optional(mention.value_max),
        currency=mention.currency,
        qualifier=mention.qualifier,
        per=mention.per,
        scope=mention.scope,
        raw=verbatim(mention.start, mention.end),
        converted=[
            Conversion(
                value=_optional(other.value),
                currency=other.currency,
                qualifier=other.qualifier,
                raw=verbatim(other.start, other.end),
            )
            for other in mention.converted
        ],
    )


def to_count(mention: CountMention, verbatim: Verbatim) -> Count:
    """The quantity with its English unit."""
    return Count(
        value=to_number(mention.value),
        value_max=_optional(mention.value_max),
        unit=mention.unit,
        qualifier=mention.qualifier,
        per=mention.per,
        scope=mention.scope,
        raw=verbatim(mention.start, mention.end),
    )


def to_date(mention: DateMention, verbatim: Verbatim) -> DateValue | None:
    """The date at the precision of its words; None for a bare duration."""
    if mention.role == "duration":
        return None
    return DateValue(
        edtf=mention.edtf,
        text=verbatim(mention.start, mention.end),
        basis=mention.basis,
        modifier=mention.modifier,
    )


def to_dates(mention: DateMention, verbatim: Verbatim) -> tuple[DateValue, ...]:
    """Every date that the words can mean, the likelier one first; none of a bare duration."""
    likely = to_date(mention, verbatim)
    if likely is None or mention.ahead is None:
        return (likely,) if likely else ()
    return likely, likely.model_copy(update={"edtf": mention.ahead})


def _optional(value: Decimal | None) -> Number | None:
    return None if value is None else to_number(value)
