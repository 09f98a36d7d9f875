"""A run keeps what is finished, tries again only what may change, and counts what it spends."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from eval.labels.dataset import Corpus
from eval.runs.folder import RunFolder
from eval.runs.results import Key
from eval.runs.runner import RunPlan, run
from eval.systems.base import GivenArticle, UnusableReply
from eval.systems.pipeline import Pipeline
from extractor.errors import ModelRefusedKey, ModelUnavailable
from extractor.models.base import ModelClient, ModelReply, ModelRequest
from extractor.models.scripted import Answer, ScriptedModel
from extractor.records import Extraction
from extractor.settings import Settings
from tests.eval.runs import (
    OneQuestion,
    Watch,
    answering,
    asked_about,
    cut,
    go,
    reply_of,
    statuses,
    text_of,
    write_corpus,
)

NAMES = ("a", "b", "c", "d")


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path / "run")


@pytest.fixture(name="corpus")
def _corpus(tmp_path: Path) -> Corpus:
    return write_corpus(tmp_path / "texts", *NAMES)


def asked(model: ScriptedModel) -> list[str]:
    return [asked_about(request) for request in model.requests]


class Counting:
    """A model that counts how many calls are in flight, and waits for company."""

    digest: str | None = None
    name = "counting"

    def __init__(self, company: int) -> None:
        self.most = 0
        self.threads: set[threading.Thread] = set()
        self._now = 0
        self._lock = threading.Lock()
        self._company = threading.Barrier(company)

    def complete(self, request: ModelRequest) -> ModelReply:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
            self.threads.add(threading.current_thread())
        self._company.wait(timeout=10)
        # Time for one too many to come in.
        time.sleep(0.05)
        with self._lock:
            self._now -= 1
        return reply_of()

    def close(self) -> None:
        """Nothing to release."""


class Held:
    """A model that answers at once about one article, and about others after an interrupt only."""

    digest: str | None = None
    name = "held"

    def __init__(self, first: str, interrupted: threading.Event) -> None:
        self.asked: list[str] = []
        self.closed = 0
        self._first = first
        self._interrupted = interrupted

    def complete(self, request: ModelRequest) -> ModelReply:
        document = asked_about(request)
        self.asked.append(document)
        if document != self._first:
            assert self._interrupted.wait(timeout=10)
            # Time for the runner to withdraw what has not begun.
            time.sleep(0.1)
        return reply_of()

    def close(self) -> None:
        self.closed += 1


# Keeping


def test_every_result_is_on_disk_before_the_next_document_is_asked(
    folder: RunFolder, corpus: Corpus
) -> None:
    kept = []

    def answer(_: ModelRequest) -> Answer:
        kept.append(len(list(folder.results())))
        return reply_of()

    watch = go(folder, corpus, ScriptedModel(answer))
    assert kept == [0, 1, 2, 3]
    assert sorted(folder.results(), key=str) == sorted(watch.results, key=str)


@pytest.mark.parametrize("concurrency", [1, 3])
def test_finished_documents_are_never_asked_again(
    folder: RunFolder, corpus: Corpus, concurrency: int
) -> None:
    first = ScriptedModel(answering({}))
    go(folder, corpus, first, concurrency=concurrency)
    assert sorted(asked(first)) == sorted(NAMES)
    before = list(folder.results())
    again = ScriptedModel(answering({}))
    watch = go(folder, corpus, again, concurrency=concurrency)
    assert again.requests == []
    assert watch.planned_jobs == [(4, 0)]
    assert list(folder.results()) == before


def test_a_model_without_anything_to_do_is_not_even_opened(
    folder: RunFolder, corpus: Corpus
) -> None:
    go(folder, corpus, ScriptedModel(answering({})))
    opened = []

    def open_client(name: str) -> ModelClient:
        opened.append(name)
        return ScriptedModel(answering({}), name=name)

    run(RunPlan(["scripted", "new"], [OneQuestion()], [corpus]), folder, open_client, Watch())
    assert opened == ["new"]


@pytest.mark.parametrize("concurrency", [1, 3])
def test_only_errors_are_tried_again_and_other_unusable_results_are_kept(
    folder: RunFolder, corpus: Corpus, concurrency: int
) -> None:
    faults: dict[str, Answer] = {"a": ModelUnavailable("The server is away."), "b": cut()}
    go(folder, corpus, ScriptedModel(answering(faults)), concurrency=concurrency)
    expected = {"a": "error", "b": "truncated", "c": "ok", "d": "ok"}
    assert statuses(folder) == expected
    again = ScriptedModel(answering({}))
    go(folder, corpus, again, concurrency=concurrency)
    assert asked(again) == ["a"]
    assert statuses(folder) == {**expected, "a": "ok"}


@pytest.mark.parametrize("concurrency", [1, 3])
def test_a_failing_document_costs_only_itself_and_tells_why_in_one_clean_line(
    folder: RunFolder, corpus: Corpus, concurrency: int
) -> None:
    error = ModelRefusedKey("The key\nwas \x1b[31mrefused")
    go(folder, corpus, ScriptedModel(answering({"b": error})), concurrency=concurrency)
    assert statuses(folder) == {"a": "ok", "b": "error", "c": "ok", "d": "ok"}
    failed = next(result for result in folder.results() if result.key.document == "b")
    assert failed.extraction is None
    assert failed.detail.startswith("The key; was [31mrefused.")
    assert failed.detail.isprintable()
    assert all(result.detail == "" for result in folder.results() if result != failed)


def test_an_unusable_reply_keeps_its_status_and_tells_why_in_one_clean_line(
    folder: RunFolder, corpus: Corpus
) -> None:
    class Refusing(OneQuestion):
        def extract(self, article: GivenArticle, client: ModelClient) -> Extraction:
            super().extract(article, client)
            raise UnusableReply("refused", "It said:\n\x1b[31mno\u202e")

    go(folder, corpus, ScriptedModel(answering({})), system=Refusing())
    told = {(result.status, result.detail) for result in folder.results()}
    assert told == {("refused", "It said: [31mno")}


def test_repeats_are_separate_results_and_later_ones_are_added(
    folder: RunFolder, corpus: Corpus
) -> None:
    twice = ScriptedModel(answering({}))
    go(folder, corpus, twice, repeats=2)
    assert asked(twice) == [*NAMES, *NAMES]
    once_more = ScriptedModel(answering({}))
    go(folder, corpus, once_more, repeats=3)
    assert asked(once_more) == list(NAMES)
    kept = {(result.key.document, result.key.repeat) for result in folder.results()}
    assert kept == {(name, repeat) for name in NAMES for repeat in (1, 2, 3)}


def test_a_result_says_which_text_was_read(folder: RunFolder, corpus: Corpus) -> None:
    go(folder, corpus, ScriptedModel(answering({})))
    digests = {item.name: item.gold.document.sha256 for item in corpus.items}
    assert {one.key.document: one.article_sha256 for one in folder.results()} == digests
    for result in folder.results():
        assert result.extraction is not None
        assert result.extraction.article.sha256 == result.article_sha256


def test_a_reply_that_had_to_be_asked_for_again_is_a_repaired_result(
    folder: RunFolder, corpus: Corpus
) -> None:
    answers = ["no JSON", *['{"commitments": [], "policy_events": [], "events": []}'] * 20]
    settings = Settings(strategy="document", retries=0)
    go(folder, corpus, ScriptedModel(answers), system=Pipeline(settings))
    assert statuses(folder) == {"a": "repaired", "b": "ok", "c": "ok", "d": "ok"}


def test_a_client_may_be_put_around_the_model_of_each_document(
    folder: RunFolder, corpus: Corpus
) -> None:
    model, around = ScriptedModel(answering({})), ScriptedModel(answering({}), name="around")
    keys = []

    def client_for(client: ModelClient, key: Key) -> ModelClient:
        assert client is model
        keys.append(key)
        return around

    plan = RunPlan(["scripted"], [OneQuestion()], [corpus])
    run(plan, folder, {"scripted": model}.__getitem__, Watch(), client_for=client_for)
    assert [key.document for key in keys] == asked(around) == list(NAMES)
    assert model.requests == []


# Counting


def test_what_is_spent_counts_every_call_of_a_document(folder: RunFolder, corpus: Corpus) -> None:
    go(folder, corpus, ScriptedModel(answering({})), system=OneQuestion(times=3))
    for result in folder.results():
        spent = result.spent
        assert (spent.calls, spent.prompt_tokens, spent.cached_tokens) == (3, 60, 24)
        assert (spent.output_tokens, spent.cost_usd) == (9, 0.75)
        assert 0 <= spent.model_seconds <= spent.seconds


def test_calls_without_a_usable_reply_are_counted_too(folder: RunFolder, corpus: Corpus) -> None:
    faults: dict[str, Answer] = {"a": ModelUnavailable("The server is away."), "b": cut()}
    go(folder, corpus, ScriptedModel(answering(faults)))
    spent = {result.key.document: result.spent for result in folder.results()}
    assert (spent["a"].calls, spent["a"].output_tokens, spent["a"].cost_usd) == (1, 0, 0)
    assert (spent["b"].calls, spent["b"].output_tokens, spent["b"].cost_usd) == (1, 40, 0)


@pytest.mark.parametrize("costs", [(None, 0.25), (0.25, None), (None, None)])
def test_a_cost_of_which_a_part_is_unknown_is_unknown(
    folder: RunFolder, corpus: Corpus, costs: tuple[float | None, float | None]
) -> None:
    answers = [reply_of(cost_usd=cost) for cost in costs] * len(NAMES)
    go(folder, corpus, ScriptedModel(answers), system=OneQuestion(times=2))
    for result in folder.results():
        assert (result.spent.calls, result.spent.cost_usd) == (2, None)
        assert result.spent.output_tokens == 6


def test_the_seconds_are_those_of_the_document(folder: RunFolder, corpus: Corpus) -> None:
    def answer(request: ModelRequest) -> Answer:
        time.sleep(0.2 if asked_about(request) == "b" else 0)
        return reply_of()

    go(folder, corpus, ScriptedModel(answer))
    seconds = {one.key.document: one.spent.model_seconds for one in folder.results()}
    assert seconds["b"] >= 0.2
    assert max(seconds[name] for name in NAMES if name != "b") < 0.2


# Several at a time


def test_as_many_documents_as_allowed_are_read_at_a_time_and_never_more(
    folder: RunFolder, tmp_path: Path
) -> None:
    corpus = write_corpus(tmp_path / "many", *(f"n{number}" for number in range(9)))
    model = Counting(company=3)
    go(folder, corpus, model, concurrency=3)
    assert model.most == 3
    assert set(statuses(folder).values()) == {"ok"}


def test_one_at_a_time_is_read_where_an_interrupt_arrives(
    folder: RunFolder, corpus: Corpus
) -> None:
    model = Counting(company=1)
    go(folder, corpus, model)
    assert (model.most, model.threads) == (1, {threading.main_thread()})


# Interrupts


def test_an_interrupt_keeps_what_is_finished_and_the_same_run_goes_on_from_there(
    folder: RunFolder, corpus: Corpus
) -> None:
    model = ScriptedModel(answering({}))
    with pytest.raises(KeyboardInterrupt):
        go(folder, corpus, model, Watch(interrupt_after=2))
    assert asked(model) == ["a", "b"]
    assert statuses(folder) == {"a": "ok", "b": "ok"}
    rest = ScriptedModel(answering({}))
    watch = go(folder, corpus, rest)
    assert watch.planned_jobs == [(4, 2)]
    assert asked(rest) == ["c", "d"]


def test_an_interrupt_among_several_documents_keeps_every_reply_that_was_asked_for(
    folder: RunFolder, tmp_path: Path
) -> None:
    names = [f"n{number}" for number in range(12)]
    corpus = write_corpus(tmp_path / "many", *names)
    watch = Watch(interrupt_after=1)
    model = Held("n0", watch.interrupted)
    with pytest.raises(KeyboardInterrupt):
        go(folder, corpus, model, watch, concurrency=3)
    assert set(statuses(folder)) == set(model.asked)
    assert 3 <= len(model.asked) < len(names)
    assert len(watch.results) == len(model.asked)
    assert model.closed == 1

    rest = Held("", watch.interrupted)
    go(folder, corpus, rest, concurrency=3)
    assert sorted(model.asked + rest.asked) == sorted(names)


def test_an_interrupt_in_the_middle_of_a_reply_keeps_the_documents_before_it(
    folder: RunFolder, corpus: Corpus
) -> None:
    def answer(request: ModelRequest) -> Answer:
        if asked_about(request) == "c":
            raise KeyboardInterrupt
        return reply_of()

    with pytest.raises(KeyboardInterrupt):
        go(folder, corpus, ScriptedModel(answer))
    assert statuses(folder) == {"a": "ok", "b": "ok"}


@pytest.mark.parametrize("concurrency", [1, 2])
def test_a_defect_is_not_taken_for_a_result_and_costs_nothing_that_is_finished(
    folder: RunFolder, corpus: Corpus, concurrency: int
) -> None:
    def answer(request: ModelRequest) -> Answer:
        if asked_about(request) == "d":
            raise LookupError(text_of("d"))
        return reply_of()

    with pytest.raises(LookupError):
        go(folder, corpus, ScriptedModel(answer), concurrency=concurrency)
    assert statuses(folder) == {"a": "ok", "b": "ok", "c": "ok"}
