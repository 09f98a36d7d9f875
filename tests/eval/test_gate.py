"""The gate: what may go in, what must not, and what cannot be compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from eval.errors import DatasetError, GoldError, RunError
from eval.judging.annotators import labels_as_prediction
from eval.judging.baseline import Snapshot, load_baseline, snapshot
from eval.judging.gate import (
    EXIT_CODES,
    GateCheck,
    GatePolicy,
    Outcome,
    PolicyError,
    Verdict,
    judge,
    load_policy,
    outcome_of,
)
from eval.labels.dataset import Corpus, load_corpora, load_corpus
from eval.report.gate import banner, verdict_as_markdown
from eval.runs.folder import RunFolder
from eval.runs.launching import Wanted, launch
from eval.runs.predictions import as_results
from eval.runs.results import CorpusRecord, Result, RunRecord
from eval.scoring.rules import load_rules
from eval.statistics.intervals import Comparison
from extractor.records import Extraction
from extractor.settings import Settings
from tests.eval.rewordings import write_passages, write_prompts
from tests.eval.runs import Watch

ROOT = Path(__file__).parent.parent.parent
RULES = load_rules()
Change = Callable[[Extraction], Extraction]
FIRST_RECORD = "Lagos and Ogun put NGN 37bn each into commuter rail"
WITH_IT = "en-04-each"


@cache
def challenge() -> Corpus:
    return load_corpus(ROOT / "gold" / "challenge")


def run_file(*results: Result, corpora: Sequence[Corpus] = (), **record: object) -> Snapshot:
    """A run of the pipeline on the challenge set, or on other corpora."""
    wanted = corpora or [challenge()]
    fields: dict[str, object] = {
        "models": {"labels": None},
        "systems": {"predictions": "0" * 64},
        "repeats": 1,
        "corpora": {
            corpus.name: CorpusRecord(
                gold=str(corpus.gold_path),
                articles=str(corpus.article_path),
                documents=len(corpus.items),
                gold_sha256=corpus.gold_sha256,
            )
            for corpus in wanted
        },
        "settings": {},
        "schema_sha256": "1" * 64,
        "rules_version": RULES.version,
        "rules_sha256": RULES.sha256,
        "sessions": (),
    }
    return Snapshot(record=RunRecord.model_validate({**fields, **record}), results=results)


@cache
def perfect() -> Snapshot:
    """The labels themselves, as if a model had found them all."""
    return changed(lambda extraction: extraction)


def changed(change: Change, *names: str) -> Snapshot:
    """The labels, with a change to the predictions of the documents named, or of all."""
    corpus = challenge()
    found = {item.name: labels_as_prediction(item) for item in corpus.items}
    for name in names or list(found):
        found[name] = change(found[name])
    return run_file(*as_results(corpus, found, "labels"))


def without_commitments(extraction: Extraction) -> Extraction:
    return extraction.model_copy(update={"commitments": []})


def with_another_status(extraction: Extraction) -> Extraction:
    first, *others = extraction.commitments
    changed_one = first.model_copy(update={"status": "cancelled"})
    return extraction.model_copy(update={"commitments": [changed_one, *others]})


def with_another_title(extraction: Extraction) -> Extraction:
    first, *others = extraction.commitments
    retitled = first.model_copy(update={"title": "another title"})
    return extraction.model_copy(update={"commitments": [retitled, *others]})


def with_a_copy(extraction: Extraction) -> Extraction:
    first, *others = extraction.commitments
    return extraction.model_copy(update={"commitments": [first, first, *others]})


def test_the_same_results_pass() -> None:
    verdict = judge(perfect(), perfect(), [challenge()], RULES)
    assert (verdict.outcome, verdict.exit_code, verdict.changes) == ("PASS", 0, ())


def test_a_lost_record_blocks_and_is_named_with_its_article_and_phenomenon() -> None:
    verdict = judge(changed(without_commitments, WITH_IT), perfect(), [challenge()], RULES)
    assert (verdict.outcome, verdict.exit_code) == ("BLOCK", 1)
    told = verdict_as_markdown(verdict)
    assert FIRST_RECORD in told
    assert f"challenge/{WITH_IT}" in told
    assert "| each |" in told


def test_a_record_won_fails_until_it_is_blessed_too() -> None:
    verdict = judge(perfect(), changed(without_commitments, WITH_IT), [challenge()], RULES)
    assert verdict.outcome == "BLOCK"
    assert [change.kind for change in verdict.changes] == ["won"]
    assert not verdict.changes[0].is_loss


def test_a_changed_value_is_told_by_its_field() -> None:
    verdict = judge(changed(with_another_status, WITH_IT), perfect(), [challenge()], RULES)
    assert [change.kind for change in verdict.changes] == ["field"]
    assert "status right → wrong" in verdict.changes[0].told


def test_a_false_alarm_is_told_by_what_it_says() -> None:
    verdict = judge(changed(with_a_copy, WITH_IT), perfect(), [challenge()], RULES)
    assert [change.kind for change in verdict.changes] == ["new false alarm"]
    assert FIRST_RECORD in verdict.changes[0].told


def test_what_is_not_counted_may_change() -> None:
    verdict = judge(changed(with_another_title, WITH_IT), perfect(), [challenge()], RULES)
    assert verdict.outcome == "PASS"


def fewer(run: Snapshot, *, left: int) -> Snapshot:
    return replace(run, results=run.results[:left])


def failed(run: Snapshot, name: str) -> Snapshot:
    results = [
        result.model_copy(update={"status": "error", "detail": "it fell over", "extraction": None})
        if result.key.document == name
        else result
        for result in run.results
    ]
    return replace(run, results=tuple(results))


def with_record(run: Snapshot, **changes: object) -> Snapshot:
    return replace(run, record=run.record.model_copy(update=changes))


@pytest.mark.parametrize("policy", [None, load_policy()], ids=["replay", "live"])
@pytest.mark.parametrize(
    ("candidate", "baseline", "told"),
    [
        (lambda: fewer(perfect(), left=101), perfect, "no result of"),
        (lambda: failed(perfect(), WITH_IT), perfect, "it fell over"),
        (perfect, lambda: fewer(perfect(), left=101), "the baseline has no result"),
        (perfect, lambda: with_record(perfect(), rules_sha256="2" * 64), "scored by table"),
        (perfect, lambda: with_record(perfect(), schema_sha256="2" * 64), "schema"),
        (lambda: with_record(perfect(), schema_sha256="2" * 64), perfect, "schema"),
        (perfect, lambda: with_record(perfect(), corpora=other_labels()), "labels of challenge"),
    ],
    ids=[
        "missing document",
        "failed document",
        "document without baseline",
        "other scorer",
        "baseline of another schema",
        "candidate of another schema",
        "other labels",
    ],
)
def test_runs_that_do_not_belong_together_are_never_green(
    candidate: Callable[[], Snapshot],
    baseline: Callable[[], Snapshot],
    told: str,
    policy: GatePolicy | None,
) -> None:
    verdict = judge(candidate(), baseline(), [challenge()], RULES, policy)
    assert (verdict.outcome, verdict.exit_code) == ("INCOMPATIBLE", 3)
    assert told in verdict_as_markdown(verdict)


def other_labels() -> dict[str, CorpusRecord]:
    known = perfect().record.corpora["challenge"]
    return {"challenge": known.model_copy(update={"gold_sha256": "2" * 64})}


def test_no_results_at_all_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="no result"):
        judge(fewer(perfect(), left=0), perfect(), [challenge()], RULES)
    with pytest.raises(RunError, match="no result"):
        judge(perfect(), fewer(perfect(), left=0), [challenge()], RULES)
    with pytest.raises(RunError, match="no baseline"):
        load_baseline(tmp_path / "absent.jsonl")
    with pytest.raises((DatasetError, GoldError)):
        load_corpora([tmp_path], [])


def test_a_large_loss_blocks_a_live_run() -> None:
    losing = [item.name for item in challenge().items][::2]
    verdict = judge(
        changed(without_commitments, *losing), perfect(), [challenge()], RULES, load_policy()
    )
    assert (verdict.outcome, verdict.exit_code) == ("BLOCK", 1)
    assert "BLOCK" in verdict_as_markdown(verdict)


def test_a_live_run_like_the_baseline_passes() -> None:
    verdict = judge(perfect(), perfect(), [challenge()], RULES, load_policy())
    assert (verdict.outcome, verdict.exit_code) == ("PASS", 0)


def test_one_lost_record_among_many_does_not_block_a_live_run() -> None:
    verdict = judge(
        changed(without_commitments, WITH_IT), perfect(), [challenge()], RULES, load_policy()
    )
    assert verdict.outcome in {"PASS", "INCONCLUSIVE"}
    assert FIRST_RECORD in verdict_as_markdown(verdict)


def test_a_live_verdict_tells_drift_of_the_model_from_a_change_of_the_code() -> None:
    policy = load_policy()
    same = judge(perfect(), perfect(), [challenge()], RULES, policy)
    assert "model or the machine" in verdict_as_markdown(same)
    other = with_record(perfect(), systems={"predictions": "9" * 64})
    assert "prompts or schema differ" in verdict_as_markdown(
        judge(other, perfect(), [challenge()], RULES, policy)
    )


def test_a_policy_about_nothing_that_was_run_is_incompatible() -> None:
    policy = GatePolicy(check=(check(corpus="elsewhere"),))
    verdict = judge(perfect(), perfect(), [challenge()], RULES, policy)
    assert verdict.outcome == "INCOMPATIBLE"


def check(corpus: str = "challenge", weight: str = "critical", margin: float = 0.05) -> GateCheck:
    return GateCheck.model_validate(
        {
            "corpus": corpus,
            "record_type": "commitment",
            "metric": "slot_f1",
            "weight": weight,
            "margin": margin,
        }
    )


def difference(low: float, point: float, high: float, p: float = 1.0) -> Comparison:
    return Comparison(point, low, high, p, 10_000, 0.1, "not distinguishable at this sample size")


@pytest.mark.parametrize(
    ("found", "weight", "outcome"),
    [
        (difference(-0.30, -0.20, -0.10), "critical", "BLOCK"),
        (difference(-0.30, -0.20, 0.01, p=0.01), "critical", "BLOCK"),
        (difference(-0.30, -0.20, 0.01, p=0.20), "critical", "INCONCLUSIVE"),
        (difference(-0.04, -0.03, -0.01, p=0.01), "critical", "WARN"),
        (difference(-0.04, 0.00, 0.02), "critical", "PASS"),
        (difference(-0.20, 0.00, 0.20), "critical", "INCONCLUSIVE"),
        (difference(0.10, 0.20, 0.30), "critical", "PASS"),
        (difference(-0.30, -0.20, -0.10), "supporting", "WARN"),
        (difference(-0.20, 0.00, 0.20), "supporting", "INCONCLUSIVE"),
        (difference(-0.30, -0.20, -0.10), "advisory", "PASS"),
    ],
)
def test_an_interval_its_margin_and_its_weight_make_the_outcome(
    found: Comparison, weight: str, outcome: Outcome
) -> None:
    assert outcome_of(found, check(weight=weight)) == outcome


def test_the_banner_says_what_the_exit_code_says() -> None:
    for candidate in (perfect(), changed(without_commitments), failed(perfect(), WITH_IT)):
        verdict = judge(candidate, perfect(), [challenge()], RULES)
        assert f": {verdict.outcome} " in banner(verdict)
        assert verdict.exit_code == EXIT_CODES[verdict.outcome]
        assert banner(verdict) in verdict_as_markdown(verdict)


def test_a_baseline_is_the_same_bytes_whenever_it_is_written(tmp_path: Path) -> None:
    perfect().save(tmp_path / "one.jsonl")
    load_baseline(tmp_path / "one.jsonl").save(tmp_path / "two.jsonl")
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()


@pytest.mark.parametrize(
    "text",
    ["check = 3", "no toml", "", '[[check]]\ncorpus = "c"\n'],
    ids=["wrong type", "no toml", "empty", "incomplete"],
)
def test_a_policy_that_cannot_be_used_is_refused_by_name(text: str, tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text(text)
    with pytest.raises(PolicyError, match=r"policy\.toml"):
        load_policy(file)


MODEL = "qwen2.5-coder-1.5b"
RECORDED = ROOT / "tests" / "eval" / "recordings"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return load_corpus(write_passages(tmp_path_factory.mktemp("live") / "challenge"))


@pytest.fixture(scope="module")
def baseline(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    folder = tmp_path_factory.mktemp("baseline")
    return answered(corpus, folder, ROOT / "eval" / "recordings", Settings())


def answered(corpus: Corpus, folder: Path, recordings: Path, settings: Settings) -> Snapshot:
    run = RunFolder(folder / "run")
    launch(Wanted([MODEL], [corpus], replay=recordings), run, settings, Watch())
    results = snapshot(run)
    assert not [result.detail for result in results.results if result.status == "error"]
    return results


def judged(name: str, corpus: Corpus, baseline: Snapshot, folder: Path) -> Verdict:
    settings = Settings(prompts_dir=write_prompts(name, folder / "prompts"))
    candidate = answered(corpus, folder, RECORDED / name, settings)
    return judge(candidate, baseline, [corpus], load_rules(), load_policy())


def test_a_harmful_prompt_is_blocked(corpus: Corpus, baseline: Snapshot, tmp_path: Path) -> None:
    verdict = judged("harmful", corpus, baseline, tmp_path)
    assert (verdict.outcome, verdict.exit_code) == ("BLOCK", 1), verdict_as_markdown(verdict)
    assert any(change.kind == "lost" for change in verdict.changes)
    assert not verdict.code_is_the_same


def test_a_harmless_rewording_is_not(corpus: Corpus, baseline: Snapshot, tmp_path: Path) -> None:
    verdict = judged("reworded", corpus, baseline, tmp_path)
    assert verdict.outcome in {"PASS", "INCONCLUSIVE"}, verdict_as_markdown(verdict)
