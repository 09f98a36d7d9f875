"""When the service says that it is ready."""

from __future__ import annotations

from pathlib import Path

from starlette.testclient import TestClient

from extractor.api.app import create_app
from extractor.api.warming import Warming
from extractor.extraction import Extractor
from extractor.models.catalogue import load_catalogue
from extractor.models.embedded import EmbeddedModel
from extractor.models.scripted import ScriptedModel
from extractor.settings import Settings
from tests.articles import answer

_SETTINGS = Settings(strategy="document")
_BODY = {"text": "Nordlys Compute will spend $40 million on a data centre."}


def _client(warming: Warming) -> TestClient:
    extractor = Extractor(ScriptedModel(lambda _: answer([], [])), settings=_SETTINGS)
    return TestClient(create_app(_SETTINGS, extractor=extractor, warming=warming))


def test_it_is_ready_once_all_is_loaded_and_takes_requests_before() -> None:
    warming = Warming(ScriptedModel([]))
    with _client(warming) as client:
        early = client.get("/readyz")
        assert client.post("/extract", json=_BODY).status_code == 200
        warming.load()
        assert client.get("/readyz").status_code == 200
    assert early.status_code == 503
    assert int(early.headers["retry-after"]) >= 1
    assert early.json()["detail"] == "The service is still loading."


def test_it_does_not_become_ready_with_a_model_that_cannot_be_loaded(tmp_path: Path) -> None:
    model = load_catalogue().get("smollm2-135m")
    broken = tmp_path / model.file
    broken.write_bytes(b"no weights")
    warming = Warming(EmbeddedModel(model, broken, threads=1, context_tokens=1024))
    warming.load()
    with _client(warming) as client:
        answered = client.get("/readyz")
    assert answered.status_code == 503
    assert answered.json()["title"] == "Weights corrupt"
