"""How far two values, and two records, agree.

Every comparison of a field ends in MUC's categories: correct, partial, incorrect, missing, spurious
or not there. Credit, similarity and all scores are made from these counts and nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

import numpy as np

from eval.scoring.assignment import heaviest_pairs
from eval.scoring.canonical import (
    CanonicalFigure,
    CanonicalQuantity,
    CanonicalRecord,
    Element,
    Name,
    Party,
    Site,
    Value,
    without_diacritics,
)
from eval.scoring.dates import DateSpan
from eval.scoring.rules import Rules
from extractor.records import RecordType

_RIGHT, _PARTLY, _WRONG = 1.0, 0.5, 0.0
# Makes one right and one wrong element win over two that are each partly right.
_RIGHT_FIRST: Final = 1e-6
_LEAP_YEAR: Final = 2000
_REMEMBERED: Final = 200_000


class Outcome(NamedTuple):
    """What became of one field: for a set, of each of its elements."""

    correct: int = 0
    partial: int = 0
    incorrect: int = 0
    missing: int = 0
    spurious: int = 0
    absent: int = 0

    @property
    def filled(self) -> int:
        """Fills on both sides together: MUC's possible and actual."""
        return 2 * (self.correct + self.partial + self.incorrect) + self.missing + self.spurious

    @property
    def credit(self) -> float:
        """From 0 to 1; 0 if neither side says anything."""
        return (2 * self.correct + self.partial) / self.filled if self.filled else 0.0

    @property
    def is_right(self) -> bool:
        """Whether all of it is right; not so if neither side says anything."""
        return self.correct > 0 and self.filled == 2 * self.correct

    @property
    def is_partly_right(self) -> bool:
        """Whether any of it is at least partly right."""
        return self.correct + self.partial > 0


_SINGLE: Final = {
    _RIGHT: Outcome(correct=1),
    _PARTLY: Outcome(partial=1),
    _WRONG: Outcome(incorrect=1),
}
_ABSENT: Final = Outcome(absent=1)


def edit_similarity(one: str, other: str, least: float = 0.0) -> float:
    """One minus the edit distance in parts of the longer text; 0 if that is below `least`."""
    # Here, so that a harness without its packages says which extra brings them.
    from rapidfuzz.distance import Levenshtein

    if one == other:
        return 1.0
    longest = max(len(one), len(other))
    distance = Levenshtein.distance(one, other)
    return 1.0 - distance / longest if distance <= (1 - least) * longest + 1e-9 else 0.0


def word_f1(one: str, other: str) -> float:
    """F1 of the words of two texts."""
    words, others = Counter(one.split()), Counter(other.split())
    return 2 * (words & others).total() / max(1, words.total() + others.total())


class Comparer:
    """Compares canonical values under one table of rules."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._levels: dict[tuple[str, str], float] = {}

    def compare(
        self, record_type: RecordType, field: str, gold: Value | None, predicted: Value | None
    ) -> Outcome:
        """What became of a field.

        Raises:
            TypeError: the two values are of different sorts.
        """
        if gold is None or predicted is None:
            if gold is None and predicted is None:
                return _ABSENT
            return Outcome(missing=_size(gold), spurious=_size(predicted))
        if isinstance(gold, tuple) and isinstance(predicted, tuple):
            return self._sets(gold, predicted)
        return _SINGLE[self._scalars(record_type, field, gold, predicted)]

    def best(
        self,
        record_type: RecordType,
        field: str,
        gold: CanonicalRecord,
        predicted: Value | None,
    ) -> Outcome:
        """What became of a field, against the most favourable of the tolerated values."""
        values = (gold.values.get(field), *gold.tolerated.get(field, ()))
        outcomes = (self.compare(record_type, field, value, predicted) for value in values)
        return min(outcomes, key=_blemishes)

    def besides(
        self, record_type: RecordType, field: str, value: Value | None, known: Value | None
    ) -> Value | None:
        """What a value says that another does not even partly say."""
        if isinstance(value, tuple) and isinstance(known, tuple):
            new = (one for one in value if not any(self._elements(one, old) for old in known))
            return tuple(new) or None
        agree = self.compare(record_type, field, known, value).is_partly_right
        return None if agree else value

    def _scalars(self, record_type: RecordType, field: str, gold: Value, predicted: Value) -> float:
        if isinstance(gold, CanonicalFigure) and isinstance(predicted, CanonicalFigure):
            return self._figures(gold, predicted)
        if isinstance(gold, CanonicalQuantity) and isinstance(predicted, CanonicalQuantity):
            return self._quantities(gold, predicted)
        if isinstance(gold, DateSpan) and isinstance(predicted, DateSpan):
            return _dates(gold, predicted)
        if isinstance(gold, str) and isinstance(predicted, str):
            if field == "instrument":
                return self._texts(gold, predicted)
            near = self._rules.of(record_type).is_near
            return _RIGHT if gold == predicted else _PARTLY * near(field, gold, predicted)
        raise TypeError(f"{field}: {type(gold).__name__} against {type(predicted).__name__}")

    def _sets(self, gold: Sequence[Element], predicted: Sequence[Element]) -> Outcome:
        if len(gold) == len(predicted) == 1:
            return _SINGLE[self._elements(gold[0], predicted[0])]
        levels = [[self._elements(one, other) for other in predicted] for one in gold]
        found = _best_levels(levels)
        right = found.count(_RIGHT)
        wrong = min(len(gold), len(predicted)) - len(found)
        paired = len(found) + wrong
        return Outcome(
            right, len(found) - right, wrong, len(gold) - paired, len(predicted) - paired
        )

    def _elements(self, gold: Element, predicted: Element) -> float:
        if isinstance(gold, Party) and isinstance(predicted, Party):
            return self._parties(gold, predicted)
        if isinstance(gold, Site) and isinstance(predicted, Site):
            return self._sites(gold, predicted)
        return _codes(str(gold), str(predicted))

    def _parties(self, gold: Party, predicted: Party) -> float:
        if gold.state is not None and gold.state == predicted.state:
            return _RIGHT
        best = _WRONG
        for one in gold.names:
            for other in predicted.names:
                level = self._level(one, other)
                if level == _RIGHT:
                    return level
                best = level or best
        # A ministry is part of its state, as a family name is of a full name.
        if gold.agency_of or predicted.agency_of:
            best = best or _PARTLY * (_is_part(gold, predicted) or _is_part(predicted, gold))
        return best

    def _sites(self, gold: Site, predicted: Site) -> float:
        if gold.subdivision is not None and gold.subdivision == predicted.subdivision:
            return _RIGHT
        level = self._level(gold.name, predicted.name)
        # The right country without the place in it is partly right.
        broad = gold.subdivision is None or predicted.subdivision is None
        same_country = gold.country is not None and gold.country == predicted.country
        return max(level, _PARTLY * (broad and same_country))

    def _level(self, gold: Name, predicted: Name) -> float:
        # Most names have nothing in common, which is sooner seen than remembered.
        if _are_apart(self._rules.names.partial, gold, predicted):
            return _WRONG
        key = (gold.text, predicted.text)
        known = self._levels.get(key)
        if known is None:
            if len(self._levels) > _REMEMBERED:
                self._levels.clear()
            known = self._levels[key] = self._new_level(gold, predicted)
        return known

    def _new_level(self, gold: Name, predicted: Name) -> float:
        cuts, words, others = self._rules.names, gold.distinct, predicted.distinct
        similarity = self.name_similarity(gold, predicted)
        if similarity >= cuts.same:
            return _RIGHT
        part = bool(words and others) and (words <= others or others <= words)
        return _PARTLY * (part or similarity >= cuts.partial)

    def name_similarity(self, one: Name, other: Name) -> float:
        """From 0 to 1; exact where it is at least `partial`, else maybe too low."""
        cuts = self._rules.names
        if one.text == other.text:
            return 1.0
        if one.bare == other.bare:
            return cuts.without_diacritics
        if one.numerals and other.numerals and one.numerals != other.numerals:
            return 0.0
        shared = 0.0
        if not one.distinct.isdisjoint(other.distinct):
            shared = len(one.distinct & other.distinct) / len(one.distinct | other.distinct)
        if not _may_reach(cuts.partial, one, other):
            return shared
        edits = edit_similarity(one.ordered, other.ordered, cuts.partial)
        # One letter's mark may tell two names apart, however long they are.
        most = cuts.without_diacritics
        if edits > most and without_diacritics(one.ordered) == without_diacritics(other.ordered):
            edits = most
        return max(shared, edits)

    def _figures(self, gold: CanonicalFigure, predicted: CanonicalFigure) -> float:
        cuts = self._rules.amounts
        largest = max(abs(gold.high), abs(predicted.high))
        unit = max(gold.unit, predicted.unit) if gold.unit != predicted.unit else 0.0
        slack = max(cuts.same * largest, min(cuts.last_digit * unit, cuts.partial * largest))
        if abs(gold.low - predicted.low) <= slack and abs(gold.high - predicted.high) <= slack:
            return _RIGHT
        gap = max(gold.low - predicted.high, predicted.low - gold.high)
        return _PARTLY if gap <= cuts.partial * largest else _WRONG

    def _quantities(self, gold: CanonicalQuantity, predicted: CanonicalQuantity) -> float:
        level = self._figures(gold.figure, predicted.figure)
        if self._level(gold.unit, predicted.unit) > _WRONG:
            return level
        return _PARTLY if level == _RIGHT else _WRONG

    def _texts(self, gold: str, predicted: str) -> float:
        cuts, similarity = self._rules.text, word_f1(gold, predicted)
        if similarity >= cuts.same:
            return _RIGHT
        return _PARTLY if similarity >= cuts.partial else _WRONG


def magnitudes_apart(gold: CanonicalFigure, predicted: CanonicalFigure) -> int:
    """By how many powers of ten a figure with the right digits is off; 0 if it is not that."""
    if not gold.low > 0 or not predicted.low > 0:
        return 0
    power = float(np.log10(predicted.low / gold.low))
    return round(power) if abs(power - round(power)) < 1e-3 else 0


def _size(value: Value | None) -> int:
    if value is None:
        return 0
    return len(value) if isinstance(value, tuple) else 1


def _blemishes(outcome: Outcome) -> tuple[float, int]:
    wrong = outcome.incorrect * 2 + outcome.missing + outcome.spurious + outcome.partial
    return wrong, -outcome.correct


def _is_part(one: Party, other: Party) -> bool:
    return one.agency_of is not None and one.agency_of == other.state


def _are_apart(least: float, one: Name, other: Name) -> bool:
    """Whether two names share no word and are spelt too differently to be partly the same."""
    return (
        one.distinct.isdisjoint(other.distinct)
        and one.bare != other.bare
        and not _may_reach(least, one, other)
    )


def _may_reach(least: float, one: Name, other: Name) -> bool:
    """Whether an edit similarity can be that high, from what is cheap to see."""
    length, longest = len(one.ordered), len(other.ordered)
    if length > longest:
        length, longest = longest, length
    allowed = (1 - least) * longest + 1e-9
    if longest - length > allowed:
        return False
    # Every letter that one has more often than the other costs an edit.
    differing = one.letters ^ other.letters
    more, fewer = differing & one.letters, differing & other.letters
    return more.bit_count() <= allowed and fewer.bit_count() <= allowed


def _best_levels(levels: Sequence[Sequence[float]]) -> list[float]:
    """The levels above zero of the best one-to-one pairs of two sets."""
    if not any(map(any, levels)):
        return []
    if len(levels) == 1 or len(levels[0]) == 1:
        return [max(max(row) for row in levels)]
    table = np.array(levels)
    pairs = heaviest_pairs(table + _RIGHT_FIRST * (table == _RIGHT))
    return [float(table[pair]) for pair in pairs]


def _codes(gold: str, predicted: str) -> float:
    if gold == predicted:
        return _RIGHT
    broad = gold.startswith(f"{predicted}-") or predicted.startswith(f"{gold}-")
    return _PARTLY if broad else _WRONG


def _dates(gold: DateSpan, predicted: DateSpan) -> float:
    if gold == predicted:
        return _RIGHT
    if gold.words or predicted.words:
        return _WRONG
    if gold.yearless != predicted.yearless:
        gold, predicted = _without_year(gold), _without_year(predicted)
    within = gold.start <= predicted.start and predicted.end <= gold.end
    around = predicted.start <= gold.start and gold.end <= predicted.end
    return _PARTLY if within or around else _WRONG


def _without_year(span: DateSpan) -> DateSpan:
    if span.yearless:
        return span
    first, last = date.fromordinal(span.start), date.fromordinal(span.end - 1)
    if first.year != last.year:
        first, last = date(_LEAP_YEAR, 1, 1), date(_LEAP_YEAR, 12, 31)
    start = first.replace(year=_LEAP_YEAR).toordinal()
    end = last.replace(year=_LEAP_YEAR).toordinal() + 1
    return DateSpan(start, end, span.precision, yearless=True)
