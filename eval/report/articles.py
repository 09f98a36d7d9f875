"""Articles as the page shows them: text with quotes marked, records compared, errors named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from eval.judging.comparison import ContenderResult, CorpusComparison
from eval.labels.dataset import LabelledArticle
from eval.labels.gold import GoldFile
from eval.report.roster import Entry, Roster
from eval.report.tables import HEADINGS
from eval.report.wording import AnyRecord, Judgement, in_words, judged, told
from eval.scoring.documents import DocumentScore
from eval.scoring.rules import RECORD_TYPES, Rules
from extractor.records import Extraction, RecordType, TextSpan

State: TypeAlias = Literal["right", "flawed", "unusable"]
_NOUNS: Final[dict[RecordType, tuple[str, str]]] = {
    "commitment": ("commitment", "commitments"),
    "policy_event": ("policy event", "policy events"),
}
Layer: TypeAlias = Literal["gold", "predicted"]


@dataclass(frozen=True, slots=True)
class ComparedField:
    """A field of a pair: what both sides say, and what became of it."""

    name: str
    gold: str
    predicted: str
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class ComparedPair:
    """A label and the prediction that stands for it."""

    gold_id: str
    predicted_id: str
    gold_title: str
    predicted_title: str
    fields: tuple[ComparedField, ...]
    """Those that either side fills."""

    @property
    def is_right(self) -> bool:
        """Whether nothing in it is amiss."""
        return all(field.judgement.tone == "right" for field in self.fields)


@dataclass(frozen=True, slots=True)
class LoneRecord:
    """A label without a prediction, or a prediction without a label."""

    name: str
    title: str
    is_optional: bool
    """A label that may be missed."""
    said: tuple[tuple[str, str], ...]
    """Field and value."""


@dataclass(frozen=True, slots=True)
class KindReading:
    """One kind of record in one document."""

    heading: str
    pairs: tuple[ComparedPair, ...]
    missed: tuple[LoneRecord, ...]
    spurious: tuple[LoneRecord, ...]
    mistakes: tuple[tuple[str, str], ...]
    """Class and words."""

    @property
    def is_right(self) -> bool:
        """Whether nothing is amiss; an optional label may be missed."""
        flaws = (self.mistakes, self.spurious, [one for one in self.missed if not one.is_optional])
        return not any(flaws) and all(pair.is_right for pair in self.pairs)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.pairs or self.missed or self.spurious or self.mistakes)


@dataclass(frozen=True, slots=True)
class ContenderReading:
    """What one contender made of an article."""

    entry: Entry
    state: State
    tally: str
    segments: tuple[MarkedText, ...]
    """Empty if nothing is marked."""
    kinds: tuple[KindReading, ...]


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article and all readings of it."""

    name: str
    language: str
    labels: str
    """How many of which kind."""
    readings: tuple[ContenderReading, ...]


def articles_of(found: CorpusComparison, roster: Roster, rules: Rules) -> Iterator[ArticleRow]:
    """The articles with at least one label or prediction."""
    for place, item in enumerate(found.corpus.items):
        guesses = [result.predictions[item.name] for result in found.results]
        if item.gold.records or any(map(_records, guesses)):
            yield ArticleRow(
                item.name,
                item.gold.document.language,
                _labels(item.gold),
                tuple(
                    _reading(result, place, item, roster[result.contender], rules)
                    for result in found.results
                ),
            )


def _reading(
    result: ContenderResult, place: int, item: LabelledArticle, entry: Entry, rules: Rules
) -> ContenderReading:
    score = result.scores.documents[place]
    # An unusable reply was scored as nothing found, whatever was stored with it.
    prediction = result.predictions[item.name] if score.valid else None
    kinds = [_kind(name, score, item.gold, prediction, rules) for name in RECORD_TYPES]
    spans = list(_spans(item.gold, prediction))
    state: State = "right" if all(kind.is_right for kind in kinds) else "flawed"
    return ContenderReading(
        entry,
        state if score.valid else "unusable",
        _tally(kinds),
        cut(item.text, spans, item.gold.document.body_span) if spans else (),
        tuple(kind for kind in kinds if not kind.is_empty),
    )


def _kind(
    record_type: RecordType,
    score: DocumentScore,
    gold: GoldFile,
    prediction: Extraction | None,
    rules: Rules,
) -> KindReading:
    labels, guesses = _both(record_type, gold, prediction)
    fields = tuple(rules.of(record_type).weights)
    found = score.of(record_type)
    ids = [record.id for record in labels], [record.id for record in guesses]
    return KindReading(
        heading=HEADINGS[record_type],
        pairs=tuple(
            ComparedPair(
                labels[pair.gold].id,
                guesses[pair.predicted].id,
                labels[pair.gold].title,
                guesses[pair.predicted].title,
                tuple(
                    ComparedField(
                        field,
                        in_words(labels[pair.gold], field),
                        in_words(guesses[pair.predicted], field),
                        judged(outcome),
                    )
                    for field, outcome in pair.outcomes.items()
                    if outcome.filled
                ),
            )
            for pair in sorted(found.alignment.pairs, key=lambda pair: pair.gold)
        ),
        missed=tuple(_lone(labels[row], fields) for row in found.alignment.missed),
        spurious=tuple(_lone(guesses[column], fields) for column in found.alignment.spurious),
        mistakes=tuple((one.error, told(one, *ids)) for one in found.mistakes),
    )


def _both(
    record_type: RecordType, gold: GoldFile, prediction: Extraction | None
) -> tuple[Sequence[AnyRecord], Sequence[AnyRecord]]:
    if record_type == "commitment":
        return gold.commitments, prediction.commitments if prediction else []
    return gold.policy_events, prediction.policy_events if prediction else []


def _lone(record: AnyRecord, fields: Sequence[str]) -> LoneRecord:
    said = ((field, in_words(record, field)) for field in fields)
    optional = getattr(record, "tier", "core") == "optional"
    return LoneRecord(
        record.id, record.title, optional, tuple((field, value) for field, value in said if value)
    )


def _records(prediction: Extraction | None) -> Sequence[AnyRecord]:
    return [*prediction.commitments, *prediction.policy_events] if prediction else []


def _spans(gold: GoldFile, prediction: Extraction | None) -> Iterator[Span]:
    for label in gold.records:
        for quote in label.evidence:
            yield Span("gold", label.id, quote.start, quote.end)
    for guess in _records(prediction):
        for item in guess.evidence:
            yield Span("predicted", guess.id, item.start, item.end)


def _labels(gold: GoldFile) -> str:
    counts = {"commitment": len(gold.commitments), "policy_event": len(gold.policy_events)}
    told_of = (
        f"{counts[name]} {_NOUNS[name][counts[name] != 1]}" for name in RECORD_TYPES if counts[name]
    )
    return ", ".join(told_of) or "no labels"


def _tally(kinds: Sequence[KindReading]) -> str:
    counts = {
        "matched": sum(len(kind.pairs) for kind in kinds),
        "of them flawed": sum(not pair.is_right for kind in kinds for pair in kind.pairs),
        "missed": sum(len(kind.missed) for kind in kinds),
        "spurious": sum(len(kind.spurious) for kind in kinds),
    }
    return " · ".join(f"{times} {name}" for name, times in counts.items() if times) or "nothing"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text, in code points, that belongs to a record."""

    layer: Layer
    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A stretch of a text that is marked the same throughout."""

    text: str
    gold: tuple[str, ...]
    """Names of the labels that quote it."""
    predicted: tuple[str, ...]
    """Names of the predictions that quote it."""
    opens: tuple[Span, ...]
    """The spans that begin here."""
    outside: bool
    """Whether it lies outside the body of the article."""


def cut(text: str, spans: Iterable[Span], body: TextSpan) -> tuple[MarkedText, ...]:
    """The segments of a text: put together, they are the text.

    Predicted quotes are not to be trusted: what lies beyond the text is not marked.
    """
    kept = [span for span in spans if 0 <= span.start < span.end and span.start < len(text)]
    ends = {min(end, len(text)) for span in kept for end in (span.start, span.end)}
    ends |= {0, len(text), min(body.start, len(text)), min(body.end, len(text))}
    places = sorted(ends)
    return tuple(
        _segment(text, kept, body, start, end)
        for start, end in zip(places, places[1:], strict=False)
    )


def _segment(text: str, spans: list[Span], body: TextSpan, start: int, end: int) -> MarkedText:
    covering = [span for span in spans if span.start <= start < span.end]
    return MarkedText(
        text=text[start:end],
        gold=_names(covering, "gold"),
        predicted=_names(covering, "predicted"),
        opens=tuple(span for span in covering if span.start == start),
        outside=not body.start <= start < body.end,
    )


def _names(spans: list[Span], layer: Layer) -> tuple[str, ...]:
    return tuple(dict.fromkeys(span.name for span in spans if span.layer == layer))
