"""Interrupts: Ctrl-C and the like, counted, so that a run ends when it has kept what it must."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Interrupts:
    """How often somebody asked for the end."""

    count = 0


@contextmanager
def counted_interrupts() -> Iterator[Interrupts]:
    """Count SIGINT and SIGTERM instead of ending; in another thread than the main one it cannot."""
    interrupts = Interrupts()

    def count(signum: int, frame: FrameType | None) -> None:
        interrupts.count += 1

    if threading.current_thread() is not threading.main_thread():
        yield interrupts
        return
    before = {each: signal.signal(each, count) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield interrupts
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
