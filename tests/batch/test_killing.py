"""Kill -9 of whatever runs, at any moment: nothing finished is lost, nothing is read twice for it.

`make chaos` runs it with 300 articles and 40 kills; here it is small.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest
from sqlalchemy import select

from extractor.batch.register import standing_of
from extractor.batch.work import Work
from extractor.errors import StoreFailed
from extractor.storage import open_store
from extractor.storage.tables import ITEMS, RUNS
from tests.batch.chaos import end_all, kept_in, note, still_runs, undisturbed
from tests.batch.fakes import FakePlan, command, write_articles

_ARTICLES = int(os.environ.get("CHAOS_ARTICLES", "40"))
_KILLS = int(os.environ.get("CHAOS_KILLS", "4"))
_SEED = int(os.environ.get("CHAOS_SEED", "1"))
_SECONDS = float(os.environ.get("CHAOS_SECONDS", "0.3"))
_LONGEST_QUIET = 0.8
_PATIENCE = 120.0


@dataclass
class Chaos:
    """A command that is started as often as it is killed, and what was under way at each kill."""

    address: str
    source: Path
    plan: FakePlan
    lost: list[int] = field(default_factory=list)
    kills: Counter[str] = field(default_factory=Counter)

    @property
    def output(self) -> Path:
        return self.source.with_suffix(".out")

    def start(self) -> psutil.Popen:
        arguments = ["batch", str(self.source), "--into", self.address, "--workers", "4"]
        environment = {**os.environ, **self.plan.environment}
        with self.output.open("ab") as output:
            return psutil.Popen(command(*arguments), env=environment, stdout=output, stderr=output)

    def wait_a_while(self, boss: psutil.Popen, choice: random.Random) -> None:
        """Mostly until somebody reads, else any time after the last kill, also before that."""
        if choice.random() < 0.8:
            calls = len(self.plan.calls())
            while boss.poll() is None and len(self.plan.calls()) == calls:
                time.sleep(0.02)
        time.sleep(choice.uniform(0, _LONGEST_QUIET))

    def kill_one(self, boss: psutil.Popen, choice: random.Random) -> None:
        """Kill the process that leads, or one that reads."""
        workers = _workers(boss)
        victim = choice.choice([boss, *workers])
        self.kills["boss" if victim is boss else "worker"] += 1
        if victim is boss:
            victim.kill()
            boss.wait()
            called = {call.pid for call in self.plan.calls()}
            self._gone_within([each for each in workers if each.pid in called], 1.0)
            self._gone_within(workers, _PATIENCE)
            self._lose({worker.pid for worker in workers})
            return
        # While the leader stands still nobody reads again what was lost with this one.
        boss.suspend()
        victim.kill()
        self._gone_within([victim], _PATIENCE)
        self._lose({victim.pid})
        boss.resume()

    def _gone_within(self, processes: list[psutil.Process], seconds: float) -> None:
        until = time.monotonic() + seconds
        while any(map(still_runs, processes)):
            assert time.monotonic() < until, "a process goes on after the one that it works for"
            time.sleep(0.01)

    def _lose(self, pids: set[int]) -> None:
        """Remember the calls of these processes whose articles are not kept."""
        done = self.done()
        self.lost += [
            call.article
            for call in self.plan.calls()
            if call.pid in pids and call.article not in done
        ]

    def done(self) -> set[int]:
        try:
            with open_store(self.address) as store, store.reading() as rows:
                names = rows.scalars(select(ITEMS.c.name).where(ITEMS.c.state == "done"))
                return {int(name.rpartition(":")[2]) - 1 for name in names}
        except StoreFailed:
            return set()


def _workers(boss: psutil.Popen) -> list[psutil.Process]:
    found = []
    for child in boss.children():
        try:
            if "spawn_main" in " ".join(child.cmdline()):
                found.append(child)
        except psutil.Error:
            continue
    return found


@pytest.mark.timeout(3600)
def test_a_run_that_is_killed_again_and_again_ends_as_one_that_is_not(
    store_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_articles(tmp_path / "source.jsonl", range(_ARTICLES))
    plan = FakePlan(tmp_path, seconds=_SECONDS)
    chaos = Chaos(store_address, tmp_path / "source.jsonl", plan)
    choice = random.Random(_SEED)
    began = time.monotonic()
    boss = chaos.start()
    until = began + _PATIENCE + 60 * _KILLS
    try:
        while boss.poll() is None or boss.returncode != 0:
            if boss.poll() is not None:
                boss = chaos.start()
            assert time.monotonic() < until, chaos.output.read_text(encoding="utf-8")
            if chaos.kills.total() < _KILLS:
                chaos.wait_a_while(boss, choice)
                if boss.poll() is None:
                    chaos.kill_one(boss, choice)
            else:
                # What is left is read in peace, by four at a time.
                boss.wait(_PATIENCE + _ARTICLES * _SECONDS)
    finally:
        end_all(boss)
    calls = Counter(call.article for call in plan.calls())
    note(
        engine="local",
        store=store_address.partition(":")[0],
        articles=_ARTICLES,
        kills=dict(chaos.kills),
        calls=calls.total(),
        calls_under_way_at_kills=len(chaos.lost),
        seconds=round(time.monotonic() - began),
    )
    assert chaos.kills.total() == _KILLS
    assert calls == Counter(range(_ARTICLES)) + Counter(chaos.lost)
    at_once = FakePlan(tmp_path)
    for name, value in at_once.environment.items():
        monkeypatch.setenv(name, value)
    assert kept_in(store_address) == undisturbed(range(_ARTICLES))
    with open_store(store_address) as store:
        with store.reading() as rows:
            (run,) = rows.execute(select(RUNS)).all()
        standing = standing_of(Work(store, run.id, run.model))
    assert run.state == "ended"
    assert (standing.done, standing.failed, standing.left) == (_ARTICLES, 0, 0)
    assert standing.calls == _ARTICLES
