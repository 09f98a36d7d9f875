"""The processes that read for a run: how many, their pipes, and what each has in hand."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import TYPE_CHECKING, Final, TypeAlias

from extractor.batch.beginning import start_reading
from extractor.batch.items import WorkItem
from extractor.batch.workers import (
    ArticleEnd,
    WorkerBroken,
    WorkerOrders,
    WorkerReady,
)
from extractor.models.catalogue import load_catalogue
from extractor.models.local_files import is_local_file

if TYPE_CHECKING:
    from extractor.settings import Settings

_AT_ONCE: Final = 32
_MOST_PROCESSES: Final = 4
_PATIENCE_SECONDS: Final = 10.0

Told: TypeAlias = ArticleEnd | WorkerReady | WorkerBroken


@dataclass(frozen=True, slots=True)
class CrewPlan:
    """How a model is worked with: processes, articles at a time in each, threads of a model."""

    processes: int
    articles: int
    model_threads: int | None = None

    @property
    def at_once(self) -> int:
        """Articles that are read at a time."""
        return self.processes * self.articles


def plan_crew(model: str, settings: Settings, at_once: int | None) -> CrewPlan:
    """How many processes read: of a model in this machine, one for each core that is free.

    What llama.cpp computes with one thread takes longer, but several articles at a time take less
    than one after the other on all cores. Who asks a provider mostly waits: threads do.
    """
    if load_catalogue().find(model) or is_local_file(model):
        from extractor.models.cores import choose_threads

        free = choose_threads()
        processes = at_once or max(1, min(_MOST_PROCESSES, free // (settings.threads or 1)))
        return CrewPlan(processes, 1, settings.threads or max(1, free // processes))
    wanted = at_once or _AT_ONCE
    processes = min(wanted, _MOST_PROCESSES, os.cpu_count() or 1)
    return CrewPlan(processes, -(-wanted // processes))


class Crew:
    """Processes that read, started when there is something to read; use it in one thread.

    The thread must live as long as the processes are to: they end with it.
    """

    def __init__(self, orders: WorkerOrders, processes: int) -> None:
        self._orders = orders
        self._most = processes
        self._context = multiprocessing.get_context("spawn")
        self._members: list[_Member] = []

    @property
    def in_hand(self) -> int:
        """Articles that are being read."""
        return sum(len(member.items) for member in self._members)

    @property
    def room(self) -> int:
        """Articles that could be read besides."""
        return self._most * self._orders.threads - self.in_hand

    def get_ready(self, articles: int) -> None:
        """Start as many processes as so many articles more need; each says when it is ready."""
        wanted = -(-(self.in_hand + articles) // self._orders.threads)
        while len(self._members) < min(wanted, self._most):
            self._start()

    def read(self, item: WorkItem) -> bool:
        """Have an article read by whoever has least in hand; False if nobody is ready for it.

        A process that still opens its model is given none: if it dies, no article is to blame.
        """
        ready = [each for each in self._members if each.is_ready]
        member = min(ready, key=lambda each: len(each.items), default=None)
        if member is None or len(member.items) >= self._orders.threads:
            return False
        member.give(item)
        return True

    def listen(self, seconds: float) -> Iterator[tuple[Told | None, list[WorkItem]]]:
        """What the processes tell within so many seconds, with the articles that it is about.

        None tells that a process has died with these in hand.
        """
        if not self._members:
            time.sleep(seconds)
            return
        ready = wait([member.pipe for member in self._members], seconds)
        for member in [each for each in self._members if each.pipe in ready]:
            alive = True
            while alive and member.pipe.poll():
                told = member.hear()
                alive = told is not None
                yield told, self._about(member, told)

    def _about(self, member: _Member, told: Told | None) -> list[WorkItem]:
        if isinstance(told, ArticleEnd):
            item = member.items.pop(told.key)
            return [item]
        if told is None:
            self._members.remove(member)
            return member.end()
        if isinstance(told, WorkerReady):
            member.is_ready = True
        return []

    def _start(self) -> None:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=start_reading,
            args=(os.getpid(), pickle.dumps(self._orders), theirs),
            daemon=True,
        )
        process.start()
        theirs.close()  # else its end would never be seen
        self._members.append(_Member(process, ours))

    def dismiss(self) -> None:
        """Have the processes end when they have read what they have in hand."""
        for member in self._members:
            member.give(None)
        until = time.monotonic() + _PATIENCE_SECONDS
        for member in self._members:
            member.process.join(max(0.0, until - time.monotonic()))
        self.kill()

    def kill(self) -> list[WorkItem]:
        """End the processes at once; what they had in hand."""
        left = [item for member in self._members for item in member.end()]
        self._members.clear()
        return left


class _Member:
    def __init__(self, process: SpawnProcess, pipe: Connection) -> None:
        self.process, self.pipe = process, pipe
        self.items: dict[str, WorkItem] = {}
        self.is_ready = False

    def give(self, item: WorkItem | None) -> None:
        if item is not None:
            self.items[item.key] = item
        with suppress(OSError):  # it has died, and `hear` will say so
            self.pipe.send(item)

    def hear(self) -> Told | None:
        try:
            told = self.pipe.recv()
        except (EOFError, OSError):
            return None
        return told if isinstance(told, Told) else None

    def end(self) -> list[WorkItem]:
        self.process.kill()
        self.process.join()
        self.process.close()
        self.pipe.close()
        return list(self.items.values())
