"""The records of a page: each value in words, the words that prove it, and what objects to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from extractor.kinds import AnyRecord, Field, kind_of
from extractor.messages import clean_line
from extractor.pages.articles import ProvingWords
from extractor.pages.wording import (
    DOUBTS,
    REASONS,
    VERDICTS,
    VERDICTS_EXPLAINED,
    confidence_in_words,
)
from extractor.phrases import plain, told_count, told_date, told_duration, told_money
from extractor.records import (
    Actor,
    Count,
    DateValue,
    Doubt,
    Evidence,
    Extraction,
    FieldVerdict,
    Money,
    Place,
    Rejected,
)

_LISTED: Final = ("parties", "places", "codes")
_KIND_NAMES: Final = {"commitment": "commitment", "policy_event": "policy event"}


@dataclass(frozen=True, slots=True)
class ShownValue:
    """One value of a record."""

    key: str
    """What links it with its words in the article, such as `C1.amount`."""
    told: str
    """In a few words."""
    note: str
    """What else is known of it, such as what kind of party it is."""
    written: str
    """As the article writes it, where that differs."""
    proof: str
    """What proves it, in words; empty if nothing is said of it."""
    explained: str
    sentence: int | None
    """The sentence that it leads to."""
    words: tuple[ProvingWords, ...]


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field of a record, with its values."""

    name: str
    values: tuple[ShownValue, ...]


@dataclass(frozen=True, slots=True)
class ShownDoubt:
    """What a rule objects to."""

    key: str
    about: str
    told: str
    words: str
    sentence: int | None
    places: tuple[ProvingWords, ...]


@dataclass(frozen=True, slots=True)
class ShownRecord:
    """One record, with those that are part of it."""

    record: AnyRecord
    confidence: str
    fields: tuple[ShownField, ...]
    doubts: tuple[ShownDoubt, ...]
    evidence: tuple[Evidence, ...]
    """In the order of the article."""
    parts: list[ShownRecord] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """What kind of record, in words."""
        return _KIND_NAMES[kind_of(self.record).name]

    @property
    def words(self) -> Iterator[ProvingWords]:
        """All words of the article that its values and doubts point at."""
        for shown_field in self.fields:
            for value in shown_field.values:
                yield from value.words
        for doubt in self.doubts:
            yield from doubt.places


@dataclass(frozen=True, slots=True)
class ShownRefusal:
    """What the article does not bear."""

    of: str
    about: str
    value: str
    reason: str
    sentences: tuple[int, ...]


def records_of(
    extraction: Extraction, text: str, sentences: Mapping[int, tuple[int, int]]
) -> tuple[ShownRecord, ...]:
    """All records, in order; `sentences` are start and end of those of the article."""
    found: list[AnyRecord] = [*extraction.commitments, *extraction.policy_events]
    return tuple(_record(record, text, sentences) for record in found)


def under_umbrellas(records: Sequence[ShownRecord]) -> tuple[ShownRecord, ...]:
    """The records that are part of no other one, with their parts hung below them."""
    known = {one.record.id: one for one in records}
    top = []
    for one in records:
        whole = known.get(one.record.part_of or "")
        if whole is None or _is_below(whole, one, known):
            top.append(one)
        else:
            whole.parts.append(one)
    return tuple(top)


def flattened(records: Sequence[ShownRecord], depth: int = 0) -> Iterator[tuple[int, ShownRecord]]:
    """The records with their depth below the topmost, parts after their wholes."""
    for one in records:
        yield depth, one
        yield from flattened(one.parts, depth + 1)


def refusals_of(extraction: Extraction) -> tuple[ShownRefusal, ...]:
    """What was refused, in words."""
    return tuple(_refusal(item) for item in extraction.rejected)


def _refusal(item: Rejected) -> ShownRefusal:
    return ShownRefusal(
        of=item.record_id or f"a {_KIND_NAMES[item.record_type]}",
        about=_about(item.field) or "the whole record",
        value=clean_line(item.value),
        reason=REASONS[item.reason],
        sentences=tuple(item.sentences),
    )


def _about(field: str) -> str:
    """The name of a field, without the place in its list; nothing for the whole record."""
    return "" if field == "record" else plain(field.partition("[")[0])


def _is_below(whole: ShownRecord, part: ShownRecord, known: Mapping[str, ShownRecord]) -> bool:
    """Whether the whole would hang below its own part: a ring, which hangs from nothing."""
    seen: set[str] = set()
    at: ShownRecord | None = whole
    while at is not None and at.record.id not in seen:
        if at is part:
            return True
        seen.add(at.record.id)
        at = known.get(at.record.part_of or "")
    return at is not None


def _record(record: AnyRecord, text: str, sentences: Mapping[int, tuple[int, int]]) -> ShownRecord:
    verdicts = {one.field: one for one in record.verdicts}
    finder = _Finder(text, dict(sentences), record.evidence)
    fields = tuple(
        shown for one in kind_of(record).fields if (shown := _field(record, one, verdicts, finder))
    )
    return ShownRecord(
        record=record,
        confidence=confidence_in_words(record.confidence),
        fields=fields,
        doubts=tuple(
            _doubt(record, number, doubt, finder) for number, doubt in enumerate(record.doubts)
        ),
        evidence=tuple(sorted(record.evidence, key=lambda one: one.start)),
    )


def _field(
    record: AnyRecord, of: Field, verdicts: Mapping[str, FieldVerdict], finder: _Finder
) -> ShownField | None:
    value = getattr(record, of.name)
    items = (
        [(f"{of.name}[{place}]", one) for place, one in enumerate(value)]
        if of.sort in _LISTED or isinstance(value, list)
        else [(of.name, value)]
    )
    shown = tuple(
        _value(record, path, said, verdicts.get(path) or verdicts.get(of.name), finder)
        for path, one in items
        if (said := _said(one, of))
    )
    return ShownField(plain(of.name), shown) if shown else None


@dataclass(frozen=True, slots=True)
class _Said:
    told: str
    written: str
    """As the article writes it: what is looked for."""
    note: str = ""

    @property
    def differs(self) -> bool:
        """Whether the article's own words say more than what is told."""
        return clean_line(self.written) not in self.told


def _value(
    record: AnyRecord, path: str, said: _Said, verdict: FieldVerdict | None, finder: _Finder
) -> ShownValue:
    key = f"{record.id}.{path.replace('[', '.').rstrip(']')}"
    number = verdict.sentence if verdict else None
    place = finder.find(said.written, number)
    return ShownValue(
        key=key,
        told=said.told,
        note=said.note,
        written=clean_line(said.written) if said.differs else "",
        proof=VERDICTS[verdict.verdict] if verdict else "",
        explained=VERDICTS_EXPLAINED[verdict.verdict] if verdict else "",
        sentence=number if number is not None else (place[2] if place else None),
        words=(ProvingWords(place[0], place[1], key),) if place else (),
    )


def _said(value: object, of: Field) -> _Said | None:
    """A value in words, and as the article writes it; None for what is not told."""
    match value:
        case None | "":
            return None
        case Actor():
            named, known = clean_line(value.name), clean_line(value.canonical)
            other = f" ({known})" if known and known != named else ""
            return _Said(f"{named}{other}", value.name, plain(value.type))
        case Place():
            code = value.subdivision or value.country
            return _Said(clean_line(value.name), value.name, code or "")
        case Money():
            return _Said(told_money(value), value.raw)
        case Count():
            return _Said(told_count(value), value.raw)
        case DateValue():
            return _Said(told_date(value), value.text)
        case str() if of.sort == "name":
            return _Said(clean_line(value), value)
        case str() if of.sort == "duration":
            return _Said(told_duration(value), "")
        case _:
            return _Said(plain(str(value)), "")


def _doubt(record: AnyRecord, number: int, doubt: Doubt, finder: _Finder) -> ShownDoubt:
    key = f"{record.id}.doubt.{number}"
    # The sentence may be one in which the words do not stand.
    place = finder.find(doubt.words, doubt.sentence) or finder.find(doubt.words, None)
    return ShownDoubt(
        key=key,
        about=_about(doubt.field),
        told=DOUBTS[doubt.rule],
        words=clean_line(doubt.words),
        sentence=doubt.sentence,
        places=(ProvingWords(place[0], place[1], key, is_doubt=True),) if place else (),
    )


@dataclass(frozen=True, slots=True)
class _Finder:
    """Finds words in the sentence that bears them, else in those that the record cites."""

    text: str
    sentences: dict[int, tuple[int, int]]
    evidence: Sequence[Evidence]

    def find(self, words: str, number: int | None) -> tuple[int, int, int] | None:
        """Start and end of the words, and the sentence they stand in; None if nowhere."""
        if not words.strip():
            return None
        for sentence, start, end in self._places(number):
            at = _whole_words(self.text, words, start, end)
            if at is not None:
                return at, at + len(words), sentence
        return None

    def _places(self, number: int | None) -> Iterator[tuple[int, int, int]]:
        cited = {one.sentence: (one.start, one.end) for one in self.evidence}
        if number is not None:
            bearing = cited.get(number) or self.sentences.get(number)
            if bearing is not None:
                yield number, *bearing
            return
        for sentence, (start, end) in cited.items():
            yield sentence, start, end


def _whole_words(text: str, words: str, start: int, end: int) -> int | None:
    """Where the words stand between two places, whole if anywhere: `AI` rather than in `said`."""
    first: int | None = None
    at = text.find(words, start, end)
    while at >= 0:
        if first is None:
            first = at
        before, after = text[at - 1 : at], text[at + len(words) : at + len(words) + 1]
        if not (before.isalnum() and words[0].isalnum()) and not (
            after.isalnum() and words[-1].isalnum()
        ):
            return at
        at = text.find(words, at + 1, end)
    return first
