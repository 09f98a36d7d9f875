"""Currencies that the words beside a number leave open: every code that "$" or "couronnes" allows.

The table of currencies settles a shared word on its usual meaning, for a reader without judgement.
Here the word keeps all its meanings, and there are marks and words that are too rare, or too often
something else, for a reader that nothing points to the amount.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from babel.numbers import list_currencies

from extractor.languages import Rules, all_languages, language_of
from extractor.languages.patterns import any_of, any_word, read_in
from extractor.mentions.amounts.currencies import (
    KIND_NAMES,
    Codes,
    currency_marks,
    currency_names,
)
from extractor.mentions.amounts.priced import DIFFERENT_WORD, link
from extractor.mentions.amounts.tokens import alternation, boundaries

# Kinds of currency, named as CLDR does in English, and the marks that may mean any one of them.
_KINDS: Final[tuple[tuple[tuple[str, ...], str], ...]] = (
    (("dollars",), "$"),
    (("pounds",), "£"),
    (("crowns",), "kr,kr.,Kr"),
    (("francs",), "Fr,Fr."),
    (("rupees",), "Rs,Rs.,₨"),
    (("pesos",), "₱"),
    (("dinars",), ""),
    (("dirhams",), "Dh,Dhs,DH"),
    (("shillings",), "Sh,Shs"),
    (("won",), "₩"),
    (("yen", "yuan"), "¥"),
    (("rials", "riyals"), "﷼"),
)
# Marks of one currency that the table does not have; as in that table, codes by mark.
_MARKS: Final[Mapping[str, str]] = {
    "USD": "$ US",
    "CAD": "$ CA,$ CAN,$ CAD,Can$,CAN$,Cdn$,CDN$,C $,CA $",
    "AUD": "$ AU,$ AUD,A $,AU $",
    "NZD": "$ NZ,$ NZD,NZ $",
    "HKD": "$ HK,$ HKD,HK $",
    "SGD": "$ SG,$ SGD,S $",
    "TWD": "$ NT,NT $",
    "MXN": "MXN$",
    "ARS": "AR$",
    "CLP": "CLP$",
    "COP": "COP,COP$",
    "UYU": "UY$",
    "NAD": "N$",
    "CZK": "Kč,kč",
    "PLN": "zł,zl",
    "HUF": "Ft",
    "RON": "lei",
    "BGN": "лв,лв.",
    "UAH": "₴",
    "KZT": "₸",
    "CRC": "₡",
    "PYG": "₲",
    "GHS": "₵,GH₵,GHc",
    "LAK": "₭,LAK",
    "MNT": "₮",
    "AZN": "₼",
    "GEL": "₾,GEL",
    "BDT": "৳",
    "KHR": "៛",
    "EGP": "E£,£E",
    "LBP": "L£",
    "PEN": "S/,S/.,PEN",
    "PAB": "B/.",
    "BOB": "BOB",
    "TRY": "TL,TRY",
    "CUP": "CUP",
    "MOP": "MOP,MOP$",
    "BAM": "BAM",
    "CNY": "Rmb",
}
_CFA: Final = ("CFA", "F CFA", "FCFA")
_NO_MONEY: Final = frozenset({"XXX", "XTS"})
_LONGEST_MARK = 12


@dataclass(frozen=True, slots=True)
class CurrencyWord:
    """Words of a currency in the text: `codes` are what they may mean, as the table has it."""

    codes: Codes
    start: int
    end: int

    @property
    def borne(self) -> frozenset[str]:
        """The codes that the words allow."""
        return frozenset(code for code in self.codes if code)


@dataclass(frozen=True, slots=True)
class _Grammar:
    codes: Mapping[str, Codes]
    suffix: re.Pattern[str]
    prefix: re.Pattern[str]
    anywhere: re.Pattern[str]


def currency_code(currency: str | None) -> str | None:
    """Return the ISO 4217 code that is meant, None if there is no such code."""
    code = (currency or "").strip().upper()
    return code if code in list_currencies() and code not in _NO_MONEY else None


def currency_beside(
    text: str, start: int, end: int, language: Rules, *, scaled: bool
) -> CurrencyWord | None:
    """Return the words of a currency that touch the number `text[start:end]`, None without any.

    One letter and words that the next number may own need a scale word before or after them.
    """
    grammar = _grammar(language)
    after = grammar.suffix.match(text, end)
    if after is not None and _belongs(text, after, scaled=scaled):
        return _word(after, grammar)
    before = grammar.prefix.search(text, max(0, start - _LONGEST_MARK), start)
    if before is None or (not scaled and text[: before.start()].rstrip()[-1:].isdigit()):
        return None
    mark = before["symbol"]
    single_letter = len(mark) == 1 and mark.isalpha()
    return None if single_letter and not scaled else _word(before, grammar)


def currency_within(text: str, start: int, end: int, language: Rules) -> CurrencyWord | None:
    """Return the first words of a currency in `text[start:end]`, None without any."""
    grammar = _grammar(language)
    found = (match for match in grammar.anywhere.finditer(text, start, end))
    return next((_word(match, grammar) for match in found if not _is_letter(match[0])), None)


@cache
def letters_before_figures() -> re.Pattern[str]:
    """Return the marks of letters that may touch the figure after them: "FCFA500"."""
    marks = [mark for mark in _marks() if mark[-1].isalpha() and len(mark) > 1]
    return re.compile(rf"(?<!\w)(?:{alternation(marks)})(?=[0-9])")


def _is_letter(word: str) -> bool:
    return len(word) == 1 and word.isalpha()


def _word(match: re.Match[str], grammar: _Grammar) -> CurrencyWord:
    name, symbol = match.groupdict().get("name"), match.groupdict().get("symbol")
    key = symbol if symbol is not None else (name or "").lower()
    start = match.start("symbol" if symbol is not None else "name")
    return CurrencyWord(grammar.codes.get(key, ()), start, match.end())


def _belongs(text: str, match: re.Match[str], *, scaled: bool) -> bool:
    """Say whether the words after a number are its currency, not a noun or the next number's."""
    follows = text[match.end() : match.end() + 2]
    if match["symbol"] is None:
        other = DIFFERENT_WORD.get(match["name"].lower())
        return other is None or other.match(text, match.end()) is None
    if _is_letter(match["symbol"]) and match["symbol"] != "đ":
        return False
    glued = re.match("[0-9]", follows) is not None
    return not glued and (scaled or re.match(" ?[0-9]", follows) is None)


@cache
def _marks() -> Mapping[str, Codes]:
    own: dict[str, Codes] = {
        mark: (code,) for code, listed in _MARKS.items() for mark in listed.split(",")
    }
    cfa: dict[str, Codes] = dict.fromkeys(_CFA, ("XOF", "XAF"))
    for language in all_languages():
        own |= language.currencies.marks
    families = [(kinds, signs.split(",")) for kinds, signs in _KINDS if signs]
    return _widened({**own, **cfa, **currency_marks(KIND_NAMES)}, families)


@cache
def _names(language: Rules) -> Mapping[str, Codes]:
    more = language_of(language).currencies.more_names
    own = {name: (code,) for code, listed in more.items() for name in listed}
    # A word for a kind keeps its meaning in a text of another language.
    families = [
        (kinds, one.currencies.kinds.get(kinds[0], ()))
        for kinds, _ in _KINDS
        for one in read_in(language)
    ]
    return _widened({**own, **currency_names(language)}, families)


def _widened(
    table: Mapping[str, Codes], families: Iterable[tuple[Iterable[str], Iterable[str]]]
) -> Mapping[str, Codes]:
    """Return the table with every shared word at all its meanings, the usual one still first."""
    wide = dict(table)
    for kinds, words in families:
        codes = [code for kind in kinds for code in currency_names(KIND_NAMES)[kind]]
        for word in words:
            wide[word] = _merged(wide.get(word, tuple(codes[:1])), codes)
    return wide


def _merged(codes: Codes, more: Iterable[str]) -> Codes:
    return (*codes, *(code for code in more if code and code not in codes))


@cache
def _grammar(language: Rules) -> _Grammar:
    own = language_of(language).currencies.own_marks
    names, marks = _names(language), {**_marks(), **own}
    in_currency = any_of(language_of(language).currencies.in_currency)
    longest = sorted(marks, key=len, reverse=True)
    suffixes = "|".join(re.escape(mark) + (r"(?!\w)" if _ends(mark) else "") for mark in longest)
    prefixes = "|".join(
        (r"(?<!\w)" if mark[0].isalpha() else "") + re.escape(mark) for mark in longest
    )
    bounded = "|".join(
        (r"(?<!\w)" if mark[0].isalpha() else "")
        + re.escape(mark)
        + (r"(?!\w)" if _ends(mark) else "")
        for mark in longest
    )
    name = rf"(?P<name>{any_word(names)})(?!\w)"
    return _Grammar(
        codes={**names, **marks},
        suffix=re.compile(
            rf"(?i:{in_currency}|{link(language)})(?=[^\s0-9])(?:{name}|(?P<symbol>{suffixes}))",
            boundaries(language),
        ),
        prefix=re.compile(rf"(?P<symbol>{prefixes}) ?$", boundaries(language)),
        anywhere=re.compile(rf"(?<!\w){name}|(?P<symbol>{bounded})", boundaries(language)),
    )


def _ends(mark: str) -> bool:
    return mark[-1].isalpha()
