"""Canonical values: what is left of a record's fields once spelling no longer matters.

Each record is canonicalised once; comparing is then cheap. An empty list and a null are both None:
a field that says nothing on either side is never scored.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from pydantic import ValidationError

from eval.errors import GoldError
from eval.labels.gold import GoldCommitment, GoldEvent, GoldEvidence
from eval.scoring.dates import DateSpan, date_span, folded, months_and_days
from eval.scoring.rules import Rules
from extractor.kinds import COMMITMENT, POLICY_EVENT, Field, RecordKind
from extractor.records import (
    Actor,
    Commitment,
    Count,
    Evidence,
    Money,
    Number,
    Place,
    PolicyEvent,
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name without case, edge punctuation, titles and legal forms; its diacritics are kept."""

    text: str
    words: tuple[str, ...] = field(compare=False)
    ordered: str = field(compare=False)
    """The words in alphabetical order."""
    bare: str = field(compare=False)
    """The same without diacritics."""
    distinct: frozenset[str] = field(compare=False)
    """The different words."""
    numerals: frozenset[str] = field(compare=False)
    """Those of the words that are numbers."""
    letters: int = field(compare=False)
    """One bit for the first, second, third and fourth occurrence of each letter. Letters 64 places
    apart share their bits: whichever is more frequent sets them."""


@dataclass(frozen=True, slots=True)
class Party:
    """A party under all names it was given; `state` and `agency_of` are countries."""

    names: tuple[Name, ...]
    state: str | None = None
    agency_of: str | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """A place."""

    name: Name
    country: str | None
    subdivision: str | None


@dataclass(frozen=True, slots=True)
class CanonicalFigure:
    """A value or a range; `unit` is what one step of the last stated digit is worth."""

    low: float
    high: float
    unit: float = 0.0


@dataclass(frozen=True, slots=True)
class CanonicalQuantity:
    """A figure and what it counts."""

    figure: CanonicalFigure
    unit: Name


Element: TypeAlias = Party | Site | str
Value: TypeAlias = str | CanonicalFigure | CanonicalQuantity | DateSpan | tuple[Element, ...]
Values: TypeAlias = Mapping[str, Value | None]


@dataclass(frozen=True, slots=True)
class CanonicalRecord:
    """One record, ready to be compared."""

    values: Values
    spans: tuple[tuple[int, int], ...] = ()
    """Where its quotes stand."""
    words_at: frozenset[int] = frozenset()
    """Where the words of its quotes start."""
    tolerated: Mapping[str, tuple[Value | None, ...]] = field(default_factory=dict)
    """Second-best values of a label."""
    optional: bool = False
    key: str = ""
    """Sorts records whatever order they came in."""


_AnyCommitment: TypeAlias = Commitment | GoldCommitment
_AnyEvent: TypeAlias = PolicyEvent | GoldEvent
AnyRecord: TypeAlias = _AnyCommitment | _AnyEvent

_WORD: Final = re.compile(r"\w+")
_NUMERAL: Final = re.compile(r"\d+(?:[\s.,'’]\d+)*")
_NOT_CONTENT: Final = frozenset(
    {"id", "title", "part_of", "related_commitments", "verdicts", "cross_doc_key", "annotator_note"}
)
_OCCURRENCES: Final = (0b0, 0b1, 0b11, 0b111, 0b1111)
_FIELDS_OF: Final = {one.name: one.scored for one in COMMITMENT.of_sort("money")}


class Canonicaliser:
    """Turns records into canonical ones under one table of rules."""

    def __init__(self, rules: Rules) -> None:
        self._leading = _phrases(rules.names.leading)
        self._trailing = _phrases(rules.names.trailing)
        self._names: dict[str, Name] = {}
        self._aliases: dict[str, str] = {}
        self._aliases = self._groups(rules.names.aliases)
        self._names.clear()
        self._same_units = self._groups(rules.units.same)

    def record(self, source: AnyRecord) -> CanonicalRecord:
        """A record of a prediction or of a gold file, with the values a label tolerates.

        Raises:
            GoldError: a tolerated value does not fit its field.
        """
        label = source if isinstance(source, GoldCommitment | GoldEvent) else None
        return CanonicalRecord(
            values=self._values(source),
            spans=tuple(sorted((item.start, item.end) for item in source.evidence)),
            words_at=_word_starts(source.evidence),
            tolerated=self._tolerated(label) if label else {},
            optional=label is not None and label.tier == "optional",
            key=source.model_dump_json(exclude=set(_NOT_CONTENT)),
        )

    def name(self, text: str) -> Name:
        """A name, normalised."""
        known = self._names.get(text)
        if known is None:
            words = [match.group() for match in _WORD.finditer(folded(text))]
            words = self._stripped(words)
            plain = " ".join(words) or folded(text)
            plain = self._aliases.get(plain, plain)
            known = _name(plain)
            self._names[text] = known
        return known

    def _values(self, source: AnyRecord) -> Values:
        """The scored values, field by field as the table of the kind has them."""
        found: dict[str, Value | None] = {}
        for one in _kind_of(source).fields:
            if one.scored:
                found |= self._canonical(one, getattr(source, one.name))
        return found

    def _canonical(self, one: Field, value: Any) -> dict[str, Value | None]:
        match one.sort:
            case "parties":
                return {one.name: self._parties(value)}
            case "places":
                return {one.name: self._sites(value)}
            case "money":
                return _money(value)
            case "count":
                return {one.name: self._quantity(value)}
            case "date":
                return {one.name: date_span(value)}
            case "duration":
                return {one.name: months_and_days(value)}
            case "codes":
                return {one.name: tuple(sorted(value)) or None}
            case "name":
                return {one.name: (folded(value) if value else "") or None}
            case _:
                return {one.name: value}

    def _tolerated(
        self, source: GoldCommitment | GoldEvent
    ) -> Mapping[str, tuple[Value | None, ...]]:
        scored = _kind_of(source).scored
        found: dict[str, tuple[Value | None, ...]] = {}
        for name, others in source.accept_also.items():
            if name not in scored:
                continue
            try:
                alternatives = [
                    type(source).model_validate({**source.model_dump(), name: other})
                    for other in others
                ]
            except ValidationError:
                raise GoldError(f"{source.id}: accept_also.{name} does not fit") from None
            values = [self._values(alternative) for alternative in alternatives]
            for affected in _FIELDS_OF.get(name, (name,)):
                found[affected] = tuple(item[affected] for item in values)
        return found

    def _parties(self, actors: Sequence[Actor]) -> tuple[Party, ...] | None:
        parties = (
            Party(
                names=tuple(dict.fromkeys((self.name(actor.canonical), self.name(actor.name)))),
                state=actor.country if actor.type == "government" else None,
                agency_of=actor.country if actor.type == "gov_agency" else None,
            )
            for actor in actors
        )
        return tuple(sorted(parties, key=lambda party: [name.text for name in party.names])) or None

    def _sites(self, places: Sequence[Place]) -> tuple[Site, ...] | None:
        sites = (Site(self.name(item.name), item.country, item.subdivision) for item in places)
        return tuple(sorted(sites, key=lambda site: site.name.text)) or None

    def _quantity(self, count: Count | None) -> CanonicalQuantity | None:
        figure = _figure(count) if count else None
        if count is None or figure is None:
            return None
        unit = self.name(count.unit.replace("_", " "))
        return CanonicalQuantity(figure, self.name(self._same_units.get(unit.text, unit.text)))

    def _stripped(self, words: list[str]) -> list[str]:
        while (length := _phrase_length(words, self._leading)) and length < len(words):
            words = words[length:]
        while (length := _phrase_length(words[::-1], self._trailing)) and length < len(words):
            words = words[:-length]
        return words

    def _groups(self, groups: Sequence[Sequence[str]]) -> dict[str, str]:
        return {
            self.name(word).text: self.name(group[0]).text for group in groups for word in group
        }


def _kind_of(source: AnyRecord) -> RecordKind:
    return COMMITMENT if isinstance(source, Commitment | GoldCommitment) else POLICY_EVENT


def _money(money: Money | None) -> dict[str, Value | None]:
    """What a sum says. Nearly all money is paid once and in total: only what differs counts."""
    return {
        "amount": _figure(money) if money else None,
        "currency": money.currency if money else None,
        "amount_per": money.per if money and money.per != "once" else None,
        "amount_scope": money.scope if money and money.scope != "total" else None,
    }


def _name(text: str) -> Name:
    words = tuple(text.split())
    letters = 0
    for letter in set(text):
        letters |= _OCCURRENCES[min(text.count(letter), 4)] << 4 * (ord(letter) % 64)
    return Name(
        text=text,
        words=words,
        ordered=" ".join(sorted(words)),
        bare=without_diacritics(text),
        distinct=frozenset(words),
        numerals=frozenset(filter(str.isdecimal, words)),
        letters=letters,
    )


def without_diacritics(text: str) -> str:
    """The text in base letters."""
    if text.isascii():
        return text
    parts = unicodedata.normalize("NFD", text.replace("đ", "d"))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def _figure(source: Money | Count) -> CanonicalFigure | None:
    low = source.value
    high = source.value_max if source.value_max is not None else low
    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
        return None
    return CanonicalFigure(
        float(min(low, high)), float(max(low, high)), _last_digit(low, source.raw)
    )


def _last_digit(value: Number, raw: str) -> float:
    """What one step of the last written digit is worth; 0 if the words do not tell."""
    match = _NUMERAL.search(raw)
    digits = int(re.sub(r"\D", "", match.group())) if match else 0
    if not digits or not value:
        return 0.0
    power = math.log10(abs(value) / digits)
    return 10.0 ** round(power) if math.isclose(power, round(power), abs_tol=1e-9) else 0.0


def _word_starts(quotes: Sequence[Evidence] | Sequence[GoldEvidence]) -> frozenset[int]:
    return frozenset(
        item.start + match.start() for item in quotes for match in _WORD.finditer(item.quote)
    )


def _phrases(words: Sequence[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(folded(phrase).split()) for phrase in words)


def _phrase_length(words: Sequence[str], phrases: frozenset[tuple[str, ...]]) -> int:
    for size in (3, 2, 1):
        if tuple(words[:size]) in phrases:
            return size
    return 0
