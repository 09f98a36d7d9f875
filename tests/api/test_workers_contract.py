"""Two workers answer as one process does: faults of the model, the contract, the embedded model."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import settings
from schemathesis import Case

from extractor.records import Extraction
from tests import fakeserver
from tests.api.contract import bind, validate
from tests.api.faults import ARTICLE, FAULTS, RETRIES, assert_outcome, assert_right, draft
from tests.api.workers import PATIENCE, Provider, Service, started
from tests.fakeserver import Answer, Recorded

pytestmark = pytest.mark.timeout(900)
_TIMEOUT = "5"


class _Faulty(Provider):
    """Fails as it is told, else says what is right about the article."""

    def __init__(self) -> None:
        super().__init__()
        self.fault: Answer | None = None

    def __call__(self, _: Recorded) -> Answer:
        return self.fault or fakeserver.reply(draft())


@pytest.fixture(scope="module", name="faulty")
def _faulty() -> _Faulty:
    return _Faulty()


@pytest.fixture(scope="module", name="service")
def _service(faulty: _Faulty, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    store = tmp_path_factory.mktemp("kept") / "results.sqlite"
    with started(
        store, faulty, api_keys="", strategy="document", retries="0", timeout_seconds=_TIMEOUT
    ) as service:
        yield service


@pytest.fixture(name="callers")
def _callers(service: Service) -> Iterator[tuple[httpx.Client, httpx.Client]]:
    """Two whose connections two workers have: the next one goes to the worker with fewer."""
    with (
        httpx.Client(base_url=service.url, timeout=PATIENCE) as first,
        httpx.Client(base_url=service.url, timeout=PATIENCE) as second,
    ):
        for caller in (first, second):
            assert caller.get("/healthz").status_code == 200
        yield first, second


@pytest.mark.parametrize("number", range(len(FAULTS)), ids=[*FAULTS])
def test_a_fault_is_told_by_either_worker_and_what_was_right_is_kept_for_both(
    number: int, service: Service, faulty: _Faulty, callers: tuple[httpx.Client, httpx.Client]
) -> None:
    fault = [*FAULTS.values()][number]
    millions = 100 + number
    body = {"text": ARTICLE.format(millions), "language": "en"}
    faulty.fault = fault.answer
    for caller in callers:
        assert_outcome(caller.post("/extract", json=body), fault.outcome)
    faulty.fault = None
    for caller in callers:
        assert_right(caller.post("/extract", json=body), millions)
    texts = [str(request.body["messages"]) for request in service.provider.requests]
    # Each worker met the fault, and one of them read the article for both.
    asked = 1 if fault.bears == RETRIES else fault.bears + 1
    assert sum(body["text"] in text for text in texts) == 2 * asked + 1


contract = bind(None)


@contract.parametrize()
@settings(max_examples=25, derandomize=True, deadline=None, database=None)
def test_whatever_is_sent_to_two_workers_is_answered_as_declared(
    case: Case[Any], service: Service, faulty: _Faulty
) -> None:
    faulty.fault = None
    validate(case, base_url=service.url)


@pytest.mark.embedded
def test_two_workers_read_with_one_embedded_model(embedded_weights: Path, tmp_path: Path) -> None:
    assert embedded_weights.exists()
    with started(
        tmp_path / "results.sqlite",
        model="smollm2-135m",
        api_keys="",
        strategy="passage",
        max_tokens="120",
        timeout_seconds="120",
    ) as service:
        articles = [ARTICLE.format(millions) for millions in (40, 41)]

        def read(text: str) -> Extraction:
            answered = httpx.post(
                f"{service.url}/extract", json={"text": text, "language": "en"}, timeout=PATIENCE
            )
            assert answered.status_code == 200, answered.text
            return Extraction.model_validate_json(answered.content)

        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(read, articles))
        hosts = [each for each in service.family if "extractor.models.hosting" in each.cmdline()]
    assert len(hosts) == 1
    for extraction, text in zip(found, articles, strict=True):
        assert extraction.usage.output_tokens > 0
        assert extraction.provenance.model_digest is not None
        for record in (*extraction.commitments, *extraction.policy_events):
            assert [text[item.start : item.end] for item in record.evidence] == [
                item.quote for item in record.evidence
            ]
