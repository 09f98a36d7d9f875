"""Counts as a language writes them, each with what it means; drawn from a grammar, not the reader.

The grammar lies in `grammars/`: things and measures, marks and words of numbers, ranges, what
stands before and behind a count, and what looks like one and is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random
from typing import Any, Final

Grammar = Mapping[str, Any]
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2199


@dataclass(frozen=True, slots=True)
class Count:
    """What words say of how many there are of what."""

    value: Decimal
    upper: Decimal | None
    unit: str
    qualifier: str = "exact"
    per: str = "once"


Drawn = tuple[str, str, tuple[Count, ...]]


def counts(grammar: Grammar, random: Random) -> Iterator[Drawn]:
    """Endlessly: the rule, the words, and the counts that they tell, in order."""
    language = _Counting(grammar["counts"], random)
    while True:
        for rule in (language.simple, language.ranged, language.several):
            yield rule()
        yield language.simple()
        yield language.none()


class _Counting:
    """The counts of one language."""

    def __init__(self, grammar: Grammar, random: Random) -> None:
        self.grammar = grammar
        self.random = random

    def none(self) -> Drawn:
        """Words with a number that counts nothing."""
        template = self.random.choice(self.grammar["none"])
        fields = {"r": (2, 9), "d": (13, 20), "d2": (21, 28), "n": (2, 99), "n3": (101, 899)}
        drawn = {name: self.random.randint(*bounds) for name, bounds in fields.items()}
        return f"none {template}", template.format(**drawn), ()

    def simple(self) -> Drawn:
        """One number of a thing or measure, in its qualifier and rate."""
        pick = self.random.random()
        if pick < 0.3:
            rule, number, value, link = "figure", *self._figure(), ""
        elif pick < 0.5:
            value_of, number = self.random.choice([*self.grammar["words"].items()])
            rule, value, link = "word", Decimal(value_of), ""
        elif pick < 0.75:
            rule, number, value, link = "scaled", *self._scaled()
        else:
            return self._finished("measure", *self._measured())
        return self._finished(rule, *self._of_things(number, value, None, link))

    def ranged(self) -> Drawn:
        """From one number to another, of things or of a measure."""
        template = self.random.choice(self.grammar["ranges"])
        low = self.random.randint(2, 80)
        high = low + self.random.randint(1, 18)
        scale, power, link = "", 0, ""
        if self.random.random() < 0.3:
            power, scale, link = self._scale()
        elif self.random.random() < 0.3:
            low, high = 1000 * low, 1000 * high
        mark = self.random.choice(self.grammar["thousands"])
        number = template.format(self._grouped(low, mark), self._grouped(high, mark) + scale)
        bounds = (Decimal(low).scaleb(power), Decimal(high).scaleb(power))
        if not link and self.random.random() < 0.3:
            written, unit = self.random.choice(self.grammar["measures"])
            words, count = f"{number} {written}", Count(*bounds, unit)
        else:
            words, count = self._of_things(number, *bounds, link)
        # "Between" and "from" leave no place for a qualifier.
        return self._finished(f"range {template}", words, count, alone=template[0] != "{")

    def several(self) -> Drawn:
        """Two counts, joined, numbered, or the second in brackets."""
        first, second = (self._of_things(*self._figure(), None, "") for _ in range(2))
        joins = {
            "and": f"{{}} {self.grammar['and']} {{}}",
            "numbered": "1) {}; 2) {}",
            "lettered": "a) {}, b) {}",
            "bracket": "{} ({})",
            "comma": "{}, {}",
            "footnotes": "{}[3][4]; {}[5]",
        }
        rule = self.random.choice([*joins])
        return f"several {rule}", joins[rule].format(first[0], second[0]), (first[1], second[1])

    def _finished(self, rule: str, words: str, count: Count, *, alone: bool = False) -> Drawn:
        """The count with what may stand around it."""
        random = self.random
        if not alone and random.random() < 0.5:
            qualifier = random.choice([*self.grammar["qualifiers"]])
            before = random.choice(self.grammar["qualifiers"][qualifier])
            words = f"{before} {words}" if before and before != "~" else before + words
            count = replace(count, qualifier=qualifier)
            rule += f" | {before}" if before else ""
        if random.random() < 0.25:
            words += random.choice(self.grammar["footnotes"])
            rule += " [1]"
        if random.random() < 0.4:
            per = random.choice(["once", "year", "month"])
            behind = random.choice(self.grammar[per])
            words, count = words + behind, replace(count, per=per)
            rule += f" |{behind}" if behind else ""
        return rule, words, (count,)

    def _of_things(
        self, number: str, value: Decimal, upper: Decimal | None, link: str
    ) -> tuple[str, Count]:
        _, many, unit = self.random.choice(self.grammar["things"])
        if link[-2:] == "e " and many[0] in "aeiouhéèê":
            link = f"{link[:-2]}'"
        return f"{number} {link}{many}", Count(value, upper, unit)

    def _measured(self) -> tuple[str, Count]:
        written, unit = self.random.choice(self.grammar["measures"])
        if self.random.random() < 0.5:
            number, value = self._figure()
        else:
            tenths = self.random.randint(11, 999)
            value = Decimal(tenths).scaleb(-1)
            number = f"{tenths // 10}{self.grammar['decimal']}{tenths % 10}"
        touching = written.isascii() and written.isupper() and self.random.random() < 0.3
        return f"{number}{'' if touching else ' '}{written}", Count(value, None, unit)

    def _figure(self) -> tuple[str, Decimal]:
        digits = self.random.randint(1, 6)
        value = self.random.randint(max(2, 10 ** (digits - 1)), 10**digits - 1)
        bare = digits < 6 and self.random.random() < 0.3
        if _FIRST_YEAR <= value <= _LAST_YEAR:
            return self._figure()
        mark = self.random.choice(self.grammar["thousands"])
        return (str(value) if bare else self._grouped(value, mark)), Decimal(value)

    def _grouped(self, value: int, mark: str) -> str:
        return f"{value:,}".replace(",", mark)

    def _scale(self) -> tuple[int, str, str]:
        power, words = self.random.choice([*self.grammar["scales"].items()])
        link = self.grammar["link"] if int(power) > 5 else ""
        return int(power), f" {words[-1]}", link

    def _scaled(self) -> tuple[str, Decimal, str]:
        power, scale, link = self._scale()
        tenths = self.random.choice([25, 32, 105, 20, 30, 70, 120])
        figure = Decimal(tenths).scaleb(-1)
        whole, rest = divmod(tenths, 10)
        number = f"{whole}{self.grammar['decimal']}{rest}" if rest else str(whole)
        if rest and power < 6:
            number, figure = str(whole), Decimal(whole)
        return number + scale, figure.scaleb(power), link
