"""Names of countries in Vietnamese, French and English, with the adjectives made from them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from babel import Locale

from extractor.records import Language

# CLDR also names groups, test locales and territories without an ISO code of their own.
_NOT_COUNTRIES = frozenset(
    {"AC", "CP", "CQ", "DG", "EA", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
)
# Given names and common words of one language are countries in another.
_MISLEADING = frozenset({"Maurice", "Dominique", "Réunion", "La Réunion", "Jersey"})

_ENGLISH: Language = "en"
_ALIASES: dict[Language, dict[str, str]] = {
    "vi": {
        "US": "Mỹ|Hợp chủng quốc Hoa Kỳ|Hợp chúng quốc Hoa Kỳ",
        "GB": "Anh|Anh Quốc|Liên hiệp Vương quốc Anh|Scotland|Bắc Ireland",
        "EU": "EU|Liên minh châu Âu|Liên minh Châu Âu|châu Âu|Châu Âu",
        "JP": "Nhật",
        "KR": "Nam Hàn|Đại Hàn Dân Quốc",
        "KP": "Bắc Triều Tiên|CHDCND Triều Tiên",
        "CN": "CHND Trung Hoa|Trung Hoa|Hoa lục",
        "AU": "Úc|Ô-xtrây-li-a",
        "RU": "Liên bang Nga",
        "CZ": "Cộng hòa Séc|CH Séc",
        "AE": "UAE",
        "SA": "Ả Rập Saudi|Ả-rập Xê-út|Ả Rập Xê Út|Saudi Arabia",
        "UA": "Ukraine|Ukraina",
        "ID": "In-đô-nê-xi-a",
        "SG": "Xin-ga-po",
        "PH": "Phi-líp-pin",
        "MY": "Ma-lai-xi-a",
        "KH": "Cam-pu-chia",
        "IT": "Ý|Italia|I-ta-li-a",
        "HK": "Hồng Kông|Hong Kong",
        "MO": "Ma Cao|Macao",
        "CH": "Thuỵ Sĩ|Thụy Sỹ",
        "SE": "Thuỵ Điển",
        "PS": "Palestine",
    },
    "fr": {
        "US": "Etats-Unis d'Amérique|États-Unis d'Amérique|USA",
        "GB": "Grande-Bretagne|Angleterre|Écosse",
        "EU": "UE|Europe",
        "KR": "République de Corée|Corée",
        "VN": "Vietnam|Viêt-Nam",
        "CZ": "République tchèque",
        "AE": "Emirats|Émirats",
        "BY": "Bélarus",
        "HK": "Hong Kong|Hongkong",
        "MO": "Macao",
        "PS": "Palestine",
        "MU": "île Maurice|Île Maurice",
        "DM": "la Dominique",
        "CD": "République démocratique du Congo|RDC",
        "RU": "Fédération de Russie",
    },
    "en": {
        "US": "US|U.S.|U.S|USA|U.S.A.|America|United States of America",
        "GB": "UK|U.K.|Britain|Great Britain|England|Scotland|Wales|Northern Ireland",
        "EU": "EU|E.U.|Europe",
        "KR": "Korea|Republic of Korea",
        "CN": "People's Republic of China",
        "AE": "UAE",
        "TR": "Turkey",
        "CZ": "Czech Republic",
        "HK": "Hong Kong",
        "MO": "Macao|Macau",
        "CI": "Ivory Coast",
        "CV": "Cabo Verde",
        "NL": "Holland",
        "PS": "Palestine",
        "RU": "Russian Federation",
        "CD": "Democratic Republic of the Congo|DR Congo",
    },
}
_ADJECTIVES: dict[str, dict[str, str]] = {
    "fr": {
        "US": "américain|états-unien",
        "GB": "britannique|anglais|écossais",
        "EU": "européen",
        "JP": "japonais|nippon",
        "CN": "chinois",
        "KR": "coréen|sud-coréen",
        "KP": "nord-coréen",
        "TW": "taïwanais",
        "VN": "vietnamien",
        "FR": "français",
        "DE": "allemand",
        "IT": "italien",
        "ES": "espagnol",
        "PT": "portugais",
        "NL": "néerlandais",
        "BE": "belge",
        "LU": "luxembourgeois",
        "CH": "suisse|helvétique",
        "AT": "autrichien",
        "SE": "suédois",
        "NO": "norvégien",
        "DK": "danois",
        "FI": "finlandais",
        "PL": "polonais",
        "CZ": "tchèque",
        "HU": "hongrois",
        "RO": "roumain",
        "GR": "grec",
        "IE": "irlandais",
        "UA": "ukrainien",
        "RU": "russe",
        "TR": "turc",
        "IL": "israélien",
        "SA": "saoudien",
        "AE": "émirati|émirien",
        "QA": "qatari|qatarien",
        "IR": "iranien",
        "EG": "égyptien",
        "MA": "marocain",
        "IN": "indien",
        "SG": "singapourien",
        "MY": "malaisien",
        "ID": "indonésien",
        "TH": "thaïlandais",
        "CA": "canadien",
        "MX": "mexicain",
        "BR": "brésilien",
        "AU": "australien",
        "ZA": "sud-africain",
    },
    "en": {
        "US": "American",
        "GB": "British|Scottish",
        "EU": "European",
        "JP": "Japanese",
        "CN": "Chinese",
        "KR": "Korean|South Korean",
        "KP": "North Korean",
        "TW": "Taiwanese",
        "VN": "Vietnamese",
        "FR": "French",
        "DE": "German",
        "IT": "Italian",
        "ES": "Spanish",
        "PT": "Portuguese",
        "NL": "Dutch",
        "BE": "Belgian",
        "CH": "Swiss",
        "AT": "Austrian",
        "SE": "Swedish",
        "NO": "Norwegian",
        "DK": "Danish",
        "FI": "Finnish",
        "PL": "Polish",
        "CZ": "Czech",
        "HU": "Hungarian",
        "RO": "Romanian",
        "GR": "Greek",
        "IE": "Irish",
        "UA": "Ukrainian",
        "RU": "Russian",
        "TR": "Turkish",
        "IL": "Israeli",
        "SA": "Saudi",
        "AE": "Emirati",
        "QA": "Qatari",
        "IR": "Iranian",
        "EG": "Egyptian",
        "MA": "Moroccan",
        "IN": "Indian",
        "SG": "Singaporean",
        "MY": "Malaysian",
        "ID": "Indonesian",
        "TH": "Thai",
        "PH": "Philippine|Filipino",
        "PK": "Pakistani",
        "CA": "Canadian",
        "MX": "Mexican",
        "BR": "Brazilian",
        "AU": "Australian",
        "NZ": "New Zealander",
        "ZA": "South African",
        "NG": "Nigerian",
        "KE": "Kenyan",
    },
}
# Longer names that hold a country's name and are not it.
_OTHERS: dict[Language, str] = {
    "vi": "Mỹ Latinh|Mỹ La-tinh|Mỹ Latin|châu Mỹ|Châu Mỹ|Nam Mỹ|Bắc Mỹ|Trung Mỹ|Đông Âu|Tây Âu"
    "|tiếng Anh|tiếng Pháp|tiếng Đức|tiếng Nga|tiếng Nhật|tiếng Ý|Pháp luật|Pháp lý|Pháp lệnh"
    "|Ý kiến|Ý tưởng|Ý nghĩa|Nhật báo|Nhật ký|Áo dài|Nga Sơn",
    "fr": "Europe de l'Est|Europe centrale|Europe orientale|Nouvelle-Angleterre|latino-américain"
    "|nord-américain|sud-américain|centre-américain|Amérique latine|Amérique du Nord"
    "|Amérique du Sud|en anglais|en français|en allemand|en chinois|en espagnol|en japonais",
    "en": "Latin America|North America|South America|Central America|Bank of America"
    "|Latin American|North American|South American|Native American|African American"
    "|Eastern Europe|Western Europe|Central Europe|New England|New Mexico|New Wales"
    "|in French|in Chinese|in German|in Spanish|in Japanese|New South Wales|Indian Ocean"
    "|American Express",
}


def _spellings(name: str) -> Iterator[str]:
    """A CLDR name as prose writes it: without brackets, with or without an accented capital."""
    name = name.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").replace(" - ", "-")
    for part in re.split(r"[()]", name):
        spelling = part.strip()
        if spelling and spelling not in _MISLEADING:
            yield spelling
            if spelling[0] in "ÉÎ":
                yield {"É": "E", "Î": "I"}[spelling[0]] + spelling[1:]


def _names(language: Language) -> Iterator[tuple[str, str]]:
    for code, name in Locale.parse(language).territories.items():
        if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES:
            yield from ((spelling, code) for spelling in _spellings(str(name)))
    for code, names in _ALIASES[language].items():
        yield from ((name, code) for name in names.split("|"))


def _inflected(adjective: str) -> Iterator[str]:
    """The four forms of a French adjective, with and without a capital."""
    feminine = {"grec": "grecque", "turc": "turque"}.get(adjective)
    if feminine is None and adjective.endswith("e"):
        feminine = adjective
    if feminine is None:
        feminine = adjective + ("ne" if adjective.endswith("en") else "e")
    plural = adjective if adjective.endswith("s") else adjective + "s"
    for form in (adjective, feminine, plural, feminine + "s"):
        yield from (form, form[0].upper() + form[1:])


def _adjectives(language: Language) -> Iterator[tuple[str, str]]:
    for code, adjectives in _ADJECTIVES.get(language, {}).items():
        for adjective in adjectives.split("|"):
            if language == "fr":
                yield from ((form, code) for form in _inflected(adjective))
            else:
                yield adjective, code
                if adjective[-1] in "ni":
                    yield adjective + "s", code


@cache
def country_adjectives(language: Language) -> frozenset[str]:
    """The adjectives among the names: "Norwegian" is of Norway, and is not Norway."""
    return frozenset(adjective for adjective, _ in _adjectives(language))


@cache
def english_name(code: str) -> str:
    """The name of a country in English, as CLDR has it."""
    return str(Locale.parse("en").territories[code])


@cache
def country_words(language: Language) -> Mapping[str, str | None]:
    """Code by name, as written, in the language and in English; None for names to step over."""
    words: dict[str, str | None] = {}
    for source in dict.fromkeys((language, _ENGLISH)):
        for name, code in _names(source):
            words.setdefault(name, code)
            # A short name in capitals may be another word: ANH, US.
            if len(name) > 4:
                words.setdefault(name.upper(), code)
    words |= _adjectives(language)
    return words | dict.fromkeys(_OTHERS[language].split("|"))
