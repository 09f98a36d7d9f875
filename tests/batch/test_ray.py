"""A run on a Ray cluster: whatever is killed, nothing is lost, and nothing paid for twice.

A driver, a worker and a node are killed before PostgreSQL; `make chaos` does so thirteen times,
and before SQLite too.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psutil
import pytest
from sqlalchemy import select

from extractor.storage import open_store
from extractor.storage.tables import ATTEMPTS, ITEMS
from tests.batch.chaos import end_all, kept_in, note, still_runs, undisturbed
from tests.batch.fakes import FakePlan, command, write_articles

if find_spec("ray") is None:
    pytest.skip("the extra `ray` is not installed", allow_module_level=True)

_KILLS_OF_A_ROUND = 3
_ROUNDS = max(1, int(os.environ.get("CHAOS_KILLS", "1")) // _KILLS_OF_A_ROUND)
_ARTICLES = max(45 * (_ROUNDS + 1), int(os.environ.get("CHAOS_ARTICLES", "1")))
_SEED = int(os.environ.get("CHAOS_SEED", "1"))
_STORES = ["postgresql", "sqlite"] if _ROUNDS > 1 else ["postgresql"]
_AT_ONCE = 16
_OF_AN_ACTOR = 4
_PATIENCE = 300.0
_ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.timeout(900 * _ROUNDS)


@dataclass
class RayCluster:
    """Two nodes on this machine, a model that writes down who asks it, and a run on them."""

    process: subprocess.Popen[str]
    address: str
    environment: dict[str, str]
    plan: FakePlan
    store: str
    source: Path

    def start(self) -> psutil.Popen:
        arguments = ["batch", str(self.source), "--into", self.store, "--workers", str(_AT_ONCE)]
        arguments += ["--engine", "ray", "--address", self.address]
        with self.source.with_suffix(".out").open("ab") as output:
            return psutil.Popen(
                command(*arguments), env=self.environment, stdout=output, stderr=output
            )

    def tell(self, order: str) -> None:
        """Have the second node killed (`remove`), or another one started (`add`)."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{order}\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == f"{order}\n"

    def wait_for_calls(self, driver: psutil.Popen, more: int) -> None:
        wanted, until = len(self.plan.calls()) + more, time.monotonic() + _PATIENCE
        while len(self.plan.calls()) < wanted:
            told = self.source.with_suffix(".out")
            assert driver.poll() is None, told.read_text(encoding="utf-8")
            assert time.monotonic() < until, told.read_text(encoding="utf-8")
            time.sleep(0.02)

    def callers(self) -> list[psutil.Process]:
        """Actors that have called the model and are alive."""
        found = []
        for pid in {call.pid for call in self.plan.calls()}:
            try:
                found.append(psutil.Process(pid))
            except psutil.NoSuchProcess:
                continue
        return found


def _environment(plan: FakePlan) -> dict[str, str]:
    return {
        **os.environ,
        **plan.environment,
        "PYTHONPATH": str(_ROOT),
        "RAY_USAGE_STATS_ENABLED": "0",
        # Else all actors yield to whatever else the machine does.
        "RAY_worker_niceness": "0",
        # A machine of tests is often nearly full, and not with what Ray keeps.
        "RAY_memory_monitor_refresh_ms": "0",
    }


@pytest.fixture(name="cluster")
def _cluster(store_address: str, tmp_path: Path) -> Iterator[RayCluster]:
    source = tmp_path / "source.jsonl"
    write_articles(source, range(_ARTICLES))
    plan = FakePlan(tmp_path, seconds=1.0)
    environment = _environment(plan)
    code = [sys.executable, "-m", "tests.batch.ray_cluster"]
    log = (tmp_path / "cluster.log").open("w")
    with (
        log,
        subprocess.Popen(
            code,
            cwd=_ROOT,
            env=environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
        ) as process,
    ):
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            address = process.stdout.readline().strip()
            assert address, (tmp_path / "cluster.log").read_text(encoding="utf-8")
            yield RayCluster(process, address, environment, plan, store_address, source)
        finally:
            process.stdin.close()
            try:
                process.wait(60.0)
            except subprocess.TimeoutExpired:
                for child in psutil.Process(process.pid).children(recursive=True):
                    child.kill()
                process.kill()


def _losses(address: str) -> tuple[Counter[int], Counter[int]]:
    """How often each article was finished, and how often it was under way at a kill."""
    done: Counter[int] = Counter()
    lost: Counter[int] = Counter()
    joined = select(ITEMS.c.position, ATTEMPTS.c.outcome).join(
        ATTEMPTS, (ITEMS.c.run_id == ATTEMPTS.c.run_id) & (ITEMS.c.key == ATTEMPTS.c.key)
    )
    with open_store(address) as store, store.reading() as rows:
        for position, outcome in rows.execute(joined):
            (done if outcome == "done" else lost)[position] += 1
    return done, lost


def _kill_driver(driver: psutil.Popen, callers: list[psutil.Process]) -> None:
    driver.kill()
    killed = time.monotonic()
    while any(map(still_runs, callers)):
        assert time.monotonic() - killed < 1.0, "actors go on a second after their driver"
        time.sleep(0.01)
    driver.wait()


@pytest.mark.parametrize("store_address", _STORES, indirect=True)
def test_drivers_workers_and_nodes_are_killed_and_nothing_is_lost_or_paid_twice(
    cluster: RayCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    choice = random.Random(_SEED)
    began = time.monotonic()
    driver = cluster.start()
    try:
        for left in reversed(range(_ROUNDS)):
            cluster.wait_for_calls(driver, choice.randint(1, 9))
            _kill_driver(driver, cluster.callers())
            driver = cluster.start()
            cluster.wait_for_calls(driver, choice.randint(1, 9))
            victim = choice.choice([each for each in cluster.callers() if still_runs(each)])
            os.kill(victim.pid, signal.SIGKILL)
            cluster.wait_for_calls(driver, choice.randint(1, 9))
            cluster.tell("remove")
            if left:
                cluster.tell("add")
        # Half of the actors are gone for good, and the turns that they had.
        assert driver.wait(_PATIENCE) == 0, cluster.source.with_suffix(".out").read_text("utf-8")
    finally:
        end_all(driver)

    done, lost = _losses(cluster.store)
    assert done == Counter(range(_ARTICLES))
    asked = Counter(call.article for call in cluster.plan.calls())
    note(
        engine="ray",
        store=cluster.store.partition(":")[0],
        articles=_ARTICLES,
        kills=dict.fromkeys(("driver", "worker", "node"), _ROUNDS),
        calls=asked.total(),
        calls_under_way_at_kills=lost.total(),
        seconds=round(time.monotonic() - began),
    )
    assert all(1 <= asked[article] <= 1 + lost[article] for article in range(_ARTICLES))
    at_kills = _AT_ONCE + _OF_AN_ACTOR + _AT_ONCE // 2
    assert lost.total() <= _ROUNDS * at_kills
    at_once = FakePlan(cluster.source.parent)
    for name, value in at_once.environment.items():
        monkeypatch.setenv(name, value)
    assert kept_in(cluster.store) == undisturbed(range(_ARTICLES))
