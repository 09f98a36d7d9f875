"""Attending: what goes on beside the work of a process that waits for hours."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from extractor.batch.work import BEAT_SECONDS, Work
from extractor.errors import StoreFailed


@contextmanager
def beating(work: Work, owner: str) -> Iterator[None]:
    """Say all the while that the owner lives: a file may take minutes to go up."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(BEAT_SECONDS):
            try:
                work.beat(owner)
            except StoreFailed:  # the work itself will meet it
                continue

    beats = threading.Thread(target=beat, name="beats", daemon=True)
    beats.start()
    try:
        yield
    finally:
        over.set()
        beats.join()


@contextmanager
def noted_interrupts(interrupted: threading.Event) -> Iterator[None]:
    """Set the event at the first SIGINT or SIGTERM, and leave the block at the second."""

    def note(signum: int, frame: FrameType | None) -> None:
        if interrupted.is_set():
            raise KeyboardInterrupt  # the ledger can be left at any moment
        interrupted.set()

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {each: signal.signal(each, note) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    except KeyboardInterrupt:
        pass
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
