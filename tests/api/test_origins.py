"""Pages of other sites: what a browser sends for them to a service without keys is refused."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from extractor.api.app import create_app
from extractor.api.keys import entry_of
from extractor.extraction import Extractor
from extractor.models.scripted import ScriptedModel
from extractor.settings import Settings
from tests.articles import answer

_TEXT = "Nordlys Compute will spend $40 million on a data centre."
_SERVICE = "http://127.0.0.1:8000"


def _serve(*keys: str) -> tuple[TestClient, ScriptedModel]:
    settings = Settings(strategy="document", store=None, api_keys=keys)
    model = ScriptedModel(lambda _: answer([], []))
    app = create_app(settings, extractor=Extractor(model, settings=settings))
    return TestClient(app, base_url=_SERVICE), model


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:3000"},
        {"Origin": "http://[evil"},
        {"Origin": "http://evil.example:8000", "Host": "evil.example:8000"},
        {"Origin": "http://evil.example", "Host": "evil.example", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://localhost.evil.example", "Host": "localhost.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize("query", ["", "?model=openai/anything"])
def test_what_a_page_of_another_site_sends_costs_no_call(
    headers: dict[str, str], query: str
) -> None:
    client, model = _serve()
    # Browsers send plain text for any page, and ask nobody before.
    sent = {"Content-Type": "text/plain", **headers}
    told = client.post(f"/extract{query}", content=_TEXT, headers=sent)
    assert told.status_code == 403
    assert told.json()["type"] == "urn:problem-type:extractor:foreign-site"
    assert model.requests == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Host": "extractor.internal"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": _SERVICE, "Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://localhost:8000", "Host": "localhost:8000"},
    ],
)
def test_programs_and_the_services_own_pages_are_answered(headers: dict[str, str]) -> None:
    client, model = _serve()
    told = client.post("/extract", json={"text": _TEXT}, headers=headers)
    assert told.status_code == 200
    assert model.requests


def test_with_keys_it_is_the_key_that_counts() -> None:
    client, _ = _serve(entry_of("team", "a-key"))
    headers = {"Origin": "https://tracker.example", "Authorization": "Bearer a-key"}
    assert client.post("/extract", json={"text": _TEXT}, headers=headers).status_code == 200
