"""Units of a count that something points at: more measures, or any noun that no table knows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from extractor.mentions.amounts.counts import BEFORE_NOUN, NOT_MODIFIERS
from extractor.mentions.amounts.units import UnitForm, unit_forms
from extractor.records import Language

# Unit: every form of (vi, fr, en). French and English words are also read with an s.
_MEASURES: Final[Mapping[str, tuple[str, str, str]]] = {
    "percent": ("%, phần trăm", "%, pour cent", "%, percent, per cent, pct"),
    "percentage_point": (
        "điểm phần trăm",
        "point de pourcentage, points de pourcentage, point de %, points de %",
        "percentage point, % point",
    ),
    # Power and energy
    "watt": ("W, watt", "W, watt", "W, watt"),
    "kilowatt": ("kWp, ki-lô-oát", "kWc, kW-crête", "kWp"),
    "megawatt": (
        "MWp, MWac, MWdc, mêgaoát",
        "MWc, MWe, mégawatt-crête, mégawatts-crête",
        "MWp, MWe, MWac, MWdc",
    ),
    "gigawatt": ("GWp, gi-ga-oát", "GWc, GWe, gigawatt-crête, gigawatts-crête", "GWp, GWe"),
    "terawatt": ("TW, terawatt", "TW, térawatt", "TW, terawatt"),
    "megavolt_ampere": ("MVA", "MVA", "MVA"),
    "kilovolt": ("kV", "kV, kilovolt", "kV, kilovolt"),
    "kilowatt_hour": ("kilowatt giờ", "kilowattheure, kilowatt-heure", "kilowatt hour"),
    "megawatt_hour": ("megawatt giờ", "mégawatt-heure, mégawatts-heure", ""),
    "gigawatt_hour": ("gigawatt giờ", "gigawatt-heure, gigawatts-heure", ""),
    "terawatt_hour": ("terawatt giờ", "térawatt-heure, térawatts-heure", ""),
    "gigajoule": ("GJ", "GJ, gigajoule", "GJ, gigajoule"),
    "terajoule": ("TJ", "TJ, térajoule", "TJ, terajoule"),
    "million_btu": ("MMBtu", "MMBtu", "MMBtu"),
    # Area, length, weight and volume
    "sao": ("sào", "", ""),
    "acre": ("acre", "acre", ""),
    "square_metre": ("mét vuông", "mètre carré, mètres carrés", "sqm, sq. m, sq metre"),
    "square_kilometre": ("ki-lô-mét vuông", "kilomètres carrés", "sq. km, sqkm"),
    "square_foot": ("", "", "sq. ft, sqft"),
    "square_mile": ("dặm vuông", "mille carré, milles carrés", "square mile, sq miles"),
    "cubic_metre": ("khối nước", "", "cu m"),
    "metre": ("m, mét", "m, mètre", "metre, meter"),
    "foot": ("", "pied", "foot, feet, ft"),
    "nautical_mile": ("hải lý", "mille nautique, milles nautiques", "nautical mile"),
    "nanometre": ("nm, nanomet, nanomét", "nm, nanomètre", "nm, nanometre, nanometer"),
    "millimetre": ("mm", "mm, millimètre", "mm, millimetre, millimeter"),
    "centimetre": ("cm", "cm, centimètre", "cm, centimetre, centimeter"),
    "gram": ("gam, gram", "gramme", "gram, gramme"),
    "quintal": ("tạ", "quintal, quintaux", "quintal"),
    "kilotonne": ("kt", "kt, kilotonne", "kt, kilotonne, kiloton"),
    "megatonne": ("Mt", "Mt, mégatonne", "Mt, megatonne, megaton"),
    "ounce": ("ounce, ao-xơ", "once", "ounce, oz"),
    "barrel": ("thùng dầu thô", "baril", ""),
    "gallon": ("gallon, ga-lông", "gallon", "gallon"),
    "hectolitre": ("hl", "hl, hectolitre", "hl, hectolitre"),
    "teu": ("TEU", "EVP, TEU", "TEU"),
    # Computing
    "teraflop": ("teraflop, teraflops, TFLOPS", "téraflop, TFLOPS", "teraflop, TFLOPS"),
    "petaflop": ("PFLOPS", "petaflops, pétaflops, PFLOPS", "petaflops"),
    "exaflop": ("EFLOPS", "exaflops, EFLOPS", "exaflops, EFLOPS"),
    "megabyte": ("MB, megabyte", "Mo, mégaoctet", "MB, megabyte"),
    "gigabyte": ("GB, gigabyte", "Go, gigaoctet", "GB, gigabyte"),
    "terabyte": ("", "TB", ""),
    "petabyte": ("", "PB", ""),
    "exabyte": ("EB, exabyte", "Eo, exaoctet", "EB, exabyte"),
    "gigabit_per_second": ("Gbps, Gb/s, Gbit/s", "Gbps, Gb/s, Gbit/s", "Gbps, Gb/s, Gbit/s"),
    "terabit_per_second": ("Tbps, Tb/s, Tbit/s", "Tbps, Tb/s, Tbit/s", "Tbps, Tb/s, Tbit/s"),
    "cpu": ("CPU", "CPU", "CPU"),
    "tpu": ("TPU", "TPU", "TPU"),
    "core": ("lõi, nhân xử lý", "cœur de calcul, cœurs de calcul", "core"),
    "wafer": ("tấm wafer, wafer", "wafer, plaquette", "wafer"),
    "chip": ("bộ xử lý", "processeur, semiconducteur", ""),
    # Time that is given or worked; lengths of time are dates.
    "hour": ("giờ", "h, heure", "hour, hr, hrs"),
    # Other
    "degree_celsius": ("°C, độ C", "°C, degré Celsius, degrés Celsius", "°C, degrees Celsius"),
    "share": ("cổ phiếu, cổ phần", "", "share"),
    "bond": ("trái phiếu", "", "bond"),
    "seat": ("ghế, chỗ ngồi", "siège", "seat"),
    "member": ("thành viên, hội viên", "membre, adhérent", "member"),
    "vaccine": ("vắc xin, vắc-xin, vaccine", "vaccin", "vaccine"),
    "home": ("căn hộ chung cư", "unité de logement, unités de logement", ""),
    "tractor": ("máy kéo", "tracteur", "tractor"),
    "ambulance": ("xe cứu thương", "ambulance", "ambulance"),
}
_AS_WRITTEN: Final = 2
"""Units of so few letters are read in no other case: "m" is metres, "M" millions."""
# A denominator makes the number a fraction, and a length of time is a date.
_NO_COUNT: Final[Mapping[Language, re.Pattern[str]]] = {
    "vi": re.compile(r" (?:phần (?!trăm)\w|(?:năm|tháng|tuần|ngày|quý)(?!\w))", re.IGNORECASE),
    "fr": re.compile(
        r"[ -](?:tiers|quarts?|demis?|cinquièmes?|sixièmes?|huitièmes?|dixièmes?|centièmes?"
        r"|ans?|années?|mois|semaines?|jours?|trimestres?)(?!\w)",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"[ -](?:hal(?:f|ves)|thirds?|fourths?|fifths?|sixths?|sevenths?|eighths?|tenths?"
        r"|years?|months?|weeks?|days?|quarters?|decades?)(?!\w)",
        re.IGNORECASE,
    ),
}
_WORD = r"(?P<word>[^\W\d_](?:[\w'&-]*[^\W_])?)(?![\w/])"
_FIRST_WORD: Final[Mapping[Language, re.Pattern[str]]] = {
    "vi": re.compile(rf"[ -](?:(?:{BEFORE_NOUN['vi']}) )?{_WORD}", re.IGNORECASE),
    "fr": re.compile(rf"(?:-| (?:de |d')?)(?:(?:{BEFORE_NOUN['fr']}) )?{_WORD}", re.IGNORECASE),
    "en": re.compile(rf"[ -]{_WORD}"),
}
_NEXT_WORD = re.compile(rf"[ -]{_WORD}")
_MOST_WORDS: Final[Mapping[Language, int]] = {"vi": 2, "fr": 1, "en": 3}
# Words that are no counted thing and that none follows; English has its own, by hand.
_NO_NOUN: Final[Mapping[Language, re.Pattern[str]]] = {
    "vi": re.compile(
        "cho|tại|ở|trong|và|của|với|để|sẽ|đã|đang|được|bị|từ|đến|tới|vào|theo|trên|dưới|này|đó|kia"
        "|là|có|không|trị|giá|khi|nếu|thì|mà|do|bởi|về|ra|lên|xuống|sau|trước|mỗi|một|các|những"
        "|hoặc|hay|nhưng|vì|nên|như|cùng|năm|tháng|ngày|tuần|quý|lần|tuổi|độ|đồng|phần|nghìn|triệu"
        "|tỷ|tỉ|trăm|ngàn",
        re.IGNORECASE,
    ),
    "fr": re.compile(
        "à|au|aux|en|dans|sur|sous|pour|par|avec|sans|de|du|des|le|la|les|l'.*|un|une|et|ou|mais|donc"
        "|car|que|qui|qu'.*|dont|où|d'.*|se|sa|son|ses|leurs?|ce|cette|ces|est|sont|était|sera"
        "|seront|a|ont|ans?|années?|mois|jours?|semaines?|fois|pourcents?|plus|moins|d'ici|dès"
        "|depuis|avant|après|entre|vers|chez|chaque|chacune?|tous|toutes|ne|pas|y|il|elle|ils|elles"
        "|millions?|milliards?|mille|tiers|quarts?|cinquièmes?|dixièmes?",
        re.IGNORECASE,
    ),
    "en": NOT_MODIFIERS,
}
_COUNTED: Final = re.compile("[a-z]{3,}(?<![siu])s")
_LONGEST_UNIT = 40


@dataclass(frozen=True, slots=True)
class UnitWords:
    """A unit, and where its words end."""

    unit: str
    end: int


def known_unit(text: str, at: int, language: Language) -> UnitWords | None:
    """Return the unit that a table knows in the words right behind a number, None without any."""
    match = _pattern(language).match(text, at)
    if match is None:
        return None
    form = _forms(language).get(match["unit"]) or _forms(language).get(match["unit"].lower())
    if form is None or form.unit is None or (match.start("unit") == at and not form.measure):
        return None
    return UnitWords(form.unit, match.end())


def noun_words(text: str, at: int, end: int, language: Language) -> UnitWords | None:
    """Return the words behind a number as a unit of their own, those before `end` if any are."""
    words: list[str] = []
    position = at
    while len(words) < _MOST_WORDS[language]:
        pattern = _NEXT_WORD if words else _FIRST_WORD[language]
        match = pattern.match(text, position)
        if match is None or _NO_NOUN[language].fullmatch(match["word"]):
            break
        if words and at < end <= match.start("word"):
            break
        words.append(match["word"])
        position = match.end()
        if language == "en" and _COUNTED.fullmatch(match["word"]):
            break
    unit = unit_name(_singular(" ".join(words), language))
    return None if unit is None else UnitWords(unit, position)


def counts_nothing(text: str, at: int, language: Language) -> bool:
    """Say whether the number is part of a fraction in words ("two thirds") or a length of time."""
    return _NO_COUNT[language].match(text, at) is not None


def unit_name(words: str | None) -> str | None:
    """Return words as the name of a unit, None for words that cannot be one.

    A name is lower case, of the letters a to z and underscores, and never holds a digit.
    """
    known = unit_forms("en").get((words or "").strip().lower().replace("_", " "))
    if known is not None and known.unit is not None:
        return known.unit
    letters = (words or "").lower().replace("đ", "d").replace("œ", "oe")
    letters = "".join(
        one for one in unicodedata.normalize("NFD", letters) if not unicodedata.combining(one)
    )
    if any(one.isdigit() for one in letters):
        return None
    name = re.sub("[^a-z]+", "_", letters).strip("_")
    return name if 0 < len(name) <= _LONGEST_UNIT else None


def _singular(words: str, language: Language) -> str:
    invariable = (
        ("ss", "us", "is", "as", "ès", "ps", "ays") if language == "fr" else ("ss", "us", "is")
    )
    if language == "vi" or words.lower().endswith(invariable):
        return words
    if language == "en" and words.endswith("ies"):
        return words.removesuffix("ies") + "y"
    return words.removesuffix("s")


@cache
def _forms(language: Language) -> Mapping[str, UnitForm]:
    """Units by written form: those of the table of units, and the ones here that it lacks."""
    column = ("vi", "fr", "en").index(language)
    forms: dict[str, UnitForm] = {}
    for unit, columns in _MEASURES.items():
        for form in filter(None, columns[column].split(", ")):
            plural = language != "vi" and len(form) > 3 and form.islower() and form[-1] != "s"
            for written in (form, form + "s") if plural else (form,):
                key = written if len(written) <= _AS_WRITTEN else written.lower()
                forms[key] = UnitForm(unit, True, True, True)
    for written, known in unit_forms(language).items():
        if known.unit is not None or written not in forms:
            forms[written] = known
    return forms


@cache
def _pattern(language: Language) -> re.Pattern[str]:
    forms = sorted(_forms(language), key=len, reverse=True)
    either = "|".join(
        re.escape(form)
        if len(form) <= _AS_WRITTEN and form not in unit_forms(language)
        else f"(?i:{re.escape(form)})"
        for form in forms
    )
    of = {"vi": "", "fr": "(?:de |d')?", "en": "(?:of )?"}[language]
    return re.compile(
        rf"(?: {of}(?:(?i:{BEFORE_NOUN[language]}) ){{0,3}}|-)?(?P<unit>{either})"
        # "Km/h" and "Gb/s" are other units; "MWh/an" is one a year.
        r"(?!\w|/ ?[hs]\b|-[^\W\d])"
    )
