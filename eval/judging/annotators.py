"""How far two annotators of the same articles agree: the ceiling for every system scored here.

One annotator's labels are the gold, the other's are taken as a prediction, and the scorer that
judges systems judges them. The scores do not depend on who is called gold: an optional label that
the other lacks costs neither of them anything, and tolerated values are left out, for only one side
could have any.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from eval.errors import DatasetError
from eval.labels.dataset import Corpus, LabelledArticle, load_corpus
from eval.labels.gold import GoldCommitment, GoldEvent, GoldRecord
from eval.scoring.counts import COLUMNS, field_metrics_of, metric_named
from eval.scoring.documents import Case, DocumentScore, Scorer
from eval.scoring.rules import Rules
from eval.statistics.agreement import cohen_kappa, nominal_alpha
from eval.statistics.intervals import Interval, bootstrap_interval
from extractor.records import (
    SCHEMA_VERSION,
    ArticleInfo,
    Commitment,
    Evidence,
    Extraction,
    PolicyEvent,
    Provenance,
    RecordType,
    StageSeconds,
    Usage,
)

SCORES: Final = ("detection_f1", "strict_f1", "slot_f1", "soft_f1")
CATEGORIES: Final[Mapping[RecordType, tuple[str, ...]]] = {
    "commitment": ("status", "certainty", "resource_kind"),
    "policy_event": ("status", "certainty", "event_type"),
}
_LABEL_ONLY: Final = {"tier", "accept_also", "cross_doc_key", "annotator_note"}


@dataclass(frozen=True, slots=True)
class CategoryAgreement:
    """Agreement on one enumeration over the paired records; no near miss counts."""

    pairs: int
    same: int
    alpha: Interval | None
    """Krippendorff's, nominal; None if all labels are the same, as for kappa."""
    kappa: Interval | None
    """Cohen's."""


@dataclass(frozen=True, slots=True)
class TypeAgreement:
    """Agreement on one kind of record."""

    labels: tuple[int, int]
    """Of the first and of the second annotator, without optional ones that the other lacks."""
    pairs: int
    scores: Mapping[str, Interval]
    """By `SCORES`."""
    fields: Mapping[str, Mapping[str, float]]
    """Counts and scores of every field that either annotator fills; MIS: only the first does."""
    categories: Mapping[str, CategoryAgreement]
    """By `CATEGORIES`."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of two annotators under one table of rules."""

    rules_version: str
    rules_sha256: str
    documents: int
    clusters: int
    """Independent draws among the documents: those that tell of one event are one."""
    commitment: TypeAgreement
    policy_event: TypeAgreement

    def of(self, record_type: RecordType) -> TypeAgreement:
        """One kind of record."""
        return self.commitment if record_type == "commitment" else self.policy_event


def load_annotators(
    first: Path, second: Path, articles: Path | None = None
) -> tuple[Corpus, Corpus]:
    """The labels of two annotators.

    Raises:
        DatasetError: a folder holds no labels, or they labelled different documents.
        GoldError: a file of labels cannot be used.
    """
    corpora = load_corpus(first, articles), load_corpus(second, articles)
    _check_same_documents(*corpora)
    return corpora


def agreement_of(first: Corpus, second: Corpus, rules: Rules) -> Agreement:
    """How far the labels of two annotators agree.

    Raises:
        DatasetError: they labelled different documents.
    """
    _check_same_documents(first, second)
    scorer = Scorer(rules)
    others = {item.name: item for item in second.items}
    compared = tuple(_compare(scorer, item, others[item.name]) for item in first.items)
    clusters = first.clusters
    return Agreement(
        rules_version=rules.version,
        rules_sha256=rules.sha256,
        documents=len(compared),
        clusters=len(set(clusters)),
        commitment=_type_agreement("commitment", compared, clusters),
        policy_event=_type_agreement("policy_event", compared, clusters),
    )


def labels_as_prediction(item: LabelledArticle) -> Extraction:
    """A prediction that says what the labels say, tolerated values aside.

    Labels quote clauses and count no sentences: all evidence is said to be of the first one.
    """
    labels = item.gold
    return Extraction(
        article=ArticleInfo(
            article_id=None,
            title=None,
            source_url=None,
            sha256=labels.document.sha256,
            characters=len(item.text),
            language=labels.document.language,
            published_at=labels.document.reference_date,
            body_span=labels.document.body_span,
            sentences=1,
        ),
        commitments=[
            Commitment.model_validate(_as_prediction(record)) for record in labels.commitments
        ],
        policy_events=[
            PolicyEvent.model_validate(_as_prediction(record)) for record in labels.policy_events
        ],
        rejected=[],
        notices=[],
        provenance=Provenance(
            schema_version=SCHEMA_VERSION,
            code_version=f"guidelines {labels.guidelines_version}",
            model=f"annotator {labels.annotator}",
            model_digest=None,
            strategy="document",
            prompts=[],
            temperature=0.0,
            max_tokens=0,
            seed=0,
        ),
        usage=Usage(
            calls=0,
            repairs=0,
            prompt_tokens=0,
            cached_tokens=0,
            output_tokens=0,
            cost_usd=0.0,
            seconds=StageSeconds(read=0, fill=0, check=0, total=0),
        ),
    )


@dataclass(frozen=True, slots=True)
class _Compared:
    """One document: the labels of both that count, and the score of one against the other."""

    first: LabelledArticle
    second: LabelledArticle
    score: DocumentScore

    def pairs(self, record_type: RecordType) -> list[tuple[GoldRecord, GoldRecord]]:
        ones, others = (_labels(item, record_type) for item in (self.first, self.second))
        found = self.score.of(record_type).alignment.pairs
        return [(ones[pair.gold], others[pair.predicted]) for pair in found]


def _compare(scorer: Scorer, first: LabelledArticle, second: LabelledArticle) -> _Compared:
    def score(other: LabelledArticle) -> DocumentScore:
        return scorer.score(Case(first.gold, labels_as_prediction(other), first.text))

    # The scorer forgives an unmatched optional label to the side called gold only.
    unmatched = score(second)
    counted = second.gold.model_copy(
        update={
            "commitments": _counted(second, unmatched, "commitment"),
            "policy_events": _counted(second, unmatched, "policy_event"),
        }
    )
    second = replace(second, gold=counted)
    return _Compared(first, second, score(second))


def _counted(
    item: LabelledArticle, score: DocumentScore, record_type: RecordType
) -> list[GoldRecord]:
    lacking = score.of(record_type).alignment.spurious
    return [
        label
        for place, label in enumerate(_labels(item, record_type))
        if label.tier == "core" or place not in lacking
    ]


def _type_agreement(
    record_type: RecordType, compared: Sequence[_Compared], clusters: Sequence[str]
) -> TypeAgreement:
    rows = np.array([document.score.of(record_type).counts for document in compared])
    sums = rows.sum(axis=0)
    counted = dict(zip(COLUMNS, sums.astype(int).tolist(), strict=True))
    pairs = [
        (*pair, cluster)
        for document, cluster in zip(compared, clusters, strict=True)
        for pair in document.pairs(record_type)
    ]
    return TypeAgreement(
        labels=(counted["gold"], counted["predicted"]),
        pairs=counted["found"],
        scores={
            name: bootstrap_interval(rows, metric_named(name), clusters=clusters) for name in SCORES
        },
        fields=field_metrics_of(sums),
        categories={
            field: _category_agreement(
                [(str(getattr(one, field)), str(getattr(other, field))) for one, other, _ in pairs],
                [cluster for *_, cluster in pairs],
            )
            for field in CATEGORIES[record_type]
        },
    )


def _category_agreement(
    pairs: Sequence[tuple[str, str]], clusters: Sequence[str]
) -> CategoryAgreement:
    return CategoryAgreement(
        pairs=len(pairs),
        same=sum(one == other for one, other in pairs),
        alpha=nominal_alpha(pairs, clusters=clusters),
        kappa=cohen_kappa(
            [one for one, _ in pairs], [other for _, other in pairs], clusters=clusters
        ),
    )


def _labels(
    item: LabelledArticle, record_type: RecordType
) -> Sequence[GoldCommitment] | Sequence[GoldEvent]:
    return item.gold.commitments if record_type == "commitment" else item.gold.policy_events


def _check_same_documents(first: Corpus, second: Corpus) -> None:
    ones = {item.name: item.gold.document.sha256 for item in first.items}
    others = {item.name: item.gold.document.sha256 for item in second.items}
    differences = (
        (f"only in {first.gold_path}", ones.keys() - others.keys()),
        (f"only in {second.gold_path}", others.keys() - ones.keys()),
        (
            "of different texts",
            {name for name in ones if ones[name] != others.get(name, ones[name])},
        ),
    )
    told = [f"{where}: {', '.join(sorted(names))}" for where, names in differences if names]
    if told:
        raise DatasetError(f"the annotators labelled different documents; {'; '.join(told)}")


def _as_prediction(record: GoldRecord) -> dict[str, object]:
    evidence = [Evidence(**item.model_dump(), sentence=1) for item in record.evidence]
    content = record.model_dump(exclude=_LABEL_ONLY)
    return {**content, "evidence": evidence, "verdicts": []}
