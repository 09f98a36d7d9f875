"""A lifeline: who holds on ends with whom it works for, and begins nothing when told so."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from extractor.batch.lifeline import Lifeline

_PATIENCE = 60.0
_HOLDER = """
import sys, time
from extractor.batch.lifeline import Hold
hold = Hold(("127.0.0.1", int(sys.argv[1])))
hold.say_ready()
print("holds", flush=True)
while hold.may_begin():
    time.sleep(0.02)
print("begins nothing", flush=True)
time.sleep(600)
"""
_LEADER = """
import time
from extractor.batch.lifeline import Lifeline
print(Lifeline("127.0.0.1").address[1], flush=True)
time.sleep(600)
"""


@contextmanager
def _process(code: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", code, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def _says(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def _wait_until_ready(line: Lifeline, holders: int) -> None:
    until = time.monotonic() + _PATIENCE
    while line.ready != holders:
        assert time.monotonic() < until
        time.sleep(0.01)


def test_who_holds_on_ends_within_a_second_of_the_death_of_whom_it_works_for() -> None:
    with _process(_LEADER) as leader, _process(_HOLDER, _says(leader)) as holder:
        assert _says(holder) == "holds"
        leader.kill()
        killed = time.monotonic()
        holder.wait(_PATIENCE)
        assert time.monotonic() - killed < 1.0


def test_a_lifeline_that_is_cut_ends_all_who_hold_on_and_all_who_come_later() -> None:
    with Lifeline("127.0.0.1") as line, _process(_HOLDER, str(line.address[1])) as holder:
        assert _says(holder) == "holds"
        _wait_until_ready(line, 1)
        line.cut()
        assert holder.wait(_PATIENCE) == 1
        with _process(_HOLDER, str(line.address[1])) as late:
            assert late.wait(_PATIENCE) == 1


def test_who_holds_on_is_told_to_begin_nothing_and_lives() -> None:
    with Lifeline("127.0.0.1") as line, _process(_HOLDER, str(line.address[1])) as holder:
        assert _says(holder) == "holds"
        line.begin_nothing()
        assert _says(holder) == "begins nothing"
        assert holder.poll() is None


def test_who_holds_on_and_dies_is_counted_no_more() -> None:
    with Lifeline("127.0.0.1") as line, _process(_HOLDER, str(line.address[1])) as holder:
        _wait_until_ready(line, 1)
        holder.kill()
        _wait_until_ready(line, 0)


def test_nothing_is_begun_while_the_other_end_is_silent() -> None:
    code = _HOLDER.replace("time.sleep(0.02)", "time.sleep(0.02); print('.', flush=True)")
    with _process(_LEADER) as leader, _process(code, _says(leader)) as holder:
        assert _says(holder) == "holds"
        assert holder.stdout is not None
        os.kill(leader.pid, signal.SIGSTOP)
        time.sleep(2.0)
        os.set_blocking(holder.stdout.fileno(), False)
        os.read(holder.stdout.fileno(), 1 << 20)
        time.sleep(1.0)
        with pytest.raises(BlockingIOError):
            os.read(holder.stdout.fileno(), 1)
        os.kill(leader.pid, signal.SIGCONT)
        time.sleep(2.0)
        assert os.read(holder.stdout.fileno(), 1)
