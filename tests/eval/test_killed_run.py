"""A run that is killed goes on where it stopped, and ends like one that never was."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import threading
from asyncio.subprocess import PIPE
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from eval.cli import main
from eval.runs.folder import RunFolder
from eval.runs.opening import AnyRun, open_run
from eval.runs.results import Key
from tests import fakeserver
from tests.articles import answer, pledge
from tests.eval.runs import write_corpus
from tests.fakeserver import Answer, FakeOpenAI, Recorded

NAMES = [f"n{number}" for number in range(8)]
SECONDS_PER_REPLY = 0.1


def document_of(request: Recorded) -> str:
    match = re.search(r"The pump is called (\w+)", json.dumps(request.body["messages"]))
    assert match
    return match[1]


class Server:
    """Pledges a pump in every article, and tells when so many requests have come."""

    def __init__(self) -> None:
        self.enough = threading.Event()
        self.kill_at: int | None = None
        self._fake = FakeOpenAI(self._answer)

    def __enter__(self) -> Server:
        self._fake.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._fake.__exit__(None, None, None)

    @property
    def url(self) -> str:
        return self._fake.url

    def take(self) -> list[str]:
        """The documents that were asked about since the last time."""
        taken = [document_of(request) for request in self._fake.requests]
        self._fake.requests.clear()
        return taken

    def _answer(self, request: Recorded) -> Answer:
        if len(self._fake.requests) == self.kill_at:
            self.enough.set()
        found = pledge(who=["Alderon"], to=["Briar"], what="a pump", kind="output")
        asked = json.dumps(request.body["response_format"])
        content = answer(
            [found] if '"commitments"' in asked else None, [] if '"events"' in asked else None
        )
        return fakeserver.reply(content, delay=SECONDS_PER_REPLY)


@dataclass(frozen=True, slots=True)
class Command:
    """One run as a user starts it."""

    server: Server
    articles: Path

    def run(self, out: Path, *, kill_at: int | None = None) -> int | None:
        """Its exit code; with `kill_at`, it is killed when so many requests have come.

        What is answered is recorded beside the run.
        """
        self.server.enough.clear()
        self.server.kill_at = kill_at
        return asyncio.run(self._run(out))

    def run_here(self, out: Path) -> int:
        """The same without a process of its own, which would only take longer."""
        self.server.kill_at = None
        return CliRunner().invoke(main, self._arguments(out), env=self._environment()).exit_code

    def _arguments(self, out: Path) -> list[str]:
        options = {"--model": "openai/fake", "--gold": self.articles, "--out": out}
        options["--record"] = out.parent / "recordings"
        words = ["run", "--concurrency", "2"]
        return [*words, *(str(word) for option in options.items() for word in option)]

    def _environment(self) -> dict[str, str]:
        return {
            "EXTRACTOR_OPENAI_BASE_URL": self.server.url,
            "EXTRACTOR_STRATEGY": "document",
            "EXTRACTOR_RETRIES": "0",
        }

    async def _run(self, out: Path) -> int | None:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-W", "error", "-m", "eval", *self._arguments(out)),
            stdout=PIPE,
            stderr=PIPE,
            env={**os.environ, **self._environment()},
        )
        ending = asyncio.ensure_future(process.communicate())
        while self.server.kill_at is not None and not ending.done():
            if self.server.enough.is_set():
                process.kill()
                break
            await asyncio.sleep(0.005)
        _, told = await ending
        assert self.server.kill_at is not None or process.returncode == 0, told.decode()
        return process.returncode


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture(scope="module")
def command(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Command:
    articles = tmp_path_factory.mktemp("corpus") / "articles"
    write_corpus(articles, *NAMES)
    return Command(server, articles)


@pytest.fixture(scope="module")
def uninterrupted(command: Command, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    folder = RunFolder(tmp_path_factory.mktemp("uninterrupted") / "run")
    assert command.run_here(folder.path) == 0
    assert sorted(set(command.server.take())) == NAMES
    return folder


def without_seconds(folder: AnyRun) -> dict[Key, Any]:
    seconds: Any = {"seconds", "model_seconds"}
    return {
        result.key: result.model_dump(
            exclude={"spent": seconds, "extraction": {"usage": {"seconds"}}}
        )
        for result in folder.results()
    }


def recorded(run: Path) -> list[bytes]:
    """The lines of the recording beside a run, of which none is half or twice there."""
    (file,) = (run.parent / "recordings").rglob("*.jsonl")
    lines = file.read_bytes().splitlines(keepends=True)
    kept = [json.loads(line) for line in lines]
    assert len({json.dumps([line["document"], line.get("parts")]) for line in kept}) == len(kept)
    return lines


@pytest.mark.parametrize("name", ["run", "run.jsonl.gz"])
def test_a_killed_run_goes_on_and_ends_with_the_results_of_one_that_was_not(
    command: Command, uninterrupted: RunFolder, tmp_path: Path, name: str
) -> None:
    folder = open_run(tmp_path / name)
    assert command.run(folder.path, kill_at=6) == -9
    assert command.server.take()
    finished = [result.key.document for result in folder.results()]
    assert 0 < len(finished) < len(NAMES)
    before = recorded(folder.path)
    assert {json.loads(line)["document"] for line in before} >= set(finished)

    assert command.run_here(folder.path) == 0
    assert set(before) <= set(recorded(folder.path))
    assert recorded(folder.path) == recorded(uninterrupted.path)
    folder = open_run(tmp_path / name)
    assert sorted(set(command.server.take())) == sorted(set(NAMES) - set(finished))
    results = without_seconds(folder)
    assert [key.document for key in results] == NAMES
    assert results == without_seconds(uninterrupted)
    assert all(result.extraction for result in folder.results())
    assert len(folder.record.sessions) == 2


def test_the_results_that_are_compared_hold_something(uninterrupted: RunFolder) -> None:
    for result in uninterrupted.results():
        assert result.status == "ok"
        assert result.extraction
        (found,) = result.extraction.commitments
        assert [actor.name for actor in found.actors] == ["Alderon"]
        assert result.spent.prompt_tokens > 0
