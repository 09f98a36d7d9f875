"""The ledger of a run: whatever order things happen in, an article is finished once."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from extractor.batch.items import Failure, Listed, RunConditions, Standing, WorkItem
from extractor.batch.register import Entries, Register, standing_of
from extractor.batch.work import LEASE_SECONDS, Work, begin_run
from extractor.batch.workers import read_article
from extractor.errors import ModelError, ModelRateLimited
from extractor.extraction import Extractor
from extractor.models.base import ModelReply, TokenUsage
from extractor.models.scripted import ScriptedModel
from extractor.records import Extraction, Notice
from extractor.results.store import ResultStore, Submission
from extractor.storage import Store, open_store
from extractor.storage.tables import ATTEMPTS, ITEMS, OWNERS, RESULTS
from tests.batch.fakes import SETTINGS, text_of

_RUNS = count()
_FAILURE = Failure("ModelRejected", "It will not.")


@cache
def _read(number: int) -> Extraction:
    extractor = Extractor(
        ScriptedModel(lambda _: '{"commitments": [], "events": []}'), settings=SETTINGS
    )
    return extractor.extract(text_of(number), language="en")


@dataclass(frozen=True)
class ListedRun:
    """A run that has listed some articles, and who works on it."""

    work: Work
    register: Register
    owner: str

    def standing(self) -> Standing:
        return standing_of(self.work)

    def enter(self, *numbers: int, file: str = "f") -> None:
        self.register.enter(Entries([_place(number, file) for number in numbers]))

    def column(self, name: str) -> list[object]:
        with self.work.store.reading() as rows:
            wanted = select(ITEMS.c[name]).where(ITEMS.c.run_id == self.work.run_id)
            return list(rows.scalars(wanted.order_by(ITEMS.c.position)))


def _place(number: int, file: str = "f") -> Listed:
    return Listed(file, f"{file}:{number}", Submission(text_of(number), language="en"))


def _begin(store: Store, fingerprint: str | None = None) -> ListedRun:
    conditions = RunConditions("scripted", fingerprint or f"{next(_RUNS)}", ("f",), {})
    work = begin_run(store, conditions)
    register, owner = Register(work, conditions.fingerprint), work.join()
    assert register.open_for(owner)
    return ListedRun(work, register, owner)


@pytest.fixture(name="store")
def _store(store_address: str) -> Iterator[Store]:
    with open_store(store_address) as store:
        yield store


@pytest.fixture(name="ledger")
def _ledger(store: Store) -> ListedRun:
    ledger = _begin(store)
    ledger.enter(0, 1, 2, 3)
    return ledger


@contextmanager
def _gone_process(ledger: ListedRun) -> Iterator[str]:
    """An owner whose process is no more."""
    owner = ledger.work.join()
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    with ledger.work.store.writing() as rows:
        changed = update(OWNERS).where(OWNERS.c.id == owner).values(pid=child.pid)
        rows.execute(changed)
    yield owner


def test_the_same_conditions_are_the_same_run() -> None:
    one = RunConditions("m", "f", ("a", "b"), {"text": "body"})
    assert one.run_id == replace(one).run_id
    others = [
        replace(one, model="n"),
        replace(one, fingerprint="g"),
        replace(one, sources=("a",)),
        replace(one, options={}),
    ]
    assert len({one.run_id, *(other.run_id for other in others)}) == 5


def test_articles_are_claimed_in_their_order_and_by_one_owner_each(ledger: ListedRun) -> None:
    first = ledger.work.claim(ledger.owner, 3)
    second = ledger.work.claim(ledger.work.join(), 3)
    assert [item.name for item in first] == ["f:0", "f:1", "f:2"]
    assert [item.name for item in second] == ["f:3"]
    assert first[0].article == Submission(text_of(0), language="en")
    assert ledger.work.claim(ledger.owner, 3) == []


def test_many_threads_claim_every_article_once(store: Store) -> None:
    ledger = _begin(store)
    ledger.enter(*range(60))
    claimed: list[str] = []

    def claim() -> None:
        owner = ledger.work.join()
        while items := ledger.work.claim(owner, 2):
            claimed.extend(item.key for item in items)

    threads = [threading.Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(claimed) == len(set(claimed)) == 60


def test_what_is_finished_is_kept_with_what_it_cost(ledger: ListedRun) -> None:
    (item,) = ledger.work.claim(ledger.owner, 1)
    assert ledger.work.finish(item, _read(0))
    standing = ledger.standing()
    assert (standing.done, standing.pending, standing.calls) == (1, 3, 1)
    assert standing.prompt_tokens == _read(0).usage.prompt_tokens
    assert ResultStore(ledger.work.store).get(item.key) == _read(0)


def test_the_first_who_finishes_an_article_is_the_one_who_counts(ledger: ListedRun) -> None:
    (slow,) = ledger.work.claim(ledger.owner, 1)
    ledger.work.give_back([slow])
    everything = ledger.work.claim(ledger.work.join(), 4)
    (quick,) = (item for item in everything if item.key == slow.key)
    assert ledger.work.finish(slow, _read(0))
    assert not ledger.work.finish(quick, _read(1))
    assert ResultStore(ledger.work.store).get(slow.key) == _read(0)
    assert ledger.standing().calls == 1


def test_who_has_lost_an_article_cannot_fail_it(ledger: ListedRun) -> None:
    (item,) = ledger.work.claim(ledger.owner, 1)
    ledger.work.give_back([item])
    ledger.work.fail(item, _FAILURE)
    assert (ledger.standing().failed, ledger.standing().pending) == (0, 4)


def test_what_fails_stays_with_its_cause_and_costs_nobody_else(ledger: ListedRun) -> None:
    (item,) = ledger.work.claim(ledger.owner, 1)
    ledger.work.fail(item, _FAILURE)
    assert ledger.column("error_kind") == ["ModelRejected", None, None, None]
    assert ledger.column("error_text")[0] == "It will not."
    assert len(ledger.work.claim(ledger.owner, 9)) == 3


def test_what_a_failure_has_cost_counts_with_the_rest(ledger: ListedRun) -> None:
    usage = _read(0).usage.model_copy(update={"calls": 3, "cost_usd": 0.5})
    (item,) = ledger.work.claim(ledger.owner, 1)
    ledger.work.fail(item, _FAILURE, usage)
    ledger.work.retry_failed()
    (again,) = (each for each in ledger.work.claim(ledger.owner, 4) if each.key == item.key)
    ledger.work.finish(again, _read(0).model_copy(update={"usage": usage}))
    assert (ledger.standing().calls, ledger.standing().cost_usd) == (6, 1.0)


def test_what_an_article_has_cost_that_comes_back_counts_with_the_rest(ledger: ListedRun) -> None:
    usage = _read(0).usage.model_copy(update={"calls": 2, "cost_usd": 0.25})
    (item,) = ledger.work.claim(ledger.owner, 1)
    ledger.work.spend(item, usage)
    ledger.work.give_back([item])
    ledger.work.spend(item, usage)  # it is nobody's now
    assert (ledger.standing().calls, ledger.standing().cost_usd) == (2, 0.25)


def test_the_calls_before_a_provider_has_had_enough_are_paid_for(ledger: ListedRun) -> None:
    answers: Iterator[ModelReply | ModelError] = iter(
        [
            ModelReply("no JSON", "stop", TokenUsage(100, 0, 20, 0.5)),
            ModelRateLimited("too many", retry_after=9_999.0),
        ]
    )
    patient = SETTINGS.model_copy(update={"retries": 1})
    extractor = Extractor(ScriptedModel(lambda _: next(answers)), settings=patient)
    (item,) = ledger.work.claim(ledger.owner, 1)
    end = read_article(item, extractor, ledger.work)
    ledger.work.give_back([item])
    assert end.outcome == "again"
    assert (ledger.standing().calls, ledger.standing().cost_usd) == (2, 0.5)
    assert ledger.column("state") == ["pending"] * 4


def test_half_characters_that_a_model_writes_cost_nothing(ledger: ListedRun) -> None:
    reply = r'{"commitments": ["\ud800", {"what": "\udfff"}], "events": []}'
    with Extractor(ScriptedModel(lambda _: reply), settings=SETTINGS) as extractor:
        (item,) = ledger.work.claim(ledger.owner, 1)
        end = read_article(item, extractor, ledger.work)
    assert end.outcome == "done", end.failure
    assert ledger.standing().done == 1


def test_a_result_that_cannot_be_kept_fails_its_article_alone_and_is_paid_for(
    ledger: ListedRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    def defect(*_: object) -> None:
        raise RuntimeError("words of an article")

    monkeypatch.setattr(Work, "finish", defect)
    reply = ModelReply('{"commitments": [], "events": []}', "stop", TokenUsage(100, 0, 20, 0.5))
    with Extractor(ScriptedModel(lambda _: reply), settings=SETTINGS) as extractor:
        (item,) = ledger.work.claim(ledger.owner, 1)
        end = read_article(item, extractor, ledger.work)
    assert end.outcome == "failed"
    assert ledger.column("error_kind") == ["RuntimeError", None, None, None]
    assert "words" not in str(ledger.column("error_text")[0])
    assert (ledger.standing().failed, ledger.standing().cost_usd) == (1, 0.5)


def test_what_came_back_is_read_after_what_was_never_tried(ledger: ListedRun) -> None:
    first = ledger.work.claim(ledger.owner, 2)
    ledger.work.give_back(first)
    assert [item.name for item in ledger.work.claim(ledger.owner, 3)] == ["f:2", "f:3", "f:0"]


def test_an_article_that_takes_one_process_after_the_other_with_it_has_failed(
    ledger: ListedRun,
) -> None:
    for _ in range(5):
        items = ledger.work.claim(ledger.owner, 4)
        killer = [item for item in items if item.name == "f:0"]
        ledger.work.give_back(killer, died=True)
        ledger.work.give_back([item for item in items if item.name != "f:0"])
    assert ledger.column("state") == ["failed", "pending", "pending", "pending"]
    assert ledger.column("error_kind")[0] == "ProcessDied"


def test_a_dead_process_of_this_machine_loses_its_articles_at_once(ledger: ListedRun) -> None:
    with _gone_process(ledger) as gone:
        ledger.work.claim(gone, 2)
        ledger.work.claim(ledger.owner, 1)
        assert ledger.work.reclaim() == 2
    assert (ledger.standing().pending, ledger.standing().leased) == (3, 1)


def test_a_lease_that_has_ended_is_anybodys_and_one_that_is_renewed_is_not(
    ledger: ListedRun,
) -> None:
    other = ledger.work.join()
    for owner in (ledger.owner, other):
        ledger.work.claim(owner, 1)
    _let_leases_end(ledger)
    ledger.work.beat(ledger.owner)
    assert ledger.work.reclaim() == 1
    assert ledger.column("owner") == [ledger.owner, None, None, None]


def test_who_leaves_gives_back_what_it_holds(ledger: ListedRun) -> None:
    ledger.work.claim(ledger.owner, 2)
    ledger.work.leave(ledger.owner)
    assert ledger.standing().pending == 4


def test_one_owner_at_a_time_lists_the_source_and_another_when_it_is_gone(
    ledger: ListedRun,
) -> None:
    other = ledger.work.join()
    assert not ledger.register.open_for(other)
    ledger.register.close_for(ledger.owner)
    assert ledger.register.open_for(other)
    with ledger.work.store.writing() as rows:
        old = OWNERS.c.beat_at - 2 * LEASE_SECONDS
        rows.execute(update(OWNERS).where(OWNERS.c.id == other).values(beat_at=old))
    assert ledger.register.open_for(ledger.owner)


def test_an_article_at_two_places_is_one(ledger: ListedRun) -> None:
    ledger.enter(3, 4, file="g")
    standing = ledger.standing()
    assert (standing.places, standing.items) == (6, 5)


def test_what_anybody_has_read_before_is_done(store: Store) -> None:
    first = _begin(store, "same")
    first.enter(0)
    (item,) = first.work.claim(first.owner, 1)
    first.work.finish(item, _read(0))
    other = begin_run(store, RunConditions("scripted", "same", ("elsewhere",), {}))
    register = Register(other, "same")
    register.enter(Entries([_place(0), _place(1)]))
    standing = standing_of(other)
    assert (standing.done, standing.kept, standing.pending, standing.calls) == (1, 1, 1, 0)


def test_a_reading_in_part_is_kept_for_the_run_alone_until_it_is_whole(ledger: ListedRun) -> None:
    partly = _read(0).model_copy(
        update={"notices": [Notice(code="passage_unread", detail="", sentences=[])]}
    )
    (item,) = ledger.work.claim(ledger.owner, 1)
    ledger.work.finish(item, partly)
    results = ResultStore(ledger.work.store)
    assert results.get(item.key) is None
    assert (ledger.standing().done, ledger.standing().partly) == (1, 1)
    assert ledger.work.retry_failed() == 1
    (again,) = (each for each in ledger.work.claim(ledger.owner, 4) if each.key == item.key)
    ledger.work.finish(again, _read(0))
    assert results.get(item.key) == _read(0)
    assert ledger.standing().partly == 0
    with ledger.work.store.reading() as rows:
        kept = rows.scalars(select(RESULTS.c.key).where(RESULTS.c.key.startswith(item.key)))
        assert list(kept) == [item.key]


def test_exactly_what_failed_is_asked_again(ledger: ListedRun) -> None:
    failed, done = ledger.work.claim(ledger.owner, 2)
    ledger.work.fail(failed, _FAILURE)
    ledger.work.finish(done, _read(1))
    assert ledger.work.retry_failed() == 1
    assert ledger.column("state") == ["pending", "done", "pending", "pending"]


def test_every_attempt_is_written_down(ledger: ListedRun) -> None:
    for outcome in ("returned", "failed", "done"):
        (item,) = (each for each in ledger.work.claim(ledger.owner, 4) if each.name == "f:0")
        match outcome:
            case "returned":
                ledger.work.leave(ledger.owner)
            case "failed":
                ledger.work.fail(item, _FAILURE)
                ledger.work.retry_failed()
                ledger.work.leave(ledger.owner)
            case _:
                ledger.work.finish(item, _read(0))
    with ledger.work.store.reading() as rows:
        attempts = select(ATTEMPTS.c.outcome).where(ATTEMPTS.c.key == item.key)
        told = list(rows.scalars(attempts.order_by(ATTEMPTS.c.attempt)))
    assert told == ["returned", "failed", "done"]


def _let_leases_end(ledger: ListedRun) -> None:
    with ledger.work.store.writing() as rows:
        rows.execute(update(ITEMS).values(lease_until=0.0).where(ITEMS.c.state == "leased"))


_STEPS = st.lists(
    st.tuples(
        st.sampled_from(["claim", "finish", "fail", "back", "died", "expire", "retry", "leave"]),
        st.integers(0, 1),
        st.integers(0, 5),
    ),
    max_size=40,
)


@pytest.fixture(scope="module", name="one_store")
def _one_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(tmp_path_factory.mktemp("ledger") / "store.db") as store:
        yield store


def _end(ledger: ListedRun, item: WorkItem, step: str) -> bool:
    if step == "finish":
        return ledger.work.finish(item, _read(0))
    if step == "fail":
        ledger.work.fail(item, _FAILURE)
    else:
        ledger.work.give_back([item], died=step == "died")
    return False


@settings(max_examples=40, deadline=None)
@given(steps=_STEPS)
def test_whatever_happens_each_article_is_finished_once_and_none_is_lost(
    one_store: Store, steps: list[tuple[str, int, int]]
) -> None:
    ledger = _begin(one_store)
    ledger.enter(*range(6))
    owners = [ledger.work.join(), ledger.work.join()]
    held: list[list[WorkItem]] = [[], []]
    finished: list[str] = []
    for step, who, number in steps:
        mine = held[who]
        if step == "claim":
            mine += ledger.work.claim(owners[who], number % 3 + 1)
        elif step == "leave":
            ledger.work.leave(owners[who])
            owners[who] = ledger.work.join()
        elif step in ("expire", "retry"):
            _let_leases_end(ledger)
            ledger.work.reclaim()
            ledger.work.retry_failed()
        elif mine:
            item = mine.pop(number % len(mine))
            if _end(ledger, item, step):
                finished.append(item.key)
        assert ledger.standing().items == 6
    for owner in owners:
        ledger.work.leave(owner)
    while items := ledger.work.claim(ledger.owner, 6):
        for item in items:
            if ledger.work.finish(item, _read(0)):
                finished.append(item.key)
    assert len(finished) == len(set(finished))
    standing = ledger.standing()
    assert standing.done == len(finished)
    assert standing.done + standing.failed == 6
