"""Number words of the three languages, beside the scale words that CLDR has.

Values are numbers for words and multipliers, powers of ten for scale words; the other tables hold
regular expressions.
"""

from __future__ import annotations

from collections.abc import Mapping

from extractor.records import Language


def _numbered(words: str, first: int = 1, step: int = 1) -> dict[str, int]:
    return {word: first + step * index for index, word in enumerate(words.split())}


NUMBER_WORDS: dict[Language, Mapping[str, int]] = {
    "vi": _numbered("một hai ba bốn năm sáu bảy tám chín mười")
    | {"bẩy": 7, "lăm": 5, "mốt": 1, "linh năm": 5, "lẻ năm": 5},
    "fr": _numbered(
        "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize", 2
    )
    | _numbered("vingt trente quarante cinquante soixante", 20, 10)
    | {"quatre-vingt": 80, "quatre-vingts": 80},
    "en": _numbered(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
        " sixteen seventeen eighteen nineteen"
    )
    | _numbered("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10),
}
ARTICLE: dict[Language, str] = {"vi": r"(?!)", "fr": "une?", "en": "an?"}
HALF: dict[Language, str] = {"vi": "một nửa|nửa", "fr": "demi", "en": "half(?:[ -]an?)?"}
PLUS_HALF: dict[Language, str] = {"vi": "rưỡi|rưởi", "fr": "et demie?", "en": "and a half"}
# Words below a thousand that multiply the number before them.
HUNDREDS: dict[Language, Mapping[str, int]] = {
    "vi": {"trăm": 100, "chục": 10},
    "fr": {"cent": 100, "cents": 100},
    "en": {"hundred": 100, "dozen": 12},
}
# Like these, but alone they are a vague magnitude, and with an article about that number.
COLLECTIVES: dict[Language, Mapping[str, int]] = {
    "vi": {},
    "fr": _numbered("dizaine vingtaine trentaine quarantaine cinquantaine soixantaine", 10, 10)
    | {"douzaine": 12, "quinzaine": 15, "centaine": 100, "dizaines": 10, "centaines": 100},
    "en": {"tens": 10, "dozens": 12, "hundreds": 100},
}
SCALE_ALIASES: dict[Language, dict[str, int]] = {
    "vi": {"ngàn": 3, "vạn": 4, "tỉ": 9},
    "fr": {"milliers": 3, "trillion": 18, "trillions": 18},
    "en": {"thousands": 3, "millions": 6, "billions": 9, "trillions": 12, "lakh": 5, "crore": 7},
}
SHORT_ALIASES: dict[Language, dict[str, int]] = {
    "vi": {"tr": 6, "k": 3, "K": 3},
    "fr": {"K": 3, "Mds": 9, "Mrd": 9, "Mrds": 9, "md": 9, "mds": 9},
    "en": _numbered("k", 3)
    | dict.fromkeys(("m", "mn", "mln"), 6)
    | dict.fromkeys(("b", "bn", "Bn", "BN"), 9)
    | dict.fromkeys(("tn", "trn"), 12),
}
VAGUE: dict[Language, str] = {
    "vi": "hàng|vài|nhiều|mấy",
    "fr": "plusieurs|quelques",
    "en": "several|many|a few|multi",
}
GAP: dict[Language, str] = {
    "vi": "[ -]?| lẻ | linh ",
    "fr": "[ -]?|[ -]et[ -]",
    "en": "[ -]?| and ",
}
VAGUE_GAP: dict[Language, str] = {"vi": " ", "fr": " (?:de )?", "en": "[ -](?:of )?"}
