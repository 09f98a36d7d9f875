"""Cases: each label beside what every contender made of it, with the sentences that tell of it.

A prediction without a label is a case too; those of several contenders that would be a pair of
label and prediction are one. Cases carry everything that the page filters by.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from eval.judging.comparison import ContenderResult, CorpusComparison
from eval.judging.slicing import DIMENSIONS, Dimension, parts_of_article, parts_of_record
from eval.labels.dataset import LabelledArticle
from eval.labels.gold import GoldCommitment, GoldEvent
from eval.report.articles import MarkedText, Span, cut
from eval.report.label_places import LabelPlace, LabelPlaces
from eval.report.roster import Entry, Roster
from eval.report.wording import AnyRecord, Judgement, in_words, judged
from eval.scoring.alignment import Aligner
from eval.scoring.canonical import Canonicaliser
from eval.scoring.counts import ErrorClass
from eval.scoring.documents import TypeScore
from eval.scoring.rules import RECORD_TYPES, Rules
from eval.scoring.similarity import Comparer
from extractor.records import Extraction, RecordType, TextSpan

_AROUND: Final = 160
"""Characters shown before and after what is quoted."""


@dataclass(frozen=True, slots=True)
class CaseCell:
    """What one contender says in a field of a case."""

    value: str
    judgement: Judgement | None
    """None where there is nothing to judge."""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A field of a case: what the label says, and what each contender."""

    field: str
    gold: str
    cells: tuple[CaseCell, ...]


@dataclass(frozen=True, slots=True)
class CaseFate:
    """What became of a case with one contender."""

    entry: Entry
    fate: str
    """right, flawed, missed, spurious, or nothing where it has no part in it."""
    predicted_id: str
    wrong_fields: tuple[str, ...]
    classes: tuple[ErrorClass, ...]


@dataclass(frozen=True, slots=True)
class ComparedCase:
    """A label, or a prediction without one, and what every contender made of it."""

    corpus: str
    document: str
    language: str
    record_type: RecordType
    gold_id: str
    """Empty for a prediction without a label."""
    title: str
    is_optional: bool
    fates: tuple[CaseFate, ...]
    rows: tuple[CaseRow, ...]
    excerpt: tuple[MarkedText, ...]
    parts: Mapping[Dimension, str]
    label: LabelPlace

    @property
    def is_right(self) -> bool:
        """Whether no contender made a mistake in it."""
        return all(one.fate in ("right", "") for one in self.fates) or (
            self.is_optional and all(one.fate in ("right", "missed") for one in self.fates)
        )

    @property
    def differs(self) -> bool:
        """Whether contenders fared differently."""
        return len({(one.fate, one.wrong_fields, one.classes) for one in self.fates}) > 1

    @property
    def tokens(self) -> str:
        """What filters ask for: `w:1:amount`, `e:2:MISSED_ITEM`, `s:language:vi` and so on."""
        found = [f"s:{name}:{token(part)}" for name, part in self.parts.items()]
        for one in self.fates:
            for field in one.wrong_fields:
                found += [f"w:{one.entry.number}:{field}", f"w:any:{field}"]
            for error in one.classes:
                found += [f"e:{one.entry.number}:{error}", f"e:any:{error}"]
            if one.fate not in ("right", ""):
                found += [f"b:{one.entry.number}", "b:any"]
        found.append(f"k:{self.record_type}")
        found.append("differs" if self.differs else "alike")
        return " ".join(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """A choice of the page: its name and what can be chosen, as token and words."""

    name: str
    options: tuple[tuple[str, str], ...]


def token(part: str) -> str:
    """A part of a slice as one word."""
    return "-".join("".join(c if c.isalnum() else " " for c in part).split()).lower()


def filters_of(cases: Sequence[ComparedCase], entries: Sequence[Entry]) -> tuple[CaseFilter, ...]:
    """What the cases can be filtered by; a choice that leaves all of them is not offered."""
    fields = _seen(field for case in cases for one in case.fates for field in one.wrong_fields)
    classes = _seen(error for case in cases for one in case.fates for error in one.classes)
    kinds = _seen(case.record_type for case in cases)
    found = [
        CaseFilter("mistakes of", tuple((str(e.number), f"{e.number} {e.model}") for e in entries)),
        CaseFilter("field", tuple((name, name.replace("_", " ")) for name in fields)),
        CaseFilter("class", tuple((n, n.replace("_", " ").lower()) for n in classes)),
        CaseFilter("kind", tuple((f"k:{name}", name.replace("_", " ")) for name in kinds)),
    ]
    if len(entries) > 1:
        found.append(CaseFilter("contenders", (("differs", "differ"), ("alike", "alike"))))
    for name in DIMENSIONS:
        parts = _seen(case.parts[name] for case in cases if name in case.parts)
        options = tuple((f"s:{name}:{token(part)}", part.replace("_", " ")) for part in parts)
        found.append(CaseFilter(name, options))
    return tuple(one for one in found if len(one.options) > 1)


def _seen(names: Iterator[str]) -> list[str]:
    return sorted(dict.fromkeys(names))


def cases_of(
    found: CorpusComparison, roster: Roster, rules: Rules, places: LabelPlaces
) -> Iterator[ComparedCase]:
    """The cases of a corpus, article by article, labels first."""
    canonical, comparer = Canonicaliser(rules), Comparer(rules)
    for number, item in enumerate(found.corpus.items):
        for record_type in RECORD_TYPES:
            scores = [one.scores.documents[number].of(record_type) for one in found.results]
            maker = _Maker(
                found,
                item,
                record_type,
                tuple(rules.of(record_type).weights),
                [roster[one.contender] for one in found.results],
                scores,
                places,
            )
            yield from maker.of_labels()
            yield from maker.of_false_alarms(Aligner(rules, record_type, comparer), canonical)


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes the cases of one kind of record in one article."""

    found: CorpusComparison
    item: LabelledArticle
    record_type: RecordType
    fields: Sequence[str]
    entries: Sequence[Entry]
    scores: Sequence[TypeScore]
    places: LabelPlaces

    @property
    def _labels(self) -> Sequence[GoldCommitment | GoldEvent]:
        gold = self.item.gold
        return gold.commitments if self.record_type == "commitment" else gold.policy_events

    def _guesses(self, result: ContenderResult) -> Sequence[AnyRecord]:
        prediction = result.predictions[self.item.name]
        if prediction is None:
            return ()
        is_event = self.record_type == "policy_event"
        return prediction.policy_events if is_event else prediction.commitments

    def of_labels(self) -> Iterator[ComparedCase]:
        for place, label in enumerate(self._labels):
            guesses: list[AnyRecord | None] = []
            for result, score in zip(self.found.results, self.scores, strict=True):
                pair = next((one for one in score.alignment.pairs if one.gold == place), None)
                guesses.append(self._guesses(result)[pair.predicted] if pair else None)
            fates = tuple(self._label_fate(at, place, label) for at in range(len(self.entries)))
            yield self._case(label, label, guesses, fates)

    def _label_fate(self, at: int, place: int, label: GoldCommitment | GoldEvent) -> CaseFate:
        score, result = self.scores[at], self.found.results[at]
        pair = next((one for one in score.alignment.pairs if one.gold == place), None)
        if pair is None:
            classes = _classes(score, gold=place, predicted=None)
            return CaseFate(self.entries[at], "missed", "", (), classes)
        wrong = tuple(
            name for name, one in pair.outcomes.items() if one.filled and not one.is_right
        )
        classes = _classes(score, gold=place, predicted=pair.predicted)
        name = self._guesses(result)[pair.predicted].id
        is_right = not wrong and not classes
        return CaseFate(self.entries[at], "right" if is_right else "flawed", name, wrong, classes)

    def of_false_alarms(self, aligner: Aligner, canonical: Canonicaliser) -> Iterator[ComparedCase]:
        groups: list[dict[int, int]] = []
        """By contender, the place of its prediction."""
        for at, (result, score) in enumerate(zip(self.found.results, self.scores, strict=True)):
            guesses = self._guesses(result)
            alone = list(score.alignment.spurious)
            heads = [next(iter(group.items())) for group in groups]
            known = [
                canonical.record(self._guesses(self.found.results[of])[place])
                for of, place in heads
            ]
            met = aligner.align(known, [canonical.record(guesses[place]) for place in alone])
            for pair in met.pairs:
                groups[pair.gold][at] = alone[pair.predicted]
            groups += [{at: alone[place]} for place in met.spurious]
        for group in groups:
            yield self._false_alarm(group)

    def _false_alarm(self, group: Mapping[int, int]) -> ComparedCase:
        guesses: list[AnyRecord | None] = [
            self._guesses(result)[group[at]] if at in group else None
            for at, result in enumerate(self.found.results)
        ]
        fates = tuple(
            CaseFate(
                entry,
                "spurious" if at in group else "",
                guess.id if guess else "",
                (),
                _classes(self.scores[at], gold=None, predicted=group[at]) if at in group else (),
            )
            for at, (entry, guess) in enumerate(zip(self.entries, guesses, strict=True))
        )
        first = next(guess for guess in guesses if guess is not None)
        return self._case(None, first, guesses, fates)

    def _case(
        self,
        label: GoldCommitment | GoldEvent | None,
        shown: AnyRecord,
        guesses: Sequence[AnyRecord | None],
        fates: tuple[CaseFate, ...],
    ) -> ComparedCase:
        corpus, item = self.found.corpus, self.item
        spans = list(self._spans(label, guesses))
        predictions = (result.predictions[item.name] for result in self.found.results)
        prediction: Extraction | None = next((one for one in predictions if one), None)
        parts: dict[Dimension, str] = {
            **parts_of_article(item, prediction),
            **parts_of_record(shown),
        }
        gold_id = label.id if label else ""
        return ComparedCase(
            corpus=corpus.name,
            document=item.name,
            language=item.gold.document.language,
            record_type=self.record_type,
            gold_id=gold_id,
            title=shown.title,
            is_optional=label is not None and label.tier == "optional",
            fates=fates,
            rows=tuple(self._rows(label, guesses)),
            excerpt=_excerpt(item.text, spans, item.gold.document.body_span),
            parts=parts,
            label=self.places.of(corpus, item, gold_id),
        )

    def _rows(
        self, label: GoldCommitment | GoldEvent | None, guesses: Sequence[AnyRecord | None]
    ) -> Iterator[CaseRow]:
        outcomes = [
            next((one.outcomes for one in score.alignment.pairs if self._is(one.gold, label)), {})
            for score in self.scores
        ]
        for field in self.fields:
            gold = in_words(label, field) if label else ""
            cells = tuple(
                CaseCell(
                    in_words(guess, field) if guess else "",
                    judged(known[field]) if field in known and known[field].filled else None,
                )
                for guess, known in zip(guesses, outcomes, strict=True)
            )
            if gold or any(cell.value for cell in cells):
                yield CaseRow(field, gold, cells)

    def _is(self, place: int, label: GoldCommitment | GoldEvent | None) -> bool:
        return label is not None and self._labels[place] is label

    def _spans(
        self, label: GoldCommitment | GoldEvent | None, guesses: Sequence[AnyRecord | None]
    ) -> Iterator[Span]:
        for quote in label.evidence if label else ():
            yield Span("gold", label.id if label else "", quote.start, quote.end)
        for entry, guess in zip(self.entries, guesses, strict=True):
            for proof in guess.evidence if guess else ():
                yield Span("predicted", str(entry.number), proof.start, proof.end)


def _classes(
    score: TypeScore, *, gold: int | None, predicted: int | None
) -> tuple[ErrorClass, ...]:
    """The classes of the mistakes that concern a label, or its prediction."""
    return tuple(
        dict.fromkeys(
            one.error
            for one in score.mistakes
            if (gold is not None and one.gold == gold)
            or (predicted is not None and one.predicted == predicted)
        )
    )


def _excerpt(text: str, spans: Sequence[Span], body: TextSpan) -> tuple[MarkedText, ...]:
    """What is quoted, with some characters around it; what lies between is left out."""
    kept = sorted((one for one in spans if 0 <= one.start < one.end), key=lambda one: one.start)
    windows: list[list[int]] = []
    for span in kept:
        start, end = max(span.start - _AROUND, 0), min(span.end + _AROUND, len(text))
        if windows and start <= windows[-1][1]:
            windows[-1][1] = max(windows[-1][1], end)
        else:
            windows.append([start, end])
    found: list[MarkedText] = []
    for start, end in windows:
        if start > 0:
            found.append(MarkedText(" … ", (), (), (), outside=False))
        inside = [
            Span(one.layer, one.name, one.start - start, one.end - start)
            for one in kept
            if one.start < end and start < one.end
        ]
        shifted = TextSpan(start=max(body.start - start, 0), end=max(body.end - start, 0))
        found += cut(text[start:end], inside, shifted)
    if windows and windows[-1][1] < len(text):
        found.append(MarkedText(" … ", (), (), (), outside=False))
    return tuple(found)
