"""What operators see of requests: log lines, metrics and traces, never a word of an article."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from extractor.api.app import create_app
from extractor.api.keys import entry_of
from extractor.api.logs import JsonLines
from extractor.errors import ModelRefusedKey
from extractor.extraction import Extractor
from extractor.models.base import JsonValue, ModelReply, ModelRequest, TokenUsage
from extractor.models.scripted import Script, ScriptedModel
from extractor.settings import Settings
from tests.articles import answer, pledge

_SECRET = "XYZZYPLUGH"
_BODY = {
    "text": f"{_SECRET} Compute will spend $40 million on a data centre.",
    "language": "en",
    "title": _SECRET,
    "article_id": _SECRET,
}
_USAGE = TokenUsage(prompt_tokens=100, cached_tokens=40, output_tokens=20, cost_usd=0.25)
_PATIENCE = 20.0


def _pledge(_: ModelRequest) -> ModelReply:
    found = pledge(who=[f"{_SECRET} Compute"], what="a data centre", money="m1", to=["Nobody"])
    return ModelReply(answer([found], []), "stop", _USAGE)


def _client(model: Script = _pledge, settings: Settings | None = None) -> TestClient:
    used = settings or Settings(strategy="document", retries=0)
    scripted = ScriptedModel(model, name="lab/scripted")
    return TestClient(create_app(used, extractor=Extractor(scripted, settings=used)))


def _values(client: TestClient) -> dict[str, float]:
    text = client.get("/metrics").text
    return {
        sample.name + "".join(f" {value}" for _, value in sorted(sample.labels.items())): (
            sample.value
        )
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_metrics_tell_what_was_read_and_what_it_cost() -> None:
    with _client() as client:
        for _ in range(2):
            assert client.post("/extract", json=_BODY).status_code == 200
        client.post("/extract", json={"text": ""})
        client.get(f"/{_SECRET}")
        values = _values(client)
        text = client.get("/metrics").text
    assert values["extractor_requests_total /extract 200"] == 2
    assert values["extractor_requests_total /extract 422"] == 1
    assert values["extractor_requests_total other 404"] == 1
    assert values["extractor_request_seconds_count /extract"] == 3
    assert values["extractor_answers_total read"] == 2
    assert values["extractor_model_calls_total lab/scripted"] == 2
    assert values["extractor_tokens_total prompt lab/scripted"] == 200
    assert values["extractor_tokens_total cached lab/scripted"] == 80
    assert values["extractor_tokens_total output lab/scripted"] == 40
    assert values["extractor_cost_usd_total lab/scripted"] == 0.5
    assert values["extractor_records_total commitment"] == 2
    assert values["extractor_refused_values_total not_in_evidence commitment"] == 2
    assert values["extractor_running"] == values["extractor_queued"] == 0
    assert values["process_resident_memory_bytes"] > 0
    assert _SECRET not in text


def test_repaired_replies_are_counted() -> None:
    replies: Iterator[str] = iter(["", answer([], [])])
    with _client(lambda _: next(replies)) as client:
        assert client.post("/extract", json=_BODY).status_code == 200
        assert _values(client)["extractor_repairs_total lab/scripted"] == 1


def test_what_is_being_read_and_what_waits_is_seen_while_it_does() -> None:
    gate, entered = threading.Event(), threading.Semaphore(0)

    def wait(request: ModelRequest) -> ModelReply:
        entered.release()
        assert gate.wait(_PATIENCE)
        return _pledge(request)

    settings = Settings(strategy="document", max_running=1)
    with _client(wait, settings) as client, ThreadPoolExecutor(2) as callers:
        asked = [
            callers.submit(client.post, "/extract", json={"text": f"{_BODY['text']} {n}"})
            for n in range(2)
        ]
        assert entered.acquire(timeout=_PATIENCE)
        while (seen := _values(client))["extractor_queued"] < 1:
            pass
        gate.set()
        assert [each.result().status_code for each in asked] == [200, 200]
    assert seen["extractor_running"] == 1


def test_an_answer_from_the_store_costs_nothing_again(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    file = tmp_path_factory.mktemp("store") / "results.sqlite"
    with _client(settings=Settings(strategy="document", store=file)) as client:
        for _ in range(2):
            client.post("/extract", json=_BODY)
        values = _values(client)
    assert values["extractor_answers_total kept"] == 1
    assert values["extractor_tokens_total prompt lab/scripted"] == 100


def _lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, JsonValue]]:
    return [json.loads(JsonLines().format(record)) for record in caplog.records]


def test_each_request_is_one_line_of_json_without_its_text(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    settings = Settings(strategy="document", api_keys=(entry_of("desk", "key"),))
    with _client(settings=settings) as client:
        headers = {"X-Request-ID": "abc-1", "Authorization": "Bearer key"}
        client.post("/extract", json=_BODY, headers=headers)
        client.get(f"/{_SECRET}?q={_SECRET}", headers={"User-Agent": _SECRET})
    read, other = (line for line in _lines(caplog) if line["logger"] == "extractor.requests")
    assert read["message"] == "POST /extract 200"
    assert (read["request_id"], read["caller"], read["answered"]) == ("abc-1", "desk", "read")
    assert (read["model"], read["language"], read["commitments"]) == ("lab/scripted", "en", 1)
    assert (read["calls"], read["prompt_tokens"], read["output_tokens"]) == (1, 100, 20)
    assert isinstance(read["milliseconds"], float)
    assert (other["message"], other["caller"]) == ("? other 401", None)
    own = [line for line in _lines(caplog) if str(line["logger"]).startswith("extractor")]
    assert _SECRET not in json.dumps(own)


def test_a_defect_is_logged_with_its_place_and_without_its_message(
    caplog: pytest.LogCaptureFixture,
) -> None:
    try:
        raise LookupError(_SECRET)
    except LookupError:
        logging.getLogger("extractor").exception("it failed")
    [line] = _lines(caplog)
    assert "LookupError" in str(line["defect"])
    assert "test_observing.py" in str(line["defect"])
    assert _SECRET not in json.dumps(line)


@pytest.fixture(name="spans", scope="module")
def _spans() -> InMemorySpanExporter:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    return exporter


def test_every_model_call_is_a_span_with_its_tokens_and_no_text(
    spans: InMemorySpanExporter,
) -> None:
    spans.clear()
    with _client() as client:
        client.post("/extract", json=_BODY)
    [span] = [one for one in spans.get_finished_spans() if one.name == "chat scripted"]
    attributes = dict(span.attributes or {})
    assert attributes["gen_ai.operation.name"] == "chat"
    assert attributes["gen_ai.provider.name"] == "lab"
    assert attributes["gen_ai.request.model"] == "scripted"
    assert attributes["gen_ai.usage.input_tokens"] == 100
    assert attributes["gen_ai.usage.output_tokens"] == 20
    assert attributes["gen_ai.response.finish_reasons"] == ("stop",)
    assert _SECRET not in span.to_json()


def test_a_failed_call_is_a_span_with_the_kind_of_its_error(spans: InMemorySpanExporter) -> None:
    spans.clear()
    with _client(lambda _: ModelRefusedKey(_SECRET)) as client:
        client.post("/extract", json=_BODY)
    [span] = [one for one in spans.get_finished_spans() if one.name == "chat scripted"]
    assert dict(span.attributes or {})["error.type"] == "ModelRefusedKey"
    assert not span.status.is_ok
    assert _SECRET not in span.to_json()
