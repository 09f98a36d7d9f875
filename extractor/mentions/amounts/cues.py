"""Cues around a number: ranges, and the words that say about, over, up to, a year, each."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from extractor.mentions.amounts.numerals import DASHES, Quantity, alternation, plain
from extractor.records import Language, Per, Qualifier, Scope

_WINDOW = 160
_QUALIFIER_WINDOW = 48

_CONNECTOR: dict[Language, tuple[str, ...]] = {
    "vi": ("đến", "tới", "hoặc", "hay"),
    "fr": ("à", "ou"),
    "en": ("to", "or"),
}
_PAIRED_CONNECTOR: dict[Language, str] = {"vi": "và", "fr": "et", "en": "and"}
_PAIR_OPENING: dict[Language, str] = {"vi": "giữa", "fr": "entre", "en": "between"}
_OPENING: dict[Language, str] = {"vi": "từ", "fr": "de", "en": "from"}
# "Rise from 2 to 3 billion" names two states, not a range.
_CHANGE: dict[Language, str] = {
    "vi": "tăng|giảm|nâng",
    "fr": r"pass(?:er|e|ant|era|é)|port(?:er|e|ant|era|é)|augment\w*|grimp\w*|bondi\w*|rédui\w*",
    "en": r"ris(?:e|es|ing|en)|rose|increas\w*|gr[eo]w\w*|jump\w*|climb\w*|rais\w*|f[ae]ll\w*"
    r"|drop\w*|cut\w*|expand\w*|up",
}

_BEFORE: dict[Language, dict[Qualifier, tuple[str, ...]]] = {
    "vi": {
        "about": ("khoảng", "gần", "xấp xỉ", "chừng", "ước tính", "ước", "ngót", "cỡ", "~", "≈"),
        "over": ("hơn", "trên", "vượt", "vượt quá", "vượt mức", "nhiều hơn", "lớn hơn", "cao hơn"),
        "under": ("dưới", "chưa đến", "chưa tới", "không đến", "không tới", "ít hơn"),
        "up_to": ("tới", "lên tới", "lên đến", "tối đa", "nhiều nhất", "không quá", "đạt tới")
        + ("không vượt quá", "không hơn", "cao nhất"),
        "at_least": ("ít nhất", "tối thiểu", "không dưới", "không ít hơn", "ít ra", "thấp nhất"),
    },
    "fr": {
        "about": ("environ", "près de", "près d'", "quelque", "autour de", "autour d'", "presque")
        + ("aux alentours de", "approximativement", "à peu près", "de l'ordre de", "~", "≈"),
        "over": ("plus de", "plus d'", "au-delà de", "au-delà d'", "supérieur à", "supérieure à")
        + ("dépassant", "dépasse"),
        "under": ("moins de", "moins d'", "inférieur à", "inférieure à", "en dessous de"),
        "up_to": ("jusqu'à", "au maximum", "au maximum de", "un maximum de", "maximum", "au plus")
        + ("pas plus de", "un plafond de"),
        "at_least": ("au moins", "au minimum", "un minimum de", "minimum", "pas moins de"),
    },
    "en": {
        "about": ("about", "around", "nearly", "roughly", "almost", "some", "approximately")
        + ("approx.", "close to", "an estimated", "estimated", "circa", "~", "≈"),
        "over": ("over", "more than", "above", "in excess of", "exceeding", "upwards of"),
        "under": ("under", "less than", "fewer than", "below", "just under", "not quite"),
        "up_to": ("up to", "as much as", "as many as", "at most", "no more than", "not more than")
        + ("a maximum of", "maximum", "not exceeding"),
        "at_least": ("at least", "no less than", "not less than", "no fewer than")
        + ("a minimum of", "minimum", "not fewer than"),
    },
}
_AFTER: dict[Language, dict[Qualifier, tuple[str, ...]]] = {
    "vi": {"at_least": ("trở lên", "hoặc hơn"), "up_to": ("trở xuống", "tối đa")},
    "fr": {
        "about": ("environ",),
        "at_least": ("au moins", "au minimum", "minimum", "ou plus", "et plus"),
        "up_to": ("au maximum", "maximum", "au plus", "ou moins"),
    },
    "en": {
        "about": ("or so",),
        "at_least": ("or more", "at least", "and above", "and more"),
        "up_to": ("at most", "maximum", "or less", "or fewer"),
    },
}

# Words that mean "per" anywhere in the clause; the next table holds those that do only close by.
_PER: dict[Language, dict[Per, str]] = {
    "vi": {"year": r"(?:mỗi|hàng|hằng) năm|/ ?năm", "month": r"(?:mỗi|hàng|hằng) tháng|/ ?tháng"},
    "fr": {
        "year": r"par an(?:née)?|chaque année|tous les ans|annuellement|/ ?an",
        "month": r"par mois|chaque mois|tous les mois|mensuellement|/ ?mois",
    },
    "en": {
        "year": r"per (?:year|annum)|(?:each|every) year|annually|/ ?y(?:ea)?r|p\.a",
        "month": r"per month|(?:each|every) month|/ ?month",
    },
}
_PER_NEXT: dict[Language, dict[Per, str]] = {
    "vi": {
        "year": r"một năm(?! (?:tới|qua|nữa|trước|sau|nay))",
        "month": r"một tháng(?! (?:tới|qua|nữa|trước|sau|nay))",
    },
    "fr": {"year": r"annuel(?:le)?s?|l'an(?! )", "month": r"mensuel(?:le)?s?"},
    "en": {
        "year": r"a[ -]year(?! (?:ago|earlier|later|from|before|after|or))|yearly",
        "month": r"a month(?! (?:ago|earlier|later|from|before|after|or))|monthly",
    },
}
# "In a year" and "trong một năm" are durations.
_NOT_PER_AFTER: dict[Language, tuple[str, ...]] = {
    "vi": ("trong", "sau", "hơn", "chưa", "khoảng", "đầy", "gần", "suốt", "qua"),
    "fr": ("dans", "sur", "pendant", "après"),
    "en": ("for", "in", "within", "half", "once", "of", "over", "than", "took", "about", "after"),
}
_PER_JUST_BEFORE: dict[Language, dict[Per, str]] = {
    "vi": {"year": "(?!)", "month": "(?!)"},
    "fr": {"year": r"annuel(?:le)?s? (?:de|d')", "month": r"mensuel(?:le)?s? (?:de|d')"},
    "en": {
        "year": r"(?:annual|yearly)(?: [a-z]+){1,2} of(?: an?)?|annual|yearly",
        "month": r"monthly(?: [a-z]+){1,2} of(?: an?)?|monthly",
    },
}
_TIME: dict[Language, str] = {
    "vi": "năm|tháng|tuần|ngày|giờ|quý|phút|giây|lần|khi|đêm|buổi",
    "fr": "années?|an|mois|semaine|jour|heure|trimestre|fois|minute|seconde|nuit",
    "en": "yrs?|years?|months?|weeks?|days?|hours?|quarter|time|minute|second|other|annum|cent"
    "|capita",
}
_EACH_AFTER: dict[Language, str] = {
    "vi": "mỗi {noun}",
    "fr": r"chacune?|chaque {noun}|par (?:école|site|projet|étudiant|élève|personne|entreprise|pays"
    r"|usine|salarié|habitant|établissement|région|commune|foyer|ville|centre|université|emploi)",
    "en": r"apiece|each(?=\s*(?:$|[,;:.!?()]|(?:in|into|to|for|over|from|by|at|and)\s))"
    r"|(?:for|to|at|in|from|by) (?:each|every) {noun}|per {noun}",
}
_EACH_BEFORE: dict[Language, str] = {
    "vi": "mỗi {noun}",
    "fr": r"chaque {noun}|chacune?",
    "en": r"(?:each|every)(?! (?:{time})(?!\w))",
}
_AND = "và|et|and|với|avec|with"
_CLAUSE_START = rf"(?:^|[;:.!?(]\s|,\s|(?<!\w)(?:{_AND})\s)"
_CLAUSE_END = re.compile(
    r"[,;:!?()0-9]|\.(?:\s|$)|\s(?:and|et|và)\s(?:will|to|plans?|sẽ|đã)(?!\w)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Cues:
    """What the words around a number say; `start` is where those before it begin."""

    qualifier: Qualifier
    per: Per
    scope: Scope
    start: int


def join_range(text: str, low: Quantity, high: Quantity, language: Language) -> Quantity | None:
    """Return the range from low to high if the words between them say so, else None.

    A scale word of the upper bound alone counts for both: "30 à 50 milliards".
    """
    if low.value is None or high.value is None or low.upper is not None:
        return None
    gap = text[low.end : high.start].strip().lower()
    before = text[max(0, low.start - _QUALIFIER_WINDOW) : low.start]
    if gap == _PAIRED_CONNECTOR[language]:
        if _ends_with(_PAIR_OPENING[language], before) is None:
            return None
    elif gap not in _CONNECTOR[language] and gap not in tuple(DASHES):
        return None
    change = rf"(?:{_CHANGE[language]})\s+(?:[^\s,;.]+\s+){{0,4}}?{_OPENING[language]}"
    if _ends_with(change, before) is not None:
        return None
    value = low.value * high.scale if low.scale == 1 else low.value
    if value >= high.value:
        return None
    return replace(high, start=low.start, value=plain(value), upper=high.value, tied=False)


def read_cues(
    text: str, start: int, end: int, language: Language, *, ranged: bool, resume: int = 0
) -> Cues:
    """Return what the words around `text[start:end]` say about it.

    `ranged` allows for a word like "between" before it; `resume` is where the clause goes on if a
    bracket stands behind it.
    """
    patterns = _patterns(language)
    before = text[max(0, start - _WINDOW) : start]
    qualifier, left = patterns.qualifier_before(before)
    if qualifier is None and ranged:
        opening = _ends_with(f"{_PAIR_OPENING[language]}|{_OPENING[language]}", before)
        if opening is not None:
            qualifier, left = patterns.qualifier_before(before[:opening])
    clauses = [_clause(text, at) for at in sorted({end, max(end, resume)})]
    if qualifier is None:
        qualifier = patterns.qualifier_after(clauses[0])
    return Cues(
        qualifier=qualifier or "exact",
        per=patterns.per(left, clauses),
        scope=patterns.scope(left, clauses),
        start=start - len(before) + len(left),
    )


def _clause(text: str, start: int) -> str:
    window = text[start : start + _WINDOW // 2]
    stop = _CLAUSE_END.search(window)
    return window if stop is None else window[: stop.start()]


def _ends_with(words: str, text: str) -> int | None:
    match = re.search(rf"(?<!\w)(?:{words})\s*$", text, re.IGNORECASE)
    return None if match is None else match.start()


@dataclass(frozen=True, slots=True)
class _Patterns:
    cue: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    meanings: dict[str, Qualifier]
    meanings_after: dict[str, Qualifier]
    per_after: dict[Per, re.Pattern[str]]
    per_before: dict[Per, re.Pattern[str]]
    each_after: re.Pattern[str]
    each_before: re.Pattern[str]

    def qualifier_before(self, before: str) -> tuple[Qualifier | None, str]:
        """Return the qualifier that ends the words, the nearest one but "about", and the rest."""
        match = self.before.search(before, max(0, len(before) - _QUALIFIER_WINDOW))
        if match is None:
            return None, before
        found = [self.meanings[cue[0].strip().lower()] for cue in self.cue.finditer(match[0])]
        precise = [qualifier for qualifier in found if qualifier != "about"]
        return (precise or found)[-1], before[: match.start()]

    def qualifier_after(self, clause: str) -> Qualifier | None:
        match = self.after.match(clause)
        if match is None:
            return "at_least" if re.match(r"\+(?!\w)", clause) else None
        return self.meanings_after[match[0].strip().lower()]

    def per(self, left: str, clauses: list[str]) -> Per:
        for per, pattern in self.per_after.items():
            if any(pattern.match(clause) for clause in clauses):
                return per
        for per, pattern in self.per_before.items():
            if pattern.search(left):
                return per
        return "once"

    def scope(self, left: str, clauses: list[str]) -> Scope:
        behind = any(self.each_after.match(clause) for clause in clauses)
        return "each" if behind or self.each_before.search(left) else "total"


@cache
def _patterns(language: Language) -> _Patterns:
    meanings, meanings_after = _by_words(_BEFORE[language]), _by_words(_AFTER[language])
    cue = "|".join(_cue(words) for words in sorted(meanings, key=len, reverse=True))
    time = _TIME[language]
    noun = rf"(?!(?:{time})(?!\w))\w"
    each_after = _EACH_AFTER[language].replace("{noun}", noun)
    each_before = _EACH_BEFORE[language].replace("{noun}", noun).replace("{time}", time)
    return _Patterns(
        cue=re.compile(cue, re.IGNORECASE),
        before=re.compile(rf"(?<!\w)(?:{cue})+$", re.IGNORECASE),
        after=re.compile(rf"\s(?:{alternation(meanings_after)})(?!\w)", re.IGNORECASE),
        meanings=meanings,
        meanings_after=meanings_after,
        per_after={per: _per_after(per, language) for per in _PER[language]},
        per_before={per: _per_before(per, language) for per in _PER[language]},
        each_after=re.compile(rf"/ ?{noun}|(?:\s\S+){{0,3}}?\s(?:{each_after})", re.IGNORECASE),
        each_before=re.compile(
            rf"{_CLAUSE_START}[^0-9,;:()]{{0,40}}?(?<!\w)(?:{each_before})"
            r"(?!\w*\s(?:of|des|trong)(?:\s\w+){0,2}\s*$)"
            r"(?:[^0-9,;:()]{0,20}(?:of the|des) [0-9]+)?"
            r"[^0-9,;:()]{0,80}$"
            rf"|(?<!\w)(?:{each_before})\w*(?: (?!(?:{_AND})\s)\w+)?\s*$",
            re.IGNORECASE,
        ),
    )


def _cue(words: str) -> str:
    """Return the pattern of a qualifier and of the blanks that part it from what follows."""
    # After a time word "tới" is "next", and "hướng tới" is "towards".
    guard = r"(?<!năm )(?<!tháng )(?<!tuần )(?<!gian )(?<!hướng )" if words == "tới" else ""
    return guard + re.escape(words) + (r"\s+" if words[-1].isalpha() else r"\s*")


def _by_words(table: dict[Qualifier, tuple[str, ...]]) -> dict[str, Qualifier]:
    return {words: qualifier for qualifier, listed in table.items() for words in listed}


def _per_after(per: Per, language: Language) -> re.Pattern[str]:
    refused = "".join(rf"(?<!(?<!\w){word})" for word in _NOT_PER_AFTER[language])
    return re.compile(
        rf".*?(?<!\w)(?:{_PER[language][per]})(?!\w)"
        rf"|(?: \S+){{0,3}}?{refused}[ -](?:{_PER_NEXT[language][per]})(?!\w)",
        re.IGNORECASE | re.DOTALL,
    )


def _per_before(per: Per, language: Language) -> re.Pattern[str]:
    anywhere = _PER[language][per]
    return re.compile(
        rf"(?<!\w)(?:{anywhere}|{_PER_JUST_BEFORE[language][per]})\s*$"
        rf"|{_CLAUSE_START}[^0-9,;:()]{{0,60}}?(?<!\w)(?:{anywhere}),?[^0-9,;:()]{{0,60}}$",
        re.IGNORECASE,
    )
