import json
import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest
from starlette.testclient import TestClient

from extractor.api.app import create_app
from extractor.api.examples import ARTICLE, EXTRACTION, REQUEST
from extractor.api.pool import MAX_MODELS, ExtractorPool
from extractor.api.problems import Problem
from extractor.api.requests import ExtractRequest
from extractor.api.schemas import json_schema
from extractor.errors import (
    InputError,
    ModelError,
    ModelRateLimited,
    ModelRefusedKey,
    ModelRejected,
    ModelReplyInvalid,
    ModelTimeout,
    ModelUnavailable,
)
from extractor.extraction import Extractor
from extractor.models.base import JsonValue, ModelClient, ModelReply, ModelRequest, TokenUsage
from extractor.models.catalogue import load_catalogue
from extractor.models.scripted import ScriptedModel
from extractor.records import Extraction
from extractor.settings import Settings
from tests.articles import answer, pledge, wanted

_OPENAPI = Path(__file__).parents[2] / "docs" / "openapi.json"
_SECRET = "XYZZYPLUGH"
_JSON = {"Content-Type": "application/json"}
_SETTINGS = Settings(strategy="document", retries=0, max_characters=10_000)
_IMPATIENT = _SETTINGS.model_copy(update={"timeout_seconds": 0.3})
_WITH_SERVER = Settings(strategy="document", openai_base_url="http://127.0.0.1:9")


def _pledge(request: ModelRequest) -> str:
    asked = wanted(request)
    found = pledge(who=["Nordlys Compute"], what="a data centre", money="m1")
    return answer([found] if "commitments" in asked else None, [] if "events" in asked else None)


def _client(model: ModelClient | None = None, settings: Settings = _SETTINGS) -> TestClient:
    extractor = Extractor(model or ScriptedModel(_pledge), settings=settings)
    return TestClient(create_app(settings, extractor=extractor))


@pytest.fixture(name="client")
def _open_client() -> Iterator[TestClient]:
    with _client() as client:
        yield client


def _assert_problem(response: httpx2.Response, status: int) -> dict[str, JsonValue]:
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert _SECRET not in response.text
    problem: dict[str, JsonValue] = response.json()
    assert problem["status"] == status
    assert all(isinstance(problem[key], str) for key in ("title", "detail", "hint"))
    assert str(problem["type"]).startswith("urn:problem-type:extractor:")
    assert str(problem["instance"]).startswith("urn:uuid:")
    assert isinstance(problem["retryable"], bool)
    return problem


def test_an_article_is_answered_with_an_extraction(client: TestClient) -> None:
    response = client.post("/extract", json=REQUEST | {"source_url": "https://example.org/a"})
    assert response.status_code == 200
    extraction = Extraction.model_validate_json(response.content)
    assert extraction.article.article_id == "nordlys"
    assert extraction.article.published_at == "2026-03-31"
    assert extraction.article.source_url == "https://example.org/a"
    [found] = extraction.commitments
    assert found.actors[0].name == "Nordlys Compute"
    assert found.amount is not None
    assert found.amount.value == 40_000_000
    assert found.evidence[0].quote == ARTICLE


def test_ndjson_has_one_line_per_record_and_the_rest_last(client: TestClient) -> None:
    whole = client.post("/extract", json=REQUEST).json()
    response = client.post("/extract", json=REQUEST, headers={"Accept": "application/x-ndjson"})
    assert response.headers["content-type"] == "application/x-ndjson"
    lines = [json.loads(line) for line in response.text.splitlines()]
    assert [line["type"] for line in lines] == ["passage", "commitment", "extraction"]
    assert lines[0]["commitments"] == whole["commitments"]
    assert lines[1]["record"] == whole["commitments"][0]
    assert set(lines[-1]) == {"type", "article", "provenance", "usage"}


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("*/*", "application/json"),
        ("application/json, application/x-ndjson;q=0.5", "application/json"),
        ("application/x-ndjson, */*;q=0.1", "application/x-ndjson"),
        ("application/x-ndjson;q=0", "application/json"),
        ("application/x-ndjson;q=much", "application/json"),
        ("text/html", "application/json"),
    ],
)
def test_the_accept_header_chooses_the_form(client: TestClient, accept: str, expected: str) -> None:
    response = client.post("/extract", json=REQUEST, headers={"Accept": accept})
    assert response.headers["content-type"] == expected


def test_an_unsupported_language_is_extracted_with_a_notice(client: TestClient) -> None:
    body = client.post("/extract", json={"text": ARTICLE, "language": "nb"}).json()
    assert "unsupported_language" in [notice["code"] for notice in body["notices"]]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"text": ""}, 422),
        ({"text": "  \n\t"}, 422),
        ({"text": f"<html><body><p>{_SECRET}</p></body></html>"}, 422),
        ({"text": "\x00\x01\x02" * 50 + _SECRET}, 422),
        ({"text": "\ud800" + _SECRET}, 422),
        ({"text": f"{_SECRET} " * 2_000}, 413),
        ({"text": _SECRET, "published_at": "31/03/2026"}, 422),
        ({"text": _SECRET, "published_at": "2026-02-30"}, 422),
        ({"text": _SECRET, "published_at": 1_700_000_000}, 422),
        ({"text": _SECRET, "language": "no language " + _SECRET}, 422),
        ({"text": _SECRET, "model": "no-such-model"}, 422),
        ({"text": ARTICLE, "model": _SECRET}, 422),
        ({"text": ARTICLE, "model": f"openai/{_SECRET}"}, 422),
        ({"text": _SECRET, "model": f"a b {_SECRET}"}, 422),
        ({"text": [_SECRET]}, 422),
        ({"text": {"a": _SECRET}}, 422),
        ({"article": _SECRET}, 422),
        ({"text": "a", f"a surplus {_SECRET}": 1}, 422),
        ([_SECRET], 422),
        (_SECRET, 422),
        (None, 422),
    ],
)
def test_bad_input_is_a_problem_that_does_not_repeat_it(
    client: TestClient, body: JsonValue, status: int
) -> None:
    content = json.dumps(body)
    response = client.post(
        "/extract", content=content, headers={"Content-Type": "application/json"}
    )
    _assert_problem(response, status)


def test_every_field_at_fault_is_named(client: TestClient) -> None:
    problem = _assert_problem(
        client.post("/extract", json={"published_at": "soon", "titel": "a"}), 422
    )
    errors = problem["errors"]
    assert isinstance(errors, list)
    assert {str(error["field"]) for error in errors if isinstance(error, dict)} == {
        "body.text",
        "body.published_at",
        "body.titel",
    }


def test_a_header_at_fault_is_named(client: TestClient) -> None:
    headers = {"X-Request-Timeout": _SECRET}
    problem = _assert_problem(client.post("/extract", json=REQUEST, headers=headers), 422)
    [error] = problem["errors"] if isinstance(problem["errors"], list) else []
    assert isinstance(error, dict)
    assert error["field"] == "header.X-Request-Timeout"


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 422),
        (b'{"text": "' + _SECRET.encode(), 422),
        (b'{"text": "\xe9' + _SECRET.encode() + b'"}', 400),
        (b"[" * 50_000, 400),
    ],
)
def test_a_body_that_is_no_json_is_a_problem(
    client: TestClient, content: bytes, status: int
) -> None:
    response = client.post(
        "/extract", content=content, headers={"Content-Type": "application/json"}
    )
    _assert_problem(response, status)


@pytest.mark.parametrize("content_type", ["image/png", "application/x-www-form-urlencoded", ""])
def test_a_body_that_is_declared_as_nothing_we_read_is_refused(
    client: TestClient, content_type: str
) -> None:
    response = client.post(
        "/extract", content=json.dumps(REQUEST), headers={"Content-Type": content_type}
    )
    _assert_problem(response, 415)


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_the_limit_is_refused_while_it_is_read(
    client: TestClient, chunked: bool
) -> None:
    sent = 0

    def chunks() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(5_000):
            sent += 1
            yield _SECRET.encode() * 100

    content = chunks() if chunked else b"".join(chunks())
    response = client.post(
        "/extract", content=content, headers={"Content-Type": "application/json"}
    )
    _assert_problem(response, 413)


def test_a_body_within_the_limit_is_read(client: TestClient) -> None:
    text = "Một câu. " * 1_000
    assert client.post("/extract", json={"text": text}).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nothing", 404), ("POST", "/extract/", 404), ("GET", "/extract", 405)],
)
def test_a_wrong_path_or_method_is_a_problem(
    client: TestClient, method: str, path: str, status: int
) -> None:
    response = client.request(method, path)
    _assert_problem(response, status)
    assert status != 405 or response.headers["allow"] == "POST"


@pytest.mark.parametrize(
    ("error", "status", "retryable"),
    [
        (ModelRefusedKey("The key was refused."), 502, False),
        (ModelRejected("The request was refused."), 502, False),
        (ModelRateLimited("Too many requests."), 503, True),
        (ModelUnavailable("The server answered 500."), 503, True),
        (ModelTimeout("No answer in 300 s."), 504, True),
        (ModelReplyInvalid("The reply is no completion."), 502, True),
    ],
)
def test_a_failing_model_is_a_problem(error: ModelError, status: int, retryable: bool) -> None:
    with _client(ScriptedModel(lambda _: error), _IMPATIENT) as client:
        problem = _assert_problem(client.post("/extract", json={"text": ARTICLE}), status)
    assert problem["detail"] == error.detail
    assert problem["retryable"] is retryable


def test_the_providers_own_waiting_time_is_passed_on() -> None:
    error = ModelRateLimited("Too many requests.", retry_after=2.2)
    with _client(ScriptedModel(lambda _: error), _IMPATIENT) as client:
        assert client.post("/extract", json=REQUEST).headers["retry-after"] == "3"


@pytest.mark.parametrize("reply", ["certainly!", '{"commitments": [{"sentence": 1, "wh', ""])
def test_garbage_from_the_model_is_reported_as_an_unread_passage(reply: str) -> None:
    with _client(ScriptedModel(lambda _: reply)) as client:
        response = client.post("/extract", json=REQUEST)
    assert response.status_code == 200
    assert "passage_unread" in [notice["code"] for notice in response.json()["notices"]]


def test_a_defect_tells_neither_the_caller_nor_the_log_what_was_read(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(_: ModelRequest) -> str:
        raise LookupError(_SECRET)

    with caplog.at_level(logging.DEBUG), _client(ScriptedModel(fail)) as client:
        problem = _assert_problem(client.post("/extract", json={"text": ARTICLE}), 500)
    assert str(problem["instance"]) in caplog.text
    assert "LookupError" in caplog.text
    assert _SECRET not in caplog.text


class _Meeting:
    """A model that answers only once so many callers are waiting."""

    name = "meeting"
    digest: str | None = None

    def __init__(self, callers: int) -> None:
        self._barrier = threading.Barrier(callers, timeout=20)

    def complete(self, request: ModelRequest) -> ModelReply:
        self._barrier.wait()
        return ModelReply(_pledge(request), "stop", TokenUsage())

    def close(self) -> None: ...


def test_many_requests_wait_for_the_model_at_the_same_time() -> None:
    callers = 60
    with _client(_Meeting(callers)) as client, ThreadPoolExecutor(callers) as pool:
        # Each another article: callers of the same one share one reading.
        articles = [REQUEST | {"text": f"{ARTICLE} {number}"} for number in range(callers)]
        answers = pool.map(lambda article: client.post("/extract", json=article), articles)
        assert {response.status_code for response in answers} == {200}


def test_health_and_readiness_are_told(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ok", "model": "scripted"}


def test_a_service_without_its_weights_is_alive_but_not_ready(tmp_path: Path) -> None:
    with TestClient(create_app(Settings(models_dir=tmp_path))) as client:
        assert client.get("/healthz").status_code == 200
        assert _assert_problem(client.get("/readyz"), 503)["title"] == "Weights missing"
        _assert_problem(client.post("/extract", json={"text": _SECRET}), 503)


def test_any_other_model_can_be_named_and_is_opened_once() -> None:
    pool = ExtractorPool(_WITH_SERVER, Extractor(ScriptedModel(_pledge), settings=_SETTINGS))
    assert pool.get("scripted") is pool.get()
    assert pool.get("openai/any") is pool.get("openai/any")
    assert pool.get("openai/any").model_name == "openai/any"


def test_a_caller_cannot_open_models_without_end() -> None:
    pool = ExtractorPool(_WITH_SERVER)
    for number in range(MAX_MODELS):
        pool.get(f"openai/model-{number}")
    with pytest.raises(InputError):
        pool.get("openai/one-more")
    assert pool.get("openai/model-0").model_name == "openai/model-0"


def test_the_schema_is_that_of_an_extraction(client: TestClient) -> None:
    assert client.get("/schema").json() == json_schema("record")


def test_the_models_of_the_catalogue_are_listed(tmp_path: Path) -> None:
    settings = Settings(models_dir=tmp_path, strategy="document")
    with TestClient(create_app(settings)) as client:
        models = {model["name"]: model for model in client.get("/models").json()}
    assert models[settings.model]["default"] is True
    assert models[settings.model]["available"] is False
    assert [model for model in models.values() if model["default"]] == [models[settings.model]]
    for listed in load_catalogue().models:
        told = models[listed.name]
        both = filter(None, (told["sha256"], told["adapter_sha256"]))
        assert "+".join(both) == listed.digest


def test_the_examples_are_what_the_service_takes_and_gives() -> None:
    ExtractRequest.model_validate(REQUEST)
    extraction = Extraction.model_validate(EXTRACTION)
    for record in extraction.commitments:
        for evidence in record.evidence:
            assert ARTICLE[evidence.start : evidence.end] == evidence.quote


def test_the_openapi_document_declares_what_every_route_answers(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    probes = {"/healthz", "/readyz", "/metrics"}
    assert set(document["paths"]) == {"/extract", "/schema", "/models"} | probes
    post = document["paths"]["/extract"]["post"]
    refusals = {"400", "401", "403", "413", "415", "422", "429", "500", "502", "503", "504"}
    assert set(post["responses"]) == {"200", *refusals}
    assert {"key": []} in post["security"]
    for status, response in post["responses"].items():
        if status != "200":
            assert list(response["content"]) == ["application/problem+json"]
            example = Problem.model_validate(
                response["content"]["application/problem+json"]["example"]
            )
            assert str(example.status) == status
    assert set(post["responses"]["200"]["content"]) == {"application/json", "application/x-ndjson"}
    assert post["requestBody"]["content"]["application/json"]["examples"]


def test_the_committed_openapi_document_is_what_is_served(client: TestClient) -> None:
    committed = json.loads(_OPENAPI.read_text(encoding="utf-8"))
    told = "run: extractor schema --which openapi > docs/openapi.json"
    assert client.get("/openapi.json").json() == committed, told


def test_every_reference_of_the_openapi_document_leads_somewhere(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    references = list(_references(document))
    assert "#/components/schemas/Problem" in references
    for reference in references:
        root, components, kind, name = reference.split("/")
        assert (root, components) == ("#", "components")
        assert name in document["components"][kind]


def _references(node: JsonValue) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield str(value)
            else:
                yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def test_a_line_ends_where_it_ends_for_every_reader_of_lines(client: TestClient) -> None:
    odd = "Nordlys Compute\u2028will spend\x85$40 million\u2029on a data centre."
    headers = {"Accept": "application/x-ndjson"}
    response = client.post("/extract", json={"text": odd, "title": odd}, headers=headers)
    assert response.text.splitlines() == response.text.removesuffix("\n").split("\n")
    whole = json.loads(response.text.splitlines()[-1])
    assert whole["article"]["title"] == odd
