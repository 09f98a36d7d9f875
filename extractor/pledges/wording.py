"""What the words of a passage or a name come to, whatever their language.

Concepts are words that `concepts.toml` has in three languages. Marks are what carries a number and
parts one tranche, law or aircraft from the next: "IDA21", "13/2023", "second tranche".
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Final, Literal, TypeAlias, get_args

Group: TypeAlias = Literal["topics", "bodies", "acts", "renewals"]
_GROUPS: Final[tuple[Group, ...]] = get_args(Group)
Marks: TypeAlias = frozenset[tuple[str, str]]
"""A series and the number in it."""

_TOKEN: Final = re.compile(r"[^\W_]+")
_LONGEST: Final = 6
_FEMININE: Final = 5
_BEGINNING: Final = 5
_MARK_LETTERS: Final = re.compile(r"\b([A-Z]{2,8})[- ]?(\d{1,4})\b")
_DECREE: Final = re.compile(r"\b(\d{1,4}/\d{2,4})(?:/[A-ZĐ-]+)?\b")
_NUMBERED: Final = re.compile(r"(?:\bn\s?[°º]|\bNo\.?|\bnuméro|\bsố)\s?(\d{1,4})\b", re.IGNORECASE)
_ORDINALS: Final[Mapping[str, str]] = {
    word: str(number)
    for number, words in enumerate(
        (
            "first 1st i première premier initial initiale nhất đầu một 1",
            "second 2nd ii deuxième seconde hai 2",
            "third 3rd iii troisième ba 3",
            "fourth 4th iv quatrième tư bốn 4",
            "fifth 5th v cinquième năm 5",
            "sixth 6th vi sixième sáu 6",
            "seventh 7th vii septième bảy 7",
            "eighth 8th viii huitième tám 8",
            "ninth 9th ix neuvième chín 9",
            "tenth 10th x dixième mười 10",
        ),
        start=1,
    )
    for word in words.split()
}
_NUMBER: Final = "|".join(sorted(map(re.escape, _ORDINALS), key=len, reverse=True)) + r"|\d{1,3}"
_STEP: Final = r"tranche|phase|round|package|instal+ment|tronçon|étape|cycle|volet|replenishment"
_STEP_VI: Final = r"đợt|giai đoạn|vòng|kỳ|gói"
_STEPS: Final = (
    re.compile(rf"\b(?P<number>{_NUMBER})(?:e|ème|th)?\s+(?P<step>{_STEP})s?\b", re.IGNORECASE),
    re.compile(rf"\b(?P<step>{_STEP})\s+(?P<number>\d{{1,2}}|[ivx]{{1,4}})\b", re.IGNORECASE),
    # "The first, of 95 million, …": of what is said before.
    re.compile(
        r"\b(?:the|la|le)\s+(?P<number>first|second|third|première|premier|deuxième|seconde|troisième)"
        r"(?=\s*[,;:]|\s+(?:one|was|had|is|est|était|avait|a)\b)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?P<step>{_STEP_VI})\s+(?:thứ\s+)?(?P<number>{_NUMBER})\b(?!\s+tháng|\s+năm)",
        re.IGNORECASE,
    ),
)


@dataclass(frozen=True, slots=True)
class Wording:
    """What stands in a text."""

    topics: frozenset[str]
    """Concepts of what is given or ruled."""
    bodies: frozenset[str]
    acts: frozenset[str]
    renews: bool
    """Whether it says that an earlier pledge is renewed or topped up."""
    names: frozenset[str]
    """Words with a capital that are no concepts, folded to plain letters."""
    marks: Marks
    words: frozenset[str]
    """Beginnings of its other long words, or pairs of syllables in Vietnamese."""

    @property
    def concepts(self) -> frozenset[str]:
        """Topics, words for bodies and words for acts together."""
        return self.topics | self.bodies | self.acts


def plain(text: str) -> str:
    """The text in small letters without marks: names are written with and without them."""
    letters = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@lru_cache(maxsize=20_000)
def read_wording(text: str, language: str, *, is_name: bool = False) -> Wording:
    """The concepts, names and marks of sentences, or of a name.

    Args:
        text: the words.
        language: how they are inflected.
        is_name: whether a word that begins the text has its capital for its own sake.
    """
    text = unicodedata.normalize("NFC", text)
    tokens = list(_TOKEN.finditer(text))
    words = [match.group() for match in tokens]
    found: defaultdict[Group, set[str]] = defaultdict(set)
    taken: set[int] = set()
    place = 0
    while place < len(words):
        length, concepts = _longest(words, place, language)
        for group, name in concepts:
            found[group].add(name)
        taken.update(range(place, place + length))
        place += max(length, 1)
    return Wording(
        frozenset(found["topics"]),
        frozenset(found["bodies"]),
        frozenset(found["acts"]),
        bool(found["renewals"]),
        frozenset(_names(text, tokens, taken, is_name)),
        frozenset(_marks(text)),
        frozenset(_words(words, taken, language)),
    )


def _longest(words: list[str], place: int, language: str) -> tuple[int, tuple[_Concept, ...]]:
    """How many words the longest concept that begins here has, and which concepts it names."""
    table = _table()
    if _beginnings().isdisjoint(_keys(words[place : place + 1], language)):
        return 0, ()
    for length in range(min(_LONGEST, len(words) - place), 0, -1):
        phrase = words[place : place + length]
        for key in _keys(phrase, language):
            concepts = table.get(key)
            if concepts:
                return length, concepts
    return 0, ()


def _keys(phrase: list[str], language: str) -> Iterator[str]:
    joined = " ".join(phrase)
    yield joined
    small = joined.casefold()
    yield f"~{small}"
    if (language != "vi" or small.isascii()) and small not in _lists()["small"]:
        yield f"={' '.join(_stem(word) for word in phrase)}"


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    """An English or French word without the endings of the plural and of the feminine."""
    bare = plain(word)
    stem = bare.rstrip("sx") if len(bare) > 3 else bare
    return stem.removesuffix("e") if len(stem) > _FEMININE else stem


_Concept: TypeAlias = tuple[Group, str]


@cache
def _content() -> Mapping[str, Mapping[str, list[str]]]:
    text = files("extractor.pledges").joinpath("concepts.toml").read_text(encoding="utf-8")
    content: Mapping[str, Mapping[str, list[str]]] = tomllib.loads(text)
    return content


@cache
def _lists() -> Mapping[str, frozenset[str]]:
    return {name: frozenset(words) for name, words in _content()["lists"].items()}


def general_topics() -> frozenset[str]:
    """Topics that most rows of a tracker share."""
    return _lists()["general"]


def revision_phrases() -> frozenset[str]:
    """Phrases by which a sum replaces an earlier one."""
    return _lists()["revisions"]


def state_words() -> frozenset[str]:
    """Words beside the name of a country that make it no other party, without marks."""
    return frozenset(plain(word) for word in _lists()["states"])


def currency_words() -> frozenset[str]:
    """Words for currencies, which are no names."""
    return _lists()["currencies"]


@cache
def _table() -> Mapping[str, tuple[_Concept, ...]]:
    """Concepts by phrase: as written for acronyms, `~` in small letters, `=` by its stems."""
    found: defaultdict[str, list[_Concept]] = defaultdict(list)
    for group in _GROUPS:
        concepts = _content()[group]
        for name, (english, french, vietnamese) in concepts.items():
            for language, phrases in (("en", english), ("fr", french), ("vi", vietnamese)):
                for phrase in phrases.split(","):
                    key = _table_key(phrase.strip(), language)
                    if (group, name) not in found[key]:
                        found[key].append((group, name))
    return {key: tuple(concepts) for key, concepts in found.items()}


def _table_key(phrase: str, language: str) -> str:
    words = _TOKEN.findall(unicodedata.normalize("NFC", phrase))
    joined = " ".join(words)
    if len(joined) <= 5 and joined.isupper():
        return joined
    if language == "vi":
        return f"~{joined.casefold()}"
    return f"={' '.join(_stem(word) for word in words)}"


STEP: Final = "step"
"""The series of tranches, phases and rounds."""


@cache
def _beginnings() -> frozenset[str]:
    """The keys of the first words of concepts."""
    return frozenset(key.split(" ", 1)[0] for key in _table())


_SHOUTED: Final = 0.7


def _names(text: str, tokens: list[re.Match[str]], taken: set[int], is_name: bool) -> Iterator[str]:
    """Words with a capital inside a sentence, and those that open one before another of them."""
    letters = [letter for letter in text if letter.isalpha()]
    if not is_name and sum(map(str.isupper, letters)) > _SHOUTED * len(letters):
        return
    for number, match in enumerate(tokens):
        word = match.group()
        if number in taken or not word[0].isupper() or word.casefold() in _lists()["small"]:
            continue
        opens = re.search(r"(?:^|[.!?…:\"“«])\s*$", text[max(0, match.start() - 4) : match.start()])
        following = tokens[number + 1].group() if number + 1 < len(tokens) else ""
        goes_on = following[:1].isupper()
        if (
            opens
            and not is_name
            and not goes_on
            and not any(letter.isupper() for letter in word[1:])
        ):
            continue
        yield plain(word)


def _words(words: list[str], taken: set[int], language: str) -> Iterator[str]:
    """Words of one kind in French and English begin alike: "insulin", "insuline"."""
    left = [
        plain(word)
        for number, word in enumerate(words)
        if number not in taken and word.isalpha() and word.casefold() not in _lists()["small"]
    ]
    if language == "vi":
        yield from (f"{one} {other}" for one, other in pairwise(left))
    else:
        yield from (word[:_BEGINNING] for word in left if len(word) > _BEGINNING)


_SHORT: Final = "number without its year"


def _marks(text: str) -> Iterator[tuple[str, str]]:
    for match in _MARK_LETTERS.finditer(text):
        yield match[1], match[2]
    for match in _DECREE.finditer(text):
        yield "number", match[1]
        yield _SHORT, match[1].partition("/")[0]
    for match in _NUMBERED.finditer(text):
        yield _SHORT, match[1]
    for pattern in _STEPS:
        for match in pattern.finditer(text):
            yield STEP, _ORDINALS.get(match["number"].casefold(), match["number"])


def apart(one: Marks, other: Marks, *, but: str = "") -> bool:
    """Whether both have numbers of one series, but for the one named, and none in common."""
    series = {name for name, _ in one} & {name for name, _ in other}
    series.discard(but)
    return any(
        {number for name, number in one if name == each}.isdisjoint(
            number for name, number in other if name == each
        )
        for each in series
    )
