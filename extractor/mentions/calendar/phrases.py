"""Phrases that tell a time in Vietnamese, French and English, as data for `dates`.

A phrase is a regular expression in a short notation: a blank stands for any white space, an
apostrophe for both kinds, and `<name>` for a fragment of `calendar_patterns`. Named groups mean
the same in all three languages, so that one reader serves them all:

    d, m, mon, y      day, month number, month name, year; d2, m2, mon2, y2, yy end a range
    dy                a year told from today ("last year")
    dir, week         last, this or next; the same for the week of a weekday
    ahead             a word that puts the day into the future ("tomorrow, 5 June")
    q, half, side     which quarter, which half, the first or the last months
    n, n2, unit       a length of time; `plus` adds a half
    near, wd          a time told from today; a weekday
    ends, closing     the fiscal year ends then; the end of the period is meant
"""

from __future__ import annotations

from typing import Literal

from extractor.records import Language

Kind = Literal[
    "day",
    "either_order",
    "month",
    "year",
    "quarter",
    "half",
    "part",
    "decade",
    "range",
    "fiscal",
    "near",
    "weekday",
    "ago",
    "ahead",
    "length",
]
Need = Literal["nothing", "cue", "modifier"]


PhraseTable = tuple[tuple[Kind, Need, tuple[str, ...]], ...]

_CLOSE = r"(?(paren) ?\))"
_EN_LEAD = r"(?:(?:<weekday>|yesterday|today|(?P<ahead>tomorrow))(?:,? |,? ?(?P<paren>\()))?"
_EN_D = "(?:the )?<d>(?:st|nd|rd|th)?"
_EN_D2 = "(?:the )?<d2>(?:st|nd|rd|th)?"
_EN_LENGTH = "<n>(?:<to><n2>)?(?P<plus> and a half)? <unit>"
_EN_PROJECT = (
    r"(?=,? (?:[^\s.;]+ ){0,3}?(?:plan|programme|program|project|agreement|deal|contract|period"
    r"|partnership|commitment|initiative|investment|term|roadmap|effort)s?\b)"
)
_FR_LEAD = (
    r"(?:(?:<weekday>|hier|aujourd'hui|(?P<ahead>demain))(?:,? |,? ?(?P<paren>\()))?"
    "(?:(?:le|du|au|ce) )?"
)
_FR_LENGTH = "<n>(?:<to><n2>)? <unit>(?P<plus> et demie?)?"
_FR_OVER = "(?:au cours des|dans les|sur les|durant les|pendant les|pour les|d'ici les|ces|les|des)"
_VI_LEAD = (
    "(?:(?:hôm|ngày|mùng|rạng sáng|sáng|trưa|chiều|tối|đêm|nay|qua|kia|(?P<ahead>mai)|<weekday>)"
    r"(?:,? | ?(?=\())){1,5}(?P<paren>\()?"
)
_VI_YEAR = "(?: ?[/.-] ?|,? năm |, )<y>"
_VI_LENGTH = "<n>(?:<to><n2>)? <unit>(?P<plus> rưỡi)?"

COMMON_PHRASES: PhraseTable = (
    ("day", "nothing", ("<y>-<mm>-<dd>",)),
    ("range", "nothing", ("<y><dash><y2>", "<y><dash>(?P<yy>1[3-9]|[2-9][0-9])")),
)
PHRASES: dict[Language, PhraseTable] = {
    "en": (
        (
            "day",
            "nothing",
            (
                f"{_EN_LEAD}{_EN_D} (?:of )?<mon>(?:,? (?:of )?<year>)?{_CLOSE}",
                f"{_EN_LEAD}<mon> {_EN_D}(?:,? (?:of )?<year>)?{_CLOSE}",
            ),
        ),
        ("either_order", "nothing", (r"<d>(?P<sep>[/.-])(?P<m>[0-9]{1,2})(?P=sep)<y>",)),
        ("month", "nothing", ("<mon>,? (?:of )?<year>", "<dir> <monw>")),
        ("month", "cue", ("<monw>",)),
        ("year", "nothing", ("the year <y>", "(?:(?:later|earlier|sometime) )?(?<!the )<dy>")),
        ("year", "cue", ("<y><uncounted>",)),
        (
            "quarter",
            "nothing",
            (
                r"Q<q>(?:[\s/-]?(?:of )?<y>| (?:of )?<dy>)?(?! (?:fiscal|FY))",
                "(?:the )?<ordinal>[ -]quarter(?: (?:of )?<period>)?",
            ),
        ),
        (
            "half",
            "nothing",
            ("(?:the )?<half> half (?:of )?<period>", r"H(?P<half>[12])[\s/-]?<y>"),
        ),
        ("part", "nothing", ("(?:the )?<side> <n> months (?:of )?<period>",)),
        ("decade", "nothing", ("(?:the )?<decade>0s",)),
        (
            "range",
            "nothing",
            (
                "(?:from )?<y><to><y2>",
                "between <y> and <y2>",
                "(?:from )?<mon>(?: <y>)?<to><mon2>(?: <y2>)?",
                "between <mon>(?: <y>)? and <mon2>(?: <y2>)?",
                f"(?:from )?{_EN_D}(?: <mon>)?(?: <y>)?<to>{_EN_D2} (?:of )?<mon2>(?:,? <y2>)?",
                f"between {_EN_D}(?: <mon>)?(?: <y>)? and {_EN_D2} <mon2>(?:,? <y2>)?",
                f"(?:from )?<mon> {_EN_D}(?:,? <y>)?<to>(?:<mon2> )?{_EN_D2}(?:,? <y2>)?",
                f"between <mon> {_EN_D}(?:,? <y>)? and (?:<mon2> )?{_EN_D2}(?:,? <y2>)?",
            ),
        ),
        (
            "fiscal",
            "nothing",
            (
                "(?:(?:the|its|their|a) )?(?:fiscal|financial) year (?:that )?"
                "(?:start(?:ing|s)|begin(?:ning|s)|(?P<ends>end(?:ing|s))) (?:(?:in|on|from) )?"
                "<mon>(?: [0-9]{1,2})?(?:,? <y>)?",
            ),
        ),
        (
            "near",
            "nothing",
            (
                "(?:(?:later|earlier) )?(?<!the )<near>",
                "(?P<near>year)(?P<closing>-end|'s end| end)",
            ),
        ),
        ("near", "modifier", ("<whole>",)),
        (
            "weekday",
            "nothing",
            ("(?:<dir> )?<wd>(?: (?:of )?<week> week)?(?: (?:morning|afternoon|evening|night))?",),
        ),
        ("ago", "nothing", ("(?:about )?<some> <unit> ago",)),
        (
            "ahead",
            "nothing",
            (
                "(?:(?:over|in|within|during|for|throughout|across) )?(?:the )?(?:next|coming) "
                + _EN_LENGTH,
                "(?:over|in|within|during|for|throughout|across) the (?:next|coming) <unit>",
                f"(?:with)?in (?:(?:about|around) )?{_EN_LENGTH}(?:' time)?",
                f"{_EN_LENGTH} from now",
            ),
        ),
        (
            "length",
            "nothing",
            (
                "(?:lasting|spanning|spread over|over|for|across|during) (?:(?:about|around|roughly"
                f"|nearly|up to|at least|a period of|a term of) )?{_EN_LENGTH}"
                r"(?! (?:ago|old|earlier|later|before|after|in a row)\b)",
                f"(?:over )?(?:an? )?<n>-<unit>{_EN_PROJECT}(?: period)?",
            ),
        ),
    ),
    "fr": (
        (
            "day",
            "nothing",
            (
                f"{_FR_LEAD}<d>(?:er)? <mon>(?: <year>| <dir>)?{_CLOSE}",
                "(?:(?:le|du|au) )?(?:<weekday> )?<d>(?P<sep>[/.-])<m>(?P=sep)<y>",
                r"(?:le|du|au) (?:<weekday> )?<d>/<m>(?! d(?:e|es|u)\b)",
            ),
        ),
        ("month", "nothing", ("(?:(?:au|du|le) mois d(?:e |'))?<mon> (?:<year>|<dir>)",)),
        ("month", "cue", ("<monw>",)),
        ("year", "nothing", ("(?:l'année|l'an) <y>", "<dy>")),
        ("year", "cue", ("<y><uncounted>",)),
        (
            "quarter",
            "nothing",
            ("(?:(?:le|du|au|un) )?<ordinal> trimestre(?: <period>)?", r"T<q>[\s/-]?<y>"),
        ),
        (
            "half",
            "nothing",
            (
                "(?:(?:le|du|au|un) )?<half> semestre(?: <period>)?",
                "(?:la )?<half> moitié <period>",
                r"S(?P<half>[12])[\s/-]?<y>",
            ),
        ),
        ("part", "nothing", ("(?:(?:les|des) )?<n> <side> mois <period>",)),
        ("decade", "nothing", ("(?:(?:les|des) )?années <decade>0",)),
        (
            "range",
            "nothing",
            (
                "(?:(?:de|depuis) )?<y><to><y2>",
                "entre <y> et <y2>",
                "(?:(?:de |d'|depuis ))?<mon>(?: <y>)?<to><mon2>(?: <y2>)?",
                "entre <mon>(?: <y>)? et <mon2>(?: <y2>)?",
                "(?:du )?<d>(?:er)?(?: <mon>)?(?: <y>)?<to><d2>(?:er)? <mon2>(?: <y2>)?",
                "entre le <d>(?:er)?(?: <mon>)?(?: <y>)? et le <d2>(?:er)? <mon2>(?: <y2>)?",
            ),
        ),
        (
            "fiscal",
            "nothing",
            (
                "(?:l'|(?:un|son|leur|cet) )?(?:exercice|année)(?: (?:fiscale?|budgétaire"
                "|comptable))? (?:qui )?(?:débutant|commençant|démarrant|débute|commence|démarre"
                "|ouvert|(?P<ends>clos|s'achevant|s'achève|se terminant|se termine)) "
                "(?:(?:en|le|au|à partir de|fin) )?(?:<d>(?:er)? )?<mon>(?: <y>)?",
            ),
        ),
        ("near", "nothing", ("<near>",)),
        ("near", "modifier", ("<whole>",)),
        ("weekday", "nothing", ("(?:(?:le|ce) )?<wd>(?: <dir>)?(?: (?:matin|soir|après-midi))?",)),
        ("ago", "nothing", ("il y a (?:environ )?<n> <unit>",)),
        (
            "ahead",
            "nothing",
            (
                f"(?:{_FR_OVER} )?<n>(?:<to><n2>)? (?:prochaine?s|futures) <unit>",
                f"{_FR_OVER} {_FR_LENGTH} (?:à venir|prochaine?s|qui viennent)",
                "(?:au cours de|dans|durant|pendant|pour|sur) la prochaine <unit>",
                f"(?:d'ici(?: à)?|dans un délai de|dans|sous) (?:environ )?{_FR_LENGTH}",
            ),
        ),
        (
            "length",
            "nothing",
            (
                f"(?:sur|pendant|durant|en|pour) (?:environ )?{_FR_LENGTH}"
                r"(?! (?:plus tard|auparavant|derni|passé))",
                "(?:(?:sur|pour|pendant) (?:une )?|d'une )?(?:période|durée)(?: (?:totale|maximale"
                f"|minimale))? (?:de |d'){_FR_LENGTH}",
            ),
        ),
    ),
    "vi": (
        (
            "day",
            "nothing",
            (
                f"{_VI_LEAD}<d>[/.-]<m>(?:{_VI_YEAR}| <dy>| <dir>)?{_CLOSE}"
                r"(?! ?(?:triệu|tỷ|tỉ|nghìn)\b)",
                f"{_VI_LEAD}<d> tháng (?:<m>|<mon>)(?:{_VI_YEAR}| <dy>| <dir>)?{_CLOSE}",
                f"<d> tháng (?:<m>|<mon>){_VI_YEAR}",
                "<d>(?P<sep>[/.-])<m>(?P=sep)<y>",
            ),
        ),
        (
            "day",
            "cue",
            (r"<d>/<m>(?! (?:số|dân|tổng|diện|lượng|thị|doanh|nhu|giá|trong)\b)",),
        ),
        ("month", "nothing", (f"(?:tháng|thg) (?:<m>|<mon>)(?:{_VI_YEAR}| <dy>| <dir>)?",)),
        ("year", "nothing", ("năm <y>", "<lone><dy>")),
        ("year", "cue", ("<y><uncounted>",)),
        ("quarter", "nothing", (f"qu[ýí] (?:<q>|<ordinal>)(?:{_VI_YEAR}| <dy>)?",)),
        ("half", "nothing", ("nửa <half> <period>",)),
        ("part", "nothing", ("<n> tháng <side> <period>",)),
        ("decade", "nothing", ("(?:thập niên|thập k[ỷỉ]|những năm) <decade>0",)),
        (
            "range",
            "nothing",
            (
                "(?:từ )?(?:năm )?<y><to>(?:hết )?(?:năm )?<y2>",
                "(?:từ )?tháng <m>(?:(?:[/.-]| năm )<y>)?<to>(?:hết )?(?:tháng )?<m2>"
                "(?:(?:[/.-]| năm )<y2>)?",
                "(?:từ ngày|từ|ngày) <d>(?:[/.]<m>)?(?:[/.]<y>)?<to>(?:hết )?(?:ngày )?"
                "<d2>[/.]<m2>(?:[/.]<y2>)?",
            ),
        ),
        (
            "fiscal",
            "nothing",
            (
                "năm tài (?:chính|khóa|khoá) (?:bắt đầu|(?P<ends>kết thúc)) (?:(?:từ|vào|trong) )?"
                rf"(?:ngày [0-9]{{1,2}}[\s/-])?(?:tháng )?<m>(?:{_VI_YEAR})?",
            ),
        ),
        (
            "near",
            "nothing",
            (
                "(?:(?:rạng sáng|sáng|trưa|chiều|tối|đêm|ngày) )?<lone><near>"
                r"(?! (?:đó|khi|đây)\b)",
            ),
        ),
        (
            "near",
            "modifier",
            (r"<whole>(?! (?:học|tài|đó|ấy|trước|thứ|đầu|cuối|âm|dương|qua|[0-9]+)\b)",),
        ),
        (
            "weekday",
            "nothing",
            (
                "(?:(?:hôm|ngày|sáng|trưa|chiều|tối|đêm|vào) ){1,4}<wd>(?: tuần <week>)?",
                "<wd> tuần <week>",
                "(?P<wd>chủ nhật)(?: tuần <week>)?",
            ),
        ),
        (
            "ago",
            "nothing",
            (r"<n> <unit> trước(?! (?:đó|khi)\b)", "cách đây (?:khoảng )?<n> <unit>"),
        ),
        (
            "ahead",
            "nothing",
            (
                "(?:trong )?(?:(?:vòng|khoảng) ){0,2}"
                f"{_VI_LENGTH} (?:sắp tới|tới|tiếp theo|kế tiếp|nữa)",
                "trong (?:vòng )?(?P<unit>thập k[ỷỉ]|thập niên) tới",
            ),
        ),
        (
            "length",
            "nothing",
            (
                "(?:kéo dài|trong vòng|trong khoảng|trong thời gian|trong suốt|trong|suốt|thời hạn"
                "|kỳ hạn|thời gian|hợp đồng|kế hoạch) (?:(?:khoảng|tối đa|tối thiểu) )?"
                rf"{_VI_LENGTH}(?! (?:qua|gần|trước|vừa|đầu|cuối|liền|liên|nay|rồi|[0-9]+)\b)",
            ),
        ),
    ),
}

CueTable = dict[Language, dict[str, str]]
CUES: CueTable = {
    "en": {
        "deadline": "(?:by|before|until|till|through|(?:no|not) later than|on or before"
        "|at the latest)(?: (?:about|around|sometime in|the))?",
        "start": "(?:as )?(?:from|starting|beginning|commencing|effective|since)"
        "(?: (?:as early as|in|on|from))?(?: the)?",
        "point": "(?:in|on|during|throughout|for|as of|as early as)(?: the)?",
    },
    "fr": {
        "deadline": "d'ici(?: (?:à|au|en|le|la))?|avant(?: (?:le|la))?"
        "|au plus tard(?: (?:en|à|le))?|jusqu'(?:à|en|au|à la)?|(?:à l')?horizon(?: de)?",
        "start": "à (?:partir|compter)(?: d(?:e|u|'))?(?: la)?|(?:dès|depuis)(?: (?:le|la))?",
        "point": "en|à|à la|au|(?:(?:au|du|le) )?mois d(?:e|')|vers|courant"
        "|dans le courant de|au cours de|pour|pendant|durant|(?:sur )?(?:la )?période",
    },
    "vi": {
        "deadline": "(?:từ nay |cho |kéo dài )?(?:đến|tới)(?: hết| trước)?|trước"
        "|(?:chậm|muộn) nhất(?: là)?(?: vào| trong| đến)?|hạn chót(?: là| vào)?"
        "|không muộn hơn|hết",
        "start": "(?:kể )?từ|bắt đầu(?: từ| vào| trong)?",
        "point": "vào|trong|tính đến(?: hết)?|(?:trong )?giai đoạn|nhiệm kỳ|vào khoảng",
    },
}
MODIFIERS: CueTable = {
    "en": {
        "start": "(?:the )?(?:beginning|start) of|early(?: in)?",
        "mid": "(?:the )?middle of|mid-?",
        "end": "(?:the )?(?:very )?(?:end|close) of|end-?|late(?: in)?|year-end",
    },
    "fr": {
        "start": "(?:(?:au|le|en) )?début(?: d(?:e|u|'|u mois de))?",
        "mid": "(?:la )?mi-|(?:(?:au|le) )?milieu d(?:e|u|')",
        "end": "(?:(?:à la|la|en) )?fin(?: d(?:e|u|'|u mois de))?",
    },
    "vi": {
        "start": "(?<!bắt )(?<!lần )(?<!ban )(?<!dẫn )(?<!đứng )(?<!hàng )(?<!bước )(?<!quý )"
        "(?<!tháng )(?<!nửa )đầu",
        "mid": "giữa",
        "end": "(?<!quý )(?<!tháng )(?<!nửa )cuối",
    },
}
FUTURE: dict[Language, str] = {
    "en": "will|shall|would|to be|due|expected|scheduled|planned|plans|set to|upcoming",
    # Every verb in the future tense, told by its ending.
    "fr": r"prévue?s?|attendue?s?|prévoi(?:t|ent)|\w{2,}(?:era|eront|ira|iront|dra|dront)"
    "|aura|auront",
    "vi": "sẽ|dự kiến|sắp|dự định|có kế hoạch|chuẩn bị",
}
