"""A run whose readers claim articles themselves: limits, interrupts, and machines that go."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue

import pytest

from extractor.batch import cluster_run
from extractor.batch.cluster_run import ClusterRun
from extractor.batch.columns import ColumnNames
from extractor.batch.items import Failure
from extractor.batch.leading import RunEnd, RunEvent
from extractor.batch.limits import RunLimits
from extractor.batch.readers import ReaderTold
from extractor.batch.starting import RunSetup, set_up
from extractor.batch.workers import read_article
from extractor.extraction import Extractor
from extractor.settings import Settings
from extractor.storage import Store, open_store
from tests.batch.fakes import SETTINGS, FakePlan, open_fake, write_articles

_ARTICLES = 12


@dataclass
class Scene:
    """A run over some articles, and the pools that were opened for it, with their turns."""

    setup: RunSetup
    turns: list[int] = field(default_factory=list)
    pools: list[ThreadPool] = field(default_factory=list)
    lost: int = 0
    """Turns of the first pool that nobody takes, as if their machine were gone."""

    def open(self, turns: int) -> ThreadPool:
        lost, self.lost = self.lost, 0
        self.turns.append(turns)
        self.pools.append(ThreadPool(self.setup, turns - lost, hangs=lost > 0))
        return self.pools[-1]

    def run(self, limits: RunLimits | None = None, *, interrupt_at: int = 0) -> RunEnd:
        heard: list[RunEvent] = []

        def hear(event: RunEvent) -> None:
            heard.append(event)
            if interrupt_at and sum(each.kind == "done" for each in heard) == interrupt_at:
                signal.raise_signal(signal.SIGINT)

        return ClusterRun(
            self.setup.work,
            self.open,
            1,
            limits=limits or RunLimits(),
            list_source=self.setup.list_source,
            may_list=self.setup.register.open_for,
            on_event=hear,
        ).run()


class ThreadPool:
    """A pool of one reader in a thread."""

    def __init__(self, setup: RunSetup, turns: int, *, hangs: bool = False) -> None:
        self.failure: Failure | None = None
        self.ready = 0
        self.abandoned = False
        self._told: SimpleQueue[ReaderTold] = SimpleQueue()
        self._stopped = threading.Event()
        self._hangs = hangs
        self._setup = setup
        self._owner = setup.work.join()
        self._thread = threading.Thread(target=self._read, args=(turns,))
        self._thread.start()

    def _read(self, turns: int) -> None:
        with open_fake(None, self._setup.settings) as extractor:
            self.ready = 1
            for _ in range(turns):
                self._read_next(extractor)
        if self._hangs:
            self._stopped.wait()

    def _read_next(self, extractor: Extractor) -> None:
        while not self._stopped.is_set():
            for item in self._setup.work.claim(self._owner, 1):
                end = read_article(item, extractor, self._setup.work)
                self._told.put(ReaderTold(item, end))
                return
            self._stopped.wait(0.02)

    @property
    def is_over(self) -> bool:
        return not self._thread.is_alive() and self._told.empty()

    def hear(self, seconds: float) -> Iterator[ReaderTold]:
        with suppress(Empty):
            yield self._told.get(timeout=seconds)

    def begin_nothing(self) -> None:
        self._stopped.set()

    def end(self) -> None:
        self._stopped.set()
        self._thread.join()

    def abandon(self) -> None:
        self.abandoned = True
        self.end()


@pytest.fixture(name="scene")
def _scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    write_articles(tmp_path / "source.jsonl", range(_ARTICLES))
    plan = FakePlan(tmp_path)
    for name, value in plan.environment.items():
        monkeypatch.setenv(name, value)
    with open_store(tmp_path / "store.db") as store:
        yield Scene(_set_up(store, tmp_path / "source.jsonl", SETTINGS))


def _set_up(store: Store, source: Path, settings: Settings) -> RunSetup:
    return set_up(store, [str(source)], ColumnNames(), None, settings, open_fake)


def test_all_articles_are_read(scene: Scene) -> None:
    end = scene.run()
    assert (end.reason, end.standing.done, end.standing.left) == ("complete", _ARTICLES, 0)


def test_no_more_articles_are_read_than_were_asked_for(scene: Scene) -> None:
    end = scene.run(RunLimits(articles=5))
    assert (end.reason, end.standing.done) == ("articles", 5)
    end = scene.run()
    assert (end.reason, end.standing.done) == ("complete", _ARTICLES)


def test_a_run_stops_at_its_limit_on_costs(scene: Scene) -> None:
    end = scene.run(RunLimits(cost_usd=0.004))
    assert end.reason == "cost"
    assert end.standing.done < _ARTICLES


def test_an_interrupted_run_keeps_what_was_under_way_and_goes_on(scene: Scene) -> None:
    end = scene.run(interrupt_at=3)
    assert end.reason == "interrupted"
    assert 3 <= end.standing.done < _ARTICLES
    assert end.standing.leased == 0
    assert scene.run().standing.done == _ARTICLES


def test_turns_that_wait_for_a_machine_that_is_gone_are_given_to_others(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_run, "_STUCK_SECONDS", 1.0)
    scene.lost = 4
    end = scene.run()
    assert (end.reason, end.standing.done) == ("complete", _ARTICLES)
    assert scene.turns == [_ARTICLES, 4]
    assert [pool.abandoned for pool in scene.pools] == [True, False]


def test_a_pool_that_fails_is_opened_again_but_not_if_it_reads_nothing(scene: Scene) -> None:
    broken = Failure("RayFailed", "It cannot be kept.")

    def open_broken(turns: int) -> ThreadPool:
        pool = scene.open(min(turns, 2) if len(scene.pools) < 2 else 0)
        pool.failure = broken
        return pool

    run = ClusterRun(
        scene.setup.work,
        open_broken,
        1,
        limits=RunLimits(),
        list_source=scene.setup.list_source,
        may_list=scene.setup.register.open_for,
    )
    end = run.run()
    assert (end.reason, end.failure, end.standing.done) == ("failure", broken, 4)
    assert len(scene.pools) == 3


def test_a_reader_that_cannot_read_ends_the_run_with_its_reason(scene: Scene) -> None:
    broken = Failure("WeightsMissing", "Fetch them.", exit_code=4)

    def open_broken(turns: int) -> ThreadPool:
        pool = scene.open(0)
        pool._told.put(ReaderTold(broken=broken))
        return pool

    end = ClusterRun(
        scene.setup.work,
        open_broken,
        1,
        limits=RunLimits(),
        list_source=scene.setup.list_source,
        may_list=scene.setup.register.open_for,
    ).run()
    assert (end.reason, end.failure, end.standing.done) == ("failure", broken, 0)
