"""Views: what a page of the desk shows of a reading and of what was decided on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from extractor.desk.choosing import FieldForm, FieldLine, lines_of
from extractor.desk.effects import ReviewEffect, effect_of
from extractor.desk.reviews import ReviewedReading
from extractor.kinds import AnyRecord
from extractor.pages import ArticleSection, section_of
from extractor.pages.records import ShownRecord, flattened, records_of, under_umbrellas
from extractor.phrases import many, plain
from extractor.results.reviews import ReviewedRecord, Standing, said

ANCHOR = "a"
_NAMES: Mapping[Standing, str] = {
    "open": "to decide",
    "right": "accepted",
    "wrong": "rejected",
    "later": "set aside",
}


@dataclass(frozen=True, slots=True)
class PastValue:
    """A value as it was read, where a person has changed it since."""

    values: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True)
class EditPanel:
    """A record whose fields are being changed."""

    one: ReviewedRecord
    lines: tuple[FieldLine, ...]
    form: FieldForm | None
    refusal: str = ""
    """Why what was chosen last was not taken."""
    choice: str = ""
    """What was chosen last."""


@dataclass(frozen=True, slots=True)
class ReviewView:
    """Everything that the page of a reading shows."""

    reading: ReviewedReading
    section: ArticleSection
    """Without the records that were rejected."""
    cards: tuple[ShownRecord, ...]
    """All records, parts below their wholes."""
    reviewed: Mapping[str, ReviewedRecord]
    past: Mapping[str, Mapping[str, PastValue]]
    """By record and the name of the field as it is shown."""
    order: tuple[str, ...]
    """The ids of the records as they are shown."""
    at: str
    """The record that keys speak to; empty if there is none."""
    counts: Mapping[Standing, int]

    @property
    def effect(self) -> ReviewEffect:
        """What the decisions come to."""
        return effect_of(self.reading)

    @property
    def key(self) -> str:
        """What the reading is kept under."""
        return self.reading.opened.key

    @property
    def decided(self) -> int:
        """How many records are accepted or rejected."""
        return self.counts["right"] + self.counts["wrong"]

    @property
    def progress(self) -> str:
        """How far the review is, in words."""
        if not self.order:
            return "No records"
        told = [f"{self.decided} of {len(self.order)} decided"]
        told += [
            f"{self.counts[standing]} {_NAMES[standing]}"
            for standing in ("right", "wrong", "later")
            if self.counts[standing]
        ]
        changed = sum(one.is_changed for one in self.reviewed.values())
        added = sum(one.original is None for one in self.reviewed.values())
        told += [f"{changed} changed"] if changed else []
        told += [f"{added} added"] if added else []
        return ", ".join(told)

    def after(self, record_id: str) -> str:
        """The next record to decide on after this one, from the beginning if need be."""
        start = self.order.index(record_id) + 1 if record_id in self.order else 0
        for other in (*self.order[start:], *self.order[:start]):
            if self.reviewed[other].standing == "open":
                return other
        return record_id if record_id in self.order else ""


def view_of(reading: ReviewedReading, at: str = "") -> ReviewView:
    """The page of a reading; keys speak to the record `at`, else to the first open one."""
    article, name = reading.opened.article, reading.opened.name
    section = section_of(article, reading.extraction, ANCHOR, name)
    cards = section.records
    if any(one.standing == "wrong" for one in reading.records):
        sentences = {sentence.id: (sentence.start, sentence.end) for sentence in article.sentences}
        cards = under_umbrellas(records_of(reading.shown, article.original, sentences))
    order = tuple(one.record.id for _, one in flattened(cards))
    counts = Counter(one.standing for one in reading.records)
    view = ReviewView(
        reading=reading,
        section=section,
        cards=cards,
        reviewed={one.record.id: one for one in reading.records},
        past={one.record.id: _past(one) for one in reading.records if one.is_changed},
        order=order,
        at=at,
        counts={standing: counts[standing] for standing in _NAMES},
    )
    return replace(view, at=at if at in order else view.after("") or next(iter(order), ""))


def standing_in_words(standing: Standing) -> str:
    """What became of a record, in a word or two."""
    return _NAMES[standing]


def told_reading(records: Sequence[AnyRecord]) -> str:
    """How many records of each kind."""
    commitments = sum(record.id.startswith("C") for record in records)
    events = len(records) - commitments
    return f"{many(commitments, 'commitment')}, {many(events, 'policy event')}"


def _past(one: ReviewedRecord) -> Mapping[str, PastValue]:
    return dict(_past_values(one))


def _past_values(one: ReviewedRecord) -> Iterator[tuple[str, PastValue]]:
    if one.original is None:
        return
    now, then = said(one.record), said(one.original)
    lines = {line.name: line.values for line in lines_of(one.original)}
    by = {step.note.removeprefix("changed "): step.by for step in one.history}
    for name, values in lines.items():
        if now.get(name) != then.get(name):
            yield plain(name), PastValue(values, by.get(plain(name), ""))
