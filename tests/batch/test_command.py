"""`extractor batch`: what is read, what fails, where it stops, and how it says so."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from extractor.batch.pacing import ArticlePace
from extractor.cli.main import main
from extractor.storage import open_store
from extractor.storage.tables import ITEMS
from tests.batch.fakes import FakePlan, command, open_fake, write_articles

_PATIENCE = 120.0


@dataclass(frozen=True)
class Desk:
    """A folder with a source of some articles and a store."""

    folder: Path

    def batch(self, plan: FakePlan, *options: str, workers: int = 1) -> Result:
        arguments = ["batch", str(self.folder / "a.jsonl"), "--into", str(self.folder / "store.db")]
        arguments += ["--workers", str(workers), *options]
        return CliRunner().invoke(main, arguments, obj=open_fake, env=plan.environment)

    def states(self) -> Counter[str]:
        with open_store(self.folder / "store.db") as store, store.reading() as rows:
            return Counter(rows.scalars(select(ITEMS.c.state)))


@pytest.fixture(name="desk")
def _desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_what_fails_is_told_by_cause_and_asked_again_alone(desk: Desk) -> None:
    write_articles(desk.folder / "a.jsonl", [*range(12), 0])
    faults = {1: ("rejected", 1), 2: ("unavailable", 1), 3: ("defect", 1), 4: ("limited", 2)}
    plan = FakePlan(desk.folder, faults=faults)
    log = desk.folder / "log.jsonl"
    first = desk.batch(plan, "--log", str(log))
    assert first.exit_code == 1  # a defect is the worst
    assert desk.states() == Counter(done=9, failed=3)
    assert "11 calls" in first.output  # those that failed too
    asked = Counter(call.article for call in plan.calls())
    assert (asked[0], asked[1], asked[4]) == (1, 1, 3)
    for told in ("ModelRejected", "ModelUnavailable", "RuntimeError", "a.jsonl:13 = ", "9  done"):
        assert told in first.output
    assert "words of an article" not in first.output + log.read_text(encoding="utf-8")
    again = desk.batch(plan, "--retry-failed", "--log", str(log))
    assert again.exit_code == 0, again.output
    assert "3 articles are asked again." in again.output
    more = Counter(call.article for call in plan.calls()) - asked
    assert more == Counter([1, 2, 3])
    events = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert Counter(event["event"] for event in events) >= Counter(done=12, failed=3, ended=2)
    assert all(event["cost_usd"] == 0.001 for event in events if event["event"] == "done")


def test_a_limit_stops_the_run_and_the_next_start_goes_on(desk: Desk) -> None:
    write_articles(desk.folder / "a.jsonl", range(10))
    plan = FakePlan(desk.folder)
    first = desk.batch(plan, "--max-articles", "3")
    assert (first.exit_code, desk.states()) == (0, Counter(done=3, pending=7))
    assert "7  left" in first.output
    assert "run the same command again" in first.output
    second = desk.batch(plan, "--max-cost", "0.005")
    assert "limit on costs" in second.output
    assert desk.states() == Counter(done=5, pending=5)
    third = desk.batch(plan)
    assert "Nothing is left" in third.output
    assert Counter(call.article for call in plan.calls()) == Counter(range(10))
    fourth = desk.batch(plan)
    assert (fourth.exit_code, len(plan.calls())) == (0, 10)


def test_a_limit_on_costs_that_cannot_be_kept_is_told(desk: Desk) -> None:
    write_articles(desk.folder / "a.jsonl", range(9))
    outcome = desk.batch(FakePlan(desk.folder, priced=False), "--max-cost", "1")
    assert outcome.exit_code == 2
    assert "price of this model is not known" in outcome.output
    assert desk.states()["pending"] >= 7


def test_what_every_article_would_meet_stops_the_run_and_fails_none(desk: Desk) -> None:
    write_articles(desk.folder / "a.jsonl", range(20))
    faults = {number: ("quota", 99) for number in range(5, 20)}
    outcome = desk.batch(FakePlan(desk.folder, faults=faults))
    assert outcome.exit_code == 5
    assert "ModelQuotaSpent" in outcome.output
    assert desk.states() == Counter(done=5, pending=15)


def test_an_article_that_kills_whoever_reads_it_costs_no_other(desk: Desk) -> None:
    write_articles(desk.folder / "a.jsonl", range(14))
    outcome = desk.batch(FakePlan(desk.folder, faults={2: ("die", 2)}))
    assert (outcome.exit_code, desk.states()) == (0, Counter(done=14)), outcome.output


def test_a_sample_tells_what_the_others_will_take(desk: Desk) -> None:
    write_articles(desk.folder / "a.jsonl", range(100))
    plan = FakePlan(desk.folder)
    outcome = desk.batch(plan, "--estimate")
    assert (outcome.exit_code, desk.states()) == (0, Counter(done=20, pending=80))
    numbers = [call.article for call in plan.calls()]
    assert numbers != sorted(numbers)
    assert "80 articles left" in outcome.output
    # A hundred prompt tokens each; their lengths differ by a character.
    tokens = int(outcome.output.partition("prompt tokens")[2].split()[0].replace(",", ""))
    assert 7_700 < tokens < 8_300
    desk.batch(plan, "--estimate")
    assert len(plan.calls()) == 20


def test_an_interrupt_ends_what_is_under_way_and_keeps_it(desk: Desk) -> None:
    write_articles(desk.folder / "a.jsonl", range(30))
    plan = FakePlan(desk.folder, seconds=0.5)
    arguments = ["batch", str(desk.folder / "a.jsonl"), "--into", str(desk.folder / "store.db")]
    process = subprocess.Popen(
        command(*arguments, "--workers", "2"),
        env={**os.environ, **plan.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    until = time.monotonic() + _PATIENCE
    while len(plan.calls()) < 3:
        assert time.monotonic() < until
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all processes
    told, _ = process.communicate(timeout=_PATIENCE)
    assert process.returncode == 130, told
    assert "run the same command again" in told
    assert desk.states()["done"] == len(plan.calls()) < 30
    assert desk.states()["leased"] == 0


def test_the_pace_halves_when_articles_come_back_and_rises_when_they_do_not() -> None:
    pace = ArticlePace(8)
    pace.refused(began=1e18, under_way=8)
    assert pace.limit == 0  # for a while
    pace._resume_at = 0.0
    assert pace.limit == 4
    pace.refused(began=0.0, under_way=4)  # it began before the cut
    assert pace.limit == 4
    for _ in range(40):
        pace.succeeded()
    assert pace.limit == 8
    for _ in range(12):
        assert not pace.hopeless
        pace.refused(began=1e18, under_way=8)
    assert pace.hopeless
    pace._resume_at = 0.0
    assert pace.limit == 1
