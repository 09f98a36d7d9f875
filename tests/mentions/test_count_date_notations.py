"""Times and counts by the thousand: each is read as it is meant, or is not read."""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, Final, Literal, TypeAlias

import pytest

from extractor.article.folding import fold_text
from extractor.mentions import find_mentions
from tests.mentions.count_notations import Count, counts
from tests.mentions.date_notations import REFERENCE, Time, times

Language = Literal["vi", "fr", "en", "id"]
LANGUAGES: Final[tuple[Language, ...]] = ("vi", "fr", "en", "id")
_FOLDER: Final = Path(__file__).with_name("grammars")
_FULL_WIDTH: Final = {ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"}


@dataclass(frozen=True, slots=True)
class Notation:
    """A sentence, the rules that it was written by, and all that it tells."""

    language: Language
    rule: str
    dress: str
    text: str
    means: tuple[Time, ...] | tuple[Count, ...]


def date_notations(language: Language, how_many: int) -> Iterator[Notation]:
    """So many sentences with a time in them, or with what looks like one and is none."""
    return _notations(language, "times", times, how_many)


def count_notations(language: Language, how_many: int) -> Iterator[Notation]:
    """So many sentences with a count in them, or with what looks like one and is none."""
    return _notations(language, "counts", counts, how_many)


def _notations(
    language: Language, sort: str, draw: Callable[..., Iterator[Any]], how_many: int
) -> Iterator[Notation]:
    random = Random(f"{language} {sort}")  # noqa: S311 - the same every time
    grammar = tomllib.loads((_FOLDER / f"{language}.toml").read_text("utf-8"))
    sentences: list[str] = grammar["sentences"][sort]
    for rule, words, means in islice(draw(grammar, random), how_many):
        sentence = random.choice(sentences)
        dress = random.choice([*_DRESSES, *["plain"] * len(_DRESSES)])
        text = sentence.format(words)
        if sentence.startswith("{"):
            text = text[0].upper() + text[1:]
        yield Notation(language, rule, dress, _DRESSES[dress](text), means)


def _soft(text: str) -> str:
    """The text with a soft hyphen inside every longer word."""
    return " ".join(
        f"{word[:3]}\N{SOFT HYPHEN}{word[3:]}" if len(word) > 6 and word.isalpha() else word
        for word in text.split(" ")
    )


def _blank(blank: str) -> Callable[[str], str]:
    return lambda text: text.replace(" ", blank)


# How a page may set the same words.
_DRESSES: Final[Mapping[str, Callable[[str], str]]] = {
    "plain": str,
    "no-break spaces": _blank("\N{NO-BREAK SPACE}"),
    "narrow spaces": _blank("\N{NARROW NO-BREAK SPACE}"),
    "thin spaces": _blank("\N{THIN SPACE}"),
    "soft hyphens": _soft,
    "full-width digits": lambda text: text.translate(_FULL_WIDTH),
    "curly apostrophes": lambda text: text.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}"),
    "long dashes": lambda text: text.replace("-", "\N{EN DASH}"),
    "capitals": str.upper,
}


Verdict = Literal["read", "unread", "wrong"]
Told: TypeAlias = Time | Count
_EACH: Final = 1_100
_LEAST_READ: Final = 0.97
_SHOWN: Final = 12
_DAY: Final = date(*REFERENCE, 12)


def dates_read(notation: Notation) -> list[Told]:
    """What the reader says of the times in a sentence."""
    mentions = find_mentions(fold_text(notation.text), notation.language, _DAY)
    return [Time(one.edtf or "", one.role, one.modifier, one.duration) for one in mentions.dates]


def counts_read(notation: Notation) -> list[Told]:
    """What the reader says of the counts in a sentence."""
    mentions = find_mentions(fold_text(notation.text), notation.language, _DAY)
    return [
        Count(one.value, one.value_max, one.unit, one.qualifier, one.per) for one in mentions.counts
    ]


def verdict(found: list[Told], means: tuple[Told, ...]) -> Verdict:
    """Read if all is there, unread if something is missing, wrong if something else is there."""
    if tuple(found) == means:
        return "read"
    missing = list(means)
    for one in found:
        fitting = [mean for mean in missing if one in (mean, *_less(mean))]
        if not fitting:
            return "wrong"
        missing.remove(fitting[0])
    return "unread"


def _less(told: Told) -> Iterator[Told]:
    """The same value without the words around it: true, if not all that is told."""
    if isinstance(told, Count):
        for qualifier in ("exact", told.qualifier):
            yield replace(told, qualifier=qualifier, per="once")
            yield replace(told, qualifier=qualifier)
    else:
        yield replace(told, role="point")
        yield replace(told, modifier=None)
        yield replace(told, role="point", modifier=None)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("notations", "read"),
    [(date_notations, dates_read), (count_notations, counts_read)],
    ids=["times", "counts"],
)
def test_notations_are_read_as_they_are_meant_or_not_at_all(
    language: Language,
    notations: Callable[[Language, int], Iterator[Notation]],
    read: Callable[[Notation], list[Told]],
) -> None:
    verdicts: Counter[Verdict] = Counter()
    failures: dict[tuple[Verdict, str], list[str]] = defaultdict(list)
    for notation in notations(language, _EACH):
        found = read(notation)
        said = verdict(found, notation.means)
        verdicts[said] += 1
        if said != "read":
            rule = (said, notation.rule)
            failures[rule].append(f"{notation.text!r}\n      {found}")
    worst = sorted(failures.items(), key=lambda one: (one[0][0] != "wrong", -len(one[1])))
    shown = [f"{rule}: {len(texts)}, as {texts[0]}" for rule, texts in worst[:_SHOWN]]
    report = "\n".join((f"{language}: {dict(verdicts)}", *shown))
    assert verdicts["wrong"] == 0, report
    assert verdicts["read"] >= _LEAST_READ * _EACH, report
