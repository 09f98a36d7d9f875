"""Beginning: what a process that reads does first.

Nothing heavy is imported before it is tied to its parent: it is to see at once that this is gone.
"""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

from extractor.batch.processes import end_with

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from extractor.batch.workers import WorkerOrders


def start_reading(parent: int, packed: bytes, pipe: Connection) -> None:
    """Read as ordered, for as long as the parent lives; orders are packed, for they are heavy."""
    end_with(parent)
    from extractor.batch.workers import read_articles

    orders: WorkerOrders = pickle.loads(packed)  # noqa: S301 - of the process that started this
    read_articles(orders, pipe)
