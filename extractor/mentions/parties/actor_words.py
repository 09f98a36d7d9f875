"""Words that tell what kind of party a name is, in Vietnamese, French and English.

A name keeps its language in an article of another one, so each pattern serves all three.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractor.records import ActorType

_ARTICLE = r"(?:(?:the|an?|les?|la|une?|des|du)\s+|[ld]')?"


def _opening(words: str) -> re.Pattern[str]:
    """Names that begin with one of the words, an article apart."""
    return re.compile(rf"{_ARTICLE}(?:{words})(?!\w)", re.IGNORECASE)


def _within(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Institution:
    """A public body of several countries, by all its names."""

    names: re.Pattern[str]
    type: ActorType
    country: str | None
    english: str


def _institution(english: str, names: str, country: str | None = None) -> Institution:
    kind: ActorType = "gov_agency" if country else "igo"
    acronym = r"(?:\s*\([A-Z0-9]{2,8}\))?"
    pattern = re.compile(rf"{_ARTICLE}(?:{english}|{names}){acronym}", re.IGNORECASE)
    return Institution(pattern, kind, country, english)


INSTITUTIONS = (
    _institution("European Commission", "commission européenne|EC|[uủ][ỷy] ban châu âu", "EU"),
    _institution("European Parliament", "parlement européen|nghị viện châu âu", "EU"),
    _institution(
        "Council of the European Union",
        "conseil de l'(?:union européenne|UE)|(?:EU|european) council|conseil européen"
        "|hội đồng (?:EU|châu âu|liên minh châu âu)",
        "EU",
    ),
    _institution(
        "European Central Bank",
        "banque centrale européenne|BCE|ECB|ngân hàng trung ương châu âu",
        "EU",
    ),
    _institution(
        "European Investment Bank",
        "banque européenne d'investissement|BEI|EIB|ngân hàng đầu tư châu âu",
        "EU",
    ),
    # What the press calls a government or parliament by.
    _institution("White House", "maison[- ]blanche|nhà trắng|tòa bạch ốc|oval office", "US"),
    _institution("Pentagon", "pentagone|lầu năm góc", "US"),
    _institution("Capitol Hill", "capitole|điện capitol|đồi capitol", "US"),
    _institution("Downing Street", "10 downing street|number 10|phố downing", "GB"),
    _institution("Whitehall", "trésor britannique", "GB"),
    _institution("Élysée Palace", "élysée|palais de l'élysée|điện élysée|điện elysée", "FR"),
    _institution("Quai d'Orsay", "matignon|hôtel matignon|bercy|điện matignon", "FR"),
    _institution("Kremlin", "điện kremlin", "RU"),
    _institution("Bundestag", "bundesrat|quốc hội đức", "DE"),
    _institution("Blue House", "maison bleue|nhà xanh", "KR"),
    _institution("Zhongnanhai", "trung nam hải", "CN"),
    _institution("United Nations", "nations unies|ONU|UN|liên h[ợiệ]p quốc|LHQ"),
    _institution(
        "International Monetary Fund", "fonds monétaire international|FMI|IMF|quỹ tiền tệ quốc tế"
    ),
    _institution(
        "World Bank",
        "world bank group|banque mondiale|groupe banque mondiale|WB|ngân hàng thế giới",
    ),
    _institution(
        "NATO",
        "OTAN|north atlantic treaty organization|khối NATO|tổ chức hiệp ước bắc đại tây dương",
    ),
    _institution(
        "OECD",
        "OCDE|organisation for economic co-operation and development"
        "|organisation de coopération et de développement économiques"
        "|tổ chức hợp tác và phát triển kinh tế",
    ),
    _institution(
        "World Trade Organization",
        "world trade organisation|organisation mondiale du commerce|OMC|WTO"
        "|tổ chức thương mại thế giới",
    ),
    _institution(
        "World Health Organization",
        "world health organisation|organisation mondiale de la santé|OMS|WHO|tổ chức y tế thế giới",
    ),
    _institution(
        "ASEAN", "association of southeast asian nations|hiệp hội các quốc gia đông nam á"
    ),
    _institution("UNESCO", "unesco"),
    _institution(
        "Asian Development Bank",
        "ADB|banque asiatique de développement|ngân hàng phát triển châu á",
    ),
    _institution("African Union", "union africaine|liên minh châu phi"),
)
IGO = _opening(
    r"G7|G20|BRICS|APEC|OPEC|OPEP|organisation (?:mondiale|internationale|des nations)"
    r"|tổ chức (?:\w+\s){1,5}(?:thế giới|quốc tế)|(?:world|international) \w+ organi[sz]ation"
    r"|agence internationale|international \w+ agency|cơ quan \w+(?:\s\w+){1,3} quốc tế"
)

_TITLES_VI = (
    "(?:nguyên |cựu |phó )*(?:chủ tịch|nhà lãnh đạo|thủ tướng|tổng thống|bộ trưởng|thứ trưởng"
    "|ngoại trưởng|tổng bí thư|bí thư|thống đốc|tổng giám đốc|giám đốc|quốc vương|nhà vua"
    "|hoàng tử|thái tử|giáo sư|tiến sĩ|tỷ phú|nghị sĩ|thượng nghị sĩ|ủy viên"
    "|uỷ viên|người phát ngôn|ông|bà)"
)
_TITLES_FR = (
    "(?:ancien(?:ne)? |vice-)?(?:premi(?:er|ère)[- ]ministre"
    "|présidente?(?:[- ]directeur général)?|ministre|chancelière?|roi|reine|sénat(?:eur|rice)"
    "|commissaire|gouverneure?"
    r"|secrétaire (?:d'état|général)|PDG|direct(?:eur|rice) général|mme|mm?\.)"
)
_TITLES_EN = (
    "(?:former |vice |deputy )*(?:presidents?|prime ministers?|ministers?|chancellor"
    "|senators?|governors?|commissioners?|secretary(?:[- ]general| of state)?|chair(?:man|woman)"
    r"|chief executive(?: officer)?|CEO|professor|mrs?\.?|ms\.?|dr\.?|sir)"
)
# "US President …", "Japanese Prime Minister …": the country comes first in English.
PERSON = re.compile(
    rf"{_ARTICLE}(?:{_TITLES_VI}|{_TITLES_FR}|(?:[A-Z][\w.-]*\s+){{0,2}}{_TITLES_EN})(?!\w)"
    r"(?!\s+(?:university|group|corp|inc|bank|council|office))",
    re.IGNORECASE,
)
HONORIFIC = re.compile(r"(?<!\w)(?:ông|bà|m\.|mme|mrs?\.?|ms\.?)\s+(?=[A-ZÀ-Ỹ])", re.IGNORECASE)

GOVERNMENT = _within(
    "chính phủ|chính quyền|nhà nước|nước|phía|gouvernement|autorités|government|authorities"
    "|cabinet|nội các"
)
# What a country's own name may be wrapped in: "nước Anh", "République française".
STATE = _opening(
    "chính phủ|chính quyền|nhà nước|nước|phía|cộng hòa|cộng hoà|liên bang|gouvernement(?: de| du"
    "| des)?|état|république(?: de)?|royaume(?: de| du)?|government of|republic of|kingdom of"
    "|state of"
)
STATE_TAIL = _within("government|authorities|state|gouvernement")
ADMINISTRATION = re.compile(r"(?:l')?administration \w+|(?:the )?(?:[A-Z]\w+ )+administration")

GROUP = re.compile(
    r"(?i:(?:một |hai |ba |bốn |năm |\d+ )?"
    r"(?:nhóm|các|những|nhiều|một số|tất cả|hầu hết|hàng (?:loạt|chục|trăm))\s"
    r"|(?:hai|ba|bốn|năm|sáu|\d+) (?:công ty|hãng|tập đoàn|nước|quốc gia|bên)(?!\w)"
    r"|an? (?:\w+ )?group of\s|un groupe d(?:e\s|'))"
    r"|(?i:des|les|ces|plusieurs|quelques|certaine?s|deux|trois|\d+) (?-i:[a-zà-ÿ])"
    r"|(?:.*\s)?(?:companies|firms|investors|partners|startups|start-ups|businesses|banks|donors"
    r"|universities|governments|countries|states|institutions|lenders|suppliers|manufacturers"
    r"|members|allies|entreprises|sociétés|investisseurs|partenaires|banques|universités|pays"
    r"|gouvernements|doanh nghiệp|nhà đầu tư)(?!\w)"
)
CONSORTIUM = _within(
    "consortium|joint venture|joint-venture|liên doanh|liên minh|alliance|coentreprise"
)
FUND = re.compile(
    rf"{_ARTICLE}(?:quỹ|fonds|fondation)(?!\w)|.*(?<!\w)(?:fund|foundation)(?!\w)", re.IGNORECASE
)
COMPANY = re.compile(
    r"(?i:tập đoàn|tổng công ty|công ty|hãng|ctcp|société|groupe)\s"
    r"|.*(?<!\w)(?i:company|corp|corporation|inc|ltd|llc|plc|gmbh|jsc)(?!\w)"
)
UNIVERSITY = re.compile(
    rf"{_ARTICLE}(?i:đại học|trường|học viện|viện|phòng thí nghiệm|trung tâm nghiên cứu|université"
    r"|institut|laboratoire|école|centre de recherche|academy|académie)(?!\w)"
    r"|.*(?<!\w)(?i:universit(?:y|ies)|institute|laborator(?:y|ies)|college|polytechnic"
    r"|research cent(?:er|re))(?!\w)"
)
AGENCY_OPENING = _opening(
    "bộ(?! trưởng)|cục|tổng cục|[uủ][ỷy] ban(?! nhân dân)|[uủ][ỷy] ban nhân dân|ubnd|văn phòng"
    "|quốc hội|sở|cơ quan|hội đồng(?! quản trị)|ngân hàng (?:nhà nước|trung ương)|viện kiểm sát"
    "|đảng|ban (?:chỉ đạo|bí thư)|thành phố|tỉnh|tòa án|hạ viện|thượng viện|nhà trắng|quân đội"
    "|ministère|agence(?! france-presse)|autorité|commission|conseil|parlement|assemblée|sénat"
    "|banque centrale|préfecture|direction générale|office (?:of|national|fédéral)|ville|mairie"
    "|région|maison blanche|élysée|secrétariat"
    "|ministry|department|parliament|congress|senate|house of|city of|white house|treasury"
    "|bureau of|agency for|council of|central bank|federal reserve"
)
AGENCY_WITHIN = _within(
    "ministry|department|agency|commission|parliament|congress|senate|authority|administration"
    "|bureau|council|treasury|central bank|city council|ministère|commission|office"
)

LEGAL_PREFIX = re.compile(
    r"(?:the|les?|la)\s+(?=\S)|l'(?=\w)|(?i:tập đoàn|tổng công ty|công ty(?:\s(?:cổ phần|tnhh"
    r"(?:\smtv)?|liên doanh|mẹ))?|hãng|ctcp|société(?! générale)(?:\sanonyme)?|groupe)\s+"
)
LEGAL_SUFFIX = re.compile(
    r"[\s,]+(?:Corp|Corporation|Inc|Incorporated|Ltd|Limited|LLC|LLP|PLC|plc|S\.?A|SAS|SE|AG|GmbH"
    r"|N\.?V|B\.?V|Co|JSC|Oyj|ASA|SpA|K\.?K|Pte|Pty|Bhd|CORP|INC|LTD)\.?"
)
LEADING_ARTICLE = re.compile(rf"{_ARTICLE}(?=\S)", re.IGNORECASE)
BRACKETS = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\])")
