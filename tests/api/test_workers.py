"""Several processes behind one port: one service to its callers, also when one of them dies."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import count
from pathlib import Path

import psutil
import pytest

from tests.api.workers import (
    ONE,
    OTHER,
    PATIENCE,
    Line,
    Service,
    one_line_each,
    started,
    until_both_serve,
)
from tests.fakeserver import until

pytestmark = pytest.mark.timeout(900)
_numbers = count(1)


def body_of(number: int | None = None) -> dict[str, str]:
    """An article; each time another one, if it has no number."""
    value = number or 1000 + next(_numbers)
    return {"text": f"Nordlys Compute will spend ${value} million on sites.", "language": "en"}


@pytest.fixture(scope="module", name="shared")
def _shared() -> Iterator[Service]:
    """With nothing kept, so that what two share goes from one to the other."""
    with started("", max_running="4", max_queued="1", max_per_key="4") as service:
        yield service


@pytest.fixture(name="service")
def _service(shared: Service) -> Iterator[Service]:
    shared.gate.open.clear()
    shared.provider.requests.clear()
    yield shared
    shared.gate.open.set()
    until(lambda: shared.metric("extractor_running") == 0)


def test_the_same_article_sent_to_both_at_once_is_paid_once(service: Service) -> None:
    with one_line_each(service) as lines, ThreadPoolExecutor(2) as pool:
        body = body_of()
        asked = [pool.submit(line.extract, {**body, "article_id": "x"}) for line in lines]
        until(lambda: service.metric("extractor_running") == 2)
        until(lambda: len(service.provider.requests) == 1)
        time.sleep(0.3)
        service.gate.open.set()
        answers = [each.result(PATIENCE) for each in asked]
    assert [each.status for each in answers] == [200, 200]
    assert [len(each.json()["commitments"]) for each in answers] == [1, 1]
    assert len(service.provider.requests) == 1


def test_places_are_those_of_both_together(service: Service) -> None:
    lines = [Line(service.port, (ONE, OTHER)[n % 2]) for n in range(8)]
    with ThreadPoolExecutor(5) as pool:
        asked = [pool.submit(line.extract, body_of()) for line in lines[:5]]
        until(lambda: service.metric("extractor_running") == 4)
        until(lambda: service.metric("extractor_queued") == 1)
        refused = [line.extract(body_of()) for line in lines[5:]]
        assert [line.get("/readyz").status for line in lines[5:]] == [503] * 3
        service.gate.open.set()
        assert [each.result(PATIENCE).status for each in asked] == [200] * 5
    assert [each.status for each in refused] == [503] * 3
    assert {each.json()["title"] for each in refused} == {"Service busy"}
    assert {int(each.headers["retry-after"]) > 0 for each in refused} == {True}
    for line in lines:
        line.close()


def test_a_keys_limit_holds_over_both(service: Service) -> None:
    lines = [Line(service.port) for _ in range(4)]
    with (
        one_line_each(service) as beside,
        ThreadPoolExecutor(4) as pool,
        closing(Line(service.port, OTHER)) as other,
    ):
        assert len({line.worker(service).pid for line in lines}) == 2
        asked = [pool.submit(line.extract, body_of()) for line in lines]
        until(lambda: len(service.provider.requests) == 4)
        refused = [line.extract(body_of()).status for line in beside]
        assert other.get("/models").status == 200
        service.gate.open.set()
        assert [each.result(PATIENCE).status for each in asked] == [200] * 4
        assert beside[0].extract(body_of()).status == 200
    assert refused == [429, 429]
    for line in lines:
        line.close()


def test_counts_of_both_are_told_by_either(service: Service) -> None:
    service.gate.open.set()
    before = service.metric('extractor_answers_total{how="read"}')
    with one_line_each(service) as lines:
        for line in lines:
            assert line.extract(body_of()).status == 200

        def is_told_by_both() -> bool:
            one, other = (
                float(row.split()[1])
                for line in lines
                for row in line.get("/metrics").body.splitlines()
                if row.startswith('extractor_answers_total{how="read"}')
            )
            return one == other >= before + 2

        until(is_told_by_both)  # An answer is counted when it has ended.
    # That of two workers, and of the process beside them.
    assert service.metric("process_resident_memory_bytes") > sum(
        worker.memory_info().rss for worker in service.workers
    )


def test_who_waits_for_a_worker_that_dies_is_told_and_all_others_go_on(
    service: Service,
) -> None:
    with (
        one_line_each(service) as (doomed, spared),
        # As from behind a proxy on this machine: what it says of its caller is no address of ours.
        closing(Line(service.port, **{"X-Forwarded-For": "203.0.113.9"})) as idle,
        ThreadPoolExecutor(2) as pool,
    ):
        idle.get("/healthz")
        worker = doomed.worker(service)
        lost = pool.submit(doomed.extract, body_of())
        kept = pool.submit(spared.extract, body_of())
        until(lambda: len(service.provider.requests) == 2)
        worker.kill()
        told = lost.result(PATIENCE)
        until(lambda: service.metric("extractor_running") == 1)
        # This connection may have been that worker's: it was handed on.
        assert idle.get("/healthz").status == 200
        service.gate.open.set()
        assert kept.result(PATIENCE).status == 200
    assert (told.status, told.json()["title"], told.json()["retryable"]) == (
        503,
        "Service busy",
        True,
    )
    assert told.headers["content-type"] == "application/problem+json"
    assert int(told.headers["retry-after"]) >= 1
    until_both_serve(service)


def test_an_article_of_a_worker_that_dies_is_taken_over_by_who_waits_for_it(
    service: Service,
) -> None:
    body = body_of()
    with one_line_each(service) as (doomed, heir), ThreadPoolExecutor(2) as pool:
        worker = doomed.worker(service)
        lost = pool.submit(doomed.extract, body)
        until(lambda: len(service.provider.requests) == 1)
        waiting = pool.submit(heir.extract, body)
        until(lambda: service.metric("extractor_running") == 2)
        worker.kill()
        assert lost.result(PATIENCE).status == 503
        until(lambda: len(service.provider.requests) == 2)
        service.gate.open.set()
        answered = waiting.result(PATIENCE)
    assert len(answered.json()["commitments"]) == 1
    until_both_serve(service)


def test_told_to_stop_both_answer_what_was_accepted_and_end(tmp_path: Path) -> None:
    with (
        started(tmp_path / "results.sqlite") as service,
        one_line_each(service) as lines,
        ThreadPoolExecutor(2) as pool,
    ):
        workers = service.workers
        asked = [pool.submit(line.extract, body_of()) for line in lines]
        until(lambda: len(service.provider.requests) == 2)
        service.process.send_signal(signal.SIGTERM)
        until(lambda: not _takes_callers(service))
        service.gate.open.set()
        assert [each.result(PATIENCE).status for each in asked] == [200, 200]
        assert service.process.wait(PATIENCE) == 0
    assert not any(worker.is_running() for worker in workers)


def test_workers_do_not_outlive_the_process_that_started_them(tmp_path: Path) -> None:
    with started(tmp_path / "results.sqlite") as service:
        family = psutil.Process(service.process.pid).children()
        service.process.kill()
        _, alive = psutil.wait_procs(family, timeout=PATIENCE)
    assert alive == []


def _takes_callers(service: Service) -> bool:
    try:
        with closing(Line(service.port)):
            return True
    except ConnectionRefusedError:
        return False
