"""Counted things that are not money: a number and the noun or measure that follows it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from extractor.mentions.amounts.cues import join_range, read_cues
from extractor.mentions.amounts.numerals import DASHES, Quantity, alternation, find_quantities
from extractor.mentions.amounts.units import UnitForm, unit_forms
from extractor.mentions.types import CountMention
from extractor.records import Language

_COST_UNIT = "percent_of_cost"
_MAX_MODIFIERS = 4
_LEFT_WINDOW = 40

# Vietnamese classifiers and French adjectives that stand between the number and the noun.
BEFORE_NOUN: dict[Language, str] = {
    "vi": "chiếc|cái|con|căn|tòa|toà|bộ|suất|lượt|đơn vị|hệ thống|cụm|tổ hợp|dàn|tấm|thêm",
    "fr": "nouveaux|nouvelles|nouveau|nouvelle|nouvel|jeunes|grand(?:e?s)?|petite?s"
    r"|premi(?:er|ère)s|autres|future?s|grosse?s|meilleure?s|principaux|principales|vastes"
    r"|différente?s|divers(?:es)?"
    "|anciens|anciennes|prochaine?s|dernière?s|derniers|véritables|vrais|vraies|mini|méga|super",
    "en": "(?!)",
}
# English words that end a run of modifiers: the noun, if any, is not what the number counts.
NOT_MODIFIERS = re.compile(
    r"(?:a|an|the|this|that|these|those|its|his|her|their|our|your|my|some|any|all|both"
    r"|of|in|on|at|to|by|for|from|with|without|into|onto|over|under|within|during|after"
    r"|before|since|until|about|as|than|per|via|across|between|among|against|through|or"
    r"|nor|but|if|when|while|where|which|who|whom|whose|what|how|why|so|because|is|are"
    r"|was|were|be|been|being|am|has|have|had|having|do|does|did|will|would|shall"
    r"|should|can|could|may|might|must|not|no|yes|up|down|out|off|then|there|here|it"
    r"|they|them|he|she|we|us|you|i|percent|cent|degrees|points|year|years|month|months"
    r"|week|weeks|day|days|hour|hours|minute|minutes|second|seconds|time|times|old"
    r"|quarter|quarters|decade|decades|century|dollar|dollars|euro|euros|pounds|yen"
    r"|yuan|billion|million|thousand|trillion|said|says|say|each|every|apiece)",
    re.IGNORECASE,
)
# A lower-case word like this is the counted noun itself, whatever follows.
_PLURAL_LOOKING = re.compile(r"[a-z]{3,}(?<![siu])s")
# The same in French, where the noun comes first; times, measures and money are no things.
_FRENCH_PLURAL = re.compile(
    r" (?:(?:nouveaux|nouvelles|jeunes|grands|grandes|petits|petites|autres) )?"
    r"(?!(?:ans|années|mois|jours|heures|semaines|minutes|secondes|fois|points|degrés|euros|dollars"
    r"|francs|livres|millions|milliards|siècles|trimestres|pages|articles|dans|sans|sous|vers|mais"
    r"|plus|moins|depuis|après|puis|pays|places|tiers|quarts|dixièmes)(?!\w))"
    r"(?P<noun>[a-zà-ÿ]{3,}[a-zà-ÿ](?<!u)s)(?!\w|-\w)"
)
_MODIFIER = re.compile(r" (?=[0-9]{0,3}[^\W\d])([\w'&/-]+)")
# Labels whose number names one thing: "phase 2".
LABELS: dict[Language, str] = {
    "vi": "(?<!trong )(?<!tổng )(?<!con )số|thứ|khoản|quý|tháng|ngày|giai đoạn|hạng|lần|khóa|tầng"
    "|quận|tuyến|top|thế hệ|level|phiên bản|chương|nghị quyết|quốc lộ|cấp độ|phase|g",
    "fr": "phase|article|étape|niveau|chapitre|page|section|version|top|numéro|n°|génération|volet"
    "|ligne|étage|catégorie|classe|groupe|zone|annexe|g",
    "en": r"phase|article|stage|level|chapter|page|section|version|top|number|no\.|tier|title|part"
    "|generation|gen|category|class|group|zone|annex|series|type|grade|line|round|fortune|g",
}
_YEAR = re.compile(rf"(?:19|20)[0-9]{{2}}(?=$|\s?[{DASHES}]| [^\W\d_]+ )")
_YEAR_LEFT: dict[Language, str] = {
    "vi": "năm|tháng|đến|từ|vào|trước|sau",
    "fr": "en|de|à|d'ici|depuis|dès|avant|après|fin|début|janvier|février|mars|avril|mai|juin"
    "|juillet|août|septembre|octobre|novembre|décembre",
    "en": "in|by|since|until|before|after|from|to|of|january|february|march|april|may|june|july"
    "|august|september|october|november|december",
}
# "One in five companies" does not count companies.
ONE_IN: dict[Language, str] = {
    "vi": "trên|trong",
    "fr": "sur",
    "en": "in|out of|in every",
}

_PERCENT: dict[Language, str] = {
    "vi": r" ?%| phần trăm",
    "fr": r" ?%| pour cent",
    "en": r" ?%| per ?cent",
}
SHARES: dict[Language, Mapping[str, int]] = {
    "vi": {"một nửa": 50, "nửa": 50, "một phần tư": 25, "ba phần tư": 75},
    "fr": {"la moitié": 50, "un quart": 25, "le quart": 25, "les trois quarts": 75},
    "en": {"half": 50, "a quarter": 25, "one quarter": 25, "three quarters": 75},
}
OF: dict[Language, str] = {
    "vi": r" (?:của )?",
    "fr": r" (?:du |des |de la |de l'|de ses |de leurs )",
    "en": r" of ",
}
_COST: dict[Language, str] = {
    "vi": r"(?:tổng )?(?:số )?(?:mức )?(?:chi phí|kinh phí)",
    "fr": r"(?:[^\W\d_]+ ){0,2}?(?:coûts?|frais|dépenses)",
    "en": r"(?:[^\W\d_][\w'-]* ){0,4}?(?:costs?|expenses)",
}
# Words before a share of a cost that is saved, or merely described, rather than paid.
_NOT_PAID = re.compile(
    r"(?<!\w)(?:giảm|tiết kiệm|cắt|tăng|chiếm|économis\w*|rédui\w*|baiss\w*|diminu\w*|représent\w*"
    r"|cut\w*|sav(?:e|es|ed|ing)|reduc\w*|slash\w*|lower\w*|account\w*|represent\w*)(?!\w)",
    re.IGNORECASE,
)
_CURRENCY_SIGNS = "$€£¥₩₫"


@dataclass(frozen=True, slots=True)
class _Found:
    """A quantity widened to its unit; `or_more` if a plus sign stands between ("500+ jobs")."""

    quantity: Quantity
    unit: str
    or_more: bool = False


@dataclass(frozen=True, slots=True)
class _Grammar:
    nouns: Mapping[str, UnitForm]
    noun: re.Pattern[str]
    measures: Mapping[str, UnitForm]
    measure: re.Pattern[str]
    refused_left: re.Pattern[str]
    year_left: re.Pattern[str]
    percent_of_cost: re.Pattern[str]
    share_of_cost: re.Pattern[str]


def find_counts(
    text: str, language: Language, taken: Iterable[tuple[int, int]] = ()
) -> tuple[CountMention, ...]:
    """Return the counted things of one folded sentence, in order, none overlapping `taken`.

    A unit must follow the number; ordinals, years, ages, times, names with a number and
    percentages are not counts, except a share of a cost. A lone article counts nothing.
    """
    spans = tuple(taken)
    found: list[CountMention] = []
    for item in sorted(_candidates(text, language, spans), key=lambda one: one.quantity.start):
        start, end = item.quantity.start, item.quantity.end
        if not _overlaps(start, end, spans) and (not found or found[-1].end <= start):
            found.append(_mention(text, item, language))
    return tuple(found)


def _mention(text: str, item: _Found, language: Language) -> CountMention:
    quantity = item.quantity
    ranged = quantity.upper is not None
    cues = read_cues(text, quantity.start, quantity.end, language, ranged=ranged)
    qualifier = cues.qualifier
    if qualifier == "exact" and (quantity.approximate or item.or_more):
        qualifier = "about" if quantity.approximate else "at_least"
    return CountMention(
        start=quantity.start,
        end=quantity.end,
        value=quantity.value or Decimal(0),
        value_max=quantity.upper,
        unit=item.unit,
        qualifier=qualifier,
        per=cues.per,
        scope=cues.scope,
    )


def _candidates(
    text: str, language: Language, taken: tuple[tuple[int, int], ...]
) -> Iterable[_Found]:
    free = [
        quantity
        for quantity in find_quantities(text, language)
        if quantity.value is not None and not _overlaps(quantity.start, quantity.end, taken)
    ]
    index = 0
    while index < len(free):
        quantity = free[index]
        pair = free[index : index + 2]
        joined = join_range(text, pair[0], pair[1], language) if len(pair) == 2 else None
        index += 1 if joined is None else 2
        item = _counted(text, joined or quantity, language)
        if item is not None:
            yield item
    yield from _shares(text, language)


def _overlaps(start: int, end: int, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start < stop and begin < end for begin, stop in spans)


def _counted(text: str, quantity: Quantity, language: Language) -> _Found | None:
    if quantity.tied or quantity.loose or (quantity.lone_article and quantity.upper is None):
        return None
    cost = _grammar(language).percent_of_cost.match(text, quantity.end)
    if cost is not None:
        return _cost_share(text, replace(quantity, end=cost.end()))
    or_more = text[quantity.end : quantity.end + 1] == "+"
    quantity = replace(quantity, end=quantity.end + or_more)
    counted = _measured(text, quantity, language) or _noun(text, quantity, language)
    if counted is None or _is_label(text, quantity, language):
        return None
    if language == "en" and _is_name(text, quantity, counted.quantity.end):
        return None
    return replace(counted, or_more=or_more)


def _cost_share(text: str, quantity: Quantity) -> _Found | None:
    left = text[max(0, quantity.start - _LEFT_WINDOW) : quantity.start]
    return None if _NOT_PAID.search(left) else _Found(quantity, _COST_UNIT)


def _shares(text: str, language: Language) -> Iterable[_Found]:
    """Return the shares of a cost that are given in words: "half the cost"."""
    for match in _grammar(language).share_of_cost.finditer(text):
        value = Decimal(SHARES[language][match["share"].lower()])
        found = _cost_share(text, Quantity(match.start(), match.end(), value))
        if found is not None:
            yield found


def _measured(text: str, quantity: Quantity, language: Language) -> _Found | None:
    grammar = _grammar(language)
    match = grammar.measure.match(text, quantity.end)
    if match is None:
        return None
    return _found(quantity, grammar.measures[match["unit"].lower()], match.end())


def _found(quantity: Quantity, form: UnitForm, end: int) -> _Found | None:
    return None if form.unit is None else _Found(replace(quantity, end=end), form.unit)


def _noun(text: str, quantity: Quantity, language: Language) -> _Found | None:
    if language == "en":
        return _english_noun(text, quantity)
    grammar = _grammar(language)
    match = grammar.noun.match(text, quantity.end)
    if match is None:
        word = _FRENCH_PLURAL.match(text, quantity.end) if language == "fr" else None
        return _unlisted(quantity, word["noun"], word.end()) if word else None
    if match["of"] and quantity.scale == 1 and not quantity.approximate:
        return None
    form = grammar.nouns[match["unit"].lower()]
    fits = form.plural if _is_plural(quantity, language) else form.singular
    return _found(quantity, form, match.end()) if fits else None


def _english_noun(text: str, quantity: Quantity) -> _Found | None:
    """Find the noun behind its modifiers: the first in the plural ("20 new school buses")."""
    grammar = _grammar("en")
    plural = _is_plural(quantity, "en")
    position = quantity.end
    before = ""
    for _ in range(_MAX_MODIFIERS + 1):
        noun = grammar.noun.match(text, position)
        form = grammar.nouns[noun["unit"].lower()] if noun is not None else None
        if noun is not None and form is not None and (form.plural if plural else form.singular):
            return _found(quantity, form, noun.end())
        word = _MODIFIER.match(text, position)
        if word is None:
            return None
        if word[1] in ("and", "or"):
            # "Direct and indirect jobs", but not "cats and buses".
            if not before or before.endswith("s"):
                return None
        elif NOT_MODIFIERS.fullmatch(word[1]):
            return None
        elif _PLURAL_LOOKING.fullmatch(word[1]):
            return _unlisted(quantity, word[1], word.end()) if plural else None
        before, position = word[1], word.end()
    return None


def _unlisted(quantity: Quantity, noun: str, end: int) -> _Found:
    """What the table of units does not hold: the noun itself, in the singular, is its unit."""
    return _Found(replace(quantity, end=end), noun.removesuffix("s"))


def _is_plural(quantity: Quantity, language: Language) -> bool:
    most = quantity.upper or quantity.value or Decimal(0)
    return most >= 2 if language == "fr" else most != 1


def _is_label(text: str, quantity: Quantity, language: Language) -> bool:
    """Say whether the number is a year, a price, or names something ("phase 2")."""
    grammar = _grammar(language)
    left = text[max(0, quantity.start - _LEFT_WINDOW) : quantity.start]
    if left[-1:] and (left[-1] in _CURRENCY_SIGNS or left[-1].isalpha()):
        return True
    if grammar.refused_left.search(left):
        return True
    if _YEAR.match(text[quantity.start : quantity.end]) is None:
        return False
    value = quantity.value or Decimal(0)
    return value % 50 != 0 or grammar.year_left.search(left) is not None


def _is_name(text: str, quantity: Quantity, end: int) -> bool:
    """Say whether the number belongs to the capitalised word before it ("Llama 3 models")."""
    number = text[quantity.start : quantity.end]
    words = text[max(0, quantity.start - _LEFT_WINDOW) : quantity.start].split()
    if not number.isdigit() or len(number) > 4 or len(words) < 2:
        return False
    noun = (text[quantity.end : end].split() or [""])[-1]
    in_title = noun[:1].isupper() and noun[1:].islower()
    named = words[-1][0].isupper() and words[-1][-1].isalnum() and words[-2][-1] not in ".!?:"
    return named and not in_title


@cache
def _grammar(language: Language) -> _Grammar:
    forms = unit_forms(language)
    nouns = {written: form for written, form in forms.items() if not form.measure}
    measures = {written: form for written, form in forms.items() if form.measure or not form.unit}
    of = {"vi": "(?!)", "fr": "de |d'", "en": "(?!)"}[language]
    shares = alternation(SHARES[language])
    optional_of = OF[language] if language != "en" else " (?:of )?"
    labels, one_in = LABELS[language], ONE_IN[language]
    return _Grammar(
        nouns=nouns,
        noun=re.compile(
            rf" (?P<of>{of})?(?:(?:{BEFORE_NOUN[language]}) ){{0,3}}"
            rf"(?=[^\W\d])(?P<unit>{alternation(nouns)})"
            r"(?!\w|-\w)",
            re.IGNORECASE,
        ),
        measures=measures,
        measure=re.compile(
            rf"(?: (?:{of})?|-)?(?=[^\W\d])(?P<unit>{alternation(measures)})(?!\w)"
            r"(?!/(?! ?(?:y(?:ea)?r|month|an|mois|năm|tháng)))",
            re.IGNORECASE,
        ),
        refused_left=re.compile(
            rf"(?<!\w)(?:{labels})[ -]?$"
            rf"|(?:[0-9]|(?<!\w)(?:one|two|three|une?|deux|trois|một|hai)) (?:{one_in}) $",
            re.IGNORECASE,
        ),
        year_left=re.compile(rf"(?<!\w)(?:{_YEAR_LEFT[language]})\s*$", re.IGNORECASE),
        percent_of_cost=re.compile(
            rf"(?:{_PERCENT[language]}){OF[language]}{_COST[language]}(?!\w)", re.IGNORECASE
        ),
        share_of_cost=re.compile(
            rf"(?<!\w)(?P<share>{shares}){optional_of}{_COST[language]}(?!\w)", re.IGNORECASE
        ),
    )
