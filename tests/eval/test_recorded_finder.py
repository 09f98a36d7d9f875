"""What the finder chose is recorded, and a replay asks the same questions everywhere."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import pytest

from eval.errors import RunError
from eval.runs.corpus_file import CorpusFile
from eval.runs.finding import RecordingFinder, ReplayingFinder
from eval.runs.recording import Recordings, ReplayMiss
from extractor.article import Article, read_article
from extractor.models.scripted import ScriptedModel
from extractor.selection import Candidates, Likely
from tests.eval.runs import key_of, question

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
def _file(tmp_path: Path) -> CorpusFile:
    return CorpusFile(tmp_path / "model" / "texts.jsonl")


def record(file: CorpusFile) -> None:
    RecordingFinder(Chooser(), file, key_of()).find(ARTICLE)


def test_a_recording_finder_says_what_its_finder_says(file: CorpusFile) -> None:
    finder = RecordingFinder(Chooser(), file, key_of())
    assert (finder.name, finder.find(ARTICLE)) == ("chooser 1", CHOSEN)


def test_a_replay_says_what_was_recorded(file: CorpusFile) -> None:
    record(file)
    assert ReplayingFinder("chooser 1", file, key_of()).find(ARTICLE) == CHOSEN


def test_another_finder_is_a_miss(file: CorpusFile) -> None:
    record(file)
    with pytest.raises(ReplayMiss, match="the finder is another"):
        ReplayingFinder("chooser 2", file, key_of()).find(ARTICLE)


def test_other_sentences_are_a_miss(file: CorpusFile) -> None:
    record(file)
    with pytest.raises(ReplayMiss, match="the sentences are others"):
        ReplayingFinder("chooser 1", file, key_of()).find(read_article("It rained.", language="en"))


def test_what_was_never_recorded_is_a_miss(file: CorpusFile) -> None:
    with pytest.raises(ReplayMiss, match="nothing was recorded"):
        ReplayingFinder("chooser 1", file, key_of()).find(ARTICLE)


def test_a_damaged_file_is_an_error_that_names_it(file: CorpusFile) -> None:
    record(file)
    whole = file.path.read_text(encoding="utf-8")
    for damaged in (whole[:-20], whole.replace('"candidates"', '"chosen"')):
        file.path.write_text(damaged, encoding="utf-8")
        with pytest.raises(RunError, match=r"texts\.jsonl, line 1"):
            ReplayingFinder("chooser 1", file, key_of()).find(ARTICLE)


def test_no_words_of_the_article_are_recorded(file: CorpusFile) -> None:
    record(file)
    kept = file.path.read_text(encoding="utf-8")
    assert not any(word in kept for word in ("town", "trees", "rained", "passed"))


def test_what_was_chosen_of_a_document_stands_before_its_replies(file: CorpusFile) -> None:
    key = key_of(corpus="texts")
    recordings = Recordings(file.path.parent)
    kept = recordings.file(key)
    recordings.recorder(ScriptedModel(["{}"]), key).complete(question())
    RecordingFinder(Chooser(), kept, key).find(ARTICLE)
    chosen, reply = kept.path.read_text(encoding="utf-8").splitlines()
    assert '"finder":"chooser 1"' in chosen
    assert '"text":"{}"' in reply
    assert ReplayingFinder("chooser 1", kept, key).find(ARTICLE) == CHOSEN
    assert [one.text for one in recordings.load(key)] == ["{}"]
