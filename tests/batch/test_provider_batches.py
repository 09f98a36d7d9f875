"""Batches at a provider: nothing is asked twice, whatever is killed, lost, expired or refused."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Literal

import pytest
from sqlalchemy import delete, event, select

from extractor.batch.limits import RunLimits
from extractor.batch.provider_batches.driving import BatchRunEnd
from extractor.batch.provider_batches.ledger import ProviderLedger, leave_to_others
from extractor.batch.register import standing_of
from extractor.batch.troubles import troubles_of
from extractor.errors import ConfigurationError
from extractor.extraction import Extractor
from extractor.models.base import ModelRequest
from extractor.models.scripted import ScriptedModel
from extractor.records import Extraction
from extractor.storage import Store, open_store
from extractor.storage.tables import OWNERS, RESULTS
from tests.batch.fake_batches import (
    KEY,
    OUTPUT_TOKENS,
    PROMPT_TOKENS,
    Corpus,
    FakeAnthropicBatches,
    FakeBatches,
    FakeOpenAIBatches,
    Outcome,
    go_on,
    reply_of,
)
from tests.batch.fakes import text_of, write_articles

_MODELS: dict[str, tuple[type[FakeBatches], str]] = {
    "openai": (FakeOpenAIBatches, "openai/fake-1"),
    "anthropic": (FakeAnthropicBatches, "anthropic/claude-sonnet-4-5"),
}
_READ, _CACHED, _WRITTEN = 3e-6, 0.3e-6, 15e-6
_PATIENCE = 60.0


@pytest.fixture(params=list(_MODELS), name="provider")
def _provider(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(name="fake")
def _fake(provider: str) -> Iterator[FakeBatches]:
    with _MODELS[provider][0]() as fake:
        yield fake


def _lay(
    folder: Path, provider: str, fake: FakeBatches, articles: int = 6, part: int = 100
) -> Corpus:
    folder.mkdir(exist_ok=True)
    write_articles(folder / "articles.jsonl", range(articles))
    model = _MODELS[provider][1]
    address = f"sqlite:///{folder}/store.db"
    open_store(address).close()
    return Corpus(model, fake.url, str(folder / "articles.jsonl"), address, part)


def _run(corpus: Corpus, limits: RunLimits | None = None, *, cancel: bool = False) -> BatchRunEnd:
    with open_store(corpus.address) as store:
        return corpus.run(store, limits, cancel=cancel)


def _results(store: Store) -> list[Extraction]:
    with store.reading() as rows:
        found = rows.scalars(select(RESULTS.c.extraction).order_by(RESULTS.c.article_sha256))
        return [Extraction.model_validate_json(each) for each in found]


def _faults(**told: str) -> Callable[[int, int], Outcome]:
    """What becomes of the article of that number the first times it is asked about."""
    script = {int(name.removeprefix("a")): each.split() for name, each in told.items()}

    def fault(article: int, time: int) -> Outcome:
        outcomes = script.get(article, [])
        return outcomes[time - 1] if time <= len(outcomes) else "answered"  # type: ignore[return-value]

    return fault


def test_a_run_through_batches_yields_what_asking_one_by_one_yields(
    provider: str, fake: FakeBatches, tmp_path: Path, store_address: str
) -> None:
    laid = _lay(tmp_path, provider, fake, part=4)
    corpus = Corpus(laid.model, laid.url, laid.source, store_address, laid.part_requests)

    def scripted(request: ModelRequest) -> str:
        number = int(request.messages[-1].content.split("Nordlys ")[1].split()[0])
        return reply_of(number, request.json_schema)

    with open_store(store_address) as store:
        ended = corpus.run(store)
        found = _results(store)
    settings = corpus.settings
    direct = Extractor(ScriptedModel(scripted, name=corpus.model), settings=settings)
    wanted = {text_of(number): number for number in range(6)}
    assert ended.end.reason == "complete"
    assert [batch.status in ("completed", "ended") for batch in fake.batches.values()] == [True] * 2
    assert len(found) == len(wanted)
    by_digest = {each.article.sha256: each for each in found}
    for text in wanted:
        other = direct.extract(text, language="en")
        kept = by_digest[other.article.sha256]
        assert kept.commitments == other.commitments != []
        assert kept.rejected == other.rejected
        assert kept.provenance == other.provenance
    assert fake.paid_twice() == []


def test_money_is_counted_from_the_answers_at_half_the_price(tmp_path: Path) -> None:
    with FakeAnthropicBatches() as fake:
        ended = _run(_lay(tmp_path, "anthropic", fake))
    cached = 600
    price = (PROMPT_TOKENS - cached) * _READ + cached * _CACHED + OUTPUT_TOKENS * _WRITTEN
    assert ended.counts.cost_usd == pytest.approx(6 * price / 2)
    assert ended.end.standing.cost_usd == pytest.approx(6 * price / 2)
    assert (ended.counts.batches, ended.counts.requests, ended.counts.answered) == (1, 6, 6)


def test_what_expired_or_met_a_busy_server_is_sent_again_and_nothing_else(
    provider: str, fake: FakeBatches, tmp_path: Path
) -> None:
    fake.fault = _faults(a1="expired", a2="busy", a3="expired busy", a4="missing")
    ended = _run(_lay(tmp_path, provider, fake))
    assert (ended.end.reason, ended.end.standing.done) == ("complete", 6)
    assert fake.asked == Counter({0: 1, 1: 2, 2: 2, 3: 3, 4: 2, 5: 1})
    assert fake.paid_twice() == []


def test_a_reply_that_was_cut_goes_into_the_next_batch(
    provider: str, fake: FakeBatches, tmp_path: Path
) -> None:
    fake.fault = _faults(a3="cut")
    corpus = _lay(tmp_path, provider, fake)
    ended = _run(corpus)
    assert (ended.end.standing.done, ended.end.standing.partly) == (6, 0)
    assert fake.asked == Counter({0: 1, 1: 1, 2: 1, 3: 2, 4: 1, 5: 1})
    with open_store(corpus.address) as store:
        assert all(len(each.commitments) == 1 for each in _results(store))


def test_what_never_gets_its_turn_fails_alone_until_it_is_retried(
    provider: str, fake: FakeBatches, tmp_path: Path
) -> None:
    fake.fault = _faults(a2="expired expired expired", a4="refused")
    corpus = _lay(tmp_path, provider, fake)
    ended = _run(corpus)
    assert (ended.end.standing.done, ended.end.standing.failed) == (4, 2)
    with open_store(corpus.address) as store:
        work = corpus.set_up(store).work
        assert {each.kind for each in troubles_of(work)} == {"ModelTimeout", "ModelFiltered"}
        ProviderLedger(work).forget_failed()
        assert work.retry_failed() == 2
        assert corpus.run(store).end.standing.done == 6
    assert fake.asked == Counter({0: 1, 1: 1, 2: 4, 3: 1, 4: 2, 5: 1})


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_what_the_provider_does_not_take_is_left_out_of_the_next_batch(
    provider: str, fake: FakeBatches, tmp_path: Path
) -> None:
    laid = _lay(tmp_path, provider, fake)
    corpus = Corpus(f"{provider}/no-temperature", laid.url, laid.source, laid.address)
    ended = _run(corpus)
    assert ended.end.standing.done == 6
    assert len(fake.batches) == 2
    with open_store(corpus.address) as store:
        notices = [notice.code for each in _results(store) for notice in each.notices]
    assert notices.count("request_adapted") == 6


def test_a_batch_that_was_made_while_the_answer_was_lost_is_found(
    provider: str, fake: FakeBatches, tmp_path: Path
) -> None:
    lost = iter([True])

    def happening(method: str, path: str, when: str) -> None:
        if method == "POST" and path.endswith("batches") and when == "after" and next(lost, False):
            fake.hang_up()

    fake.happening = happening
    ended = _run(_lay(tmp_path, provider, fake))
    assert (ended.end.reason, ended.end.standing.done) == ("complete", 6)
    assert len(fake.batches) == 1
    assert fake.paid_twice() == []


def test_a_batch_of_somebody_else_is_not_taken_for_the_lost_one(
    provider: str, fake: FakeBatches, tmp_path: Path
) -> None:
    other = _lay(tmp_path / "other", provider, fake)
    fake.held = True
    lost = iter([True])

    def happening(method: str, path: str, when: str) -> None:
        if method != "POST" or not path.endswith("batches") or when != "before":
            return
        if next(lost, False):
            # Somebody else makes a batch of as many requests at the same moment.
            fake.happening = lambda method, path, when: None
            _run(other, RunLimits(hours=1e-9))
            fake.held = False
            fake.hang_up()

    fake.happening = happening
    mine = _lay(tmp_path / "mine", provider, fake)
    write_articles(Path(mine.source), range(10, 16))
    ended = _run(mine)
    assert (ended.end.reason, ended.end.standing.done) == ("complete", 6)
    assert (ended.counts.batches, ended.counts.requests) == (1, 6)
    assert _run(other).end.standing.done == 6
    assert len(fake.batches) == 2
    assert fake.paid_twice() == []


def test_a_limit_on_costs_holds_back_what_may_cost_more(tmp_path: Path) -> None:
    with FakeAnthropicBatches() as fake:
        corpus = _lay(tmp_path, "anthropic", fake, articles=8)
        ended = _run(corpus, RunLimits(cost_usd=0.18))
        assert ended.end.reason == "cost"
        assert ended.counts.cost_usd is not None
        assert 0 < ended.counts.cost_usd <= 0.18
        # A reply may be as long as it is let: before it is known only one fits at a time.
        assert all(len(batch.requests) == 1 for batch in fake.batches.values())
        assert 0 < ended.end.standing.done < 8
        assert ended.under_way == ()
        assert _run(corpus).end.standing.done == 8
        assert fake.paid_twice() == []


def test_a_limit_on_costs_needs_a_price(tmp_path: Path) -> None:
    with FakeOpenAIBatches() as fake:
        with pytest.raises(ConfigurationError, match="price"):
            _run(_lay(tmp_path, "openai", fake), RunLimits(cost_usd=1.0))
        assert fake.calls == []


def test_as_many_articles_are_begun_as_asked_for(
    provider: str, fake: FakeBatches, tmp_path: Path
) -> None:
    ended = _run(_lay(tmp_path, provider, fake), RunLimits(articles=2))
    assert (ended.end.reason, ended.end.standing.done) == ("articles", 2)
    assert sum(fake.asked.values()) == 2


def test_an_account_that_takes_few_at_a_time_gets_small_batches(tmp_path: Path) -> None:
    with FakeOpenAIBatches() as fake:
        fake.most_enqueued = 4
        ended = _run(_lay(tmp_path, "openai", fake, articles=12))
        assert (ended.end.reason, ended.end.standing.done) == ("complete", 12)
        assert all(len(each.requests) <= 4 for each in fake.batches.values() if not each.code)
        assert fake.paid_twice() == []


def test_a_key_that_is_refused_ends_the_run_and_costs_no_article(
    provider: str, fake: FakeBatches, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = _lay(tmp_path, provider, fake)
    monkeypatch.setattr("tests.batch.fake_batches.KEY", "sk-another")
    with open_store(corpus.address) as store:
        # The fake looks for the key of before.
        monkeypatch.setattr(fake, "key", KEY)
        ended = corpus.run(store)
        assert ended.end.reason == "failure"
        assert ended.end.failure is not None
        assert ended.end.failure.kind == "ModelRefusedKey"
        assert "sk-" not in ended.end.failure.text
        assert (ended.end.standing.pending, ended.end.standing.failed) == (6, 0)


def test_a_provider_that_is_away_for_a_while_is_asked_again(
    provider: str, fake: FakeBatches, tmp_path: Path
) -> None:
    away = iter(range(4))

    def happening(method: str, path: str, when: str) -> None:
        if when == "before" and next(away, None) is not None:
            fake.hang_up()

    fake.happening = happening
    ended = _run(_lay(tmp_path, provider, fake))
    assert (ended.end.reason, ended.end.standing.done) == ("complete", 6)
    assert fake.paid_twice() == []


# ---- killing

_KILLING = multiprocessing.get_context("forkserver")
_KILLING.set_forkserver_preload(["tests.batch.fake_batches", "httpx"])


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
        assert len(_results(store)) == articles
    assert fake.paid_twice() == []
    assert fake.asked == Counter(range(articles))


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_any_call_of_the_provider_nothing_is_asked_twice(
    provider: str, tmp_path: Path, when: Literal["before", "after"]
) -> None:
    with _MODELS[provider][0](looks=1) as undisturbed:
        _run(_lay(tmp_path / "0", provider, undisturbed, articles=2))
    for number, call in enumerate(undisturbed.calls, start=1):
        if when == "before" and number > 1 and call.startswith("GET"):
            continue  # it has no effect: as good as after the call before it
        with _MODELS[provider][0](looks=1) as fake:
            corpus = _lay(tmp_path / f"{number}", provider, fake, articles=2)
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
        with _MODELS[provider][0]() as fake:
            corpus = _lay(tmp_path / f"{number}", provider, fake, articles=2)
            fake.looks = 1
            if not _dies_at_commit(corpus, number):
                assert number > 15
                return
            assert _run(corpus).end.reason == "complete"
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
    corpus = _lay(tmp_path, provider, fake)
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
    corpus = _lay(tmp_path, provider, fake, part=4)
    fake.held = True
    left = _run(corpus, RunLimits(hours=1e-9))
    assert left.end.reason == "hours"
    assert len(left.under_way) == 2
    fake.end(fake.batches[left.under_way[0]])
    with open_store(corpus.address) as store:
        work = corpus.set_up(store).work
        with pytest.raises(ConfigurationError, match="under way") as told:
            leave_to_others(work)
        assert "--cancel-provider-batch" in told.value.advice
    ended = _run(corpus, cancel=True)
    assert ended.under_way == ()
    assert (ended.end.standing.done, ended.end.standing.pending) == (4, 2)
    with open_store(corpus.address) as store:
        leave_to_others(corpus.set_up(store).work)
    fake.held = False
    assert _run(corpus).end.standing.done == 6
    assert fake.paid_twice() == []


def test_a_batch_that_somebody_cancels_ends_the_run_and_is_not_sent_again(
    provider: str, fake: FakeBatches, tmp_path: Path
) -> None:
    corpus = _lay(tmp_path, provider, fake)
    fake.held = True
    left = _run(corpus, RunLimits(hours=1e-9))
    fake.batches[left.under_way[0]].status = "cancelling"
    ended = _run(corpus)
    assert ended.end.failure is not None
    assert ended.end.failure.kind == "BatchCancelled"
    assert (len(fake.batches), ended.end.standing.pending) == (1, 6)


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
    corpus = _lay(tmp_path, provider, fake)
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


def test_a_model_without_batches_is_told_before_anything_is_listed(tmp_path: Path) -> None:
    write_articles(tmp_path / "a.jsonl", [1])
    corpus = Corpus("gemini/gemini-9", "", str(tmp_path / "a.jsonl"), f"{tmp_path}/store.db")
    with pytest.raises(ConfigurationError, match="batches") as told:
        _run(corpus)
    assert "--provider-batch" in told.value.advice
