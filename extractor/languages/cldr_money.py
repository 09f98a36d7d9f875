"""Currencies of a language as CLDR has them: names in all plural forms, and marks.

What stands between a scale word and its currency ("millones de euros") is not in CLDR: any short
word in small letters may.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Final, Literal

from extractor.languages.cldr_numbers import as_text
from extractor.languages.currency_words import CurrencyWords
from extractor.languages.locales import UNKNOWN, locale_of
from extractor.languages.part import nothing
from extractor.languages.writing import is_word

COUNTS: Final = (1, 2, 3, 5, 11, 100, 1_000_000, Decimal("1.5"))
"""Numbers that between them have every plural form of every language."""
# Their names share the word for a dollar, wherever it stands in them.
_DOLLARS: Final = ("AUD", "CAD", "HKD", "NZD", "SGD", "USD")
_SMALL: Final = "[a-zß-öø-ÿ]"
# Not behind a figure: "2027 in Euro" is no amount.
_LINK: Final = rf"(?<![0-9] ){_SMALL}{{1,3}} "


def currency_words(code: str) -> CurrencyWords:
    """What CLDR knows of how currencies are named."""
    place = _kind_position(code)
    dollars = _dollars(code, place)
    # A word for dollars means those of the United States first, as everywhere.
    names = {**_local(code, place), "USD": dollars} if code != UNKNOWN else {}
    return nothing(
        CurrencyWords,
        kind_position=place,
        dollars=dollars,
        names=names,
        links=(_LINK,) if code != UNKNOWN else (),
        counts=COUNTS,
        own_marks=_marks(code),
    )


def _names(code: str, currency: str) -> set[str]:
    from babel.numbers import get_currency_name

    locale = locale_of(code)
    names = {as_text(get_currency_name(currency, count, locale)).lower() for count in COUNTS}
    return names - {currency.lower()}


def _kind_position(code: str) -> Literal["first", "last"]:
    """Where the names of dollars have the word that they share."""
    shared = [_shared(code, place) for place in (0, -1)]
    return "first" if shared[0].total() > shared[1].total() else "last"


def _shared(code: str, place: int) -> Counter[str]:
    """The words there that more than one currency has, and how many have each."""
    found = Counter(
        word
        for currency in _DOLLARS
        for word in {name.split()[place] for name in _names(code, currency) if " " in name}
    )
    return Counter({word: times for word, times in found.items() if times > 1})


def _dollars(code: str, place: Literal["first", "last"]) -> tuple[str, ...]:
    words = _shared(code, 0 if place == "first" else -1)
    return tuple(sorted(filter(is_word, words)))


def _local(code: str, place: Literal["first", "last"]) -> dict[str, tuple[str, ...]]:
    """The short name of the currency that is paid with where the language is most spoken.

    Other currencies may share it: in Russian, "roubles" are Russian first.
    """
    from babel.core import get_global
    from babel.numbers import get_territory_currencies

    territory = str(get_global("likely_subtags").get(code, "")).rpartition("_")[2]
    at = 0 if place == "first" else -1
    found: dict[str, tuple[str, ...]] = {}
    for currency in get_territory_currencies(territory):
        kinds = {name.split()[at] for name in _names(code, currency)}
        found[currency] = tuple(sorted(filter(is_word, kinds)))
    return found


def _marks(code: str) -> dict[str, tuple[str, ...]]:
    """Codes by mark; letters of ASCII alone are words as often, if there is but one or two."""
    marks: dict[str, tuple[str, ...]] = {}
    for currency, symbol in sorted(locale_of(code).currency_symbols.items()):
        mark = as_text(symbol)
        word = mark.isascii() and mark.isalpha() and len(mark) < 2
        if mark and mark != currency and mark != "¤" and not word:
            marks[mark] = (*marks.get(mark, ()), currency)
    return marks
