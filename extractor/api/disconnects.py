"""Callers that leave: their work ends with them.

A framework goes on with a request whose caller has gone; a model would work for nobody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import TypeVar

from anyio import CancelScope
from fastapi import Request

from extractor.asking.deadline import Deadline
from extractor.errors import Abandoned, ExtractorError

_Result = TypeVar("_Result")


async def while_waited_for(
    request: Request, deadline: Deadline, work: Coroutine[None, None, _Result]
) -> _Result:
    """The result of the work, whose body has been read.

    Raises:
        Abandoned: the caller left first; the work has ended, and the deadline says so.
    """
    # Cancelled by its scope and not as a task: a thread that still works then keeps its place.
    scope = CancelScope()
    working = asyncio.ensure_future(_within(scope, work))
    watching = asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise Abandoned("The caller has left.")
    finally:
        watching.cancel()
        if not working.done():
            deadline.abandon()
            scope.cancel()
            with suppress(ExtractorError):
                await working


async def _within(scope: CancelScope, work: Coroutine[None, None, _Result]) -> _Result:
    with scope:
        return await work
    raise Abandoned("The wait for a place has ended.")


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
