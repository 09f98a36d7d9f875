"""Who may use the service."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from extractor.api.app import create_app
from extractor.api.keys import OPEN_PATHS, entry_of, new_key
from extractor.cli.main import main
from extractor.errors import ConfigurationError
from extractor.extraction import Extractor
from extractor.models.base import ModelRequest
from extractor.models.scripted import ScriptedModel
from extractor.settings import Settings, load_settings
from tests.articles import answer

_BODY = {"text": "Nordlys Compute will spend $40 million on a data centre."}
_PATIENCE = 20.0
_ONE, _OTHER = "key-of-one", "key-of-another"


@pytest.fixture(name="client")
def _client() -> TestClient:
    keys = (entry_of("one", _ONE), entry_of("other", _OTHER))
    settings = Settings(strategy="document", api_keys=keys)
    model = ScriptedModel(lambda _: answer([], []))
    return TestClient(create_app(settings, extractor=Extractor(model, settings=settings)))


@pytest.mark.parametrize("key", [_ONE, _OTHER])
@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_any_known_key_opens_the_service(client: TestClient, key: str, scheme: str) -> None:
    headers = {"Authorization": f"{scheme} {key}"}
    assert client.post("/extract", json=_BODY, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer wrong",
        f"Bearer {_ONE}x",
        f"Bearer {_ONE[:-1]}",
        f"Basic {_ONE}",
        _ONE,
        f"Bearer {entry_of('one', _ONE)}",
        f"Bearer {entry_of('one', _ONE).partition(':')[2]}",
        b"Bearer \xff\xfe",
    ],
)
@pytest.mark.parametrize("path", ["/extract", "/models", "/metrics", "/no-such-path"])
def test_without_a_known_key_nothing_is_read_or_told(
    client: TestClient, path: str, authorization: str | bytes | None
) -> None:
    headers = {} if authorization is None else {b"Authorization": _bytes(authorization)}
    response = client.request("POST", path, content=b"{not json", headers=headers)
    assert response.status_code == 401
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["www-authenticate"] == "Bearer"
    assert response.json()["title"] == "Access refused"
    assert response.headers["x-request-id"] == response.json()["request_id"]


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


@pytest.mark.parametrize("path", sorted(OPEN_PATHS))
def test_probes_and_published_schemas_need_no_key(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200


def test_a_made_key_opens_the_service_that_has_its_entry() -> None:
    outcome = CliRunner().invoke(main, ["keys", "new", "tracker-team"])
    key, entry = (line.split()[-1] for line in outcome.output.splitlines())
    assert key not in entry
    settings = Settings(strategy="document", api_keys=(entry,))
    model = ScriptedModel(lambda _: answer([], []))
    client = TestClient(create_app(settings, extractor=Extractor(model, settings=settings)))
    assert client.get("/models").status_code == 401
    headers = {"Authorization": f"Bearer {key}"}
    assert client.get("/models", headers=headers).status_code == 200


def test_keys_are_long_and_never_the_same() -> None:
    keys = {new_key() for _ in range(100)}
    assert len(keys) == 100
    assert min(map(len, keys)) >= 43


def test_a_name_that_cannot_stand_in_a_setting_is_refused() -> None:
    assert CliRunner().invoke(main, ["keys", "new", "a,b:c"]).exit_code == 3


def test_keys_come_from_the_environment_and_a_wrong_entry_is_told_without_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entries = [entry_of("one", _ONE), entry_of("other", _OTHER)]
    monkeypatch.setenv("EXTRACTOR_API_KEYS", ", ".join(entries))
    assert load_settings().api_keys == tuple(entries)
    monkeypatch.setenv("EXTRACTOR_API_KEYS", "one:secret-in-the-clear")
    with pytest.raises(ConfigurationError, match="EXTRACTOR_API_KEYS") as caught:
        load_settings()
    assert "secret" not in caught.value.detail


def test_one_key_takes_no_more_than_its_share_and_others_are_served() -> None:
    gate, entered = threading.Event(), threading.Semaphore(0)

    def wait(_: ModelRequest) -> str:
        entered.release()
        assert gate.wait(_PATIENCE)
        return answer([], [])

    keys = (entry_of("one", _ONE), entry_of("other", _OTHER))
    settings = Settings(strategy="document", api_keys=keys, max_per_key=1)
    app = create_app(settings, extractor=Extractor(ScriptedModel(wait), settings=settings))
    mine, theirs = ({"Authorization": f"Bearer {key}"} for key in (_ONE, _OTHER))
    with TestClient(app) as client, ThreadPoolExecutor(1) as callers:
        first = callers.submit(client.post, "/extract", json=_BODY, headers=mine)
        assert entered.acquire(timeout=_PATIENCE)
        refused = client.post("/extract", json=_BODY, headers=mine)
        assert client.get("/models", headers=theirs).status_code == 200
        gate.set()
        assert first.result(_PATIENCE).status_code == 200
        assert client.post("/extract", json=_BODY, headers=mine).status_code == 200
    assert refused.status_code == 429
    assert refused.json()["retryable"] is True
    assert refused.headers["retry-after"] == "1"
