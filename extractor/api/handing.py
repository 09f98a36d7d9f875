"""Handing over: one process accepts every connection and hands each to the worker with the fewest.

It keeps a copy of each open connection, and a byte of shared memory says what the connection is
about. So if a worker dies, who waits for its answer is told, and who does not is handed on.
"""

from __future__ import annotations

import mmap
import os
import socket
from contextlib import suppress
from enum import IntEnum
from typing import Final

MOST_CONNECTIONS: Final = 1 << 16
_SLOT_BYTES: Final = 4


class Phase(IntEnum):
    """What a connection is about."""

    IDLE = 0
    """Handed over or between two requests: nothing of a request was read."""
    ASKED = 1
    """A request is under way, and no byte of its answer was sent."""
    ANSWERED = 2
    """The answer is being sent."""


class Phases:
    """The phase of every connection, in memory that the processes of a service share."""

    def __init__(self, descriptor: int | None = None) -> None:
        if descriptor is None:
            descriptor = os.memfd_create("connections")
            os.ftruncate(descriptor, MOST_CONNECTIONS)
        self.descriptor = descriptor
        self._bytes = mmap.mmap(descriptor, MOST_CONNECTIONS)

    def __getitem__(self, slot: int) -> Phase:
        return Phase(self._bytes[slot])

    def __setitem__(self, slot: int, phase: Phase) -> None:
        self._bytes[slot] = phase


def hand_over(channel: socket.socket, slot: int, connection: socket.socket) -> None:
    """Send a connection; raises `OSError` if the channel is full or its other end is gone."""
    socket.send_fds(channel, [slot.to_bytes(_SLOT_BYTES)], [connection.fileno()])


def take_over(channel: socket.socket) -> tuple[int, socket.socket] | None:
    """The next connection with its slot; None when no more will come.

    Raises:
        BlockingIOError: there is none now.
    """
    data, descriptors, _, _ = socket.recv_fds(channel, _SLOT_BYTES, 1)
    if not data or not descriptors:
        return None
    connection = socket.socket(fileno=descriptors[0])
    connection.setblocking(False)
    return int.from_bytes(data), connection


def end(connection: socket.socket) -> None:
    """End a connection of which other processes may hold copies."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
