"""The engine on a cluster: Ray Data keeps actors with a model each, which ask the ledger for work.

Rows of the dataset are turns: "read the next article", whichever that is. So Ray may repeat a turn
as often as it likes after an actor, a machine or a part of the cluster is gone: what is finished
stands in the ledger, and is not read again. Ray's own checkpoint, which keeps whole blocks, is off.
"""

from __future__ import annotations

import logging
import os
import pickle
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

# Else whoever still waits for a cluster that was left joins it again.
os.environ.setdefault("RAY_ENABLE_AUTO_CONNECT", "0")

import pyarrow
import ray
import ray.data
from ray.data import ActorPoolStrategy, DataContext, Dataset, Datasource
from ray.data.block import BlockMetadata
from ray.data.datasource import ReadTask

from extractor.batch.crew import plan_crew
from extractor.batch.items import Failure
from extractor.batch.lifeline import Lifeline
from extractor.batch.processes import here
from extractor.batch.readers import Reader, ReaderOrders, ReaderTold
from extractor.batch.workers import WorkerOrders
from extractor.errors import ConfigurationError
from extractor.settings import Settings

_MOST_IN_BLOCK: Final = 16
"""Turns in a block, so that Ray has less to keep; few, so that nobody is the last for long."""
_SHARES: Final = 32
_CALLS_OF_AN_ACTOR: Final = 4
_CORES_OF_CALLS: Final = 0.5
_PATIENCE_SECONDS: Final = 60.0
_OBJECT_STORE_BYTES: Final = 100 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ActorPlan:
    """How a cluster is worked with: actors, articles at a time and cores of each."""

    actors: int
    articles: int
    cores: float
    model_threads: int | None = None

    @property
    def at_once(self) -> int:
        """Articles that are read at a time."""
        return self.actors * self.articles


@contextmanager
def joined_cluster(address: str | None, cores: int = 1) -> Iterator[float]:
    """Be a driver of the cluster at that address, or of one on this machine; how many cores it has.

    Args:
        address: as Ray has it: `auto`, or HOST:PORT; None for a cluster of its own, here.
        cores: how many a cluster of its own has at least, whatever the machine has.

    Raises:
        ConfigurationError: there is no cluster at the address.
    """
    if address is not None and address.startswith("ray://"):
        raise ConfigurationError(
            "A run has to be part of its cluster, and cannot lead it from outside.",
            hint="Start it there: ray job submit -- extractor batch … --engine ray --address auto",
        )
    # Nothing is sent to the makers of Ray, and its own words stay away.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    quiet = {"log_to_driver": False, "logging_level": logging.ERROR}
    try:
        if address is None:
            ray.init(
                address="local",
                num_cpus=max(os.cpu_count() or 1, cores),
                include_dashboard=False,
                object_store_memory=_OBJECT_STORE_BYTES,
                **quiet,
            )
        else:
            ray.init(address=address, **quiet)
    except Exception as error:  # of all kinds, and of none
        raise ConfigurationError(
            "There is no cluster to be joined, or none could be started here.",
            hint="Check --address, and that `ray status` answers there.",
        ) from error
    try:
        yield float(ray.cluster_resources().get("CPU", 0.0))
    finally:
        ray.shutdown()


def plan_actors(model: str, settings: Settings, at_once: int | None, cores: float) -> ActorPlan:
    """How many actors read, and how.

    A model that computes has an actor for each article at a time, and as many of these as there are
    cores if nothing else is said; who asks a provider mostly waits, with several articles.

    Args:
        model: the model's name.
        settings: the configuration.
        at_once: articles to read at a time; more than the cluster has cores for wait for machines.
        cores: how many the cluster has now.
    """
    crew = plan_crew(model, settings, at_once)
    if crew.model_threads is None:
        articles = min(crew.at_once, _CALLS_OF_AN_ACTOR)
        return ActorPlan(-(-crew.at_once // articles), articles, _CORES_OF_CALLS)
    threads = settings.threads or 1
    return ActorPlan(at_once or max(1, int(cores // threads)), 1, threads, threads)


class _Turns(Datasource):  # type: ignore[misc] # of a class without types
    """So many turns, in blocks of about the same size."""

    def __init__(self, turns: int) -> None:
        super().__init__()
        self._turns = turns

    def estimate_inmemory_data_size(self) -> int:
        return 8 * self._turns

    def get_read_tasks(
        self,
        parallelism: int,
        per_task_row_limit: int | None = None,
        data_context: DataContext | None = None,
    ) -> list[ReadTask]:
        sizes = [len(range(self._turns)[start::parallelism]) for start in range(parallelism)]
        return [
            ReadTask(partial(_block, size), BlockMetadata(size, 8 * size, None, None))
            for size in sizes
            if size
        ]


def _block(size: int) -> list[pyarrow.Table]:
    return [pyarrow.table({"turn": list(range(size))})]


class _Actor:
    """A reader in an actor; Ray Data makes it once, and calls it for every turn."""

    def __init__(self, orders: ReaderOrders) -> None:
        again = ray.get_runtime_context().was_current_actor_reconstructed
        self._reader = Reader(orders, restarted=again)

    def __call__(self, turn: dict[str, object]) -> list[dict[str, bytes]]:
        return [{"told": pickle.dumps(told)} for told in self._reader.read_next()]


class RayPool:
    """Actors that read, as long as there are turns for them."""

    def __init__(self, orders: WorkerOrders, plan: ActorPlan, turns: int) -> None:
        settings = orders.settings.without_secrets()
        orders = replace(orders, settings=settings, threads=plan.articles)
        self._lifeline = Lifeline(ray.util.get_node_ip_address())
        self._told: queue.SimpleQueue[ReaderTold] = queue.SimpleQueue()
        self.failure: Failure | None = None
        reader = ReaderOrders(orders, self._lifeline.address, here())
        self._thread = threading.Thread(
            target=self._consume, args=(_turns(reader, plan, turns),), name="pool", daemon=True
        )
        self._thread.start()

    @property
    def ready(self) -> int:
        """How many actors have opened their model."""
        return self._lifeline.ready

    @property
    def is_over(self) -> bool:
        """Whether all turns have ended, and all is heard."""
        return not self._thread.is_alive() and self._told.empty()

    def hear(self, seconds: float) -> Iterator[ReaderTold]:
        """What has happened, within some time."""
        with suppress(queue.Empty):
            yield self._told.get(timeout=seconds)
            while True:
                yield self._told.get_nowait()

    def begin_nothing(self) -> None:
        """Have the turns that are left end without an article."""
        self._lifeline.begin_nothing()

    def end(self) -> None:
        """End the actors at once."""
        self._lifeline.cut()

    def abandon(self) -> None:
        """End the actors, and the job with all turns that wait on them."""
        self.end()
        address = ray.get_runtime_context().gcs_address
        ray.shutdown()
        self._thread.join(_PATIENCE_SECONDS)
        ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)

    def _consume(self, turns: Dataset) -> None:
        try:
            for batch in turns.iter_batches(batch_size=None, prefetch_batches=0):
                for told in batch.get("told", ()):
                    self._told.put(pickle.loads(told))  # noqa: S301 - of our own actors
        except Exception as error:
            text = f"The actors cannot be kept ({type(error).__name__}); see the logs of Ray."
            self.failure = Failure("RayFailed", text, retryable=True, exit_code=5)


def _turns(orders: ReaderOrders, plan: ActorPlan, turns: int) -> Dataset:
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    context = DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    context.checkpoint_config = None
    # Nothing happens for long while articles are long, or the cluster waits for machines.
    context.execution_no_progress_timeout_s = -1
    in_block = max(1, min(_MOST_IN_BLOCK, turns // (_SHARES * plan.at_once)))
    # With as many cores as the actors it is done by them; else it would wait for a core of its own.
    source = ray.data.read_datasource(
        _Turns(turns), num_cpus=plan.cores, override_num_blocks=-(-turns // in_block)
    )
    return source.flat_map(
        _Actor,
        fn_constructor_args=(orders,),
        num_cpus=plan.cores,
        compute=ActorPoolStrategy(
            size=plan.actors,
            max_concurrent_calls_per_actor=plan.articles,
            enable_true_multi_threading=True,
        ),
    )
