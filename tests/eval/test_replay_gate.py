"""The replay gate on the model's real replies: what passes, what fails, and what it says then."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.eval.checkouts import Checkout, Done, copy_checkout, forget

MODEL = "qwen2.5-coder-1.5b"
ARTICLES = (
    "seeds/001_1c9e95e5bcef29b5",
    "seeds/002_9ba5dd7c03a7cc3b",
)
REPLAY = (
    *("run", "--model", MODEL, "--gold", "labelled/seeds"),
    *("--replay", "eval/recordings", "--out", "outcome/replay"),
)
BLESS = ("bless", "outcome/replay", "--baseline", "baseline.jsonl")
Break = Callable[[Checkout], None]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A copy of the code as it is, with a baseline."""
    checkout = copy_checkout(tmp_path_factory.mktemp("sound") / "copy", ARTICLES, MODEL)
    ran = replay(checkout)
    assert ran.exit_code == 0, ran.output
    blessed = checkout.evaluate(*BLESS)
    assert blessed.exit_code == 0, blessed.output
    return checkout


@pytest.fixture
def copy(sound: Checkout, tmp_path: Path) -> Checkout:
    """A copy to break, with the baseline of the sound one."""
    shutil.copytree(sound.path, tmp_path / "copy", ignore=shutil.ignore_patterns("outcome"))
    return Checkout(tmp_path / "copy")


def replay(checkout: Checkout) -> Done:
    return _after_replay(checkout)


def gate(checkout: Checkout) -> Done:
    return _after_replay(checkout, ("gate", "outcome/replay", "--baseline", "baseline.jsonl"))


def bless(checkout: Checkout) -> Done:
    return _after_replay(checkout, BLESS)


def _after_replay(checkout: Checkout, *commands: Sequence[str]) -> Done:
    shutil.rmtree(checkout.path / "outcome", ignore_errors=True)
    return checkout.evaluate_in_turn(REPLAY, *commands)


def test_a_refactoring_passes(copy: Checkout) -> None:
    proving = copy.path / "extractor" / "checking" / "proving.py"
    text = proving.read_text(encoding="utf-8")
    assert "_prove_words" in text
    proving.write_text(text.replace("_prove_words", "_verdict_of_a_name"), encoding="utf-8")
    verdict = gate(copy)
    assert verdict.exit_code == 0, verdict.output
    assert "PASS" in verdict.output


def money(checkout: Checkout) -> None:
    checkout.edit(
        "extractor/checking/values.py",
        "        value=_optional(mention.value),\n        value_max=_optional(mention.value_max),\n"
        "        currency=",
        "        value=_optional(mention.value and mention.value * 1000),\n"
        "        value_max=_optional(mention.value_max),\n        currency=",
    )


def proving(checkout: Checkout) -> None:
    checkout.edit(
        "extractor/checking/proving.py",
        "    return FieldCheck(field, words, verdict, where)\n",
        "    return FieldCheck(field, words, None, where)\n",
    )
    checkout.edit(
        "extractor/checking/proving.py",
        '                return FieldCheck(field, words, "exact", sentence.id)\n',
        "                return FieldCheck(field, words, None, sentence.id)\n",
    )


def merging(checkout: Checkout) -> None:
    checkout.edit(
        "extractor/checking/merging.py",
        "        return _same_commitment(left, right, article)\n",
        "        return True\n",
    )


def segmenter(checkout: Checkout) -> None:
    line = "    following = _NEXT_WORD.match(line, position)\n"
    checkout.edit("extractor/article/sentences.py", line, f"    return False\n{line}")


@pytest.mark.parametrize(
    ("breaking", "exit_code"), [(money, 1), (proving, 1), (merging, 1), (segmenter, 3)]
)
def test_a_broken_step_fails_and_the_lost_records_are_named(
    copy: Checkout, breaking: Break, exit_code: int
) -> None:
    breaking(copy)
    verdict = gate(copy)
    assert verdict.exit_code == exit_code, verdict.output
    assert "| lost | seeds/00" in verdict.output


def test_a_changed_prompt_is_a_miss_that_says_how_to_record_again(copy: Checkout) -> None:
    prompt = copy.path / "prompts" / "commitments.md"
    prompt.write_text(prompt.read_text(encoding="utf-8") + "Be brief.\n", encoding="utf-8")
    verdict = gate(copy)
    assert verdict.exit_code == 3, verdict.output
    assert "the prompt changed" in verdict.output
    assert "make record" in verdict.output


def test_an_article_without_its_recording_is_a_miss(copy: Checkout) -> None:
    recordings = copy.path / "eval" / "recordings"
    forget(recordings)
    verdict = gate(copy)
    assert verdict.exit_code == 3, verdict.output
    assert "nothing was recorded" in verdict.output
    shutil.rmtree(recordings)
    assert gate(copy).exit_code == 3


def test_missing_labels_never_pass(copy: Checkout) -> None:
    first, *others = sorted((copy.path / "labelled" / "seeds").glob("*.json"))
    first.unlink()
    verdict = gate(copy)
    assert verdict.exit_code == 3, verdict.output
    assert "labels of seeds are others" in verdict.output
    for other in others:
        other.unlink()
    assert gate(copy).exit_code == 3


def test_only_a_whole_run_from_a_committed_tree_is_blessed(copy: Checkout) -> None:
    git = shutil.which("git")
    assert git is not None
    identity = ("-c", "user.name=t", "-c", "user.email=t@localhost")
    (copy.path / ".gitignore").write_text("outcome/\n__pycache__/\n")
    for arguments in (("init", "-q"), ("add", "-A"), (*identity, "commit", "-qm", "all")):
        assert copy.run(git, *arguments).exit_code == 0
    assert bless(copy).exit_code == 0
    (copy.path / "prompts" / "events.md").write_text("changed")
    refused = copy.evaluate(*BLESS)
    assert refused.exit_code == 3
    assert "not committed" in refused.output
    assert copy.run(git, "checkout", "-q", "prompts").exit_code == 0
    forget(copy.path / "eval" / "recordings")
    assert copy.run(git, *identity, "commit", "-qam", "less").exit_code == 0
    refused = bless(copy)
    assert refused.exit_code == 3
    assert "no usable result" in refused.output
