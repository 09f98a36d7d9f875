"""A lifeline: processes on any machine that end with the process that they work for.

A pipe does this on one machine. Here it is a connection, over which that process says four times a
second whether to go on. Where it dies the connection ends, and they end at once, in the middle of a
call too: nobody would pay for what nobody keeps. Where a whole machine is gone nothing ends; then
they begin nothing further within a second, and end when it has been silent for long enough.
"""

from __future__ import annotations

import os
import selectors
import socket
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import Final, Self, TypeAlias

Address: TypeAlias = tuple[str, int]

_GO_ON: Final = b"+"
_BEGIN_NOTHING: Final = b"."
_READY: Final = b"r"
_EVERY_SECONDS: Final = 0.25
_UNSURE_SECONDS: Final = 1.0
_SILENT_SECONDS: Final = 15.0
"""Longer than a busy machine may be held up: who ends for nothing has paid for nothing."""


class Lifeline:
    """The end of the process that others work for; threads may share it.

    Args:
        host: the address of this machine at which the others reach it.
    """

    def __init__(self, host: str) -> None:
        self._listener = socket.create_server((host, 0), backlog=1024)
        self._listener.setblocking(False)
        self.address: Address = self._listener.getsockname()[:2]
        self._held: dict[socket.socket, bool] = {}
        self._word = _GO_ON
        self._cut = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="lifeline", daemon=True)
        self._thread.start()

    @property
    def ready(self) -> int:
        """How many of those that hold on have said that they can read."""
        return sum(self._held.copy().values())

    def begin_nothing(self) -> None:
        """Have nobody begin anything further; what is under way is finished."""
        self._word = _BEGIN_NOTHING

    def cut(self) -> None:
        """Have all who hold on end at once, and all who come later."""
        self._cut.set()
        self._thread.join()

    def _serve(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            said_at = 0.0
            while not self._cut.is_set():
                for key, _ in selector.select(_EVERY_SECONDS):
                    if key.fileobj is self._listener:
                        self._take_in(selector)
                    elif isinstance(key.fileobj, socket.socket):
                        self._hear(selector, key.fileobj)
                if time.monotonic() - said_at >= _EVERY_SECONDS:
                    said_at = time.monotonic()
                    self._say(selector)
            self._listener.close()
            for held in self._held:
                held.close()

    def _take_in(self, selector: selectors.BaseSelector) -> None:
        with suppress(OSError):
            held, _ = self._listener.accept()
            held.setblocking(False)
            self._held[held] = False
            selector.register(held, selectors.EVENT_READ)

    def _hear(self, selector: selectors.BaseSelector, held: socket.socket) -> None:
        try:
            heard = held.recv(16)
        except BlockingIOError:
            return
        except OSError:
            heard = b""
        if heard:
            self._held[held] = True
        else:
            self._let_go(selector, held)

    def _say(self, selector: selectors.BaseSelector) -> None:
        for held in list(self._held):
            try:
                held.send(self._word)
            except BlockingIOError:  # it does not listen; what it has not heard says the same
                pass
            except OSError:
                self._let_go(selector, held)

    def _let_go(self, selector: selectors.BaseSelector, held: socket.socket) -> None:
        selector.unregister(held)
        del self._held[held]
        held.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.cut()


class Hold:
    """The end of a process that works for another one: without that one this process ends.

    If there is nobody at the address this process ends already here.
    """

    def __init__(self, address: Address) -> None:
        try:
            self._line = socket.create_connection(address, timeout=_SILENT_SECONDS)
        except OSError:
            os._exit(1)
        self._heard_at = time.monotonic()
        self._word = _GO_ON
        threading.Thread(target=self._listen, name="lifeline", daemon=True).start()

    def say_ready(self) -> None:
        """Tell the other end that this process can read now."""
        with suppress(OSError):  # the other thread sees it
            self._line.sendall(_READY)

    def may_begin(self) -> bool:
        """Whether something further may be begun; waits while nobody says so."""
        while time.monotonic() - self._heard_at > _UNSURE_SECONDS:
            time.sleep(_EVERY_SECONDS)
        return self._word == _GO_ON

    def _listen(self) -> None:
        while True:
            try:
                heard = self._line.recv(64)
            except OSError:  # a time-out among others
                heard = b""
            if not heard:
                os._exit(1)
            self._word = heard[-1:]
            self._heard_at = time.monotonic()
