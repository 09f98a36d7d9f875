"""The comment of a pull request: its words, its figures, and that strangers' texts stay texts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from eval.cli.main import main
from eval.errors import RunError
from eval.judging.baseline import snapshot
from eval.judging.comparison import CorpusComparison, compare
from eval.judging.pull_request import RunChange, run_change
from eval.labels.dataset import Corpus, load_corpus
from eval.labels.gold import GoldCommitment, GoldEvidence
from eval.report.comment import MARK, comment_of, literal
from eval.runs.folder import RunFolder
from eval.runs.results import Result, Spent
from eval.runs.stored import as_object
from eval.scoring.rules import load_rules
from tests.eval.predictions import day, party, pledge
from tests.eval.runs import key_of, labels_of, record_of, write_article, write_labels
from tests.eval.test_report_html import said

RULES = load_rules()
TEXT = "Alderon will give Norway a pump by 2027 @everyone ![x](http://x) `now`. The end.\n"
QUOTE = TEXT.partition(". The end")[0] + "."
NAMES = [f"article-{number:02}" for number in range(12)]


def label(**changes: object) -> GoldCommitment:
    quote = GoldEvidence(start=0, end=len(QUOTE), quote=QUOTE)
    fields = {"evidence": [quote], "title": "A pump", "amount": None, **changes}
    return pledge("L1", **fields)


@pytest.fixture(scope="module", name="corpus")
def _corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    folder = tmp_path_factory.mktemp("comments") / "texts"
    for name in NAMES:
        write_article(folder, name, TEXT)
        write_labels(folder, labels_of(name, TEXT, [label()]))
    return load_corpus(folder)


def results(
    corpus: Corpus, said_of: Sequence[Sequence[GoldCommitment]], *, seconds: float = 2.0
) -> list[Result]:
    return [
        Result(
            key=key_of(item.name, corpus=corpus.name),
            article_sha256=item.gold.document.sha256,
            status="ok",
            detail="",
            spent=Spent(calls=1, output_tokens=10, seconds=seconds, cost_usd=0.01),
            extraction=said(item, found),
        )
        for item, found in zip(corpus.items, said_of, strict=True)
    ]


def compared(corpus: Corpus, stored: Sequence[Result]) -> tuple[CorpusComparison, ...]:
    return compare(stored, [corpus], RULES)


def changed(
    corpus: Corpus,
    before: Sequence[Sequence[GoldCommitment]],
    after: Sequence[Sequence[GoldCommitment]],
    *,
    seconds: float = 2.0,
) -> RunChange:
    return run_change(
        compared(corpus, results(corpus, before)),
        compared(corpus, results(corpus, after, seconds=seconds)),
    )


ALL = [[label()]] * len(NAMES)
NONE: list[list[GoldCommitment]] = [[]] * len(NAMES)


def test_a_loss_in_every_article_is_a_regression_and_its_reverse_is_better(corpus: Corpus) -> None:
    assert changed(corpus, ALL, NONE).word == "regression"
    assert changed(corpus, NONE, ALL).word == "better"


def test_a_loss_in_one_article_of_many_is_noise_but_is_still_told(corpus: Corpus) -> None:
    found = changed(corpus, ALL, [[], *ALL[1:]])

    assert found.word == "noise"
    text = comment_of(found, stamp="")
    assert "## ⚪ noise: no score moved by more than chance explains" in text
    assert "Records: lost 1." in text
    assert "### The worst record" in text


def test_an_unchanged_run_is_said_to_be_so(corpus: Corpus) -> None:
    text = comment_of(changed(corpus, ALL, ALL), stamp="")

    assert "noise: nothing that is counted changed" in text
    assert "No record got worse." in text
    assert "4 scores of unchanged counts" in text


def test_the_five_worst_records_are_quoted_the_lost_ones_first(corpus: Corpus) -> None:
    wrong = [label(status="cancelled", deadline=day("2031"))]
    spurious = [label(), label(title="A ferry", actors=[party("Briar")], recipients=[party("X")])]
    after = [wrong, spurious, *NONE[2:8], *ALL[8:]]

    found = changed(corpus, ALL, after)
    text = comment_of(found, stamp="")

    assert [one.kind for one in found.worst(9)] == ["lost"] * 6 + ["new false alarm", "field"]
    assert [one.kind for one in found.worst(5)] == ["lost"] * 5
    assert len(re.findall(r"^\d\. \*\*lost\*\*", text, re.MULTILINE)) == 5
    assert text.count("   > ") == 5


def test_strangers_words_call_nobody_fetch_nothing_and_end_no_code(corpus: Corpus) -> None:
    text = comment_of(changed(corpus, ALL, NONE), stamp="")

    quoted = next(line for line in text.splitlines() if line.startswith("   > "))
    assert quoted == f"   > `` {QUOTE} ``"
    outside = re.sub(r"(`+) .*? \1(?!`)", "", text)
    assert "@everyone" not in outside
    assert "http://x" not in outside


def test_a_span_of_code_holds_any_run_of_backticks_and_lines() -> None:
    assert literal("a ``` b\n# c") == "```` a ``` b # c ````"
    assert literal("") == "` – `"
    assert len(literal("x" * 5000)) < 500


def test_cost_and_time_are_ratios_where_both_are_known(corpus: Corpus) -> None:
    text = comment_of(changed(corpus, ALL, ALL, seconds=3.0), stamp="")

    assert "| × 1.50 (36) | × 1.00 (12) |" in text
    assert "× 1.00 (120)" in text
    untimed = run_change(
        compared(corpus, results(corpus, ALL, seconds=0.0)), compared(corpus, results(corpus, ALL))
    )
    assert "| 24, before not kept |" in comment_of(untimed, stamp="")


def test_runs_without_anything_in_common_are_refused(corpus: Corpus, tmp_path: Path) -> None:
    write_article(tmp_path / "others", "one", TEXT)
    write_labels(tmp_path / "others", labels_of("one", TEXT, [label()]))
    other = load_corpus(tmp_path / "others")

    with pytest.raises(RunError, match="in common"):
        run_change(compared(corpus, results(corpus, ALL)), compared(other, results(other, ALL[:1])))


def test_the_command_writes_the_comment_for_a_baseline_and_for_a_run(
    corpus: Corpus, tmp_path: Path
) -> None:
    gold = ["--gold", str(corpus.gold_path), "--articles", str(corpus.article_path)]
    for name, found in (("now", NONE), ("before", ALL)):
        run = RunFolder(tmp_path / name)
        run.save_record(record_of())
        for result in results(corpus, found):
            run.keep(result.key, as_object(result))
    snapshot(RunFolder(tmp_path / "before")).save(tmp_path / "baseline.jsonl")
    output = tmp_path / "comment.md"

    done = [
        CliRunner().invoke(main, ["comment", str(tmp_path / "now"), *how, *gold])
        for how in (
            ["--baseline", str(tmp_path / "baseline.jsonl")],
            ["--against", str(tmp_path / "before"), "--output", str(output)],
        )
    ]

    assert [one.exit_code for one in done] == [0, 0], done
    assert done[0].stdout.startswith(f"{MARK}\n\n## 🔴 regression")
    assert "24, before not kept" in done[0].stdout
    assert "× 1.00 (24)" in output.read_text(encoding="utf-8")
