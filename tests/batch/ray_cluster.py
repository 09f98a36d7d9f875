"""A Ray cluster of two nodes on this machine, for tests: run it, and it does what it is told.

Says its address; on `remove` it kills the second node, at the end of its input it ends.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from ray.cluster_utils import Cluster

T = TypeVar("T")


_TRIES = 5


def _patiently(start: Callable[[], T]) -> T:
    """Ray gives a node thirty seconds, which a busy machine does not keep."""
    for _ in range(_TRIES - 1):
        with suppress(Exception):
            return start()
    return start()


def main() -> None:
    """Keep the cluster for as long as there is input."""
    warnings.simplefilter("ignore")
    settings = {"num_cpus": 1, "object_store_memory": 80 * 1024 * 1024, "include_dashboard": False}
    cluster = _patiently(lambda: Cluster(initialize_head=True, head_node_args=settings))
    second = _patiently(
        lambda: cluster.add_node(num_cpus=1, object_store_memory=settings["object_store_memory"])
    )
    print(cluster.address, flush=True)
    for line in sys.stdin:
        if line.strip() == "remove":
            cluster.remove_node(second, allow_graceful=False)
            print("removed", flush=True)
    cluster.shutdown()


if __name__ == "__main__":
    main()
