"""Runs as the commands that read them want them: scored, with the corpora they were made on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from eval.judging.comparison import CorpusComparison
    from eval.labels.dataset import Corpus
    from eval.runs.results import RunRecord
    from eval.scoring.rules import Rules


@dataclass(frozen=True, slots=True)
class ScoredRuns:
    """Results of one or more runs, scored together."""

    comparisons: tuple[CorpusComparison, ...]
    records: tuple[RunRecord, ...]
    rules: Rules


def score_runs(paths: Sequence[Path], gold: Sequence[Path], articles: Sequence[Path]) -> ScoredRuns:
    """Score runs against the labels they were made on, or against those given instead.

    Raises:
        RunError: a run cannot be used, or two hold results of the same model, system, repeat and
            document: nobody could tell which of them is meant.
        EvaluationError: the labels or the table of weights cannot be used.
    """
    from eval.errors import RunError
    from eval.judging.comparison import compare
    from eval.runs.opening import open_run
    from eval.scoring.rules import load_rules

    runs = [open_run(path) for path in paths]
    records = [run.record for run in runs]
    corpora = load_gold_of(records, gold, articles)
    results = [result for run in runs for result in run.results()]
    keys = [result.key for result in results]
    if len(set(keys)) < len(keys):
        raise RunError("two of the runs hold results of the same model, system and document")
    rules = load_rules()
    repeats = max(record.repeats for record in records)
    found = compare(results, corpora, rules, repeats=repeats)
    return ScoredRuns(found, tuple(records), rules)


def load_gold_of(
    records: Sequence[RunRecord], gold: Sequence[Path], articles: Sequence[Path]
) -> tuple[Corpus, ...]:
    """The corpora that runs were made on, or those given instead; changed labels are told."""
    from eval.labels.dataset import load_corpora

    known = {name: corpus for record in records for name, corpus in record.corpora.items()}
    if not gold:
        gold = [Path(corpus.gold) for corpus in known.values()]
        articles = [Path(corpus.articles) for corpus in known.values()]
    corpora = load_corpora(gold, articles)
    for corpus in corpora:
        if corpus.name in known and known[corpus.name].gold_sha256 != corpus.gold_sha256:
            click.echo(f"the labels of {corpus.name} have changed since the run", err=True)
    return corpora
