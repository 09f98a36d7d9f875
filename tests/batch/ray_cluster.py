"""A Ray cluster of two nodes on this machine, for tests: run it, and it does what it is told.

Says its address; on `remove` it kills the second node, at the end of its input it ends.
"""

from __future__ import annotations

import sys
import warnings

from ray.cluster_utils import Cluster


def main() -> None:
    """Keep the cluster for as long as there is input."""
    warnings.simplefilter("ignore")
    settings = {"num_cpus": 1, "object_store_memory": 80 * 1024 * 1024, "include_dashboard": False}
    cluster = Cluster(initialize_head=True, head_node_args=settings)
    del settings["include_dashboard"]
    second = cluster.add_node(**settings)
    print(cluster.address, flush=True)
    for line in sys.stdin:
        if line.strip() == "remove":
            cluster.remove_node(second, allow_graceful=False)
            print("removed", flush=True)
    cluster.shutdown()


if __name__ == "__main__":
    main()
