"""Batches at a provider: killed, left and cancelled, nothing is asked twice."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from itertools import count
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Literal

import pytest
from sqlalchemy import delete, event

from extractor.batch.limits import RunLimits
from extractor.batch.provider_batches.ledger import ProviderLedger, leave_to_others
from extractor.batch.register import standing_of
from extractor.errors import ConfigurationError
from extractor.storage import open_store
from extractor.storage.tables import OWNERS
from tests.batch.batch_corpus import FAKES, Corpus, go_on, lay, results, run
from tests.batch.fake_batches import (
    KEY,
    FakeBatches,
)

_PATIENCE = 60.0

_KILLING = multiprocessing.get_context("forkserver")
_KILLING.set_forkserver_preload(["tests.batch.batch_corpus", "httpx"])


def _go_on(corpus: Corpus) -> BaseProcess:
    process = _KILLING.Process(target=go_on, args=(corpus,))
    process.start()
    return process


def _ended(process: BaseProcess) -> int | None:
    process.join(_PATIENCE)
    return process.exitcode


def _check_all_done_once(corpus: Corpus, fake: FakeBatches, articles: int) -> None:
    with open_store(corpus.address) as store:
        standing = standing_of(corpus.set_up(store).work)
        assert (standing.done, standing.left) == (articles, 0)
        assert len(results(store)) == articles
    assert fake.paid_twice() == []
    assert fake.asked == Counter(range(articles))


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_any_call_of_the_provider_nothing_is_asked_twice(
    provider: str, tmp_path: Path, when: Literal["before", "after"]
) -> None:
    with FAKES[provider][0](looks=1) as undisturbed:
        run(lay(tmp_path / "0", provider, undisturbed, articles=2))
    for number, call in enumerate(undisturbed.calls, start=1):
        if when == "before" and number > 1 and call.startswith("GET"):
            continue  # it has no effect: as good as after the call before it
        with FAKES[provider][0](looks=1) as fake:
            corpus = lay(tmp_path / f"{number}", provider, fake, articles=2)
            victims: list[BaseProcess] = []

            def happening(
                method: str,
                path: str,
                now: str,
                fake: FakeBatches = fake,
                number: int = number,
                victims: list[BaseProcess] = victims,
            ) -> None:
                if now == when and len(fake.calls) == number and victims:
                    os.kill(victims.pop().pid or 0, signal.SIGKILL)
                    if when == "before":
                        fake.hang_up()

            fake.happening = happening
            victim = _go_on(corpus)
            victims.append(victim)
            assert _ended(victim) == -signal.SIGKILL
            assert _ended(_go_on(corpus)) == 0
            _check_all_done_once(corpus, fake, 2)
            assert len(fake.batches) == 1


class _Killed(BaseException):
    """Ends a run as a kill does: nothing that it would still write is kept."""


def test_killed_before_any_commit_nothing_is_asked_twice(provider: str, tmp_path: Path) -> None:
    # Both providers have the same steps: each kills at every other one.
    for number in range(1 if provider == "openai" else 2, 100, 2):
        with FAKES[provider][0]() as fake:
            corpus = lay(tmp_path / f"{number}", provider, fake, articles=2)
            fake.looks = 1
            if not _dies_at_commit(corpus, number):
                assert number > 15
                return
            assert run(corpus).end.reason == "complete"
            _check_all_done_once(corpus, fake, 2)
            assert len(fake.batches) == 1


def _dies_at_commit(corpus: Corpus, number: int) -> bool:
    """Whether the run came as far as its commit of that number, and died there."""
    commits = count(1)

    def die(_: object) -> None:
        if threading.current_thread() is threading.main_thread() and next(commits) >= number:
            raise _Killed

    with open_store(corpus.address) as store:
        event.listen(store.engine, "commit", die)
        try:
            corpus.run(store)
        except _Killed:
            event.remove(store.engine, "commit", die)
            # Its process lives, which has to be taken for dead.
            with store.writing() as rows:
                rows.execute(delete(OWNERS))
            return True
    return False


# ---- leaving, going on and cancelling


def test_two_processes_never_work_with_the_same_batches(
    provider: str, fake: FakeBatches, tmp_path: Path
) -> None:
    corpus = lay(tmp_path, provider, fake)
    with open_store(corpus.address) as store:
        work = corpus.set_up(store).work
        other = work.join()
        assert ProviderLedger(work).take(other)
        with pytest.raises(ConfigurationError, match="Another process"):
            corpus.run(store)
        work.leave(other)
        assert corpus.run(store).end.reason == "complete"


def test_cancelling_keeps_what_was_answered_and_gives_the_rest_back(
    provider: str, fake: FakeBatches, tmp_path: Path
) -> None:
    corpus = lay(tmp_path, provider, fake, part=4)
    fake.held = True
    left = run(corpus, RunLimits(hours=1e-9))
    assert left.end.reason == "hours"
    assert len(left.under_way) == 2
    fake.end(fake.batches[left.under_way[0]])
    with open_store(corpus.address) as store:
        work = corpus.set_up(store).work
        with pytest.raises(ConfigurationError, match="under way") as told:
            leave_to_others(work)
        assert "--cancel-provider-batch" in told.value.advice
    ended = run(corpus, cancel=True)
    assert ended.under_way == ()
    assert (ended.end.standing.done, ended.end.standing.pending) == (4, 2)
    with open_store(corpus.address) as store:
        leave_to_others(corpus.set_up(store).work)
    fake.held = False
    assert run(corpus).end.standing.done == 6
    assert fake.paid_twice() == []


def test_a_batch_that_somebody_cancels_ends_the_run_and_is_not_sent_again(
    provider: str, fake: FakeBatches, tmp_path: Path
) -> None:
    corpus = lay(tmp_path, provider, fake)
    fake.held = True
    left = run(corpus, RunLimits(hours=1e-9))
    fake.batches[left.under_way[0]].status = "cancelling"
    ended = run(corpus)
    assert ended.end.failure is not None
    assert ended.end.failure.kind == "BatchCancelled"
    assert (len(fake.batches), ended.end.standing.pending) == (1, 6)


@pytest.mark.parametrize("lost", ["batch", "answers"])
def test_a_batch_that_the_provider_has_no_more_is_given_up_by_who_says_so(
    provider: str, fake: FakeBatches, tmp_path: Path, lost: str
) -> None:
    corpus = lay(tmp_path, provider, fake)
    fake.held = True
    (batch,) = run(corpus, RunLimits(hours=1e-9)).under_way
    fake.held = False
    of_answers = ("/results", "/files/")
    fake.lost = lambda path: (
        batch in path and (lost == "batch" or any(part in path for part in of_answers))
    )
    for _ in range(2):
        ended = run(corpus)
        assert ended.end.failure is not None
        assert ended.end.failure.kind == "BatchGone"
        assert "--cancel-provider-batch" in ended.end.failure.text
        assert ended.under_way == (batch,)
    given_up = run(corpus, cancel=True)
    assert (given_up.under_way, given_up.end.failure) == ((), None)
    assert given_up.end.standing.pending == 6
    assert run(corpus).end.standing.done == 6


def _command(corpus: Corpus, *more: str) -> list[str]:
    named = [corpus.source, "--into", corpus.address, "--model", corpus.model]
    return [sys.executable, "-c", "from extractor.cli import main; main()", "batch", *named, *more]


def _environment(corpus: Corpus) -> dict[str, str]:
    return {
        **os.environ,
        "OPENAI_API_KEY": KEY,
        "ANTHROPIC_API_KEY": KEY,
        "EXTRACTOR_OPENAI_BASE_URL": corpus.url,
        "EXTRACTOR_LITELLM_BASE_URL": corpus.url,
        "EXTRACTOR_FINDER": "none",
        "EXTRACTOR_PROMPT_CHECK": "false",
    }


def test_ctrl_c_leaves_the_batch_with_the_provider_and_tells_how_to_go_on(
    provider: str, fake: FakeBatches, tmp_path: Path
) -> None:
    corpus = lay(tmp_path, provider, fake)
    fake.held = True
    looked: list[str] = []

    def happening(method: str, path: str, when: str) -> None:
        if method == "GET" and when == "after" and not looked:
            looked.append(path)
            process.send_signal(signal.SIGINT)

    fake.happening = happening
    process = subprocess.Popen(
        _command(corpus, "--provider-batch", "--log", str(tmp_path / "log")),
        env=_environment(corpus),
        stdout=subprocess.PIPE,
        text=True,
    )
    told, _ = process.communicate(timeout=_PATIENCE)
    (batch,) = fake.batches
    assert process.returncode == 130
    assert batch in told
    assert "run the same command again" in told
    assert "--cancel-provider-batch" in told
    assert fake.batches[batch].status == "in_progress"

    refused = subprocess.run(
        _command(corpus), env=_environment(corpus), capture_output=True, text=True
    )
    assert refused.returncode == 2
    assert "under way" in refused.stderr

    fake.held = False
    done = subprocess.run(
        _command(corpus, "--provider-batch", "--log", str(tmp_path / "log")),
        env=_environment(corpus),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "6  done" in done.stdout
    assert "1 batch with 6 requests, 6 answered" in done.stdout
    assert len(fake.batches) == 1
    assert fake.paid_twice() == []
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert Counter(line["event"] for line in lines) == {"done": 6, "ended": 2}
    assert KEY not in (tmp_path / "log").read_text() + done.stdout + done.stderr
