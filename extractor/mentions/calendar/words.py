"""Calendar words of Vietnamese, French and English, as tables for `dates`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from babel import Locale

from extractor.records import Language

Unit = Literal["day", "week", "month", "quarter", "year", "decade"]


@dataclass(frozen=True, slots=True)
class CalendarWords:
    """What one language calls times; look words up in the form that `key` gives them.

    `months` and `weekdays` (from 0, Monday) hold full names, `short_*` what CLDR abbreviates.
    `sides` are the first (1) and the last (2) part of a year.
    `years` and `near` count from today: "last year" is -1. `whole` needs more words to be a time
    ("the end of the year"). `directions` says whether a word looks back (-1) or ahead (1).
    """

    months: Mapping[str, int]
    short_months: Mapping[str, int]
    weekdays: Mapping[str, int]
    short_weekdays: Mapping[str, int]
    numbers: Mapping[str, int]
    ordinals: Mapping[str, int]
    sides: Mapping[str, int]
    years: Mapping[str, int]
    near: Mapping[str, tuple[Unit, int]]
    whole: Mapping[str, tuple[Unit, int]]
    directions: Mapping[str, int]
    units: Mapping[str, Unit]


def key(words: str) -> str:
    """The form under which the tables hold these words."""
    straight = words.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return " ".join(straight.split()).casefold().rstrip(".")


def _counted(words: str) -> dict[str, int]:
    return {word: number for number, word in enumerate(words.split(), start=1)}


_VIETNAMESE_DIGITS = _counted("một hai ba bốn năm sáu bảy tám chín mười")
_NUMBERS: dict[Language, dict[str, int]] = {
    "en": _counted(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
        " sixteen seventeen eighteen nineteen twenty"
    )
    | {"a": 1, "an": 1, "thirty": 30, "forty": 40, "fifty": 50},
    "fr": _counted(
        "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
        " dix-sept dix-huit dix-neuf vingt"
    )
    | {"une": 1, "trente": 30, "quarante": 40, "cinquante": 50},
    "vi": _VIETNAMESE_DIGITS
    | {f"mười {word}": 10 + digit for word, digit in _VIETNAMESE_DIGITS.items() if digit < 10}
    | {"mười lăm": 15, "hai mươi": 20, "ba mươi": 30, "năm mươi": 50},
}
_ORDINALS: dict[Language, dict[str, int]] = {
    "en": _counted("first second third fourth"),
    "fr": _counted("premier deuxième troisième quatrième")
    | {"première": 1, "second": 2, "seconde": 2, "1er": 1}
    | {f"{digit}{ending}": digit for digit in (2, 3, 4) for ending in ("e", "ème")},
    "vi": _counted("i ii iii iv") | _counted("một hai ba tư"),
}
_SIDES: dict[Language, dict[str, int]] = {
    "en": {"first": 1, "last": 2},
    "fr": {"premiers": 1, "derniers": 2},
    "vi": {"đầu": 1, "cuối": 2},
}
_YEARS: dict[Language, dict[str, int]] = {
    "en": {"this year": 0, "last year": -1, "next year": 1},
    "fr": {"cette année": 0, "l'année en cours": 0, "l'an dernier": -1, "l'année dernière": -1}
    | {"l'an passé": -1, "l'année passée": -1, "l'an prochain": 1, "l'année prochaine": 1},
    "vi": {"năm nay": 0, "năm ngoái": -1, "năm kia": -2, "năm sau": 1, "năm tới": 1},
}
_NEAR_DAYS: dict[Language, dict[int, tuple[str, ...]]] = {
    "en": {
        -2: ("the day before yesterday",),
        -1: ("yesterday", "last night"),
        0: ("today", "tonight", "this morning", "this afternoon", "this evening"),
        1: ("tomorrow",),
        2: ("the day after tomorrow",),
    },
    "fr": {
        -2: ("avant-hier",),
        -1: ("hier",),
        0: ("aujourd'hui", "ce matin", "ce soir"),
        1: ("demain",),
        2: ("après-demain",),
    },
    "vi": {
        -2: ("hôm kia",),
        -1: ("hôm qua", "sáng qua", "trưa qua", "chiều qua", "tối qua", "đêm qua"),
        0: ("hôm nay", "sáng nay", "trưa nay", "chiều nay", "tối nay"),
        1: ("ngày mai", "sáng mai", "trưa mai", "chiều mai", "tối mai"),
        2: ("ngày kia",),
    },
}
_NEAR_LONGER: dict[Language, dict[Unit, dict[int, tuple[str, ...]]]] = {
    "en": {
        "week": {-1: ("last week",), 0: ("this week",), 1: ("next week",)},
        "month": {-1: ("last month",), 0: ("this month",), 1: ("next month",)},
        "quarter": {-1: ("last quarter",), 0: ("this quarter",), 1: ("next quarter",)},
        "decade": {0: ("this decade",)},
    },
    "fr": {
        "week": {
            -1: ("la semaine dernière", "la semaine passée"),
            0: ("cette semaine",),
            1: ("la semaine prochaine",),
        },
        "month": {
            -1: ("le mois dernier", "du mois dernier", "le mois passé", "du mois passé"),
            0: ("ce mois-ci", "ce mois"),
            1: ("le mois prochain", "du mois prochain"),
        },
        "quarter": {
            -1: ("le trimestre dernier", "du trimestre dernier"),
            0: ("ce trimestre",),
            1: ("le trimestre prochain", "du trimestre prochain"),
        },
        "decade": {0: ("cette décennie",)},
    },
    "vi": {
        "week": {-1: ("tuần trước", "tuần rồi"), 0: ("tuần này",), 1: ("tuần sau", "tuần tới")},
        "month": {
            -1: ("tháng trước", "tháng rồi"),
            0: ("tháng này",),
            1: ("tháng sau", "tháng tới"),
        },
        "quarter": {-1: ("quý trước",), 0: ("quý này",), 1: ("quý sau", "quý tới")},
        "decade": {0: ("thập kỷ này", "thập niên này")},
    },
}
_WHOLE: dict[Language, dict[Unit, tuple[str, ...]]] = {
    "en": {
        "week": ("the week",),
        "month": ("the month",),
        "quarter": ("the quarter",),
        "year": ("the year", "the calendar year", "year"),
        "decade": ("the decade",),
    },
    "fr": {
        "week": ("la semaine",),
        "month": ("le mois", "mois"),
        "quarter": ("le trimestre", "trimestre"),
        "year": ("l'année", "année"),
        "decade": ("la décennie",),
    },
    "vi": {"month": ("tháng",), "year": ("năm",), "decade": ("thập kỷ",)},
}
_DIRECTIONS: dict[Language, dict[str, int]] = {
    "en": {"last": -1, "this past": -1, "this": 0, "next": 1, "this coming": 1},
    "fr": {"dernier": -1, "passé": -1, "prochain": 1},
    "vi": {"trước": -1, "vừa qua": -1, "vừa rồi": -1, "này": 0, "sau": 1, "tới": 1, "sắp tới": 1},
}
_UNITS: dict[Language, dict[Unit, tuple[str, ...]]] = {
    "en": {
        "day": ("day",),
        "week": ("week",),
        "month": ("month",),
        "year": ("year",),
        "decade": ("decade",),
    },
    "fr": {
        "day": ("jour",),
        "week": ("semaine",),
        "month": ("mois",),
        "year": ("an", "année"),
        "decade": ("décennie",),
    },
    "vi": {
        "day": ("ngày",),
        "week": ("tuần",),
        "month": ("tháng",),
        "year": ("năm",),
        "decade": ("thập kỷ", "thập kỉ", "thập niên"),
    },
}


def _months(language: Language, width: Literal["wide", "abbreviated"]) -> dict[str, int]:
    if language == "vi":
        # CLDR numbers the months ("tháng 4"), which needs no table; prose also has "tháng Tư".
        named = {"tư": 4, "giêng": 1, "chạp": 12}
        counted = {word: n for word, n in _NUMBERS["vi"].items() if n <= 12 and word != "bốn"}
        return counted | named if width == "wide" else {}
    names = Locale.parse(language).months["format"][width]
    extra = {"sept": 9} if language == "en" and width == "abbreviated" else {}
    return {key(str(name)): int(month) for month, name in names.items()} | extra


def _weekdays(language: Language, width: Literal["wide", "abbreviated"]) -> dict[str, int]:
    names = Locale.parse(language).days["format"][width]
    counted = {f"thứ {day + 2}": day for day in range(6)} if language == "vi" else {}
    return counted | {key(str(name)): int(day) for day, name in names.items()}


@cache
def calendar_words(language: Language) -> CalendarWords:
    """The tables of one language, names of months and weekdays from CLDR."""
    near: dict[str, tuple[Unit, int]] = {
        word: ("day", steps) for steps, words in _NEAR_DAYS[language].items() for word in words
    }
    for unit, by_steps in _NEAR_LONGER[language].items():
        near |= {word: (unit, steps) for steps, words in by_steps.items() for word in words}
    return CalendarWords(
        months=_months(language, "wide"),
        short_months=_months(language, "abbreviated"),
        weekdays=_weekdays(language, "wide"),
        short_weekdays=_weekdays(language, "abbreviated"),
        numbers=_NUMBERS[language],
        ordinals=_ORDINALS[language],
        sides=_SIDES[language],
        years=_YEARS[language],
        near=near,
        whole={word: (unit, 0) for unit, words in _WHOLE[language].items() for word in words},
        directions=_DIRECTIONS[language],
        units={word: unit for unit, words in _UNITS[language].items() for word in words},
    )
