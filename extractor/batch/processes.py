"""Processes: which one this is, whether another one lives, and how to end with one's parent.

Nothing heavy is imported here: a process that is being started is to see at once that its parent is
gone.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

_PR_SET_PDEATHSIG: Final = 1


@cache
def here() -> str:
    """This machine and its numbering of processes; two containers on a machine are two places."""
    parts = [socket.gethostname()]
    with suppress(OSError):
        parts.append(Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip())
    with suppress(OSError):
        parts.append(os.readlink("/proc/self/ns/pid"))
    return " ".join(parts)


def own_process() -> tuple[int, str]:
    """The number of this process, and when it began where the system tells."""
    return os.getpid(), _began(os.getpid()) or ""


def is_alive(pid: int, began: str) -> bool:
    """Whether the process of that number that began then still runs, on this machine."""
    if (found := _began(pid)) is not None:
        return found == began
    if Path("/proc/self/stat").exists():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True


def _began(pid: int) -> str | None:
    """In ticks since the machine booted; None if there is none, or only what is left of one."""
    try:
        # The name of the program stands in brackets and may hold anything.
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return None
    return None if fields[0] in (b"Z", b"X") else fields[19].decode("ascii")


def end_with(parent: int) -> None:
    """Have the kernel end this process as soon as its parent is gone, where it can.

    Elsewhere whoever waits on a pipe from the parent has to see its end. On Linux the parent is the
    thread that started this process, which must live as long as this is to.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it went before it could be asked for
        os._exit(1)
