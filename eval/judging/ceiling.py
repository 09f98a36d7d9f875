"""The ceiling: what the pipeline makes of a perfect model, whose replies are the labels.

Everything that such a run loses, no model can win: each loss is told with the stage at which it
happened. The path is the product's own, from the question to the checked records.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from eval.labels.dataset import Corpus, LabelledArticle
from eval.labels.drafting import rows_in_view, sentences_of, short_draft, whole_draft
from eval.labels.gold import GoldCommitment, GoldEvent
from eval.scoring.canonical import Canonicaliser
from eval.scoring.documents import Case, CorpusScore, Scorer
from eval.scoring.rules import RECORD_TYPES, Rules
from extractor.article import Article, read_article
from extractor.drafts import write_rows
from extractor.extraction import Extractor
from extractor.kinds import KINDS
from extractor.models.base import ModelReply, ModelRequest, TokenUsage
from extractor.pipeline import ModelPipeline
from extractor.prompting import Prompt, render_passage
from extractor.prompting.passages import Passage
from extractor.records import Extraction, PolicyName, RecordType, Strategy
from extractor.selection import Candidates, Likely
from extractor.settings import Settings

Stage = Literal["furniture", "sentences", "mentions", "draft", "proof", "merge", "score"]
"""furniture: cut from the body; sentences: not in one of ours; mentions: neither offered nor read;
draft: the form cannot say it; proof: refused; merge: joined with another; score: there, but other
than the label in what the scorer compares."""

_FIGURES: Final[Mapping[str, str]] = {
    "amount": "money",
    "currency": "money",
    "amount_per": "money",
    "amount_scope": "money",
    "quantity": "count",
}
_DATES: Final = frozenset({"announced_on", "start", "deadline", "date", "duration"})
_DRAFTED: Final[Mapping[str, str]] = {
    **_FIGURES,
    "actors": "who",
    "recipients": "to",
    "targets": "targets",
    "instrument": "instrument",
    "places": "places",
    "certainty": "certainty",
    "jurisdictions": "jurisdictions",
}
_Label = GoldCommitment | GoldEvent
Drafts = Mapping[str, Mapping[str, object]]
"""Drafts by the id of their label."""


@dataclass(frozen=True, slots=True)
class Loss:
    """A label, or one field of it, that a perfect model would not get through."""

    document: str
    record_type: RecordType
    label: str
    field: str
    """`record` for the whole."""
    stage: Stage
    detail: str


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What becomes of the labels of a corpus, as replies of a perfect model."""

    corpus: str
    strategy: Strategy
    policy: PolicyName
    scores: CorpusScore
    losses: tuple[Loss, ...]
    reply_characters: int

    def stages(self, record_type: RecordType) -> Counter[tuple[Stage, bool]]:
        """How many whole records, and how many fields, were lost at each stage."""
        found = (loss for loss in self.losses if loss.record_type == record_type)
        return Counter((loss.stage, loss.field == "record") for loss in found)


def ceiling_of(
    corpus: Corpus, strategy: Strategy, policy: PolicyName, settings: Settings, rules: Rules
) -> Ceiling:
    """Put the labels of every article as replies through the pipeline, and score what comes out.

    Raises:
        ExtractorError: an article or the settings cannot be used.
    """
    chosen = settings.model_copy(update={"strategy": strategy, "policy": policy})
    scorer = Scorer(rules)
    scores, losses, characters = [], [], 0
    for item in corpus.items:
        model = PerfectModel(item)
        with Extractor(ModelPipeline(model, chosen, LabelFinder(item))) as extractor:
            model.learn(extractor.readers[0])
            found = extractor.extract(
                item.text, published_at=item.published_at, article_id=item.name
            )
        score = scorer.score(Case(item.gold, found, item.text))
        scores.append(score)
        characters += model.characters
        tracer = _Tracer(item, found, model.drafts, rules)
        losses += [loss for kind in RECORD_TYPES for loss in tracer.losses(kind, scorer)]
    whole = CorpusScore(rules.version, rules.sha256, tuple(scores))
    return Ceiling(corpus.name, strategy, policy, whole, tuple(losses), characters)


class LabelFinder:
    """A finder that knows the labels: sure of the sentences that state a record."""

    name = "labels"
    tells_kinds = True

    def __init__(self, item: LabelledArticle) -> None:
        self._gold = item.gold

    def find(self, article: Article, numbers: Collection[int] | None = None) -> Candidates:
        """The sentences that labels quote first, with the kinds of these."""
        found: dict[RecordType, dict[int, Likely]] = {"commitment": {}, "policy_event": {}}
        labels: list[_Label] = [*self._gold.commitments, *self._gold.policy_events]
        for label in labels:
            numbers = sentences_of(label, article)
            kind = label.resource_kind if isinstance(label, GoldCommitment) else label.event_type
            for number in numbers[:1]:
                chosen = found[_type_of(label)]
                kinds = chosen[number].kinds if number in chosen else ()
                chosen[number] = Likely(1.0, tuple(dict.fromkeys((*kinds, kind))))
        return {kind: dict(sorted(chosen.items())) for kind, chosen in found.items()}


class PerfectModel:
    """A `ModelClient` that answers every question about one article with its labels."""

    name = "labels"
    digest = None

    def __init__(self, item: LabelledArticle) -> None:
        self._item = item
        self._replies: dict[str, str] = {}
        self.drafts: dict[str, Mapping[str, object]] = {}
        self.characters = 0

    def learn(self, reader: ModelPipeline) -> None:
        """Write a reply to each question that the reader will ask."""
        article = read_article(self._item.text, published_at=self._item.published_at)
        for prompt, passage in reader.plan(article).questions:
            if prompt.form == "rows":
                self._replies[_key(prompt, passage)] = self._rows(passage, article)
                continue
            lists: dict[str, object] = {
                KINDS[kind].drafted: list(self._drafts(kind, prompt, passage, article))
                for kind in prompt.record_types
            }
            self._replies[_key(prompt, passage)] = _compact(lists)

    def complete(self, request: ModelRequest) -> ModelReply:
        """The reply that was learnt."""
        reply = self._replies[f"{request.schema_name} {request.messages[-1].content}"]
        self.characters += len(reply)
        return ModelReply(reply, "stop", TokenUsage())

    def close(self) -> None:
        """Nothing to release."""

    def _rows(self, passage: Passage, article: Article) -> str:
        labels: tuple[_Label, ...] = (*self._item.gold.commitments, *self._item.gold.policy_events)
        rows = rows_in_view(labels, article, passage)
        for drafts in rows.values():
            self.drafts |= {name: draft.model_dump(mode="json") for name, draft in drafts.items()}
        return write_rows({number: list(drafts.values()) for number, drafts in rows.items()})

    def _drafts(
        self, kind: RecordType, prompt: Prompt, passage: Passage, article: Article
    ) -> Iterator[Mapping[str, object]]:
        labels: Sequence[_Label] = (
            self._item.gold.commitments if kind == "commitment" else self._item.gold.policy_events
        )
        stated = [
            label
            for label in labels
            if (numbers := sentences_of(label, article)) and numbers[0] in passage.numbers
        ]
        places = {label.id: place for place, label in enumerate(stated, start=1)}
        if kind == "policy_event":
            pledges = (
                label
                for label in self._item.gold.commitments
                if sentences_of(label, article)[:1]
                and sentences_of(label, article)[0] in passage.numbers
            )
            places = {label.id: place for place, label in enumerate(pledges, start=1)}
        for label in stated:
            draft = (
                whole_draft(label, article, passage.offers, places)
                if prompt.form == "whole"
                else short_draft(label, passage)
            )
            if draft is not None:
                without = {*prompt.unasked, *passage.offers.idle_fields}
                told = draft.model_dump(
                    mode="json", exclude=None if prompt.form == "whole" else without
                )
                self.drafts[label.id] = told
                yield told


class _Tracer:
    """Finds out where the labels of one article were lost."""

    def __init__(
        self, item: LabelledArticle, found: Extraction, drafts: Drafts, rules: Rules
    ) -> None:
        self._item = item
        self._found = found
        self._drafts = drafts
        self._article = read_article(item.text, published_at=item.published_at)
        self._canonical = Canonicaliser(rules)

    def losses(self, kind: RecordType, scorer: Scorer) -> Iterator[Loss]:
        """The losses of one kind of record, optional labels left out."""
        gold = _labels(self._item, kind)
        records = getattr(self._found, KINDS[kind].listed)
        score = scorer.score(Case(self._item.gold, self._found, self._item.text)).of(kind)
        paired = {pair.gold: pair for pair in score.alignment.pairs}
        for place, label in enumerate(gold):
            if label.tier == "optional":
                continue
            if place not in paired:
                yield self._loss(label, "record", *self._stage_of_record(label))
                continue
            pair = paired[place]
            mine = self._canonical.record(label).values
            theirs = self._canonical.record(records[pair.predicted]).values
            for field, outcome in pair.outcomes.items():
                if outcome.filled and not outcome.is_right:
                    stage = self._stage_of_field(label, field, records[pair.predicted].id)
                    yield self._loss(label, field, stage, _shown(mine, theirs, field))

    def _loss(self, label: _Label, field: str, stage: Stage, detail: str) -> Loss:
        name = self._item.name
        return Loss(name, _type_of(label), label.id, field, stage, detail)

    def _stage_of_record(self, label: _Label) -> tuple[Stage, str]:
        first = label.evidence[0]
        span = self._found.article.body_span
        if not (span.start <= first.start and first.end <= span.end):
            return "furniture", first.quote[:80]
        numbers = sentences_of(label, self._article)
        if not numbers:
            return "sentences", first.quote[:80]
        if label.id not in self._drafts:
            return "draft", label.title
        refused = [
            item
            for item in self._found.rejected
            if item.field == "record"
            and item.record_type == _type_of(label)
            and set(item.sentences) & set(numbers)
        ]
        if refused:
            return "proof", f"{refused[0].reason}: {refused[0].value}"
        citing = [
            record
            for record in getattr(self._found, KINDS[_type_of(label)].listed)
            if {item.sentence for item in record.evidence} & set(numbers)
        ]
        fewer = len(citing) < sum(
            bool(set(sentences_of(other, self._article)) & set(numbers))
            for other in _labels(self._item, _type_of(label))
        )
        return ("merge" if fewer else "score"), label.title

    def _stage_of_field(self, label: _Label, field: str, record_id: str) -> Stage:
        draft = self._drafts.get(label.id, {})
        drafted = _DRAFTED.get(field)
        if any(
            item.record_id == record_id and item.field.startswith(field)
            for item in self._found.rejected
        ):
            return "proof"
        named = draft.get(drafted or "", draft.get("place") if field == "places" else None)
        if drafted is not None and not named:
            return "draft"
        if field in _FIGURES and not _is_id(draft.get(_FIGURES[field])):
            return "mentions"
        if field in _DATES and not draft.get("dates"):
            return "draft"
        return "score"


def _labels(item: LabelledArticle, kind: RecordType) -> Sequence[_Label]:
    return item.gold.commitments if kind == "commitment" else item.gold.policy_events


def _type_of(label: _Label) -> RecordType:
    return "commitment" if isinstance(label, GoldCommitment) else "policy_event"


def _key(prompt: Prompt, passage: Passage) -> str:
    return f"{prompt.name} {render_passage(passage, prompt.form)}"


def _compact(lists: Mapping[str, object]) -> str:
    return json.dumps(lists, ensure_ascii=False, separators=(",", ":"))


def _is_id(reference: object) -> bool:
    return isinstance(reference, str) and reference[:1] in "mnd" and reference[1:].isdigit()


def _shown(label: Mapping[str, object], guess: Mapping[str, object], field: str) -> str:
    return f"{_plain(label.get(field))} → {_plain(guess.get(field))}"


def _plain(value: object) -> str:
    """A canonical value in few words."""
    if isinstance(value, tuple):
        return " + ".join(_plain(item) for item in value)
    names = getattr(value, "names", None)
    if names:
        return "/".join(name.text for name in names)
    named = getattr(value, "name", None)
    if named is not None:
        return str(getattr(named, "text", named))
    unit = getattr(getattr(value, "unit", None), "text", None)
    figure = getattr(value, "figure", value)
    low = getattr(figure, "low", None)
    if low is not None and hasattr(figure, "high"):
        high = "" if figure.high == low else f"-{figure.high}"
        return f"{low}{high}{' ' + unit if unit else ''}"
    return str(value)
