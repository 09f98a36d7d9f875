"""Streaming: lines of NDJSON as passages finish, then the whole extraction as lines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine

from fastapi import Response
from fastapi.responses import StreamingResponse

from extractor.api.problems import problem_of, problem_of_defect
from extractor.api.representations import (
    NDJSON,
    passage_line,
    problem_line,
    restart_line,
    to_ndjson,
)
from extractor.checking import Checked
from extractor.errors import ExtractorError
from extractor.records import Extraction


class PassageFeed:
    """Lines about passages, told from the thread that reads and taken by the loop that answers."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self._passages = 0
        self._model = ""

    def tell(self, checked: Checked, model: str) -> None:
        """Add the line of one more passage; callable from any thread.

        A model that takes over from another reads the whole article: what was told is void.
        """
        if self._passages and model != self._model:
            self._passages = 0
            self._add(restart_line(model))
        self._passages, self._model = self._passages + 1, model
        self._add(passage_line(checked, self._passages))

    def _add(self, line: str) -> None:
        self._loop.call_soon_threadsafe(self._lines.put_nowait, line)

    def end(self) -> None:
        """Say that no more will come."""
        self._lines.put_nowait(None)

    async def next(self) -> str | None:
        """The next line, None after the last."""
        return await self._lines.get()


async def streamed(feed: PassageFeed, work: Coroutine[None, None, Extraction]) -> Response:
    """The answer that tells passages as they finish; raises what the work raises before the first.

    A failure after that can have no status of its own any more: it is the last line.
    """
    working = asyncio.ensure_future(work)
    working.add_done_callback(lambda _: feed.end())
    try:
        first = await feed.next()
    except BaseException:
        working.cancel()
        raise
    if first is None:
        return Response(to_ndjson(await working), media_type=NDJSON)
    return StreamingResponse(_lines(first, feed, working), media_type=NDJSON)


async def _lines(
    first: str, feed: PassageFeed, working: asyncio.Future[Extraction]
) -> AsyncIterator[str]:
    try:
        line: str | None = first
        while line is not None:
            yield line
            line = await feed.next()
        yield _last_lines(working)
    finally:
        working.cancel()


def _last_lines(done: asyncio.Future[Extraction]) -> str:
    try:
        return to_ndjson(done.result())
    except ExtractorError as error:
        return problem_line(problem_of(error))
    except Exception as error:
        return problem_line(problem_of_defect(error))
