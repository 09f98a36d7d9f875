"""A Ray cluster of two nodes on this machine, for tests: run it, and it does what it is told.

Says its address; on `remove` it kills the second node, on `add` it starts another one, at the end
of its input it ends.
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
_STORE_BYTES = 80 * 1024 * 1024


def _patiently(start: Callable[[], T]) -> T:
    """Ray gives a node thirty seconds, which a busy machine does not keep."""
    for _ in range(_TRIES - 1):
        with suppress(Exception):
            return start()
    return start()


def main() -> None:
    """Keep the cluster for as long as there is input."""
    warnings.simplefilter("ignore")
    head = {"num_cpus": 1, "object_store_memory": _STORE_BYTES, "include_dashboard": False}
    cluster = _patiently(lambda: Cluster(initialize_head=True, head_node_args=head))

    def add_node() -> object:
        return _patiently(lambda: cluster.add_node(num_cpus=1, object_store_memory=_STORE_BYTES))

    second = add_node()
    print(cluster.address, flush=True)
    for line in sys.stdin:
        if line.strip() == "remove":
            cluster.remove_node(second, allow_graceful=False)
        else:
            second = add_node()
        print(line.strip(), flush=True)
    cluster.shutdown()


if __name__ == "__main__":
    main()
