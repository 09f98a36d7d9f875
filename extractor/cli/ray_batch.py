"""`extractor batch --engine ray`: the same run, read by actors of a cluster."""

from __future__ import annotations

from contextlib import ExitStack

from extractor.batch.cluster_run import ClusterRun
from extractor.batch.leading import RunEnd, RunEvent
from extractor.batch.limits import RunLimits
from extractor.batch.lines import LineLog
from extractor.batch.ray_engine import RayPool, joined_cluster, plan_actors
from extractor.batch.starting import RunSetup
from extractor.cli.batch_view import BatchBar


def run_on_cluster(
    setup: RunSetup,
    address: str | None,
    at_once: int | None,
    limits: RunLimits,
    log_file: str | None,
) -> RunEnd:
    """Read what the run holds on the cluster at that address, or on one that lasts as long.

    Raises:
        ConfigurationError: there is no cluster at the address.
        StoreFailed: the store does not answer for longer than a lease lasts.
    """
    with ExitStack() as stack:
        wanted = (at_once or 1) * (setup.settings.threads or 1)
        cores = stack.enter_context(joined_cluster(address, wanted))
        plan = plan_actors(setup.conditions.model, setup.settings, at_once, cores)
        bar = stack.enter_context(BatchBar())
        log = stack.enter_context(LineLog(log_file, setup.work.run_id)) if log_file else None

        def tell(event: RunEvent) -> None:
            bar.tell_event(event)
            if log is not None:
                log.tell(event)

        orders = setup.orders(plan.articles, plan.model_threads)
        end = ClusterRun(
            setup.work,
            lambda turns: RayPool(orders, plan, turns),
            plan.at_once,
            limits=limits,
            list_source=setup.list_source,
            may_list=setup.register.open_for,
            on_event=tell,
        ).run()
        if log is not None:
            log.tell_end(end)
    return end
