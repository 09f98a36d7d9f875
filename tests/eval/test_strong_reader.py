"""A better model must give better records: the pipeline beside a bare call, with one reader.

A careful reader played the large model (docs/evaluation.md): its recorded replies to the pipeline
and to one instructor call with the record schema are replayed over the seeds and twelve articles.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from eval.labels.dataset import Corpus, load_corpora, only_named
from eval.runs.folder import RunFolder
from eval.runs.launching import Wanted, launch
from eval.runs.results import Result
from eval.scoring.documents import Case, score_documents
from eval.scoring.rules import RECORD_TYPES, load_rules
from extractor.settings import Settings
from tests.eval.runs import Watch

_ROOT = Path(__file__).parent.parent.parent
_READER = "openai/strong-reader"
_SYSTEMS = ("pipeline", "single-shot")
_METRICS = ("slot_f1", "detection_f1", "strict_f1")
_MARGIN = 0.02
_MOST_CHARACTERS = 0.45
_MOST_TRAPPED = 0.03
Results = Mapping[tuple[str, str], Result]


@pytest.fixture(scope="module")
def corpora() -> tuple[Corpus, ...]:
    folders = [_ROOT / "gold", _ROOT / "gold" / "injection"]
    return only_named(load_corpora(folders, ()), ["0*", "*-clean"])


@pytest.fixture(scope="module")
def results(corpora: tuple[Corpus, ...], tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder = RunFolder(tmp_path_factory.mktemp("reader") / "run")
    wanted = Wanted([_READER], corpora, _SYSTEMS, replay=_ROOT / "eval" / "recordings")
    launch(wanted, folder, Settings(), Watch())
    found = {(result.key.system, result.key.document): result for result in folder.results()}
    assert all(result.extraction is not None for result in found.values())
    return found


def scores(
    results: Results, corpora: tuple[Corpus, ...], system: str
) -> dict[str, dict[str, float]]:
    items = [item for corpus in corpora for item in corpus.items]
    cases = [Case(i.gold, results[system, i.name].extraction, i.text) for i in items]
    whole = score_documents(cases, load_rules())
    return {record_type: whole.micro(record_type) for record_type in RECORD_TYPES}


def test_the_pipeline_is_no_worse_than_a_bare_call_in_any_score(
    results: Results, corpora: tuple[Corpus, ...]
) -> None:
    ours, bare = (scores(results, corpora, system) for system in _SYSTEMS)
    for record_type in RECORD_TYPES:
        for metric in _METRICS:
            assert ours[record_type][metric] >= bare[record_type][metric] - _MARGIN, metric


def test_its_replies_take_less_than_half_the_characters(results: Results) -> None:
    written = {
        system: sum(r.spent.output_tokens for (name, _), r in results.items() if name == system)
        for system in _SYSTEMS
    }
    assert written["pipeline"] <= _MOST_CHARACTERS * written["single-shot"]


def test_it_hardly_ever_falls_for_a_trap(results: Results, corpora: tuple[Corpus, ...]) -> None:
    found = scores(results, corpora, "pipeline")
    assert all(found[record_type]["trap_rate"] <= _MOST_TRAPPED for record_type in RECORD_TYPES)


def test_every_value_that_it_returns_has_a_verdict_and_every_quote_stands_in_the_article(
    results: Results, corpora: tuple[Corpus, ...]
) -> None:
    texts = {item.name: item.text for corpus in corpora for item in corpus.items}
    for (system, name), result in results.items():
        if system == "pipeline" and result.extraction is not None:
            for record in (*result.extraction.commitments, *result.extraction.policy_events):
                assert record.verdicts
                assert record.confidence is not None
                for item in record.evidence:
                    assert texts[name][item.start : item.end] == item.quote
