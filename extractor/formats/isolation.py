"""Reading apart: formats are taken to pieces in processes that may be killed.

A PDF or a page can send a parser into a crash, an endless loop or all memory, and most parsers
cannot be stopped from within a thread. So each runs in a child process with limits of its own,
without the environment's secrets. A child that has answered is kept for the next document.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import subprocess
import sys
import threading
from contextlib import suppress
from datetime import date
from typing import Any, Final

from extractor.errors import ArticleError, ArticleTooLarge, InputError, MissingExtra, ServiceBusy
from extractor.formats.document import Extracted
from extractor.formats.limits import Limits

_log = logging.getLogger(__name__)
_MOST_PROCESSES: Final = max(1, min(4, os.cpu_count() or 1))
# What parsers leak goes with the process.
_MOST_READINGS: Final = 200
_PASSED_ON: Final = ("PATH", "HOME", "LANG", "LC_ALL", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR")
_ERRORS: Final = {each.__name__: each for each in (ArticleError, ArticleTooLarge, InputError)}


def read_apart(kind: str, data: bytes, charset: str | None, most: Limits) -> list[Extracted]:
    """What the reader of this kind finds.

    Raises:
        ArticleError: the reader refuses it, or had to be killed.
        ArticleTooLarge: the reader says so.
        MissingExtra: the reader's packages are not installed.
        ServiceBusy: no process became free in this time.
    """
    answer = _CHILDREN.ask(
        {"kind": kind, "charset": charset, "characters": most.characters, "bytes": len(data)},
        data,
        most.seconds,
    )
    if answer.get("missing"):
        raise MissingExtra(*answer["missing"])
    if answer.get("defect"):
        _log.warning("a reader of %s failed: %s", kind, answer["defect"])
    if answer.get("error"):
        error = _ERRORS.get(answer["error"], ArticleError)
        raise error(answer["detail"], hint=answer["hint"])
    return [_extracted(each) for each in answer["found"]]


def _extracted(each: dict[str, Any]) -> Extracted:
    day, pages = each.pop("published_at"), each.pop("pages")
    return Extracted(
        **each,
        published_at=date.fromisoformat(day) if day else None,
        pages=None if pages is None else tuple(pages),
    )


class _Child:
    """One process that reads documents, one after the other."""

    def __init__(self) -> None:
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        environment["PYTHONPATH"] = os.pathsep.join(path or os.getcwd() for path in sys.path)
        # No shell, and nothing of a caller in the arguments. What a parser prints may be article.
        self._process = subprocess.Popen(
            [sys.executable, "-B", "-m", "extractor.formats.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        self._killed = False
        self.readings = 0

    def ask(self, header: dict[str, Any], data: bytes, seconds: float) -> dict[str, Any] | None:
        """The answer; None if the process ended instead, by itself or because of the time."""
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise AssertionError("both are pipes")
        watch = threading.Timer(seconds, self._kill)
        watch.start()
        try:
            stdin.write(json.dumps(header).encode() + b"\n" + data)
            stdin.flush()
            line = stdout.readline()
            answer = json.loads(line) if line.endswith(b"\n") else None
        except (OSError, ValueError):
            answer = None
        finally:
            watch.cancel()
        self.readings += 1
        return answer if isinstance(answer, dict) else None

    @property
    def was_killed(self) -> bool:
        """Whether its time was up."""
        return self._killed

    def _kill(self) -> None:
        self._killed = True
        self._process.kill()

    def end(self) -> None:
        """End the process and wait until it is gone."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):  # of what was not written any more
                    pipe.close()
        self._process.wait()


class _Children:
    """The processes of this one: as many as there are cores, started when they are needed."""

    def __init__(self) -> None:
        self._places = threading.BoundedSemaphore(_MOST_PROCESSES)
        self._lock = threading.Lock()
        self._idle: list[_Child] = []
        self._owner = os.getpid()

    def ask(self, header: dict[str, Any], data: bytes, seconds: float) -> dict[str, Any]:
        """The answer of a child; ArticleError if it ended without one.

        Raises:
            ServiceBusy: so many documents are being read that none had its turn in this time.
        """
        if not self._places.acquire(timeout=seconds):
            raise ServiceBusy(
                f"No process that reads documents became free within {seconds:g} s.",
                retry_after=seconds,
            )
        try:
            child = self._take()
            answer = child.ask(header, data, seconds)
            if answer is None and not child.was_killed and child.readings > 1:
                # It may have ended while it waited, or of what it read before: not of this one.
                child.end()
                child = _Child()
                answer = child.ask(header, data, seconds)
            if answer is None or child.was_killed or child.readings >= _MOST_READINGS:
                child.end()
            else:
                with self._lock:
                    self._idle.append(child)
        finally:
            self._places.release()
        if answer is not None:
            return answer
        if child.was_killed:
            raise ArticleError(
                f"The document was not read within {seconds:g} s.",
                hint="Give a smaller document, or its text.",
            )
        raise ArticleError(
            "The document broke the program that reads it, or took too much memory.",
            hint="Save it anew with another program, or give its text.",
        )

    def _take(self) -> _Child:
        with self._lock:
            if self._owner != os.getpid():  # the pipes are those of the process we were forked from
                self._idle, self._owner = [], os.getpid()
            return self._idle.pop() if self._idle else _Child()

    def end(self) -> None:
        """End those that wait for work."""
        with self._lock:
            if self._owner == os.getpid():
                while self._idle:
                    self._idle.pop().end()


_CHILDREN: Final = _Children()
atexit.register(_CHILDREN.end)
