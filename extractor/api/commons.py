"""Commons: what all processes of a service have in common, by the gates that they pass.

A service of one process keeps its gates itself; workers ask the process that started them.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from itertools import count
from typing import Final, Protocol

from extractor.api.gates import Gates, Outcome
from extractor.asking.deadline import Deadline
from extractor.errors import ServiceBusy


class Pass:
    """A turn that was granted, or what was told in its place."""

    def __init__(self, outcome: Outcome, told: str | None) -> None:
        self.outcome = outcome
        self.told = told
        self.to_tell: str | None = None
        """What those who wait are to be told when it ends; None lets the next one in."""


class Commons(Protocol):
    """The gates of a service, as one of its processes passes them."""

    async def is_full(self, name: str) -> bool:
        """Whether the next one would be turned away."""

    def is_awaited(self, name: str) -> bool:
        """Whether somebody waits for one who is inside."""

    async def enter(self, name: str, who: int) -> Pass:
        """A turn at this gate, once it comes; to be ended by `leave` in any case."""

    def leave(self, name: str, who: int, told: str | None) -> None:
        """End the turn, or the wait for it."""


_STEP_SECONDS: Final = 1.0
_numbers = count(1)


@asynccontextmanager
async def passing(
    commons: Commons, name: str, deadline: Deadline | None = None
) -> AsyncIterator[Pass]:
    """A turn at a gate that ends with the block, also where it is only waited for.

    Raises:
        DeadlinePassed: it did not come in time.
        Abandoned: nobody waits for it.
    """
    who = next(_numbers)
    told: str | None = None
    try:
        granted = await _in_time(commons.enter(name, who), deadline)
        try:
            yield granted
        finally:
            told = granted.to_tell
    finally:
        commons.leave(name, who, told)


async def _in_time(entering: Coroutine[None, None, Pass], deadline: Deadline | None) -> Pass:
    if deadline is None:
        return await entering
    waiting = asyncio.ensure_future(entering)
    try:
        while not waiting.done():
            # Short steps, because a caller who leaves is only seen in `remaining`.
            await asyncio.wait({waiting}, timeout=deadline.remaining(_STEP_SECONDS))
        return waiting.result()
    finally:
        waiting.cancel()


class OwnCommons:
    """The gates of a service of one process."""

    def __init__(self, gates: Gates) -> None:
        self._gates = gates

    async def is_full(self, name: str) -> bool:
        """Whether the next one would be turned away."""
        return self._gates.is_full(name)

    def is_awaited(self, name: str) -> bool:
        """Whether somebody waits for one who is inside."""
        return self._gates.is_awaited(name)

    async def enter(self, name: str, who: int) -> Pass:
        """A turn at this gate, once it comes."""
        loop = asyncio.get_running_loop()
        passed: asyncio.Future[Pass] = loop.create_future()

        def answer(outcome: Outcome, told: str | None) -> None:
            if not passed.done():
                passed.set_result(Pass(outcome, told))

        self._gates.enter(name, (self, who), answer)
        return await passed

    def leave(self, name: str, who: int, told: str | None) -> None:
        """End the turn, or the wait for it."""
        self._gates.leave(name, (self, who), told)


class AskedCommons:
    """The gates of the process that started this one, over a stream of lines of JSON.

    Where that process has died, nobody is let in any more.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._asked: dict[int, asyncio.Future[Pass]] = {}
        self._awaited: set[str] = set()
        self._is_gone = False

    async def listen(self) -> None:
        """Take what is told, until the other process ends."""
        while line := await self._reader.readline():
            told = json.loads(line)
            if "awaited" in told:
                self._awaited.add(told["awaited"])
                continue
            asked = self._asked.pop(told["who"], None)
            if asked is not None and not asked.done():
                asked.set_result(Pass(told["outcome"], told.get("told")))
        self._is_gone = True
        for asked in self._asked.values():
            if not asked.done():
                asked.set_exception(_stopping())
        self._asked.clear()

    async def is_full(self, name: str) -> bool:
        """Whether the next one would be turned away."""
        who = next(_numbers)
        return (await self._ask({"ask": name, "who": who}, who)).outcome == "refused"

    def is_awaited(self, name: str) -> bool:
        """Whether somebody waits for one who is inside."""
        return name in self._awaited

    async def enter(self, name: str, who: int) -> Pass:
        """A turn at this gate, once it comes."""
        return await self._ask({"enter": name, "who": who}, who)

    def leave(self, name: str, who: int, told: str | None) -> None:
        """End the turn, or the wait for it."""
        self._awaited.discard(name)
        self._asked.pop(who, None)
        self._send({"leave": name, "who": who, "told": told})

    async def _ask(self, question: dict[str, str | int], who: int) -> Pass:
        if self._is_gone:
            raise _stopping()
        answer: asyncio.Future[Pass] = asyncio.get_running_loop().create_future()
        self._asked[who] = answer
        self._send(question)
        return await answer

    def _send(self, message: dict[str, str | int | None] | dict[str, str | int]) -> None:
        if not self._is_gone:
            self._writer.write(json.dumps(message).encode() + b"\n")


def _stopping() -> ServiceBusy:
    return ServiceBusy("The service is stopping.", retry_after=5.0)
