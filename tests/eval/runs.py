"""Runs made for a test: articles with labels on disk, a small system, models that are watched."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from eval.labels.dataset import Corpus, LabelledArticle, load_corpus
from eval.labels.gold import GoldCommitment, GoldFile
from eval.runs.opening import AnyRun
from eval.runs.results import Key, Result, RunRecord, Spent
from eval.runs.runner import Job, RunPlan, run
from eval.systems.assembling import assemble
from eval.systems.base import GivenArticle, Status, System, UnusableReply
from extractor.models.base import Message, ModelClient, ModelReply, ModelRequest, TokenUsage
from extractor.models.scripted import Answer
from extractor.records import Extraction, PromptStamp, TextSpan
from tests.eval.predictions import label_file


def text_of(name: str) -> str:
    """An article that can be told from every other one."""
    return f"Alderon will give Briar a pump. The pump is called {name}.\n"


def labels_of(
    name: str, text: str | None = None, commitments: Sequence[GoldCommitment] = ()
) -> GoldFile:
    """Labels that fit an article."""
    text = text_of(name) if text is None else text
    labels = label_file(commitments, name=name)
    document = labels.document.model_copy(
        update={
            "sha256": hashlib.sha256(text.encode()).hexdigest(),
            "body_span": TextSpan(start=0, end=len(text)),
        }
    )
    return labels.model_copy(update={"document": document})


def write_labels(folder: Path, labels: GoldFile) -> Path:
    """The file of some labels."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / Path(labels.document.file).with_suffix(".json")
    file.write_text(labels.model_dump_json(), encoding="utf-8")
    return file


def write_article(folder: Path, name: str, text: str | None = None) -> Path:
    """The file of an article."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.txt"
    file.write_bytes((text_of(name) if text is None else text).encode())
    return file


def write_pairs(folder: Path, items: Iterable[LabelledArticle]) -> Path:
    """The files of some labelled articles, two for each."""
    for item in items:
        write_article(folder, item.name, item.text)
        write_labels(folder, item.gold)
    return folder


def some_of(corpus: Path, *names: str) -> list[LabelledArticle]:
    """The labelled articles of these names, in this order."""
    items = {item.name: item for item in load_corpus(corpus).items}
    return [items[name] for name in names]


def write_corpus(folder: Path, *names: str) -> Corpus:
    """Labelled articles in one folder, whose name is the corpus's."""
    for name in names:
        write_article(folder, name)
        write_labels(folder, labels_of(name))
    return load_corpus(folder)


def record_of(**changes: object) -> RunRecord:
    """The conditions of a run."""
    fields: dict[str, object] = {
        "models": {"scripted": None},
        "systems": {"one-question": "a1"},
        "repeats": 1,
        "corpora": {},
        "settings": {"temperature": 0.0, "seed": 0},
        "schema_sha256": "5c",
        "rules_version": "1",
        "rules_sha256": "7e",
        "sessions": [
            {
                "started": "2026-01-02T03:04:05+00:00",
                "git_revision": None,
                "git_dirty": None,
                "python": "3.11.0",
                "platform": "Linux x86_64",
                "cpus": 2,
                "packages": {},
            }
        ],
    }
    return RunRecord.model_validate({**fields, **changes})


def key_of(document: str = "one", **changes: object) -> Key:
    """Which result."""
    fields: dict[str, object] = {
        "model": "scripted",
        "system": "one-question",
        "repeat": 1,
        "corpus": "texts",
        "document": document,
    }
    return Key.model_validate({**fields, **changes})


def result_of(key: Key, *, extraction: Extraction | None = None, detail: str = "") -> Result:
    """A stored result: an error if there is no extraction."""
    return Result(
        key=key,
        article_sha256=hashlib.sha256(text_of(key.document).encode()).hexdigest(),
        status="ok" if extraction else "error",
        detail=detail,
        spent=Spent(calls=1, prompt_tokens=20, output_tokens=3, cost_usd=0.1, seconds=1.23),
        extraction=extraction,
    )


class OneQuestion:
    """A system that asks about the article, once or more often, and finds nothing in it."""

    name = "one-question"
    fingerprint = "a1"

    def __init__(self, *, times: int = 1) -> None:
        self._times = times

    def extract(self, article: GivenArticle, client: ModelClient) -> Extraction:
        request = question(article.text)
        for _ in range(self._times):
            if client.complete(request).finish != "stop":
                raise UnusableReply("truncated", "the reply was cut")
        stamp = PromptStamp(name="one-question", version="1", sha256="0")
        return assemble(article, [], [], client=client, prompt=stamp, request=request)


def question(text: str = "The passage.") -> ModelRequest:
    """A request about a text."""
    return ModelRequest(
        messages=(Message("system", "Read."), Message("user", text)),
        json_schema={"type": "object"},
        schema_name="reply",
        max_tokens=40,
    )


def reply_of(text: str = "{}", *, cost_usd: float | None = 0.25) -> ModelReply:
    """A whole reply that cost something."""
    usage = TokenUsage(prompt_tokens=20, cached_tokens=8, output_tokens=3, cost_usd=cost_usd)
    return ModelReply(text, "stop", usage)


def cut(text: str = '{"comm') -> ModelReply:
    """A reply that ran into its limit."""
    return ModelReply(text, "length", TokenUsage(prompt_tokens=20, output_tokens=40, cost_usd=0.0))


def refusal() -> ModelReply:
    """A reply that refuses."""
    return ModelReply("I cannot help.", "refused", TokenUsage(cost_usd=0.0))


def asked_about(request: ModelRequest) -> str:
    """The name of the article, made by `text_of`, that a request is about."""
    match = re.search(r"The pump is called (\w+)", request.messages[-1].content)
    assert match
    return match[1]


def answering(answers: Mapping[str, Answer]) -> Callable[[ModelRequest], Answer]:
    """A script by article; for any other a whole reply."""
    return lambda request: answers.get(asked_about(request), reply_of())


class Watch:
    """A watcher that remembers what it was told, and may interrupt the run."""

    def __init__(self, *, interrupt_after: int | None = None) -> None:
        self.planned_jobs: list[tuple[int, int]] = []
        """How many jobs there were, and how many of them pending."""
        self.results: list[Result] = []
        self.interrupted = threading.Event()
        self._interrupt_after = interrupt_after

    def planned(self, jobs: Sequence[Job], pending: Sequence[Job]) -> None:
        self.planned_jobs.append((len(jobs), len(pending)))

    def done(self, job: Job, result: Result) -> None:
        assert job.key == result.key
        self.results.append(result)
        if len(self.results) == self._interrupt_after:
            self.interrupted.set()
            raise KeyboardInterrupt


def go(
    folder: AnyRun,
    corpus: Corpus,
    model: ModelClient,
    watch: Watch | None = None,
    *,
    system: System | None = None,
    repeats: int = 1,
    concurrency: int = 1,
) -> Watch:
    """One run of a model over a corpus."""
    watch = watch or Watch()
    plan = RunPlan([model.name], [system or OneQuestion()], [corpus], repeats)
    run(plan, folder, {model.name: model}.__getitem__, watch, concurrency=concurrency)
    return watch


def statuses(folder: AnyRun) -> dict[str, Status]:
    """What is stored, by document."""
    return {result.key.document: result.status for result in folder.results()}
