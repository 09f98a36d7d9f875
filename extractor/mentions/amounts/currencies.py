"""Currencies: the words and marks that name them, and which one is meant where several share one.

Full names come from CLDR ("Kenyan shillings"), and so do the words that several names share
("shillings"). What CLDR does not have is in the tables.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from typing import Final, TypeAlias

from babel import Locale
from babel.numbers import get_currency_name, get_territory_currencies

from extractor.records import Language

Codes: TypeAlias = tuple[str, ...]
"""ISO 4217 codes that a word may mean: the usual one first, or an empty string if none is."""

# Words of general use that CLDR does not have; a bare dollar is USD unless a country tells.
_ALIASES: dict[Language, Mapping[str, str]] = {
    "vi": {
        "USD": "đô la, đô-la, đôla, đô, đô la mỹ, đô-la mỹ, đô mỹ, mỹ kim",
        "EUR": "euro, ơ-rô",
        "GBP": "bảng, bảng anh",
        "JPY": "yên, yên nhật, yen, yen nhật",
        "CNY": "nhân dân tệ, tệ, ndt",
        "KRW": "won, won hàn quốc",
        "VND": "đồng, vnđ, đồng việt nam",
        "THB": "baht, bạt",
        "INR": "rupee, rupee ấn độ",
        "MYR": "ringgit",
        "IDR": "rupiah",
        "RUB": "rúp, ruble, rúp nga",
        "CHF": "franc thụy sĩ, franc thuỵ sĩ",
        "AUD": "đô la úc, đô-la úc, đô úc",
        "CAD": "đô la canada, đô-la canada",
        "SGD": "đô la singapore, đô-la singapore",
        "HKD": "đô la hồng kông, đô-la hồng kông, đô la hong kong",
        "NZD": "đô la new zealand, đô-la new zealand",
        "TWD": "đô la đài loan, đài tệ",
    },
    "fr": {
        "USD": "dollar, dollars, dollar américain, dollars américains, dollars us, dollar us",
        "EUR": "euro, euros",
        "GBP": "livre, livres, livre sterling, livres sterling",
        "JPY": "yen, yens, yens japonais",
        "CNY": "yuan, yuans, renminbi, renminbis, yuans chinois",
        "KRW": "won, wons, wons sud-coréens",
        "VND": "dong, dongs, dôngs",
        "THB": "baht, bahts",
        "INR": "roupie, roupies",
        "MYR": "ringgit, ringgits",
        "IDR": "roupies indonésiennes",
        "RUB": "rouble, roubles",
        "CHF": "francs suisses, franc suisse",
        "XOF": "francs cfa, franc cfa, fcfa",
        "AUD": "dollars australiens, dollar australien",
        "CAD": "dollars canadiens, dollar canadien",
        "SGD": "dollars de singapour, dollars singapouriens",
        "HKD": "dollars de hong kong, dollars hongkongais",
        "NZD": "dollars néo-zélandais",
        "TWD": "dollars taïwanais, dollars de taïwan",
    },
    "en": {
        "USD": "dollar, dollars, us dollar, us dollars, u.s. dollar, u.s. dollars"
        ", american dollars",
        "EUR": "euro, euros",
        "GBP": "pound, pounds, pounds sterling, pound sterling, british pounds",
        "JPY": "yen, japanese yen",
        "CNY": "yuan, renminbi, chinese yuan",
        "KRW": "won, korean won, south korean won",
        "VND": "dong, vietnamese dong",
        "THB": "baht, thai baht",
        "INR": "rupee, rupees",
        "MYR": "ringgit",
        "IDR": "rupiah",
        "RUB": "rouble, roubles, ruble, rubles",
        "CHF": "swiss franc, swiss francs",
        "XOF": "cfa francs",
        "AUD": "australian dollar, australian dollars",
        "CAD": "canadian dollar, canadian dollars",
        "SGD": "singapore dollar, singapore dollars",
        "HKD": "hong kong dollar, hong kong dollars",
        "NZD": "new zealand dollar, new zealand dollars",
        "TWD": "taiwan dollar, taiwan dollars, new taiwan dollars",
    },
}
_SYMBOLS: Mapping[str, str] = {
    "USD": "$,US$,US $,$US,$ US,U.S.$",
    "EUR": "€",
    "GBP": "£",
    "JPY": "¥,JP¥",
    "CNY": "RMB,NDT,CN¥",
    "KRW": "₩",
    "VND": "₫,đ,VNĐ",
    "THB": "฿",
    "INR": "₹",
    "MYR": "RM",
    "IDR": "Rp",
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
    "KES": "KSh,Ksh,KSh.",
    "BDT": "Tk",
    "ZAR": "R",
}
# Codes that are words or other abbreviations in headlines.
_NOT_CODES = frozenset(
    ("ALL", "ANG", "BAM", "BOB", "COP", "CUP", "GEL", "LAK", "MOP", "PEN", "SOS", "TOP", "TRY")
)
# Marks and words that several currencies share and CLDR does not have so.
_SHARED: Final[Mapping[str, Codes]] = {
    "Rs": ("INR", "LKR", "PKR", "NPR", "MUR"),
    "Sh": ("", "KES", "TZS", "UGX"),
    "FCFA": ("XOF", "XAF"),
    "francs cfa": ("XOF", "XAF"),
    "franc cfa": ("XOF", "XAF"),
    "fcfa": ("XOF", "XAF"),
    "cfa francs": ("XOF", "XAF"),
    "crowns": ("", "SEK", "NOK", "DKK", "CZK", "ISK"),
    "reais": ("BRL",),
}
# Words in names of currencies that are something else on their own.
_NO_CURRENCY: Final = frozenset(
    {"nouveau", "nouveaux", "gold", "nhân", "mark", "marks", "sum", "sums", "sol", "sols", "đô"}
    | {"đồng", "lats", "tala", "talas", "zwg", "xcg", "lia"}
)
_DOLLARS: Final = frozenset({"$", "dollar", "dollars", "đô la", "đô-la", "đôla"})
# Currencies of this period: articles are read years after they were written.
_PERIOD: Final = (date(2010, 1, 1), date(2030, 1, 1))


@cache
def currency_names(language: Language) -> Mapping[str, Codes]:
    """Codes by word of the language, lower case, singular and plural."""
    names: dict[str, Codes] = {}
    for word, codes in _kind_words(language).items():
        names[word] = codes if len(codes) == 1 else ("", *codes)
    for code in _current_codes():
        names |= dict.fromkeys(_cldr_names(code, language), (code,))
    for word, code in _aliases(language).items():
        kinds = _kind_words("en")["dollar"] if word in _DOLLARS else names.get(word, ())
        names[word] = (code, *(other for other in kinds if other not in ("", code)))
    return names | {word: codes for word, codes in _SHARED.items() if word == word.lower()}


@cache
def is_only_kind(word: str, language: Language) -> bool:
    """Whether the word is a currency only as the kind of several or as the short name of one."""
    kinds = {*_kind_words(language), *_SHARED}
    return word in kinds and word not in _aliases(language)


@cache
def currency_marks() -> Mapping[str, Codes]:
    """Codes by symbol or code, as written."""
    symbols: dict[str, Codes] = {
        symbol: (code,) for code, listed in _SYMBOLS.items() for symbol in listed.split(",")
    }
    symbols["$"] = currency_names("en")["dollar"]
    codes = {code: (code,) for code in _current_codes() - _NOT_CODES}
    return symbols | codes | {mark: some for mark, some in _SHARED.items() if mark != mark.lower()}


def settle(codes: Codes, territories: Collection[str]) -> str | None:
    """The code that is meant in a sentence that names these territories; None if nothing tells."""
    local = {code for territory in territories for code in _local(territory) if code in codes}
    if len(codes) > 1 and len(local) == 1:
        return local.pop()
    return next(iter(codes), None) or None


@cache
def _kind_words(language: Language) -> Mapping[str, Codes]:
    """Codes by the word that says what kind of currency it is: "krone" of "Norwegian krone"."""
    kinds: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for code in sorted(_current_codes()):
        for name in _cldr_names(code, language):
            word = name.split()[-1 if language == "en" else 0]
            if word.isalpha() and word not in _NO_CURRENCY:
                kinds[word][code] = None
    return {word: tuple(codes) for word, codes in kinds.items()}


@cache
def _aliases(language: Language) -> Mapping[str, str]:
    return {
        word: code for code, listed in _ALIASES[language].items() for word in listed.split(", ")
    }


def _cldr_names(code: str, language: Language) -> tuple[str, ...]:
    return tuple(get_currency_name(code, count, Locale(language)).lower() for count in (1, 2))


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
