"""Provinces: states, provinces, cantons and regions, and which country each of them is of.

News at home names its provinces and leaves the country out. Names come from ISO 3166-2, as the
iso-codes project translates them; they tell a country where many of them are counted, and no party
or place is resolved by them.
"""

from __future__ import annotations

import gettext
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from babel.core import get_global

from extractor.languages import Rules, language_of
from extractor.languages.locales import locale_of
from extractor.mentions.parties.country_words import CANONICAL, capital_codes, country_words
from extractor.mentions.parties.names import find_countries

_WORD: Final = re.compile(r"[^\W\d_](?:[^\W\d_]|')*")
_PLAIN: Final = str.maketrans({"\N{RIGHT SINGLE QUOTATION MARK}": "'", "-": " "})
_BETWEEN_NAMES: Final = re.compile(r"[\[\](),;/]")
_NAME_BEFORE: Final = re.compile(r"[^\W\d_]+ $")
_OPENING: Final = re.compile(r"(?:^|[.!?:\n\"] ?)[^\W\d_]+ $")
_NAME_BEHIND: Final = re.compile(r" (?=([^\W\d_]))")
_SHORTEST: Final = 4
"""Letters; shorter names are other words too often."""


class _Names(NamedTuple):
    codes: Mapping[str, str]
    longest: Mapping[str, int]
    """Words of the longest name that begins with a word."""


def count_territories(texts: Sequence[str], language: Rules) -> Counter[str]:
    """How often texts name each country, itself or by a province or a large city of it."""
    counts = Counter(one.code for text in texts for one in find_countries(text, language))
    counts.update(find_provinces("\n".join(texts), language))
    return counts


def find_provinces(text: str, language: Rules) -> Iterator[str]:
    """The country of each province and large city that a text names, ISO 3166-1, once a mention.

    What is part of a longer name is left out, and so is a word that the text also writes small.
    """
    text = text.translate(_PLAIN)
    words = list(_WORD.finditer(text))
    written = {word.group() for word in words}
    names = _names(language)
    after = 0
    for at, word in enumerate(words):
        longest = min(names.longest.get(word.group(), 0), len(words) - at)
        if word.start() < after:
            continue
        for length in range(longest, 0, -1):
            start, end = word.start(), words[at + length - 1].end()
            name = text[start:end]
            if name in names.codes:
                after = end
                if name.lower() not in written and not _is_within_a_name(text, start, end):
                    yield names.codes[name]
                break


def _is_within_a_name(text: str, start: int, end: int) -> bool:
    """Whether a capital stands right before or behind: "Nelson Mandela", "Invest Ontario"."""
    behind = _NAME_BEHIND.match(text, end)
    if behind is not None and behind[1].isupper():
        return True
    head = text[max(0, start - 40) : start]
    before = _NAME_BEFORE.search(head)
    return before is not None and head[before.start()].isupper() and not _OPENING.search(head)


@cache
def _names(language: Rules) -> _Names:
    """Countries by the names of their provinces and capitals, where one country has that name."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for name, code in _provinces(language):
        found[name].add(code)
    for city, code in (*capital_codes().items(), *_cities(language)):
        found[city.translate(_PLAIN)].add(code)
    countries = {name.translate(_PLAIN) for name in country_words(language)}
    codes = {
        name: next(iter(of))
        for name, of in found.items()
        if len(of) == 1 and len(name) >= _SHORTEST and name[0].isupper() and name not in countries
    }
    longest: dict[str, int] = {}
    for name in codes:
        words = _WORD.findall(name)
        longest[words[0]] = max(longest.get(words[0], 0), len(words))
    return _Names(codes, longest)


def _provinces(language: Rules) -> Iterator[tuple[str, str]]:
    """Names of what is right below a country: as ISO has them, in the language and in English."""
    # Its tables take a tenth of a second.
    import pycountry

    translations = [
        gettext.translation(
            "iso3166-2", pycountry.LOCALES_DIR, [str(locale_of(one))], fallback=True
        )
        for one in (language, CANONICAL)
    ]
    for province in pycountry.subdivisions:
        if province.parent_code is not None:
            continue
        told = {province.name, *(one.gettext(province.name) for one in translations)}
        for name in (each.strip() for one in told for each in _BETWEEN_NAMES.split(one)):
            plain = unicodedata.normalize("NFC", name).translate(_PLAIN)
            yield plain, province.country_code
            # Where syllables have tones, a word without them is another word.
            if language_of(language).countries.syllables is None:
                yield _without_accents(plain), province.country_code


def _cities(language: Rules) -> Iterator[tuple[str, str]]:
    """The cities that zones of time are called after, as CLDR has them."""
    for zone, code in get_global("zone_territories").items():
        for source in (language, CANONICAL) if len(code) == 2 else ():
            city = locale_of(source).time_zones.get(zone, {}).get("city")
            yield city or zone.rpartition("/")[2].replace("_", " "), code


def _without_accents(name: str) -> str:
    letters = unicodedata.normalize("NFD", name)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
