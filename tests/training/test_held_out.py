"""The sample of the corpus that a finder has not seen."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from eval.labels.dataset import load_corpus
from training.corpora import fold_of
from training.held_out import main, sample


def test_the_same_passages_of_one_fold_come_out_every_time() -> None:
    names = [item.name for item in sample(30)]
    assert names == [item.name for item in sample(30)]
    assert len({fold_of(name) for name in names}) == 1
    assert names[:10] == [item.name for item in sample(10)]


def test_they_hold_every_language_and_passages_with_nothing_to_find() -> None:
    items = sample(80)
    assert {item.gold.document.language for item in items} == {"vi", "fr", "en"}
    assert any(not item.gold.commitments and not item.gold.policy_events for item in items)
    assert any(item.gold.commitments for item in items)


def test_what_is_written_is_a_corpus_of_the_harness(tmp_path: Path) -> None:
    outcome = CliRunner().invoke(main, [str(tmp_path), "--count", "5"])
    assert outcome.exit_code == 0, outcome.output
    written = load_corpus(tmp_path)
    assert {item.name for item in written.items} == {item.name for item in sample(5)}
    assert [item.gold for item in sorted(written.items, key=lambda item: item.name)] == [
        item.gold for item in sorted(sample(5), key=lambda item: item.name)
    ]
