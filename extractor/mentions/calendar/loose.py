"""Loose words for a time, which only a model that points at them makes a date: "overnight"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from extractor.records import Language

# Days from the day of the article.
_DAYS: Final[Mapping[Language, Mapping[str, int]]] = {
    "vi": {"trong đêm": 0, "rạng sáng nay": 0, "đêm qua": -1, "tối qua": -1},
    "fr": {"dans la nuit": 0, "cette nuit": 0, "la nuit dernière": -1, "hier soir": -1},
    "en": {"overnight": 0, "last night": -1, "yesterday evening": -1},
}
# Of the year of the article; a feast that moves is not here.
_FEASTS: Final[Mapping[Language, Mapping[str, str]]] = {
    "vi": {"tết dương lịch": "01-01", "giáng sinh": "12-25", "quốc khánh": "09-02"},
    "fr": {"nouvel an": "01-01", "jour de l'an": "01-01", "noël": "12-25", "la toussaint": "11-01"},
    "en": {"new year's day": "01-01", "new year": "01-01", "christmas": "12-25"}
    | {"all saints' day": "11-01"},
}
_SEASONS: Final[Mapping[Language, Mapping[str, tuple[int, int]]]] = {
    "vi": {"hè": (6, 8), "mùa hè": (6, 8), "mùa xuân": (3, 5), "mùa thu": (9, 11)},
    "fr": {"été": (6, 8), "l'été": (6, 8), "printemps": (3, 5), "automne": (9, 11)},
    "en": {"summer": (6, 8), "spring": (3, 5), "autumn": (9, 11)},
}
_THIS: Final[Mapping[Language, str]] = {"vi": "này|năm nay", "fr": "cet|ce", "en": "this"}
_NEXT: Final[Mapping[Language, str]] = {
    "vi": "sang năm|năm sau|năm tới",
    "fr": "prochaine?",
    "en": "next",
}
_YEAR: Final = re.compile(r"\b((?:19|20)[0-9]{2})\b")


_TIME: Final[Mapping[Language, re.Pattern[str]]] = {
    "vi": re.compile(
        r"[0-9]|(?<!\w)(?:ngày|tuần|tháng|quý|năm|đêm|sáng|chiều|tối|mùa|hè|xuân|thu|đông|nay|mai|qua|tới"
        r"|sau|trước|lúc|khi|thế kỷ|thập kỷ|tết)(?!\w)",
        re.IGNORECASE,
    ),
    "fr": re.compile(
        r"[0-9]|(?<!\w)(?:jours?|semaines?|mois|trimestres?|semestres?|an|ans|années?|nuit|matin|soir|été"
        r"|hiver|printemps|automne|aujourd'hui|demain|hier|bientôt|siècle|décennie|noël|pâques|rentrée"
        r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|toussaint|campagne)(?!\w)",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"[0-9]|(?<!\w)(?:days?|weeks?|weekend|months?|quarters?|years?|night|overnight|morning|evening"
        r"|seasons?|summer|winter|spring|autumn|fall|today|tomorrow|yesterday|soon|century|decades?"
        r"|christmas|easter|term|(?:mon|tues|wednes|thurs|fri|satur|sun)day)(?!\w)",
        re.IGNORECASE,
    ),
}


def tells_time(words: str, language: Language) -> bool:
    """Whether words tell a time at all, be it one that we cannot read."""
    return _TIME[language].search(words) is not None


def read_loose(words: str, language: Language, reference: date | None) -> str | None:
    """The EDTF date of loose words, at their precision; None if they tell none we know.

    The day of the article (`reference`) stands for "today"; without it only a year in the words
    makes a season a date.
    """
    text = words.casefold()
    if reference is not None:
        for phrase, days in _DAYS[language].items():
            if _holds(text, phrase):
                return (reference + timedelta(days)).isoformat()
        for phrase, day in _FEASTS[language].items():
            if _holds(text, phrase):
                return f"{reference.year}-{day}"
    return _season(text, language, reference)


def _season(text: str, language: Language, reference: date | None) -> str | None:
    for phrase, (first, last) in _SEASONS[language].items():
        if _holds(text, phrase) and (year := _year_of(text, language, reference)):
            return f"{year}-{first:02}/{year}-{last:02}"
    return None


def _year_of(text: str, language: Language, reference: date | None) -> int | None:
    """The year that is written, or told from the day of the article."""
    if written := _YEAR.search(text):
        return int(written[1])
    if reference is None:
        return None
    if re.search(rf"(?<!\w)(?:{_NEXT[language]})(?!\w)", text):
        return reference.year + 1
    this = re.search(rf"(?<!\w)(?:{_THIS[language]})(?!\w)", text)
    return reference.year if this else None


def _holds(text: str, phrase: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", text) is not None
