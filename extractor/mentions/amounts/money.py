"""Amounts of money in a sentence: number, scale word and currency, with their cues."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from babel import Locale
from babel.numbers import get_currency_name, get_territory_currencies

from extractor.mentions.amounts.cues import join_range, read_cues
from extractor.mentions.amounts.numerals import Quantity, alternation, find_quantities
from extractor.mentions.types import MoneyMention
from extractor.records import Language

# Words of general use that CLDR does not have; a bare dollar is USD.
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
    "INR": "₹,Rs",
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
    "NGN": "₦",
    "TRY": "₺",
    "RUB": "₽",
    "XOF": "FCFA",
}
# Codes that are words or other abbreviations in headlines.
_NOT_CODES = frozenset(
    ("ALL", "ANG", "BAM", "BOB", "COP", "CUP", "GEL", "LAK", "MOP", "PEN", "SOS", "TOP", "TRY")
)
# Names that mean other things too: they are money only after a scale word.
_AMBIGUOUS = frozenset(("won", "pound", "pounds", "livre", "livres", "bảng", "tệ", "bạt"))
# Words that go on as another word: "đồng hồ" is a clock, "đô thị" a town.
_GOES_ON: Mapping[str, str] = {
    # But "tỷ đồng tiền thuê" is so much rent, and "tỷ đồng phục chế" so much for restoring.
    "đồng": "bào|chí|đội|đều|hành|hồ|lòng|loạt|minh|môn|nghiệp|sáng|thời|ý|bằng|chủ|lúa"
    "|phục(?! (?:chế|vụ|hồi|dựng))|tiền(?! (?:thuê|mua|vốn|lãi|phạt|thuế|lương|hàng|bồi|hỗ))",
    "đô": "thị|đốc|vật|hộ",
    "yên": "bái|tử|tĩnh|bình",
    "bảng": "đấu|xếp|điểm|chữ",
}
_LINK: dict[Language, str] = {
    "vi": r"[ -]?",
    "fr": r"[ -]?(?:de |d')?",
    "en": r"[ -]?(?:of )?",
}
_CONVERSION: dict[Language, str] = {
    "vi": r"tương đương(?: với)?|tức(?: là)?|hay|hoặc|khoảng",
    "fr": r"soit|ou|c'est-à-dire|l'équivalent d(?:e |')|équivalant à",
    "en": r"equivalent to|equal to|the equivalent of|or|i\.e\.|worth",
}
_OUTSIDE_BRACKETS: dict[Language, str] = {
    "vi": r",? tương đương(?: với)?|,? tức(?: là)?|,? hay",
    "fr": r",? soit|, ou|, l'équivalent de",
    "en": r",? or|,? equivalent to|,? the equivalent of",
}


_DIFFERENT_WORD = {
    name: re.compile(rf"\s(?:{words})(?!\w)", re.IGNORECASE) for name, words in _GOES_ON.items()
}
# Currencies of this period: articles are read years after they were written.
_PERIOD = (date(2010, 1, 1), date(2030, 1, 1))
_LONGEST_SYMBOL = 8


@dataclass(frozen=True, slots=True)
class _Amount:
    """A quantity widened to its currency, if it has one."""

    quantity: Quantity
    currency: str | None
    prefixed: bool = False


@dataclass(frozen=True, slots=True)
class _Grammar:
    names: Mapping[str, str]
    suffix: re.Pattern[str]
    prefix: re.Pattern[str]
    conversion: re.Pattern[str]
    further_conversion: re.Pattern[str]


def find_money(text: str, language: Language) -> tuple[MoneyMention, ...]:
    """Return the amounts of money of one folded sentence, in order and without overlaps.

    An amount needs a currency; conversions that follow it belong to it.
    """
    amounts = _amounts(text, language)
    found: list[MoneyMention] = []
    index = 0
    while index < len(amounts):
        main = _mention(text, amounts[index], language)
        conversions = _conversions(text, amounts[index:], language)
        if conversions:
            end = conversions[-1].end
            closing = re.match(r"[^()\[\]]{0,40}[)\]]", text[end : end + 41])
            resume = end + (closing.end() if closing else 0)
            main = _mention(text, amounts[index], language, resume)
            same = (replace(other, per=main.per, scope=main.scope) for other in conversions)
            main = replace(main, converted=tuple(same))
        found.append(main)
        index += 1 + len(conversions)
    return tuple(found)


def _mention(text: str, amount: _Amount, language: Language, resume: int = 0) -> MoneyMention:
    quantity = amount.quantity
    ranged = quantity.upper is not None
    cues = read_cues(text, quantity.start, quantity.end, language, ranged=ranged, resume=resume)
    vague = quantity.approximate and cues.qualifier == "exact"
    return MoneyMention(
        start=quantity.start,
        end=quantity.end,
        value=quantity.value,
        value_max=quantity.upper,
        currency=amount.currency,
        qualifier="about" if vague else cues.qualifier,
        per=cues.per,
        scope=cues.scope,
    )


def _conversions(text: str, amounts: list[_Amount], language: Language) -> list[MoneyMention]:
    """Return the amounts after the first that give it in other currencies."""
    grammar = _grammar(language)
    end, currencies = amounts[0].quantity.end, {amounts[0].currency}
    found: list[MoneyMention] = []
    for amount in amounts[1:]:
        quantity = amount.quantity
        ranged = quantity.upper is not None
        cues = read_cues(text, quantity.start, quantity.end, language, ranged=ranged)
        pattern = grammar.further_conversion if found else grammar.conversion
        if amount.currency in currencies or not pattern.fullmatch(text, end, cues.start):
            break
        found.append(_mention(text, amount, language))
        end = quantity.end
        currencies.add(amount.currency)
    return found


def _amounts(text: str, language: Language) -> list[_Amount]:
    """Return the quantities that have a currency, ranges joined."""
    pieces: list[_Amount] = []
    for quantity in find_quantities(text, language):
        free_from = pieces[-1].quantity.end if pieces else 0
        pieces.append(_with_currency(text, quantity, free_from, language))
    found: list[_Amount] = []
    index = 0
    while index < len(pieces):
        amount = pieces[index]
        pair = pieces[index : index + 2]
        joined = _range(text, pair[0], pair[1], language) if len(pair) == 2 else None
        index += 1 if joined is None else 2
        amount = joined or amount
        quantity = amount.quantity
        alone = quantity.tied or (quantity.lone_article and quantity.upper is None)
        if amount.currency is not None and not alone:
            found.append(amount)
    return found


def _range(text: str, low: _Amount, high: _Amount, language: Language) -> _Amount | None:
    if low.currency is not None and high.currency is None:
        # "$2-3 billion" and "$2 to 3 billion", but not "$2bn to 3 schools".
        gap = text[low.quantity.end : high.quantity.start].strip()
        shared_scale = low.quantity.scale == 1 and high.quantity.scale > 1
        if not low.prefixed or not (len(gap) == 1 or shared_scale):
            return None
    elif low.currency is not None and low.currency != high.currency:
        return None
    joined = join_range(text, low.quantity, high.quantity, language)
    if joined is None:
        return None
    return _Amount(joined, high.currency if low.currency is None else low.currency)


def _with_currency(text: str, quantity: Quantity, free_from: int, language: Language) -> _Amount:
    grammar = _grammar(language)
    after = grammar.suffix.match(text, quantity.end)
    if after is not None and _is_currency(text, after, quantity):
        code = grammar.names[_key(after)]
        return _Amount(replace(quantity, end=after.end()), code)
    left = max(free_from, quantity.start - _LONGEST_SYMBOL)
    after_digit = text[left : quantity.start].rstrip()[-1:].isdigit()
    before = None if after_digit else grammar.prefix.search(text, left, quantity.start)
    if before is not None:
        code = grammar.names[before["symbol"]]
        return _Amount(replace(quantity, start=before.start()), code, prefixed=True)
    return _Amount(quantity, None)


def _is_currency(text: str, match: re.Match[str], quantity: Quantity) -> bool:
    """Say whether the word after a number is its currency, and not the next number's or a noun."""
    if match["symbol"] is not None:
        follows = text[match.end() : match.end() + 2]
        glued = re.match("[0-9]", follows) and not match["symbol"][-1].isalpha()
        return not glued and not (quantity.scale == 1 and re.match(" ?[0-9]", follows))
    name = match["name"].lower()
    if quantity.scale == 1 and (name in _AMBIGUOUS or match[0].lower().startswith((" of", " de"))):
        return False
    other = _DIFFERENT_WORD.get(name)
    return other is None or other.match(text, match.end()) is None


def _key(match: re.Match[str]) -> str:
    symbol = match["symbol"]
    return symbol if symbol is not None else re.sub(r"\s+", " ", match["name"]).lower()


@cache
def _grammar(language: Language) -> _Grammar:
    symbols = {symbol: code for code, listed in _SYMBOLS.items() for symbol in _split(listed)}
    codes = {code: code for code in _current_codes() - _NOT_CODES}
    names = _cldr_names(language)
    for code, listed in _ALIASES[language].items():
        names |= dict.fromkeys(listed.split(", "), code)
    marks = symbols | codes
    suffixes = "|".join(_bounded(mark, right=True) for mark in _longest_first(marks))
    prefixes = "|".join(_bounded(mark, right=False) for mark in _longest_first(marks))
    words = _CONVERSION[language]
    return _Grammar(
        names=names | marks,
        suffix=re.compile(
            rf"{_LINK[language]}(?=[^\s0-9])(?:(?P<name>(?i:{alternation(names)}))(?!\w)|(?P<symbol>{suffixes}))"
        ),
        prefix=re.compile(rf"(?P<symbol>{prefixes}) ?$"),
        conversion=re.compile(
            rf"[^0-9,;:.()\[\]]{{0,30}}[(\[]\s*(?:(?:{words})\s*)?|(?:{_OUTSIDE_BRACKETS[language]})\s*",
            re.IGNORECASE,
        ),
        further_conversion=re.compile(
            rf"\s*(?:[,;/]\s*)?(?:(?:{words}|and|et|và)\s*)?", re.IGNORECASE
        ),
    )


def _split(listed: str) -> list[str]:
    return listed.split(",")


def _longest_first(marks: Mapping[str, str]) -> list[str]:
    return sorted(marks, key=len, reverse=True)


def _bounded(mark: str, *, right: bool) -> str:
    """Return the pattern of a symbol or code that no letter continues on its outer side."""
    if right:
        return re.escape(mark) + (r"(?!\w)" if mark[-1].isalpha() else "")
    return (r"(?<!\w)" if mark[0].isalpha() else "") + re.escape(mark)


def _current_codes() -> frozenset[str]:
    territories = (str(code) for code in Locale("en").territories)
    return frozenset(
        currency
        for territory in territories
        if len(territory) == 2
        for currency in get_territory_currencies(territory, *_PERIOD)
    )


def _cldr_names(language: Language) -> dict[str, str]:
    """Return the full names of the currencies in the language, lower case, singular and plural."""
    locale = Locale(language)
    found: dict[str, str] = {}
    for code in sorted(_current_codes()):
        for count in (1, 2):
            found[get_currency_name(code, count, locale).lower()] = code
    return found
