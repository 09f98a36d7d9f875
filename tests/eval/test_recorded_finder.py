"""What the finder chose is recorded, and a replay asks the same questions everywhere."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import pytest

from eval.errors import RunError
from eval.runs.finding import RecordingFinder, ReplayingFinder
from eval.runs.recording import ReplayMiss
from extractor.article import Article, read_article
from extractor.selection import Candidates, Likely

ARTICLE = read_article("The town will plant trees. It rained. A law was passed.", language="en")
CHOSEN: Candidates = {
    "commitment": {1: Likely(0.91, ("output", "funding"))},
    "policy_event": {3: Likely(0.62, ("law_or_regulation",))},
}


@dataclass(frozen=True)
class Chooser:
    """A finder that always says the same."""

    name: str = "chooser 1"
    tells_kinds: bool = True

    def find(self, article: Article, numbers: Collection[int] | None = None) -> Candidates:
        return CHOSEN


@pytest.fixture(name="file")
def _file(tmp_path: Path) -> Path:
    return tmp_path / "model" / "one.finder.json"


def record(file: Path) -> None:
    RecordingFinder(Chooser(), file).find(ARTICLE)


def test_a_recording_finder_says_what_its_finder_says(file: Path) -> None:
    finder = RecordingFinder(Chooser(), file)
    assert (finder.name, finder.find(ARTICLE)) == ("chooser 1", CHOSEN)


def test_a_replay_says_what_was_recorded(file: Path) -> None:
    record(file)
    assert ReplayingFinder("chooser 1", file).find(ARTICLE) == CHOSEN


def test_another_finder_is_a_miss(file: Path) -> None:
    record(file)
    with pytest.raises(ReplayMiss, match="the finder is another"):
        ReplayingFinder("chooser 2", file).find(ARTICLE)


def test_other_sentences_are_a_miss(file: Path) -> None:
    record(file)
    with pytest.raises(ReplayMiss, match="the sentences are others"):
        ReplayingFinder("chooser 1", file).find(read_article("It rained.", language="en"))


def test_what_was_never_recorded_is_a_miss(file: Path) -> None:
    with pytest.raises(ReplayMiss, match="nothing was recorded"):
        ReplayingFinder("chooser 1", file).find(ARTICLE)


def test_a_damaged_file_is_an_error_that_names_it(file: Path) -> None:
    record(file)
    file.write_text("{", encoding="utf-8")
    with pytest.raises(RunError, match=r"one\.finder\.json"):
        ReplayingFinder("chooser 1", file).find(ARTICLE)


def test_no_words_of_the_article_are_recorded(file: Path) -> None:
    record(file)
    kept = file.read_text(encoding="utf-8")
    assert not any(word in kept for word in ("town", "trees", "rained", "passed"))
