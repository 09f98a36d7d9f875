"""Currencies: the words and marks that name them, and which one is meant where several share one.

Full names come from CLDR ("Kenyan shillings"), and so do the words that several names share
("shillings"). What CLDR does not have is told by the language; marks are the same in all.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Final, TypeAlias

from babel import Locale
from babel.numbers import get_currency_name, get_territory_currencies

from extractor.languages import Rules, all_languages, language_of
from extractor.languages.cldr_numbers import as_text
from extractor.languages.locales import locale_of
from extractor.languages.writing import is_word
from extractor.mentions.letters import plain_letters

Codes: TypeAlias = tuple[str, ...]
"""ISO 4217 codes that a word may mean: the usual one first, or an empty string if none is."""

_SYMBOLS: Mapping[str, str] = {
    "USD": "$,US$,US $,$US,$ US,U.S.$",
    "EUR": "€",
    "GBP": "£",
    "JPY": "¥,JP¥",
    "CNY": "RMB,NDT,CN¥",
    "KRW": "₩",
    "VND": "₫,đ,Đ,VNĐ",
    "THB": "฿",
    "INR": "₹",
    "MYR": "RM",
    "IDR": "Rp,RP,Rp.",
    "BRL": "R$",
    "AUD": "A$,AU$,$A,$AU",
    "CAD": "C$,CA$,CAD$,$CA,$CAN",
    "SGD": "S$,SG$,$SG",
    "HKD": "HK$,$HK",
    "NZD": "NZ$,$NZ",
    "TWD": "NT$,$NT",
    "ILS": "₪",
    "PHP": "₱",
    "NGN": "₦,N",
    "TRY": "₺",
    "RUB": "₽",
    "DKK": "DKr,Dkr",
    "NOK": "NKr,Nkr",
    "SEK": "SKr,Skr",
    "CHF": "SFr,Sfr",
    "JMD": "J$",
    "TTD": "TT$",
    "XCD": "EC$",
    "FJD": "FJ$",
    "MXN": "MX$,Mex$",
    "KES": "KSh,Ksh,KSh.",
    "UGX": "USh,Ush",
    "TZS": "TSh,Tsh",
    "RWF": "FRW,Frw,Rwf",
    "JOD": "JD",
    "BIF": "FBu",
    "BDT": "Tk",
    "ZAR": "R",
}
# Codes that are words or other abbreviations in headlines.
_NOT_CODES = frozenset(
    ("ALL", "ANG", "BAM", "BOB", "COP", "CUP", "GEL", "LAK", "MOP", "PEN", "SOS", "TOP", "TRY")
)
_SIGN: Final = "$"
# Marks that several currencies share.
_SHARED_MARKS: Final[Mapping[str, Codes]] = {
    "Rs": ("INR", "LKR", "PKR", "NPR", "MUR"),
    "RS": ("INR", "LKR", "PKR", "NPR", "MUR"),
    "Rs.": ("INR", "LKR", "PKR", "NPR", "MUR"),
    "Sh": ("", "KES", "TZS", "UGX"),
    "Shs": ("", "KES", "TZS", "UGX"),
    "FCFA": ("XOF", "XAF"),
}
WORLD: Final = "USD"
"""The currency that is meant all over the world by a word that other countries have, too."""
KIND_NAMES: Final[Rules] = "en"
"""The language whose names for kinds of currency the tables use: "dollars", "crowns"."""
# Currencies of this period: articles are read years after they were written.
_PERIOD: Final = (date(2010, 1, 1), date(2030, 1, 1))


@cache
def currency_names(language: Rules) -> Mapping[str, Codes]:
    """Codes by word of the language, lower case, singular and plural."""
    dollars = language_of(language).currencies.dollars
    names: dict[str, Codes] = {}
    for word, codes in _kind_words(language).items():
        names[word] = codes if len(codes) == 1 else ("", *codes)
    for code, listed in _cldr_names(language).items():
        names |= dict.fromkeys(listed, (code,))
    for word, code in _aliases(language).items():
        kinds = codes_of_kind("dollars") if word in dollars else names.get(word, ())
        names[word] = (code, *(other for other in kinds if other not in ("", code)))
    return {**names, **_shared_words()}


@cache
def is_only_kind(word: str, language: Rules) -> bool:
    """Whether the word is a currency only as the kind of several or as the short name of one."""
    kinds = {*_kind_words(language), *_shared_words()}
    return word in kinds and word not in _aliases(language)


@cache
def currency_marks(language: Rules) -> Mapping[str, Codes]:
    """Codes by symbol or code, as written in the language."""
    symbols: dict[str, Codes] = {
        symbol: (code,) for code, listed in _SYMBOLS.items() for symbol in listed.split(",")
    }
    dollars = (language_of(language).currencies.home_dollar, WORLD, *codes_of_kind("dollars"))
    symbols[_SIGN] = tuple(dict.fromkeys(dollars))
    codes = {code: (code,) for code in _current_codes() - _NOT_CODES}
    return {**symbols, **codes, **_SHARED_MARKS, **language_of(language).currencies.own_marks}


def settle(codes: Codes, named: Mapping[str, int]) -> str | None:
    """The code that is meant in a text that names each territory so often; None if nothing tells.

    That is the one of the territories named most. Dollars are another than the usual ones only if
    more than half of what is named has it: news from everywhere counts in US dollars.
    """
    usual = next(iter(codes), "")
    if len(codes) < 2:
        return usual or None
    votes: Counter[str] = Counter()
    for territory, times in named.items():
        votes.update(dict.fromkeys(set(codes).intersection(_local(territory)), times))
    told, needed = sum(named.values()), 0.0
    if usual and WORLD in codes:
        needed = told / 2
        if not votes[usual]:
            # A dollar that is at home in the language needs its country.
            usual = WORLD
    first, second = (*votes.most_common(2), ("", 0), ("", 0))[:2]
    return first[0] if first[1] > max(second[1], needed) else usual or None


def before_figures(codes: Codes) -> Codes:
    """The codes of a mark that stands before its figure: a sign there is not written at home."""
    return tuple(dict.fromkeys((WORLD, *codes))) if codes[0] and WORLD in codes else codes


def others_than(text: str, words: str) -> frozenset[str]:
    """The code of US dollars, if a text has marks of its own for them and these words do not."""
    marks = [mark for mark in _SYMBOLS[WORLD].split(",") if mark != _SIGN]
    with_sign = _SIGN in words and not any(mark in words for mark in marks)
    return frozenset({WORLD} if with_sign and any(mark in text for mark in marks) else ())


def left_open(codes: Codes, settled: str | None) -> Codes:
    """The codes that the whole text may still settle another way than its sentence did.

    A usual meaning is a guess; where there is none, the countries of the sentence have told.
    """
    usual = next(iter(codes), "")
    return codes if len(codes) > 1 and (usual or settled is None) else ()


def codes_of_kind(kind: str) -> Codes:
    """Codes of the currencies of a kind, which is named as CLDR does in English, in the plural."""
    return _kind_words(KIND_NAMES)[kind]


@cache
def _shared_words() -> Mapping[str, Codes]:
    languages = all_languages()
    return {word: codes for one in languages for word, codes in one.currencies.shared.items()}


@cache
def _kind_words(language: Rules) -> Mapping[str, Codes]:
    """Codes by the word that says what kind of currency it is: "krone" of "Norwegian krone"."""
    words = language_of(language).currencies
    place = 0 if words.kind_position == "first" else -1
    kinds: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for code, names in _cldr_names(language).items():
        for name in names:
            word = name.split()[place]
            if is_word(word) and word not in words.no_kinds:
                kinds[word][code] = None
    return {word: tuple(codes) for word, codes in kinds.items()}


@cache
def _aliases(language: Rules) -> Mapping[str, str]:
    names = language_of(language).currencies.names
    return {word: code for code, listed in names.items() for word in listed}


@cache
def _cldr_names(language: Rules) -> Mapping[str, tuple[str, ...]]:
    """Singular and plural of each currency of today, by code and in order of the codes."""
    counts, locale = language_of(language).currencies.counts, locale_of(language)
    named = {
        code: [get_currency_name(code, count, locale) for count in counts]
        for code in sorted(_current_codes())
    }
    # Where CLDR has no name, babel gives the code.
    return {
        code: tuple(
            plain_letters(as_text(name), language).lower() for name in names if name != code
        )
        for code, names in named.items()
    }


@cache
def _current_codes() -> frozenset[str]:
    territories = (str(code) for code in Locale("en").territories)
    return frozenset(
        currency
        for territory in territories
        if len(territory) == 2
        for currency in _local(territory)
    )


@cache
def _local(territory: str) -> tuple[str, ...]:
    return tuple(get_territory_currencies(territory, *_PERIOD))
