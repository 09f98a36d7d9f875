"""A run, scored: every contender on every corpus, with intervals, slices and paired comparisons.

Nothing here asks a model: stored results are scored against the labels as they are now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median
from typing import Final

from eval.errors import RunError
from eval.judging.annotators import Agreement, agreement_of, load_annotators
from eval.judging.calibration import Calibration, calibration_of
from eval.labels.dataset import Corpus
from eval.runs.results import Result
from eval.scoring.counts import (
    ErrorClass,
    Numbers,
    error_counts_of,
    field_metrics_of,
    metric_named,
    metrics_of,
)
from eval.scoring.documents import Case, CorpusScore, Scorer
from eval.scoring.rules import RECORD_TYPES, Rules
from eval.statistics.intervals import (
    Comparison,
    Interval,
    bootstrap_intervals,
    combine_repeats,
    holm,
    paired_difference,
)
from eval.systems.base import USABLE, Status
from extractor.records import Extraction, RecordType

# Every one of these gets an interval; the first is the headline.
INTERVALS: Final = (
    "slot_f1",
    "detection_f1",
    "strict_f1",
    "soft_f1",
    "detection_precision",
    "detection_recall",
    "slot_precision",
    "slot_recall",
)
# Compared in pairs: the headline, and the question before it.
PAIRED: Final = ("slot_f1", "detection_f1")
_ANNOTATORS: Final = ("annotators/a", "annotators/b")


@dataclass(frozen=True, slots=True, order=True)
class Contender:
    """A model under a system."""

    model: str
    system: str

    def __str__(self) -> str:
        return f"{self.model} · {self.system}"


@dataclass(frozen=True, slots=True)
class Cost:
    """What a contender spent on a corpus, repeats together; seconds are of this machine then."""

    documents: int
    calls: int
    prompt_tokens: int
    cached_tokens: int
    output_tokens: int
    cost_usd: float | None
    """None if the price of any call is not known."""
    seconds: float
    median_seconds: float
    """Of a document."""


@dataclass(frozen=True, slots=True)
class TypeResult:
    """One kind of record, all documents; repeats are averaged where nothing else is said."""

    rows: Numbers
    """Documents x `eval.scoring.counts.COLUMNS`, in the corpus's order."""
    intervals: Mapping[str, Interval]
    """By `INTERVALS`."""
    metrics: Mapping[str, float]
    """Every metric, micro."""
    macro: Mapping[str, float]
    """Means over languages, of the first repeat."""
    spread: Mapping[str, float | None]
    """By `INTERVALS`, the standard deviation between repeats; None without repeats."""
    by_language: Mapping[str, Mapping[str, float]]
    """Of the first repeat, as the two below."""
    by_status: Mapping[str, Mapping[str, float]]
    by_phenomenon: Mapping[str, Mapping[str, float]]
    """Empty if the corpus names no phenomena."""
    fields: Mapping[str, Mapping[str, float]]
    errors: Mapping[ErrorClass, int]
    """Classes of the first repeat."""
    calibration: Calibration | None
    """Of the first repeat; None if the system gives no confidence."""
    calibration_by_language: Mapping[str, Calibration]
    """Empty if the system gives no confidence, or the articles have one language."""


@dataclass(frozen=True, slots=True)
class ContenderResult:
    """A contender on a corpus."""

    contender: Contender
    repeats: int
    statuses: Mapping[Status, int]
    """How many documents ended how; all but the usable ones scored as nothing found."""
    cost: Cost
    types: Mapping[RecordType, TypeResult]
    scores: CorpusScore
    """Of the first repeat, document by document."""
    predictions: Mapping[str, Extraction | None]
    """Of the first repeat, by document."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """Two contenders that differ in one thing, the model or the system, on the same documents."""

    record_type: RecordType
    metric: str
    first: Contender
    second: Contender
    comparison: Comparison
    """The score of the first less that of the second."""
    adjusted_p: float
    """Holm's, over the pairs of this record type and metric."""

    @property
    def verdict(self) -> str:
        """Who is better, if that can be said among so many comparisons."""
        found = self.comparison
        if found.verdict == "A is better" and self.adjusted_p <= 0.05:
            return f"{self.first} is better"
        if found.verdict == "B is better" and self.adjusted_p <= 0.05:
            return f"{self.second} is better"
        return "not distinguishable at this sample size"


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A contender that lacks documents: it is not compared until it has them all."""

    contender: Contender
    done: int
    wanted: int


@dataclass(frozen=True, slots=True)
class CorpusComparison:
    """All contenders on one corpus."""

    corpus: Corpus
    results: tuple[ContenderResult, ...]
    """Best headline score of commitments first."""
    pairings: tuple[Pairing, ...]
    unfinished: tuple[Unfinished, ...]
    ceiling: Agreement | None
    """How far two annotators agree on these articles, where their labels are beside the gold."""

    @property
    def independent(self) -> int:
        """Independent draws among the documents."""
        return len(set(self.corpus.clusters))


def compare(
    results: Iterable[Result], corpora: Sequence[Corpus], rules: Rules, *, repeats: int = 1
) -> tuple[CorpusComparison, ...]:
    """Score results against corpora; a corpus without any result is left out.

    Raises:
        RunError: no result belongs to any document, or one is of another text.
    """
    stored: dict[tuple[str, Contender, int], dict[str, Result]] = {}
    for result in results:
        key = result.key
        place = (key.corpus, Contender(key.model, key.system), key.repeat)
        stored.setdefault(place, {})[key.document] = result
    scorer = Scorer(rules)
    found = []
    for corpus in corpora:
        names = sorted({contender for name, contender, _ in stored if name == corpus.name})
        if names:
            found.append(_compare_on(corpus, names, stored, scorer, repeats))
    if not found:
        raise RunError("no result belongs to any labelled document of the corpora given")
    return tuple(found)


def _compare_on(
    corpus: Corpus,
    contenders: Sequence[Contender],
    stored: Mapping[tuple[str, Contender, int], Mapping[str, Result]],
    scorer: Scorer,
    repeats: int,
) -> CorpusComparison:
    finished, unfinished = [], []
    documents = [item.name for item in corpus.items]
    for contender in contenders:
        runs = [
            stored.get((corpus.name, contender, repeat), {}) for repeat in range(1, repeats + 1)
        ]
        # Those that were asked for fewer repeats than others are whole with those they have.
        runs = [run for run in runs if run] or runs[:1]
        done = sum(name in run for run in runs for name in documents)
        if done < len(runs) * len(documents):
            unfinished.append(Unfinished(contender, done, len(runs) * len(documents)))
        else:
            finished.append(_contender_result(corpus, contender, runs, scorer))
    finished.sort(key=lambda found: -found.types["commitment"].metrics[INTERVALS[0]])
    return CorpusComparison(
        corpus,
        tuple(finished),
        tuple(_pairings(corpus, finished)),
        tuple(unfinished),
        _ceiling(corpus, scorer.rules),
    )


def _contender_result(
    corpus: Corpus,
    contender: Contender,
    runs: Sequence[Mapping[str, Result]],
    scorer: Scorer,
) -> ContenderResult:
    scores = [_score(corpus, run, scorer) for run in runs]
    results = [run[item.name] for run in runs for item in corpus.items]
    predictions = {item.name: runs[0][item.name].extraction for item in corpus.items}
    return ContenderResult(
        contender,
        len(runs),
        dict(Counter(result.status for result in results)),
        _cost(results),
        {name: _type_result(corpus, name, scores, runs[0]) for name in RECORD_TYPES},
        scores[0],
        predictions,
    )


def _score(corpus: Corpus, run: Mapping[str, Result], scorer: Scorer) -> CorpusScore:
    documents = []
    for item in corpus.items:
        result = run[item.name]
        if result.article_sha256 != item.gold.document.sha256:
            raise RunError(f"the result for {item.name} is that of another text")
        prediction = result.extraction if result.status in USABLE else None
        documents.append(scorer.score(Case(item.gold, prediction, item.text)))
    return CorpusScore(scorer.rules.version, scorer.rules.sha256, tuple(documents))


def _type_result(
    corpus: Corpus,
    record_type: RecordType,
    scores: Sequence[CorpusScore],
    first_run: Mapping[str, Result],
) -> TypeResult:
    tables = [score.rows(record_type) for score in scores]
    named = {name: metric_named(name) for name in INTERVALS}
    rows = combine_repeats(tables, named[INTERVALS[0]])[0]
    sums = rows.sum(axis=0)
    first = scores[0]
    languages = sorted({item.gold.document.language for item in corpus.items})
    by_language = {
        language: calibration_of(corpus, first, first_run, record_type, language)
        for language in (languages if len(languages) > 1 else ())
    }
    return TypeResult(
        rows=rows,
        intervals=bootstrap_intervals(rows, named, clusters=corpus.clusters),
        metrics=metrics_of(sums),
        macro=first.macro(record_type),
        spread={name: combine_repeats(tables, metric)[1] for name, metric in named.items()},
        by_language=first.by_language(record_type),
        by_status=first.by_status(record_type),
        by_phenomenon=first.by_slice(record_type, corpus.phenomena),
        fields=field_metrics_of(sums),
        errors=error_counts_of(tables[0].sum(axis=0)),
        calibration=calibration_of(corpus, first, first_run, record_type),
        calibration_by_language={name: found for name, found in by_language.items() if found},
    )


def _cost(results: Sequence[Result]) -> Cost:
    spent = [result.spent for result in results]
    prices = [item.cost_usd for item in spent if item.cost_usd is not None]
    return Cost(
        documents=len(spent),
        calls=sum(item.calls for item in spent),
        prompt_tokens=sum(item.prompt_tokens for item in spent),
        cached_tokens=sum(item.cached_tokens for item in spent),
        output_tokens=sum(item.output_tokens for item in spent),
        cost_usd=sum(prices) if len(prices) == len(spent) else None,
        seconds=sum(item.seconds for item in spent),
        median_seconds=median(item.seconds for item in spent),
    )


def _pairings(corpus: Corpus, results: Sequence[ContenderResult]) -> Iterator[Pairing]:
    pairs = [
        (one, other)
        for one, other in combinations(results, 2)
        if (one.contender.model == other.contender.model)
        != (one.contender.system == other.contender.system)
    ]
    for record_type in RECORD_TYPES:
        for metric in PAIRED:
            compared = [
                paired_difference(
                    one.types[record_type].rows,
                    other.types[record_type].rows,
                    metric_named(metric),
                    clusters=corpus.clusters,
                )
                for one, other in pairs
            ]
            adjusted = holm([found.p_value for found in compared])
            for (one, other), found, p in zip(pairs, compared, adjusted, strict=True):
                yield Pairing(record_type, metric, one.contender, other.contender, found, p)


def _ceiling(corpus: Corpus, rules: Rules) -> Agreement | None:
    for ending in ("", ".json"):
        first, second = (corpus.gold_path / f"{name}{ending}" for name in _ANNOTATORS)
        if first.exists() and second.exists():
            return agreement_of(*load_annotators(first, second, corpus.article_path), rules)
    return None
