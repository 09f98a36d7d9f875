"""The pieces of the notations: amounts in words and figures, alone, in ranges and in lists."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from extractor.records import Language

_FOLDER = Path(__file__).parent / "grammars"

Pair = tuple[str, str]
"""What is written, and the currency that it means."""


class Scale(NamedTuple):
    """A scale word with what parts it from its figure, and its form for less than two."""

    word: str
    power: int
    one: str = ""


class Tables(NamedTuple):
    """The tables of one language; its file says what each holds."""

    language: Language
    thousands: str
    decimal: str
    joint: str
    for_: str
    respectively: str
    scales: tuple[Scale, ...]
    shorts: tuple[Scale, ...]
    behind: tuple[Pair, ...]
    behind_bare: tuple[Pair, ...]
    before: tuple[Pair, ...]
    behind_short: tuple[Pair, ...]
    before_short: tuple[Pair, ...]
    spoken: tuple[tuple[str, int], ...]
    ranges: tuple[Pair, ...]
    qualifiers: tuple[str, ...]
    sentences: tuple[str, ...]
    labels: tuple[str, ...]
    per_cent: tuple[str, ...]
    foreign: tuple[tuple[str, int, str], ...]
    unsure: tuple[str, ...]
    indian: tuple[Pair, ...] = ()


@cache
def tables_of(language: Language) -> Tables:
    """The tables of a language, read from its file."""
    file = (_FOLDER / f"{language}.toml").read_text("utf-8")
    read: dict[str, Any] = tomllib.loads(file)["money"]
    rows: dict[str, Any] = {
        key: _rows(value) if isinstance(value, list) else value for key, value in read.items()
    }
    for key in ("scales", "shorts"):
        rows[key] = tuple(Scale(*row) for row in rows[key])
    return Tables(language=language, **rows)


def _rows(listed: list[Any]) -> tuple[Any, ...]:
    return tuple(tuple(row) if isinstance(row, list) else row for row in listed)


@dataclass(frozen=True)
class Amount:
    """What is truly meant."""

    value: Decimal
    value_max: Decimal | None
    currency: str


@dataclass(frozen=True)
class _Figure:
    rule: str
    text: str
    value: Decimal


@dataclass(frozen=True)
class Piece:
    """The words of one or more amounts; `rigid` ones are written in no other case or space."""

    text: str
    amounts: tuple[Amount, ...]
    rules: tuple[str, ...]
    rigid: bool = False
    qualified: bool = True
    clear: bool = True


_SMALL = tuple(map(Decimal, ("5", "12", "40", "250", "900", "7")))
_TENTHS = tuple(map(Decimal, ("2.5", "3.75", "12.5", "0.8", "1.2", "46.25")))
_PAIRS = (("3", "5"), ("2.5", "4"), ("12", "20"), ("30", "50"), ("1.5", "2"), ("150", "200"))
_BARE_PAIRS = (("5000", "8000"), ("1200", "1500"), ("20000", "45000"))
_WHOLE = tuple(map(Decimal, ("1250", "12500", "340000", "1250000", "5000000", "94000", "2700000")))


def pieces_of(tables: Tables, chance: random.Random) -> Iterator[Piece]:
    """Every form of the grammar, of those that multiply a sample."""
    plain = [*_scaled(tables), *_short(tables), *_bare(tables)]
    yield from chance.sample(plain, min(900, len(plain)))
    ranges = list(_ranges(tables))
    yield from chance.sample(ranges, min(300, len(ranges)))
    yield from _spoken(tables)
    yield from _lists(tables, chance)
    yield from _foreign(tables)
    yield from _unclear(tables)
    yield from _no_money(tables)


def _written(value: Decimal, thousands: str, decimal: str) -> str:
    whole, _, fraction = format(value, "f").partition(".")
    grouped = f"{int(whole):,}".replace(",", thousands)
    return grouped + (decimal + fraction if fraction else "")


def _native(value: Decimal, tables: Tables) -> str:
    return _written(value, tables.thousands, tables.decimal)


def _figures_before_scale(tables: Tables) -> Iterator[_Figure]:
    for value in _SMALL:
        yield _Figure("small", str(value), value)
    for value in _TENTHS:
        yield _Figure("decimals", _native(value, tables), value)
    for value in (Decimal(1250), Decimal(12500), Decimal("1234.5")):
        yield _Figure("thousands", _native(value, tables), value)
    if tables.language != "vi":
        for value in (Decimal("1.125"), Decimal("3.625")):
            yield _Figure("three decimals", _native(value, tables), value)


def _whole_figures(tables: Tables) -> Iterator[_Figure]:
    for value in _WHOLE:
        yield _Figure("thousands", _native(value, tables), value)
        yield _Figure("spaces", _written(value, " ", tables.decimal), value)
        yield _Figure("apostrophes", _written(value, "'", tables.decimal), value)
        yield _Figure("plain", str(value), value)
        if value >= 10**6:
            other = "." if tables.thousands == "," else ","
            yield _Figure("marks of another language", _written(value, other, ""), value)
    if tables.language == "fr":
        for value in _WHOLE:
            yield _Figure("points", _written(value, ".", ","), value)
    for value in (Decimal("1500.50"), Decimal("12.50"), Decimal("250000.75")):
        yield _Figure("cents", _native(value, tables), value)


def _scale_word(scale: Scale, value: Decimal) -> str:
    return scale.one if scale.one and value < 2 else scale.word


def _one(value: Decimal, code: str) -> tuple[Amount, ...]:
    return (Amount(value, None, code),)


def _scaled(tables: Tables) -> Iterator[Piece]:
    for figure, scale in product(_figures_before_scale(tables), tables.scales):
        value = figure.value * 10**scale.power
        number = figure.text + _scale_word(scale, figure.value)
        for words, code in tables.behind:
            yield Piece(number + words, _one(value, code), ("behind", figure.rule, scale.word))
        for mark, code in tables.before:
            rules = ("before", figure.rule, scale.word, mark)
            yield Piece(mark + number, _one(value, code), rules)
        if tables.language == "en":
            between = f"{figure.text} USD{scale.word}"
            yield Piece(between, _one(value, "USD"), ("between", figure.rule))


def _short(tables: Tables) -> Iterator[Piece]:
    for figure, scale in product(_figures_before_scale(tables), tables.shorts):
        value = figure.value * 10**scale.power
        number = figure.text + scale.word
        for words, code in tables.behind_short:
            rules = ("short, behind", figure.rule, scale.word, words)
            yield Piece(number + words, _one(value, code), rules, rigid=True)
        for mark, code in tables.before_short:
            rules = ("short, before", figure.rule, scale.word, mark)
            yield Piece(mark + number, _one(value, code), rules, rigid=True)


def _bare(tables: Tables) -> Iterator[Piece]:
    for figure in _whole_figures(tables):
        for words, code in tables.behind_bare:
            rules = ("bare, behind", figure.rule, words)
            yield Piece(figure.text + words, _one(figure.value, code), rules)
        for mark, code in tables.before:
            rules = ("bare, before", figure.rule, mark)
            yield Piece(mark + figure.text, _one(figure.value, code), rules)


def _spoken(tables: Tables) -> Iterator[Piece]:
    for (words, value), (behind, code) in product(tables.spoken, tables.behind):
        if behind.strip().isalpha() or " de " in behind or "'" in behind or len(behind) > 4:
            yield Piece(words + behind, _one(Decimal(value), code), ("in words", words))


def _ranges(tables: Tables) -> Iterator[Piece]:
    for (low, high), (opening, between), scale in product(_PAIRS, tables.ranges, tables.scales):
        a, b = Decimal(low), Decimal(high)
        factor = Decimal(10) ** scale.power
        first, second = _native(a, tables), _native(b, tables)
        rules = ("range", opening + "…" + between)
        free = not opening
        for words, code in tables.behind[:6]:
            told = (Amount(a * factor, b * factor, code),)
            once = f"{opening}{first}{between}{second}{scale.word}{words}"
            yield Piece(once, told, (*rules, "scale once"), qualified=free)
            if between.strip() != between or between.isspace():
                twice = (
                    f"{opening}{first}{_scale_word(scale, a)}{between}{second}{scale.word}{words}"
                )
                yield Piece(twice, told, (*rules, "scale twice"), qualified=free)
        for mark, code in tables.before[:6]:
            told = (Amount(a * factor, b * factor, code),)
            once = f"{opening}{mark}{first}{between}{second}{scale.word}"
            yield Piece(once, told, (*rules, "mark once"), qualified=free)
            if between != "-" or mark.strip() == mark:
                twice = f"{opening}{mark}{first}{between}{mark}{second}{scale.word}"
                yield Piece(twice, told, (*rules, "mark twice"), qualified=free)
    for (low, high), (opening, between) in product(_BARE_PAIRS, tables.ranges):
        first, second = _native(Decimal(low), tables), _native(Decimal(high), tables)
        for words, code in tables.behind_bare[:3]:
            told = (Amount(Decimal(low), Decimal(high), code),)
            text = f"{opening}{first}{between}{second}{words}"
            yield Piece(text, told, ("range", "bare"), qualified=not opening)
    for (low, high), scale in product(_PAIRS, tables.shorts):
        a, b = Decimal(low), Decimal(high)
        factor = Decimal(10) ** scale.power
        first, second = _native(a, tables), _native(b, tables)
        for mark, code in tables.before_short:
            told = (Amount(a * factor, b * factor, code),)
            text = f"{mark}{first}{scale.word}-{mark}{second}{scale.word}"
            yield Piece(text, told, ("range", "short", scale.word), rigid=True)
        for words, code in tables.behind_short:
            told = (Amount(a * factor, b * factor, code),)
            text = f"{first}-{second}{scale.word}{words}"
            yield Piece(text, told, ("range", "short", scale.word), rigid=True)


def _lists(tables: Tables, chance: random.Random) -> Iterator[Piece]:
    names = ("Arnel", "Bramo", "Corva")
    scale = tables.scales[-1]
    for number, (words, code) in product(range(3), tables.behind):
        values = [Decimal(chance.randint(2, 90)) for _ in range(15)]
        each = [f"{value}{scale.word}{words}" for value in values]
        told = tuple(Amount(value * 10**scale.power, None, code) for value in values)
        text = ", ".join(each[:-1]) + tables.joint + each[-1]
        yield Piece(text, told, ("fifteen", words), qualified=number == 0)
    for scale, (words, code) in product(tables.scales, tables.behind[:8]):
        a, b = chance.sample(range(2, 90), 2)
        told = tuple(Amount(Decimal(one) * 10**scale.power, None, code) for one in (a, b))
        text = tables.respectively.format(f"{a}{tables.joint}{b}{scale.word}{words}")
        yield Piece(text, told, ("elided scale", words), qualified=False)
        for_ = tables.for_
        three = chance.sample(range(2, 90), 3)
        told = tuple(Amount(Decimal(one) * 10**scale.power, None, code) for one in three)
        first, *others = (f"{one}{scale.word}" for one in three)
        parts = [f"{first}{words}{for_}{names[0]}"]
        parts += [f"{other}{for_}{name}" for other, name in zip(others, names[1:], strict=True)]
        text = f"{parts[0]}, {parts[1]}{tables.joint}{parts[2]}"
        yield Piece(text, told, ("elided currency", words), qualified=False)
    for scale, (one, code), (other, second) in product(
        tables.scales, tables.behind[:4], tables.behind[:5]
    ):
        if code != second:
            a, b = chance.sample(range(2, 90), 2)
            factor = Decimal(10) ** scale.power
            told = (Amount(a * factor, None, code), Amount(b * factor, None, second))
            text = f"{a}{scale.word}{one} ({b}{scale.word}{other})"
            yield Piece(text, told, ("conversion",))


def _foreign(tables: Tables) -> Iterator[Piece]:
    for text, value, code in tables.foreign:
        yield Piece(text, _one(Decimal(value), code), ("another language", text), rigid=True)
    for text, worth in tables.indian:
        yield Piece(text, _one(Decimal(worth), "INR"), ("Indian", text), rigid=True)


def _unclear(tables: Tables) -> Iterator[Piece]:
    for text in tables.unsure:
        yield Piece(text, (), ("two meanings", text), rigid=True, clear=False)
    figures = ("12.34.567", "1,2,3", "1.234,567.890", "1,23.456", "12.34,567", "1.23.4", "1,,250")
    for figure, (words, _), scale in product(
        figures, tables.behind[:3], ("", tables.scales[0].word)
    ):
        text = figure + scale + (words if scale else tables.behind_bare[0][0])
        yield Piece(text, (), ("impossible grouping", figure), rigid=True, clear=False)
    thousands = "." if tables.thousands == " " else tables.thousands
    for low, high in ((5, 8), (2, 12), (10, 25)):
        for words, _ in tables.behind_bare:
            text = f"{low}-{high}{thousands}000{words}"
            yield Piece(text, (), ("abbreviated range",), rigid=True, clear=False)
        text = f"${low}-{high}{thousands}000"
        yield Piece(text, (), ("abbreviated range",), rigid=True, clear=False)
    scale = tables.scales[0].word
    for words, _ in tables.behind[:6]:
        text = f"10⁹{words}"
        yield Piece(text, (), ("power of ten",), rigid=True, clear=False)
        for label in tables.labels:
            text = f"{label} 500{scale}{words}"
            yield Piece(text, (), ("label", label), rigid=True, qualified=False, clear=False)
        for figure in ("5x", "5ff", "5Q"):
            text = f"{figure}{scale}{words}"
            yield Piece(text, (), ("letters", figure), rigid=True, clear=False)
    for mark, _ in tables.before[:4]:
        for figure in ("5x", "5ff", "3zz", "1.2.3"):
            text = mark + figure
            yield Piece(text, (), ("letters", figure), rigid=True, clear=False)


def _no_money(tables: Tables) -> Iterator[Piece]:
    for words in tables.per_cent:
        yield Piece(words, (), ("per cent", words), rigid=True, qualified=False, clear=False)
    scale = tables.scales[0].word
    for words, _ in tables.behind:
        text = f"-5{scale}{words}"
        yield Piece(text, (), ("negative",), rigid=True, qualified=False, clear=False)
    for mark, _ in tables.before:
        text = f"-{mark}5{scale}"
        yield Piece(text, (), ("negative", mark), rigid=True, qualified=False, clear=False)
    yield Piece(f"5{scale}", (), ("no currency",), rigid=True, clear=False)
